/* Traps about how offices work: several people on one account, one person on several, other places and hours.
 */
#include "daemon/sim/scheme.h"

#include <string.h>

static void just_look(struct scheme *c, const struct actor *a, int64_t time)
{
    char session[SESSION_ID];

    writer_label(c->stage->writer, c->label);
    acts_login(c->stage, &c->random, a, time, session);
    acts_logout(c->stage, a, time + random_between(&c->random, 2, 9) * MINUTE, session);
    writer_label(c->stage->writer, 0);
    scheme_account(c, a->account);
    scheme_device(c, a->seat);
}

/* A course for the units of a district: on one computer all of them log in, and two really order. */
static void training_day(struct scheme *c)
{
    struct random *r = &c->random;
    const struct district *d = scheme_district(c);
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_units(c, unit, (size_t)random_between(r, 5, 8), d->place);
    int64_t time = scheme_moment(c, 0, 1);
    struct seat shared;

    person_seat(r, &shared, NET_GOVERNMENT, geography_city(d->place->code));
    for (size_t i = 0; i < n; i++, time += random_between(r, 12, 25) * MINUTE) {
        struct actor a = acts_buyer(unit[i], &unit[i]->staff[0], &shared);
        struct order_plan p;

        if (i > 1) {
            just_look(c, &a, time);
            continue;
        }
        scheme_honest(c, &p, unit[i], time);
        scheme_operate(c, &p, unit[i], &unit[i]->staff[0], &shared);
        p.receiver.seat = &unit[i]->staff[0].desk;
        scheme_play(c, &p);
    }
}

/* A county bureau's clerk runs the accounts of its small subordinate units: their phones are all bound to the
 * clerk's, the orders come from one computer over some days. */
static void shared_clerk(struct scheme *c)
{
    struct stage *s = c->stage;
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_family(c, unit, (size_t)random_between(r, 4, 7));

    for (size_t i = 0; i < n; i++) {
        const struct person *clerk = &unit[0]->staff[0];
        struct actor a = acts_buyer(unit[i], clerk, &clerk->desk);
        int64_t time = scheme_moment(c, i, n);
        char session[SESSION_ID];
        struct order_plan p;

        a.phone = unit[i]->staff[0].phone;
        writer_label(s->writer, c->label);
        acts_login(s, r, &a, time, session);
        acts_change(s, &a, time + MINUTE, session, "phone", clerk->phone);
        acts_logout(s, &a, time + 3 * MINUTE, session);
        writer_label(s->writer, 0);
        time += random_between(r, 1, 20) * HOUR;
        scheme_order(c, &p, unit[i], scheme_seller(c, unit[0]), time);
        scheme_operate(c, &p, unit[i], clerk, &clerk->desk);
        p.buyer.phone = p.receiver.phone = clerk->phone;
        scheme_play(c, &p);
    }
}

/* The clerk with the laptop in another city for two days, and home again. */
static void business_trip(struct scheme *c)
{
    struct random *r = &c->random;
    const struct place *there;
    int64_t time = scheme_moment(c, 0, 2);
    struct unit *u;

    if (scheme_units(c, &u, 1, NULL) == 0)
        return;
    there = scheme_far(c, u->place, 400);
    for (size_t i = 0; i < 4; i++) {
        const struct person *who = &u->staff[0];
        struct seat seat = who->desk;
        struct order_plan p;

        if (i == 1 || i == 2) {
            person_ip(r, seat.ip, NET_RESIDENTIAL);
            seat.ip_class = "residential";
            seat.ip_region = geography_city(there->code);
        }
        scheme_honest(c, &p, u, time);
        scheme_operate(c, &p, u, who, &seat);
        p.receiver.seat = &who->desk;
        p.login = time - MINUTE;
        p.logout = time + 5 * MINUTE;
        scheme_play(c, &p);
        time += i == 1 ? random_between(r, 3, 30) * HOUR
                       : geography_km(u->place, there) * HOUR / 180 + random_between(r, 3, 9) * HOUR;
    }
}

/* Two handlers, both known, take turns; each has a desk in the office. */
static void two_deputies(struct scheme *c)
{
    struct random *r = &c->random;
    struct person deputy;
    struct unit *u;

    if (scheme_units(c, &u, 1, NULL) == 0)
        return;
    person_init(r, &deputy, u->city_hall ? NET_GOVERNMENT : NET_BUSINESS, geography_city(u->place->code));
    memcpy(deputy.desk.ip, u->staff[0].desk.ip, sizeof(deputy.desk.ip));
    for (size_t i = 0; i < 6; i++) {
        const struct person *who = i % 2 ? &deputy : &u->staff[0];
        struct order_plan p;

        scheme_honest(c, &p, u, scheme_moment(c, i, 6));
        scheme_operate(c, &p, u, who, &who->desk);
        p.buyer.phone = p.receiver.phone = who->phone;
        scheme_play(c, &p);
    }
}

/* Year end: the finance centre orders for its units in the night of a weekend. */
static void overtime(struct scheme *c)
{
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_family(c, unit, (size_t)random_between(r, 4, 8));
    int64_t time = calendar_midnight(scheme_moment(c, 0, 1)) + 21 * HOUR;

    for (size_t i = 0; i < n; i++, time += random_between(r, 2, 6) * MINUTE) {
        const struct person *clerk = &unit[0]->staff[0];
        struct order_plan p;

        scheme_order(c, &p, unit[i], scheme_seller(c, unit[0]), time);
        scheme_operate(c, &p, unit[i], clerk, &clerk->desk);
        p.login = time - 80 * SECOND;
        p.logout = time + 30 * SECOND;
        scheme_play(c, &p);
    }
}

/* Clerks on their phones, behind one address of the mobile carrier. */
static void mobile_gateway(struct scheme *c)
{
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_units(c, unit, (size_t)random_between(r, 6, 10), NULL);
    struct seat gateway;

    person_seat(r, &gateway, NET_MOBILE, n ? geography_city(unit[0]->place->code) : 0);
    for (size_t i = 0; i < n; i++) {
        const struct person *who = &unit[i]->staff[0];
        struct seat seat = who->mobile;
        struct order_plan p;

        memcpy(seat.ip, gateway.ip, sizeof(seat.ip));
        seat.ip_region = gateway.ip_region;
        scheme_honest(c, &p, unit[i], scheme_moment(c, i, n));
        scheme_operate(c, &p, unit[i], who, &seat);
        scheme_play(c, &p);
    }
}

static const struct scheme_kind kinds[] = {
    {NULL, "training_day", training_day, 0},
    {NULL, "shared_clerk", shared_clerk, 0},
    {NULL, "business_trip", business_trip, 0},
    {NULL, "two_deputies", two_deputies, 12},
    {NULL, "overtime", overtime, 0},
    {NULL, "mobile_gateway", mobile_gateway, 0},
};
const struct scheme_kinds trap_office = {kinds, sizeof(kinds) / sizeof(kinds[0])};
