/* Campaigns of account sharing: who holds the password is not who the account belongs to. */
#include "daemon/sim/scheme.h"

#include <stdio.h>

/* The third party's people and computers; a careful one is in no registry, an adaptive one takes a new
 * computer for every second unit. */
struct hands {
    struct person person;
    const struct place *place;
};

static void find_hands(struct scheme *c, struct hands *h)
{
    struct world *w = &c->stage->world;
    struct random *r = &c->random;
    struct firm *firm = NULL;

    if (c->variant % 3 == 2) {
        const struct supplier *s = scheme_supplier(c);

        h->person = s->person;
        h->place = scheme_district(c)->place;
        return;
    }
    if (c->grade == NAIVE)
        firm = c->variant % 3 == 0 ? scheme_firm(c, w->agents, w->n_agents, true)
                                   : scheme_firm(c, w->pavilions, w->n_pavilions, true);
    if (firm) {
        h->person = firm->person;
        h->place = firm->place;
        return;
    }
    h->place = scheme_district(c)->place;
    person_init(r, &h->person, NET_RESIDENTIAL, geography_city(h->place->code));
}

static void look_around(struct scheme *c, const struct unit *u, const struct person *who, int64_t time)
{
    struct actor manager = acts_manager(u, who, &who->desk);
    char session[SESSION_ID];

    manager.phone = u->staff[0].phone;
    writer_label(c->stage->writer, c->label);
    acts_login(c->stage, &c->random, &manager, time, session);
    acts_logout(c->stage, &manager, time + 6 * MINUTE, session);
    writer_label(c->stage->writer, 0);
    scheme_account(c, u->management);
    scheme_device(c, &who->desk);
}

static void handed_to_agency(struct scheme *c)
{
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    struct supplier *friend = scheme_supplier(c);
    struct hands h;
    size_t n = scheme_size(c);

    scheme_also(c, "proxy_purchasing");
    find_hands(c, &h);
    n = scheme_units(c, unit, n > 9 ? 9 : n, c->grade == NAIVE ? h.place : NULL);
    for (size_t i = 0; i < n; i++) {
        int64_t time = scheme_moment(c, i, n);
        struct order_plan p;

        if (c->grade == ADAPTIVE && i % 2 == 0)
            person_seat(r, &h.person.desk, NET_RESIDENTIAL, geography_city(h.place->code));
        if (i % 2 == 0 && c->grade != ADAPTIVE)
            look_around(c, unit[i], &h.person, time - 40 * MINUTE);
        scheme_order(c, &p, unit[i], random_chance(r, 600) ? friend : scheme_seller(c, unit[i]), time);
        scheme_operate(c, &p, unit[i], c->grade == NAIVE ? &h.person : &unit[i]->staff[0], &h.person.desk);
        scheme_play(c, &p);
    }
}

/* One account, two cities: home and remote orders by turns. */
static void concurrent_use(struct scheme *c)
{
    struct random *r = &c->random;
    struct unit *u;
    struct person other;
    const struct place *far;
    char session[2][SESSION_ID] = {"", ""};
    size_t turns = c->grade == NAIVE ? 5 : 4;
    int64_t gap, time = scheme_moment(c, 0, 2);

    if (scheme_units(c, &u, 1, NULL) == 0)
        return;
    far = scheme_far(c, u->place, 700);
    person_init(r, &other, NET_RESIDENTIAL, geography_city(far->code));
    gap = c->grade == NAIVE     ? 3 * MINUTE
          : c->grade == CAREFUL ? 35 * MINUTE
                                : geography_km(u->place, far) * HOUR / 780;
    for (size_t i = 0; i < turns; i++, time += gap + random_between(r, 0, gap / 3)) {
        const struct person *who = i % 2 ? &other : &u->staff[0];
        char *open = session[i % 2];
        struct order_plan p;

        if (c->grade != NAIVE && i == 2) {
            time = scheme_moment(c, 1, 2);
            session[0][0] = session[1][0] = '\0';
        }
        scheme_honest(c, &p, u, time);
        scheme_operate(c, &p, u, &u->staff[0], &who->desk);
        p.login = time - MINUTE;
        p.logout = ORDER_NEVER;
        snprintf(p.session, sizeof(p.session), "%s", open);
        scheme_play(c, &p);
        snprintf(open, SESSION_ID, "%s", p.session);
    }
}

static void rebind(struct scheme *c, const struct unit *u, const struct person *who, int64_t time)
{
    struct stage *s = c->stage;
    struct actor a = acts_buyer(u, who, &who->desk);
    char session[SESSION_ID];

    a.phone = u->staff[0].phone;
    writer_label(s->writer, c->label);
    acts_login(s, &c->random, &a, time, session);
    acts_change(s, &a, time + MINUTE, session, "password", "reset");
    acts_change(s, &a, time + 2 * MINUTE, session, "phone", who->phone);
    acts_logout(s, &a, time + 4 * MINUTE, session);
    writer_label(s->writer, 0);
}

/* Accounts of several units are bound to the third party's phone, then it orders. */
static void phone_takeover(struct scheme *c)
{
    static const int64_t wait[GRADES][2] = {{1, 5}, {9, 20}, {25, 34}}; /* hours */
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    struct hands h;
    size_t n = scheme_size(c);

    scheme_also(c, "proxy_purchasing");
    n = scheme_units(c, unit, n > 7 ? 7 : n, NULL);
    h.place = scheme_district(c)->place;
    for (size_t i = 0; i < n; i++) {
        int64_t time = scheme_moment(c, i, n);
        struct order_plan p;

        if (i == 0 || (c->grade == ADAPTIVE && i % 2 == 0))
            person_init(r, &h.person, NET_RESIDENTIAL, geography_city(h.place->code));
        if (c->grade == CAREFUL)
            person_seat(r, &h.person.desk, NET_RESIDENTIAL, geography_city(h.place->code));
        rebind(c, unit[i], &h.person, time);
        time += random_between(r, wait[c->grade][0], wait[c->grade][1]) * HOUR;
        if (time >= c->stage->end)
            time = c->stage->end - HOUR;
        scheme_honest(c, &p, unit[i], time);
        scheme_operate(c, &p, unit[i], &h.person, &h.person.desk);
        p.buyer.phone = p.receiver.phone = h.person.phone;
        scheme_play(c, &p);
    }
}

/* The third party types the code that the clerk reads out: the clerk's phone opens the app, minutes later a
 * computer elsewhere is in. An adaptive one comes out of the clerk's own city, never twice from one computer.
 */
static void code_relay(struct scheme *c)
{
    struct stage *s = c->stage;
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_size(c);
    struct person hands;
    const struct place *base;

    scheme_also(c, "proxy_purchasing");
    n = scheme_units(c, unit, n > 8 ? 8 : n, NULL);
    base = n ? scheme_far(c, unit[0]->place, 300) : NULL;
    for (size_t i = 0; i < n; i++) {
        struct actor clerk = acts_buyer(unit[i], &unit[i]->staff[0], &unit[i]->staff[0].mobile);
        int64_t time = scheme_moment(c, i, n);
        uint32_t city = geography_city(c->grade == ADAPTIVE ? unit[i]->place->code : base->code);
        char session[SESSION_ID];
        struct order_plan p;

        if (i == 0 || c->grade != NAIVE)
            person_init(r, &hands, c->grade == ADAPTIVE ? NET_DATACENTER : NET_RESIDENTIAL, city);
        writer_label(s->writer, c->label);
        acts_login(s, r, &clerk, time - random_between(r, 60, 200) * SECOND, session);
        writer_label(s->writer, 0);
        scheme_honest(c, &p, unit[i], time + random_between(r, 2, 9) * MINUTE);
        scheme_operate(c, &p, unit[i], &unit[i]->staff[0], &hands.desk);
        p.login = time;
        scheme_play(c, &p);
    }
}

/* Next to the office a second place works with the account for weeks, with computers of its own. */
static void second_base(struct scheme *c)
{
    static const size_t visits[GRADES] = {8, 5, 4};
    static const int64_t km[GRADES][2] = {{700, 5000}, {250, 900}, {30, 250}};
    struct stage *s = c->stage;
    struct random *r = &c->random;
    size_t n = 2 * visits[c->grade];
    const struct place *away;
    struct person other;
    struct unit *u;

    if (scheme_units(c, &u, 1, NULL) == 0)
        return;
    away = scheme_near(c, u->place, km[c->grade][0], km[c->grade][1]);
    person_init(r, &other, NET_RESIDENTIAL, geography_city(away->code));
    for (size_t i = 0; i < n; i++) {
        const struct person *who = i % 2 ? &other : &u->staff[0];
        struct actor a = acts_buyer(u, &u->staff[0], &who->desk);
        int64_t time = scheme_moment(c, i, n);
        char session[SESSION_ID];
        struct order_plan p;

        if (i % 4 == 3 || (i % 2 && c->grade == NAIVE)) {
            scheme_honest(c, &p, u, time);
            scheme_operate(c, &p, u, &u->staff[0], &who->desk);
            scheme_play(c, &p);
            continue;
        }
        writer_label(s->writer, i % 2 ? c->label : 0);
        acts_login(s, r, &a, time, session);
        acts_logout(s, &a, time + random_between(r, 5, 50) * MINUTE, session);
        writer_label(s->writer, 0);
    }
}

/* One account goes from hand to hand in the town: each with a name and a computer, all of them by turns. */
static void many_operators(struct scheme *c)
{
    static const size_t hands[GRADES] = {8, 6, 4};
    struct random *r = &c->random;
    size_t n = hands[c->grade];
    struct person crew[8];
    struct unit *u;

    if (scheme_units(c, &u, 1, NULL) == 0)
        return;
    for (size_t i = 0; i < n; i++)
        person_init(r, &crew[i], NET_RESIDENTIAL, geography_city(u->place->code));
    for (size_t i = 0; i < 2 * n; i++) {
        const struct person *who = &crew[i < n ? i : i - n];
        struct order_plan p;

        scheme_honest(c, &p, u, scheme_moment(c, i, 2 * n));
        scheme_operate(c, &p, u, who, i % 3 == 2 ? &who->mobile : &who->desk);
        if (c->grade == NAIVE)
            p.buyer.phone = p.receiver.phone = who->phone;
        scheme_play(c, &p);
    }
}

static const struct scheme_kind kinds[] = {
    {"account_sharing", "handed_to_agency", handed_to_agency, 0},
    {"account_sharing", "concurrent_use", concurrent_use, 0},
    {"account_sharing", "phone_takeover", phone_takeover, 0},
    {"account_sharing", "code_relay", code_relay, 0},
    {"account_sharing", "second_base", second_base, 16},
    {"account_sharing", "many_operators", many_operators, 14},
};
const struct scheme_kinds campaign_account = {kinds, sizeof(kinds) / sizeof(kinds[0])};
