/* Campaigns of fake trade that show in the parcels: too light, too fast, or accepted in somebody else's
 * chair. */
#include "daemon/sim/sham.h"

#include <stdio.h>
#include <string.h>

/* The trace is complete and the box is empty. An adaptive supplier puts something in. */
static void empty_parcels(struct scheme *c)
{
    static const int64_t percent[GRADES][2] = {{1, 3}, {8, 18}, {33, 45}};
    struct random *r = &c->random;
    struct sham f;

    if (!sham_begin(c, &f, 4, NULL))
        return;
    for (size_t i = 0; i < f.orders; i++) {
        struct order_plan p;

        sham_order(c, &f, i, &p);
        p.scanned_weight =
            200 + p.weight * random_between(r, percent[c->grade][0], percent[c->grade][1]) / 100;
        scheme_play(c, &p);
    }
}

/* A trace that nobody drove. Naive: across the country in an hour or two, or delivered before it was
 * collected; careful: faster than any lorry, first seen in the buyer's town; adaptive: as fast as a lorry
 * that never stops. */
static void impossible_logistics(struct scheme *c)
{
    static const int64_t speed[GRADES][2] = {{700, 1400}, {150, 230}, {92, 108}}; /* km/h */
    struct random *r = &c->random;
    struct sham f;

    if (!sham_begin(c, &f, 4, NULL))
        return;
    for (size_t i = 0; i < f.orders; i++) {
        int64_t travel;
        struct order_plan p;

        sham_order(c, &f, i, &p);
        travel = geography_km(f.supplier->place, p.target->place) * HOUR /
                 random_between(r, speed[c->grade][0], speed[c->grade][1]);
        if (travel < HOUR)
            travel = HOUR;
        p.collected = p.shipped + random_between(r, 10, 90) * MINUTE;
        p.delivered = p.collected + travel;
        p.transit = p.collected + travel / 2;
        p.out = p.delivered - travel / 10;
        if (c->grade == NAIVE && c->variant % 3 == 0)
            p.delivered = p.collected - random_between(r, 20, 300) * MINUTE;
        if (c->grade == CAREFUL && c->variant % 2)
            p.scanned = p.target->place;
        sham_accept(c, &p, calendar_next_working(r, p.collected + travel + random_between(r, HOUR, DAY)));
        scheme_play(c, &p);
    }
}

/* The clicks of one sitting: receipt and review of so many units, one account after the other. */
struct sitting {
    struct seat seat;
    char review[WORLD_ID];
    size_t per; /* receipts in a row */
    int64_t next;
};

static void begin_sitting(struct scheme *c, struct sitting *s, const struct sham *f)
{
    static const size_t per[GRADES] = {8, 3, 2};

    s->per = per[c->grade];
    random_hex(&c->random, s->review, "", 15);
    if (c->grade == NAIVE)
        s->seat = f->supplier->person.desk;
    else
        person_seat(&c->random, &s->seat, NET_RESIDENTIAL, geography_city(f->unit[0]->place->code));
}

/* The units ordered from their own desks; nothing is sent but a label (an adaptive supplier sends it), and
 * one chair accepts and praises for all of them, by turns. */
static void round_robin_receipts(struct scheme *c)
{
    static const int64_t gap[GRADES][2] = {{25, 70}, {90, 400}, {1800, 9000}}; /* seconds */
    struct random *r = &c->random;
    struct sitting sitting = {.next = 0};
    struct sham f;

    scheme_also(c, "account_sharing");
    scheme_also(c, "proxy_purchasing");
    if (!sham_begin(c, &f, 8, NULL))
        return;
    if (f.orders < f.units + 2)
        f.orders = f.units + 2;
    begin_sitting(c, &sitting, &f);
    for (size_t i = 0; i < f.orders; i++) {
        struct order_plan p;

        sham_order(c, &f, i, &p);
        if (i % sitting.per == 0)
            sitting.next = calendar_next_working(
                r, (c->grade == ADAPTIVE ? p.delivered : p.shipped) + random_between(r, 20, 50) * HOUR);
        if (c->grade != ADAPTIVE)
            order_unship(&p, true);
        p.receiver.seat = &sitting.seat;
        scheme_device(c, &sitting.seat);
        sitting.next += random_between(r, gap[c->grade][0], gap[c->grade][1]) * SECOND;
        if (sitting.next < p.shipped + HOUR)
            sitting.next = p.shipped + HOUR;
        sham_accept(c, &p, sitting.next);
        p.receipt_login = sitting.next - 15 * SECOND;
        p.reviewed = sitting.next + 8 * SECOND;
        if (c->grade != ADAPTIVE)
            memcpy(p.review_hash, sitting.review, sizeof(p.review_hash));
        scheme_play(c, &p);
    }
}

static const struct scheme_kind kinds[] = {
    {"fake_trade", "empty_parcels", empty_parcels, 0},
    {"fake_trade", "impossible_logistics", impossible_logistics, 0},
    {"fake_trade", "round_robin_receipts", round_robin_receipts, 0},
};
const struct scheme_kinds campaign_goods = {kinds, sizeof(kinds) / sizeof(kinds[0])};
