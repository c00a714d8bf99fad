/* Traps of the season: many buy alike, in one place, at one price, or just before the year ends. */
#include "daemon/sim/scheme.h"

#include <stdio.h>
#include <string.h>

/* The unions of a district agreed on one festival set: the same goods of one supplier within half an hour. */
static void joint_union_purchase(struct scheme *c)
{
    struct random *r = &c->random;
    const struct district *d = scheme_district(c);
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_units(c, unit, (size_t)random_between(r, 5, 8), d->place);
    const struct supplier *supplier = n ? scheme_seller(c, unit[0]) : NULL;
    int64_t time = scheme_moment(c, 0, 1);

    for (size_t i = 0; i < n; i++, time += random_between(r, 30, 240) * SECOND) {
        struct order_plan p;

        scheme_order(c, &p, unit[i], supplier, time);
        p.sku = &supplier->sku[0];
        order_amount(&p, random_between(r, 20, 120));
        p.purchase_type = "union";
        scheme_play(c, &p);
    }
}

/* An offer of an hour, announced to the whole country. */
static void flash_offer(struct scheme *c)
{
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_units(c, unit, (size_t)random_between(r, 9, 16), NULL);
    const struct world *w = &c->stage->world;
    const struct supplier *supplier = &w->suppliers[random_below(r, w->n_suppliers)];
    int64_t time = scheme_moment(c, 0, 1);
    struct sku offer = supplier->sku[0];

    offer.price = offer.price * 80 / 100;
    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        scheme_order(c, &p, unit[i], supplier, time + random_between(r, 0, 40 * 60) * SECOND);
        p.sku = &offer;
        order_amount(&p, random_between(r, 5, 90));
        scheme_play(c, &p);
    }
}

/* Presents for the staff: a union orders the same round-priced set three times a day, for its branches. */
static void welfare_packs(struct scheme *c)
{
    static const int64_t prices[] = {10000, 15000, 20000, 30000}; /* fen */
    struct random *r = &c->random;
    struct unit *unit[2];
    size_t n = scheme_units(c, unit, 2, NULL);

    for (size_t i = 0; i < n; i++) {
        const struct supplier *supplier = scheme_seller(c, unit[i]);
        int64_t time = scheme_moment(c, i, n), heads = random_between(r, 60, 98);
        struct sku set = supplier->sku[0];

        set.price = prices[random_below(r, 4)];
        for (size_t k = 0; k < 3; k++, time += random_between(r, 4, 20) * MINUTE) {
            struct order_plan p;

            scheme_order(c, &p, unit[i], supplier, time);
            p.sku = &set;
            order_amount(&p, heads + (int64_t)k);
            p.purchase_type = "union";
            person_address(r, p.address, unit[i]->place);
            person_phone(r, p.consignee);
            scheme_play(c, &p);
        }
    }
}

/* Units of one neighbourhood fetch their parcels at the same station; each has its own phone. */
static void self_pickup(struct scheme *c)
{
    struct random *r = &c->random;
    const struct district *d = scheme_district(c);
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_units(c, unit, (size_t)random_between(r, 5, 9), d->place);
    char station[WORLD_ADDRESS];

    snprintf(station, sizeof(station), "%s%06u文化路%d号快递驿站", d->place->city, (unsigned)d->place->code,
        (int)random_between(r, 1, 400));
    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        scheme_honest(c, &p, unit[i], scheme_moment(c, i, n));
        memcpy(p.address, station, sizeof(p.address));
        scheme_play(c, &p);
    }
}

/* A canteen's weekly delivery of the same goods, always about the same amount. */
static void weekly_canteen(struct scheme *c)
{
    struct random *r = &c->random;
    const struct supplier *supplier;
    int64_t pieces, time = scheme_moment(c, 0, 4);
    struct unit *u;

    if (scheme_units(c, &u, 1, NULL) == 0)
        return;
    supplier = scheme_seller(c, u);
    pieces = 960000 / supplier->sku[0].price;
    for (int week = 0; week < 3; week++) {
        struct order_plan p;

        scheme_order(c, &p, u, supplier, time + week * 7 * DAY);
        p.sku = &supplier->sku[0];
        order_amount(&p, pieces + random_between(r, 0, 4));
        p.purchase_type = "canteen";
        scheme_play(c, &p);
    }
}

/* The year's amount is still open, so the unit orders all of it in three days; the goods come. */
static void year_end_rush(struct scheme *c)
{
    int64_t reserved = 0;
    struct order_plan p[5];
    struct unit *u;

    if (scheme_units(c, &u, 1, NULL) == 0)
        return;
    for (size_t i = 0; i < 5; i++) {
        scheme_honest(c, &p[i], u, scheme_moment(c, i, 10));
        reserved += p[i].amount;
    }
    scheme_reserve(c, u, c->begin + MINUTE, c->begin + 10 * MINUTE, reserved);
    for (size_t i = 0; i < 5; i++)
        scheme_play(c, &p[i]);
}

/* Organic goods at twice the usual price, the same for everybody. */
static void premium_goods(struct scheme *c)
{
    struct random *r = &c->random;
    const struct world *w = &c->stage->world;
    const struct supplier *supplier = &w->suppliers[random_below(r, w->n_suppliers)];
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_units(c, unit, (size_t)random_between(r, 4, 7), NULL);
    struct sku organic = supplier->sku[supplier->n_sku - 1];

    organic.price = organic.price * random_between(r, 180, 260) / 100;
    random_digits(r, organic.id, "117", 19);
    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        scheme_order(c, &p, unit[i], supplier, scheme_moment(c, i, n));
        p.sku = &organic;
        order_amount(&p, random_between(r, 20, 120));
        scheme_play(c, &p);
    }
}

static const struct scheme_kind kinds[] = {
    {NULL, "joint_union_purchase", joint_union_purchase, 0},
    {NULL, "flash_offer", flash_offer, 0},
    {NULL, "welfare_packs", welfare_packs, 0},
    {NULL, "self_pickup", self_pickup, 0},
    {NULL, "weekly_canteen", weekly_canteen, 20},
    {NULL, "year_end_rush", year_end_rush, 0},
    {NULL, "premium_goods", premium_goods, 0},
};
const struct scheme_kinds trap_season = {kinds, sizeof(kinds) / sizeof(kinds[0])};
