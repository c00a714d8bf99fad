/* Traps about people, accounts and computers: legal, and alike to account sharing. */
#include "daemon/sim/scheme.h"

#include <string.h>

/* The service desk logs in to many accounts to reset passwords, and never buys. */
static void desk_resets(struct scheme *c)
{
    struct random *r = &c->random;
    const struct district *d = scheme_district(c);
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_units(c, unit, (size_t)random_between(r, 6, 12), d->place);
    int64_t time = scheme_moment(c, 0, 1);

    writer_label(c->stage->writer, c->label);
    for (size_t i = 0; i < n; i++, time += random_between(r, 4, 15) * MINUTE) {
        struct actor a = acts_buyer(unit[i], &unit[i]->staff[0], &d->service_desk);
        char session[SESSION_ID];

        acts_login(c->stage, r, &a, time, session);
        acts_change(c->stage, &a, time + MINUTE, session, "password", "reset");
        acts_logout(c->stage, &a, time + 2 * MINUTE, session);
        scheme_account(c, a.account);
        scheme_device(c, a.seat);
    }
    writer_label(c->stage->writer, 0);
}

/* A new handler: new phone, new computer, an order within a day. The phone stays with this unit. */
static void staff_turnover(struct scheme *c)
{
    struct random *r = &c->random;
    int64_t time = scheme_moment(c, 0, 1);
    char session[SESSION_ID];
    struct order_plan p;
    struct person *now;
    struct actor a;
    struct unit *u;

    if (scheme_units(c, &u, 1, NULL) == 0)
        return;
    now = &u->staff[0];
    person_init(r, now, u->city_hall ? NET_GOVERNMENT : NET_BUSINESS, geography_city(u->place->code));
    a = acts_buyer(u, now, &now->desk);
    writer_label(c->stage->writer, c->label);
    acts_login(c->stage, r, &a, time, session);
    acts_change(c->stage, &a, time + MINUTE, session, "password", "reset");
    acts_change(c->stage, &a, time + 2 * MINUTE, session, "handler", now->operator_id);
    acts_change(c->stage, &a, time + 3 * MINUTE, session, "phone", now->phone);
    acts_logout(c->stage, &a, time + 5 * MINUTE, session);
    writer_label(c->stage->writer, 0);
    scheme_honest(c, &p, u, time + random_between(r, 2, 20) * HOUR);
    scheme_operate(c, &p, u, now, &now->desk);
    scheme_play(c, &p);
}

/* One person with a computer and a phone, both at work, by turns. */
static void phone_and_pc(struct scheme *c)
{
    int64_t time = scheme_moment(c, 0, 1);
    struct unit *u;

    if (scheme_units(c, &u, 1, NULL) == 0)
        return;
    for (size_t i = 0; i < 4; i++, time += random_between(&c->random, 2, 6) * MINUTE) {
        const struct person *who = &u->staff[0];
        struct order_plan p;

        scheme_honest(c, &p, u, time);
        scheme_operate(c, &p, u, who, i % 2 ? &who->mobile : &who->desk);
        p.login = time - MINUTE;
        p.logout = ORDER_NEVER;
        scheme_play(c, &p);
    }
}

/* A phone whose network exit is in another city, and the office computer through a VPN abroad in the data
 * centre. */
static void roaming(struct scheme *c)
{
    struct random *r = &c->random;
    int64_t time = scheme_moment(c, 0, 1);
    struct unit *u;

    if (scheme_units(c, &u, 1, NULL) == 0)
        return;
    for (size_t i = 0; i < 4; i++, time += random_between(r, 10, 50) * MINUTE) {
        const struct person *who = &u->staff[0];
        struct seat seat = i % 2 ? who->mobile : who->desk;
        struct order_plan p;

        if (i > 0)
            seat.ip_region = geography_city(scheme_far(c, u->place, 500)->code);
        if (i == 2) {
            person_ip(r, seat.ip, NET_DATACENTER);
            seat.ip_class = "datacenter";
        }
        if (i % 2)
            person_ip(r, seat.ip, NET_MOBILE);
        else if (i == 0)
            seat.ip_region = geography_city(u->place->code);
        scheme_honest(c, &p, u, time);
        scheme_operate(c, &p, u, who, &seat);
        p.login = time - MINUTE;
        scheme_play(c, &p);
    }
}

/* A small unit's one clerk runs the management and the trading account from one computer. */
static void one_clerk(struct scheme *c)
{
    struct random *r = &c->random;
    struct unit *u;

    if (scheme_units(c, &u, 1, NULL) == 0)
        return;
    for (size_t i = 0; i < 3; i++) {
        const struct person *who = &u->staff[0];
        struct actor manager = acts_manager(u, who, &who->desk);
        int64_t time = scheme_moment(c, i, 3);
        char session[SESSION_ID];
        struct order_plan p;

        writer_label(c->stage->writer, c->label);
        acts_login(c->stage, r, &manager, time - 9 * MINUTE, session);
        acts_logout(c->stage, &manager, time - 3 * MINUTE, session);
        writer_label(c->stage->writer, 0);
        scheme_account(c, manager.account);
        scheme_honest(c, &p, u, time);
        scheme_operate(c, &p, u, who, &who->desk);
        p.login = time - 2 * MINUTE;
        scheme_play(c, &p);
    }
}

/* Many units of one city hall buy in the same hour behind one address. */
static void egress_address(struct scheme *c)
{
    struct random *r = &c->random;
    const struct district *d = scheme_district(c);
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_units(c, unit, (size_t)random_between(r, 5, 9), d->place);
    int64_t time = scheme_moment(c, 0, 1);

    for (size_t i = 0; i < n; i++, time += random_between(r, 2, 9) * MINUTE) {
        const struct person *who = &unit[i]->staff[0];
        struct seat seat = who->desk;
        struct order_plan p;

        memcpy(seat.ip, d->egress, sizeof(seat.ip));
        seat.ip_class = "government";
        scheme_honest(c, &p, unit[i], time);
        scheme_operate(c, &p, unit[i], who, &seat);
        scheme_play(c, &p);
    }
}

/* The wrong unit chosen, cancelled within hours, ordered again for the right one. */
static void mistaken_unit(struct scheme *c)
{
    struct random *r = &c->random;
    int64_t time = scheme_moment(c, 0, 1);
    struct order_plan wrong, right;
    struct unit *unit[2];

    if (scheme_units(c, unit, 2, NULL) < 2)
        return;
    scheme_honest(c, &right, unit[0], time + random_between(r, 20, 150) * MINUTE);
    scheme_order(c, &wrong, unit[1], right.supplier, time);
    wrong.buyer = wrong.receiver = right.buyer;
    wrong.sku = right.sku;
    order_amount(&wrong, right.quantity / 1000);
    wrong.paid = ORDER_NEVER;
    wrong.logout = ORDER_NEVER;
    wrong.cancelled = right.placed - random_between(r, 2, 9) * MINUTE;
    scheme_play(c, &wrong);
    scheme_play(c, &right);
}

static const struct scheme_kind kinds[] = {
    {NULL, "desk_resets", desk_resets, 0},
    {NULL, "staff_turnover", staff_turnover, 0},
    {NULL, "phone_and_pc", phone_and_pc, 0},
    {NULL, "roaming", roaming, 0},
    {NULL, "one_clerk", one_clerk, 0},
    {NULL, "egress_address", egress_address, 0},
    {NULL, "mistaken_unit", mistaken_unit, 0},
};
const struct scheme_kinds trap_people = {kinds, sizeof(kinds) / sizeof(kinds[0])};
