/* Campaigns of fake trade: a supplier and a few buyers keep up the appearance of a purchase. */
#include "daemon/sim/sham.h"

#include <string.h>

/* Accepted, but nothing was sent: naive without any shipment, careful with a label that no carrier ever
 * scans, adaptive by "own truck" over a distance that nobody drives, at a believable pace. */
static void send_nothing(struct scheme *c, struct order_plan *p)
{
    struct random *r = &c->random;

    order_unship(p, c->grade != NAIVE);
    if (c->grade == ADAPTIVE)
        order_own_truck(p);
    sham_accept(
        c, p, calendar_next_working(r, p->paid + random_between(r, DAY, (c->grade == NAIVE ? 3 : 6) * DAY)));
}

static void no_goods(struct scheme *c)
{
    sham_each(c, 3, send_nothing);
}

/* One parcel stands for several orders: naive three at once, careful a pair with days between, adaptive a
 * pair within one district. */
static void waybill_reuse(struct scheme *c)
{
    struct random *r = &c->random;
    struct order_plan first = {.label = 0};
    struct sham f;
    size_t per = c->grade == NAIVE ? 3 : 2;
    const struct place *place = c->grade == ADAPTIVE ? scheme_district(c)->place : NULL;

    if (!sham_begin(c, &f, 6, place) || f.units < 2)
        return;
    f.orders -= f.orders % per;
    for (size_t i = 0; i < (f.orders ? f.orders : per); i++) {
        struct order_plan p;

        sham_order(c, &f, i, &p);
        if (i % per == 0) {
            first = p;
        } else {
            order_unship(&p, true);
            memcpy(p.waybill, first.waybill, sizeof(p.waybill));
            p.carrier = first.carrier;
            p.ship_mode = first.ship_mode;
            sham_accept(c, &p, calendar_next_working(r, p.shipped + random_between(r, DAY, 4 * DAY)));
        }
        scheme_play(c, &p);
    }
}

/* Accepted long before the goods can be there. The adaptive grade has the scans made up as well. */
static void accept_fast(struct scheme *c, struct order_plan *p)
{
    static const int64_t minutes[GRADES][2] = {{3, 9}, {35, 100}, {200, 360}};
    struct random *r = &c->random;

    sham_accept(c, p, p->shipped + random_between(r, minutes[c->grade][0], minutes[c->grade][1]) * MINUTE);
    if (c->grade == ADAPTIVE) {
        p->collected = p->shipped + 10 * MINUTE;
        p->delivered = p->received - 20 * MINUTE;
        p->transit = p->collected + (p->delivered - p->collected) / 2;
        p->out = p->delivered - 30 * MINUTE;
    }
}

static void fast_receipt(struct scheme *c)
{
    sham_each(c, 4, accept_fast);
}

static void supplier_shows_up(struct scheme *c, const struct supplier *supplier, int64_t time)
{
    struct actor a = acts_supplier(supplier);
    char session[SESSION_ID];

    writer_label(c->stage->writer, c->label);
    acts_login(c->stage, &c->random, &a, time, session);
    writer_label(c->stage->writer, 0);
}

/* Buyer and seller are one: the supplier's computer accepts, its account pays, its phone takes the delivery.
 * Naive: all of it; else one of the three. */
static void linked_parties(struct scheme *c)
{
    struct sham f;

    if (!sham_begin(c, &f, c->grade == NAIVE ? 3 : 2, NULL))
        return;
    supplier_shows_up(c, f.supplier, c->begin);
    if (c->grade == NAIVE && f.units > 2) /* it pays and receives for three: it buys in their place */
        scheme_also(c, "proxy_purchasing");
    for (size_t i = 0; i < f.orders; i++) {
        int link = c->variant % 3;
        struct order_plan p;

        sham_order(c, &f, i, &p);
        if (c->grade == NAIVE || link == 0) {
            scheme_also(c, "account_sharing");
            p.receiver.seat = &f.supplier->person.desk;
            scheme_device(c, p.receiver.seat);
        }
        if (c->grade == NAIVE || link == 1) {
            memcpy(p.payer, f.supplier->bank, sizeof(p.payer));
            p.payer_matches = c->grade != NAIVE;
        }
        if (c->grade == NAIVE || link == 2)
            memcpy(p.consignee, f.supplier->person.phone, sizeof(p.consignee));
        scheme_play(c, &p);
    }
}

/* The goods were bought off the platform before; the order only makes the figures. */
static void file_afterwards(struct scheme *c, struct order_plan *p)
{
    struct random *r = &c->random;

    p->paid = p->placed + random_between(r, 5, 12) * MINUTE;
    order_ship(c->stage, r, p, p->placed + random_between(r, 13, 20) * MINUTE);
    p->scanned = p->target->place;
    p->invoiced = p->placed + random_between(r, HOUR, 9 * HOUR);
    p->invoice_date = p->invoiced;
    if (c->grade == NAIVE)
        p->invoice_date = p->placed - random_between(r, 8 * DAY, 45 * DAY);
    if (c->grade == CAREFUL)
        p->invoice_date = p->placed - random_between(r, DAY, 5 * DAY);
    if (c->grade == NAIVE)
        order_unship(p, false);
    sham_accept(c, p, p->placed + random_between(r, 25, c->grade == ADAPTIVE ? 170 : 55) * MINUTE);
}

static void backfilled(struct scheme *c)
{
    sham_each(c, 4, file_afterwards);
}

/* The unit's money comes back to somebody else: naive all of it to one account, careful most of it to
 * changing ones, adaptive a part that could be a complaint. */
static void refund_diversion(struct scheme *c)
{
    static const int64_t percent[GRADES][2] = {{100, 100}, {82, 95}, {25, 45}};
    struct random *r = &c->random;
    char pocket[WORLD_ID];
    struct sham f;

    if (!sham_begin(c, &f, 3, NULL))
        return;
    random_digits(r, pocket, "62", 19);
    for (size_t i = 0; i < f.orders; i++) {
        struct order_plan p;

        sham_order(c, &f, i, &p);
        if (c->grade != NAIVE)
            random_digits(r, pocket, "62", 19);
        sham_accept(c, &p, p.delivered + random_between(r, 2 * HOUR, 2 * DAY));
        p.refund = p.amount * random_between(r, percent[c->grade][0], percent[c->grade][1]) / 100;
        p.refunded = p.received + random_between(r, 2 * HOUR, 3 * DAY);
        memcpy(p.refund_to, pocket, sizeof(p.refund_to));
        scheme_play(c, &p);
    }
}

static const struct scheme_kind kinds[] = {
    {"fake_trade", "no_goods", no_goods, 0},
    {"fake_trade", "waybill_reuse", waybill_reuse, 0},
    {"fake_trade", "fast_receipt", fast_receipt, 0},
    {"fake_trade", "linked_parties", linked_parties, 0},
    {"fake_trade", "backfilled", backfilled, 0},
    {"fake_trade", "refund_diversion", refund_diversion, 0},
};
const struct scheme_kinds campaign_fake = {kinds, sizeof(kinds) / sizeof(kinds[0])};
