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
        h->place = w->districts[random_below(r, w->n_districts)].place;
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
    h->place = w->districts[random_below(r, w->n_districts)].place;
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
        scheme_order(c, &p, unit[i],
            random_chance(r, 600) ? friend : world_supplier(&c->stage->world, r, unit[i]), time);
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
        scheme_order(c, &p, u, world_supplier(&c->stage->world, r, u), time);
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
    h.place = c->stage->world.districts[random_below(r, c->stage->world.n_districts)].place;
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
        scheme_order(c, &p, unit[i], world_supplier(&c->stage->world, r, unit[i]), time);
        scheme_operate(c, &p, unit[i], &h.person, &h.person.desk);
        p.buyer.phone = p.receiver.phone = h.person.phone;
        scheme_play(c, &p);
    }
}

const struct scheme_kind campaign_account_kinds[] = {
    {"account_sharing", "handed_to_agency", handed_to_agency},
    {"account_sharing", "concurrent_use", concurrent_use},
    {"account_sharing", "phone_takeover", phone_takeover},
};
const size_t campaign_n_account_kinds = sizeof(campaign_account_kinds) / sizeof(campaign_account_kinds[0]);
