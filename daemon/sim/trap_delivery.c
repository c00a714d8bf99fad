/* Traps about deliveries, receipts and refunds: legal, and alike to fake trades. */
#include "daemon/sim/scheme.h"

#include <stdio.h>
#include <string.h>

/* An honest order that a carrier takes. */
static void by_carrier(struct scheme *c, struct order_plan *p, const struct unit *u, int64_t placed)
{
    scheme_honest(c, p, u, placed);
    if (!p->waybill[0])
        order_express(&c->random, p, "YT");
    scheme_send(c, p);
}

/* Up to `n` units order so, once each, and `change` makes of it what is alike to fraud. */
static void each_by_carrier(struct scheme *c, size_t n, void (*change)(struct scheme *, struct order_plan *))
{
    struct unit *unit[5];

    n = scheme_units(c, unit, n, NULL);
    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        by_carrier(c, &p, unit[i], scheme_moment(c, i, n));
        change(c, &p);
        scheme_play(c, &p);
    }
}

/* One parcel for several orders of units that share a compound, or a superior. */
static void shared_waybill(struct scheme *c)
{
    const struct district *d = scheme_district(c);
    int64_t placed = scheme_moment(c, 0, 1);
    struct unit *unit[4];
    size_t n = c->variant % 2 ? scheme_units(c, unit, 3, d->place) : scheme_family(c, unit, 4);
    struct order_plan first = {.label = 0};

    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        by_carrier(c, &p, unit[i], placed + (int64_t)i * 20 * MINUTE);
        if (i == 0)
            first = p;
        p.supplier = first.supplier;
        p.sku = first.sku;
        p.shipper = first.shipper;
        p.origin = p.scanned = first.origin;
        order_amount(&p, first.quantity / 1000);
        memcpy(p.payee, first.payee, sizeof(p.payee));
        memcpy(p.waybill, first.waybill, sizeof(p.waybill));
        p.carrier = first.carrier;
        p.ship_mode = first.ship_mode;
        p.shipped = first.shipped;
        p.collected = first.collected;
        p.transit = first.transit;
        p.out = first.out;
        p.delivered = first.delivered;
        order_accept(&p, first.received + (int64_t)i * 7 * MINUTE, MINUTE);
        if (c->variant % 2) {
            memcpy(p.address, d->compound, sizeof(p.address));
            memcpy(p.consignee, d->mail_room, sizeof(p.consignee));
        } else {
            memcpy(p.address, first.address, sizeof(p.address));
            memcpy(p.consignee, first.consignee, sizeof(p.consignee));
        }
        scheme_play(c, &p);
    }
}

/* The supplier's own lorry: no waybill, no scan. */
static void own_truck(struct scheme *c)
{
    struct unit *unit[4];
    size_t n = scheme_units(c, unit, 4, NULL);

    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        scheme_honest(c, &p, unit[i], scheme_moment(c, i, n));
        order_own_truck(&p);
        order_ship(c->stage, &c->random, &p,
            calendar_next_working(&c->random, p.placed + random_between(&c->random, 5 * HOUR, 40 * HOUR)));
        scheme_play(c, &p);
    }
}

/* From the supplier's declared warehouse in the buyer's own city: first scan there, delivered the next day.
 */
static void regional_warehouse(struct scheme *c)
{
    const struct world *w = &c->stage->world;
    const struct supplier *s = NULL;
    struct unit *unit[4];
    size_t n;

    for (size_t i = random_below(&c->random, w->n_suppliers); i < w->n_suppliers && !s; i++)
        s = w->suppliers[i].warehouse ? &w->suppliers[i] : NULL;
    if (!s)
        return;
    n = scheme_units(c, unit, 4, s->warehouse);
    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        scheme_order(c, &p, unit[i], s, scheme_moment(c, i, n));
        p.origin = s->warehouse;
        order_express(&c->random, &p, "JD");
        order_ship(c->stage, &c->random, &p,
            calendar_next_working(&c->random, p.placed + random_between(&c->random, HOUR, 5 * HOUR)));
        scheme_play(c, &p);
    }
}

/* Goods that came long ago, accepted and reviewed one after the other, because only reviewed orders count. */
static void bulk_accept(struct scheme *c)
{
    struct random *r = &c->random;
    size_t n = (size_t)random_between(r, 4, 9);
    char session[SESSION_ID] = "";
    struct order_plan p[9];
    int64_t sitting = 0;
    struct unit *u;

    if (scheme_units(c, &u, 1, NULL) == 0)
        return;
    for (size_t i = 0; i < n; i++) {
        by_carrier(c, &p[i], u, scheme_moment(c, i, 2 * n));
        sitting = p[i].delivered > sitting ? p[i].delivered : sitting;
    }
    sitting = calendar_next_working(r, sitting + random_between(r, 2, 5) * DAY);
    for (size_t i = 0; i < n; i++, sitting += random_between(r, 20, 70) * SECOND) {
        p[i].receiver = p[0].receiver;
        p[i].received = sitting;
        p[i].receipt_login = sitting - MINUTE;
        p[i].reviewed = sitting + 15 * SECOND;
        snprintf(p[i].receipt_session, SESSION_ID, "%s", session);
        snprintf(p[i].review_hash, sizeof(p[i].review_hash), "29af0c1c193016d");
        scheme_play(c, &p[i]);
        snprintf(session, SESSION_ID, "%s", p[i].receipt_session);
    }
}

static void voucher(struct scheme *c)
{
    struct unit *unit[3];
    size_t n = scheme_units(c, unit, 3, NULL);

    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        scheme_honest(c, &p, unit[i], scheme_moment(c, i, n));
        order_voucher(&c->random, &p);
        scheme_play(c, &p);
    }
}

/* Bruised fruit: part of the money back, to where it came from. */
static void refund_part(struct scheme *c, struct order_plan *p)
{
    struct random *r = &c->random;

    p->paid = p->placed + random_between(r, 10 * MINUTE, 5 * HOUR);
    order_accept(p, p->delivered + random_between(r, HOUR, 20 * HOUR), 2 * MINUTE);
    p->refund = p->amount * random_between(r, 15, 60) / 100;
    p->refunded = p->received + random_between(r, 3 * HOUR, 3 * DAY);
}

static void partial_refund(struct scheme *c)
{
    each_by_carrier(c, 3, refund_part);
}

/* A shipment entered with another parcel's number, put right within a day. */
static void waybill_typo(struct scheme *c)
{
    struct random *r = &c->random;
    int64_t time = scheme_moment(c, 0, 1);
    struct order_plan other, p;
    struct unit *unit[2];

    if (scheme_units(c, unit, 2, NULL) < 2)
        return;
    by_carrier(c, &other, unit[0], time);
    scheme_play(c, &other);
    by_carrier(c, &p, unit[1], time + 30 * MINUTE);
    memcpy(p.mistyped, other.waybill, sizeof(p.mistyped));
    p.corrected = p.shipped + random_between(r, 20 * MINUTE, 12 * HOUR);
    if (p.collected < p.corrected + 5 * MINUTE)
        p.collected = p.corrected + 5 * MINUTE;
    scheme_play(c, &p);
}

/* The carrier's feed stands still: scans reach the platform days later, after the goods were accepted. */
static void hold_scans(struct scheme *c, struct order_plan *p)
{
    struct random *r = &c->random;

    order_accept(p, p->delivered + random_between(r, HOUR, 10 * HOUR), 2 * MINUTE);
    p->feed_delay = random_between(r, DAY, 3 * DAY);
}

static void late_feed(struct scheme *c)
{
    each_by_carrier(c, 5, hold_scans);
}

/* Half of the feeds hours late, the other half not: what happened first is heard last. */
static void hold_some_scans(struct scheme *c, struct order_plan *p)
{
    order_accept(p, p->delivered + random_between(&c->random, 20 * MINUTE, 3 * HOUR), MINUTE);
    p->feed_delay = random_between(&c->random, 4 * HOUR, 12 * HOUR);
}

static void out_of_order(struct scheme *c)
{
    each_by_carrier(c, 5, hold_some_scans);
}

/* The platform sends every event again, with the same event id. */
static void delivered_twice(struct scheme *c)
{
    struct unit *unit[4];
    size_t n = scheme_units(c, unit, 4, NULL);

    writer_twice(c->stage->writer, 1);
    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        by_carrier(c, &p, unit[i], scheme_moment(c, i, n));
        scheme_play(c, &p);
    }
    writer_twice(c->stage->writer, 0);
}

/* The platform's ready-made review, word for word, from unrelated units for one supplier. */
static void default_review(struct scheme *c)
{
    struct unit *unit[7];
    size_t n = scheme_units(c, unit, 7, NULL);
    const struct supplier *s = n > 0 ? scheme_seller(c, unit[0]) : NULL;

    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        scheme_order(c, &p, unit[i], s, scheme_moment(c, i, n));
        if (p.reviewed == ORDER_NEVER)
            p.reviewed = p.received + MINUTE;
        snprintf(p.review_hash, sizeof(p.review_hash), "5b1f7e88d0a4c21");
        scheme_play(c, &p);
    }
}

static const struct scheme_kind kinds[] = {
    {NULL, "shared_waybill", shared_waybill, 0},
    {NULL, "own_truck", own_truck, 0},
    {NULL, "regional_warehouse", regional_warehouse, 0},
    {NULL, "bulk_accept", bulk_accept, 0},
    {NULL, "voucher", voucher, 0},
    {NULL, "partial_refund", partial_refund, 0},
    {NULL, "waybill_typo", waybill_typo, 0},
    {NULL, "late_feed", late_feed, 0},
    {NULL, "out_of_order", out_of_order, 0},
    {NULL, "delivered_twice", delivered_twice, 0},
    {NULL, "default_review", default_review, 0},
};
const struct scheme_kinds trap_delivery = {kinds, sizeof(kinds) / sizeof(kinds[0])};
