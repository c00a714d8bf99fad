/* Traps about who buys for whom: legal, and alike to proxy purchasing. */
#include "daemon/sim/scheme.h"

#include <string.h>

/* The superior's finance centre orders for its subordinates, on their accounts, in one sitting. */
static void finance_centre(struct scheme *c)
{
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_family(c, unit, (size_t)random_between(r, 4, 10));
    int64_t time = scheme_moment(c, 0, 1);

    for (size_t i = 0; i < n; i++, time += random_between(r, 3, 8) * MINUTE) {
        const struct person *clerk = &unit[0]->staff[0];
        struct order_plan p;

        scheme_order(c, &p, unit[i], scheme_seller(c, unit[0]), time);
        scheme_operate(c, &p, unit[i], clerk, &clerk->desk);
        p.login = time - 90 * SECOND;
        p.logout = time + 30 * SECOND;
        scheme_play(c, &p);
    }
}

/* A canteen contractor buys with its own account and money for the units that it has contracts with. */
static void contractor(struct scheme *c)
{
    const struct world *w = &c->stage->world;
    struct firm *f = scheme_firm(c, w->contractors, w->n_contractors, true);

    for (size_t i = 0; f && i < f->n_units; i++) {
        struct unit *u = &w->units[f->unit[i]];
        struct order_plan p;

        if (!scheme_take(c, u))
            continue;
        scheme_honest(c, &p, u, scheme_moment(c, i, f->n_units));
        scheme_operate(c, &p, u, &f->person, &f->person.desk);
        p.buyer.account = f->account;
        p.buyer.unit = f->code;
        p.buyer.region = f->place->code;
        p.buyer.phone = f->person.phone;
        p.receiver = p.buyer;
        memcpy(p.payer, f->bank, sizeof(p.payer));
        p.payer_matches = false;
        memcpy(p.consignee, f->person.phone, sizeof(p.consignee));
        scheme_play(c, &p);
    }
}

/* Units with one canteen: their representative orders for all of them. */
static void shared_canteen(struct scheme *c)
{
    const struct world *w = &c->stage->world;
    int group = (int)random_below(&c->random, w->n_groups);
    const struct unit *head = NULL;

    for (size_t i = 0, k = 0; i < w->n_units; i++) {
        struct unit *u = &w->units[i];
        struct order_plan p;

        if (u->group != group || !scheme_take(c, u))
            continue;
        if (!head)
            head = u;
        scheme_honest(c, &p, u, scheme_moment(c, k++, 5));
        p.buyer = p.receiver = acts_buyer(head, &head->staff[0], &head->staff[0].desk);
        memcpy(p.address, head->address, sizeof(p.address));
        memcpy(p.consignee, head->consignee, sizeof(p.consignee));
        scheme_play(c, &p);
    }
}

static const struct district *with_treasury(struct scheme *c)
{
    for (int tries = 0; tries < 200; tries++) {
        const struct district *d = scheme_district(c);

        if (d->has_treasury)
            return d;
    }
    return NULL;
}

/* One account of the treasury pays for the units of a district. */
static void treasury_payer(struct scheme *c)
{
    const struct district *d = with_treasury(c);
    struct unit *unit[SCHEME_UNITS];
    size_t n;

    if (!d)
        return;
    n = scheme_units(c, unit, (size_t)random_between(&c->random, 5, 9), d->place);
    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        scheme_honest(c, &p, unit[i], scheme_moment(c, i, n));
        memcpy(p.payer, d->treasury, sizeof(p.payer));
        p.payer_matches = false;
        scheme_play(c, &p);
    }
}

/* Units of one compound: one address, and the mail room's phone. */
static void compound(struct scheme *c)
{
    const struct district *d = scheme_district(c);
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_units(c, unit, (size_t)random_between(&c->random, 4, 9), d->place);

    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        scheme_honest(c, &p, unit[i], scheme_moment(c, i, n));
        memcpy(p.address, d->compound, sizeof(p.address));
        memcpy(p.consignee, d->mail_room, sizeof(p.consignee));
        scheme_play(c, &p);
    }
}

/* A superior's group buy: its units take the same goods from the same supplier within half an hour. */
static void group_buy(struct scheme *c)
{
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_family(c, unit, (size_t)random_between(r, 5, 9));
    int64_t time = scheme_moment(c, 0, 1);
    const struct supplier *supplier;

    if (n == 0)
        return;
    supplier = scheme_seller(c, unit[0]);
    for (size_t i = 0; i < n; i++, time += random_between(r, 1, 3) * MINUTE) {
        struct order_plan p;

        scheme_order(c, &p, unit[i], supplier, time);
        p.sku = &supplier->sku[0];
        order_amount(&p, 50);
        scheme_play(c, &p);
    }
}

/* A district buys from the county that it is paired with, and from hardly anybody else. */
static void paired_county(struct scheme *c)
{
    const struct world *w = &c->stage->world;
    const struct district *d = scheme_district(c);
    const struct supplier *supplier = NULL;
    struct unit *unit[SCHEME_UNITS];
    size_t n;

    for (size_t i = 0; i < w->n_suppliers && !supplier; i++) {
        if (w->suppliers[i].place == d->paired)
            supplier = &w->suppliers[i];
    }
    if (!supplier)
        return;
    n = scheme_units(c, unit, (size_t)random_between(&c->random, 5, 10), d->place);
    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        scheme_order(c, &p, unit[i], supplier, scheme_moment(c, i, n));
        scheme_play(c, &p);
    }
}

/* A clerk pays from a private account, as declared, for the own unit only. */
static void personal_payer(struct scheme *c)
{
    struct unit *u;

    if (scheme_units(c, &u, 1, NULL) == 0)
        return;
    for (size_t i = 0; i < 2; i++) {
        struct order_plan p;

        scheme_honest(c, &p, u, scheme_moment(c, i, 2));
        random_digits(&c->random, p.payer, "62", 19);
        p.payer_matches = false;
        scheme_play(c, &p);
    }
}

static const struct scheme_kind kinds[] = {
    {NULL, "finance_centre", finance_centre, 0},
    {NULL, "contractor", contractor, 0},
    {NULL, "shared_canteen", shared_canteen, 0},
    {NULL, "treasury_payer", treasury_payer, 0},
    {NULL, "compound", compound, 0},
    {NULL, "group_buy", group_buy, 0},
    {NULL, "paired_county", paired_county, 0},
    {NULL, "personal_payer", personal_payer, 0},
};
const struct scheme_kinds trap_trade = {kinds, sizeof(kinds) / sizeof(kinds[0])};
