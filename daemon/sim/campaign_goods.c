/* Campaigns of fake trade that show in where the goods go: parcels too light or too fast, accepted in
 * somebody else's chair, vouchers that one hand redeems. */
#include "daemon/sim/sham.h"

#include <string.h>

/* The trace is complete and the box is empty. An adaptive supplier puts something in. */
static void send_empty(struct scheme *c, struct order_plan *p)
{
    static const int64_t percent[GRADES][2] = {{1, 3}, {8, 18}, {33, 45}};
    struct random *r = &c->random;

    p->scanned_weight = 200 + p->weight * random_between(r, percent[c->grade][0], percent[c->grade][1]) / 100;
}

static void empty_parcels(struct scheme *c)
{
    sham_each(c, 4, send_empty);
}

/* A trace that nobody drove. Naive: across the country in an hour or two, or delivered before it was
 * collected; careful: faster than any lorry, first seen in the buyer's town; adaptive: as fast as a lorry
 * that never stops. */
static void make_up_trip(struct scheme *c, struct order_plan *p)
{
    static const int64_t speed[GRADES][2] = {{700, 1400}, {150, 230}, {92, 108}}; /* km/h */
    struct random *r = &c->random;
    int64_t travel;

    travel = geography_km(p->supplier->place, p->target->place) * HOUR /
             random_between(r, speed[c->grade][0], speed[c->grade][1]);
    if (travel < HOUR)
        travel = HOUR;
    p->collected = p->shipped + random_between(r, 10, 90) * MINUTE;
    p->delivered = p->collected + travel;
    p->transit = p->collected + travel / 2;
    p->out = p->delivered - travel / 10;
    if (c->grade == NAIVE && c->variant % 3 == 0)
        p->delivered = p->collected - random_between(r, 20, 300) * MINUTE;
    if (c->grade == CAREFUL && c->variant % 2)
        p->scanned = p->target->place;
    sham_accept(c, p, calendar_next_working(r, p->collected + travel + random_between(r, HOUR, DAY)));
}

static void impossible_logistics(struct scheme *c)
{
    sham_each(c, 4, make_up_trip);
}

enum { SITTING = 8 };

/* Receipts and reviews in a row, from one chair, once the last of the parcels is on its way (or has come). */
static void accept_in_a_row(
    struct scheme *c, struct order_plan *p, size_t n, const struct seat *chair, const char *review)
{
    static const int64_t gap[GRADES][2] = {{25, 70}, {90, 400}, {1800, 9000}}; /* seconds */
    struct random *r = &c->random;
    int64_t time = 0;

    for (size_t i = 0; i < n; i++) {
        int64_t ready = c->grade == ADAPTIVE ? p[i].delivered : p[i].shipped;

        time = ready > time ? ready : time;
    }
    time = calendar_next_working(r, time + random_between(r, 4, 30) * HOUR);
    for (size_t i = 0; i < n; i++, time += random_between(r, gap[c->grade][0], gap[c->grade][1]) * SECOND) {
        if (c->grade != ADAPTIVE) {
            order_unship(&p[i], true);
            memcpy(p[i].review_hash, review, sizeof(p[i].review_hash));
        }
        p[i].receiver.seat = chair;
        sham_accept(c, &p[i], time);
        p[i].receipt_login = time - 15 * SECOND;
        p[i].reviewed = time + 8 * SECOND;
        scheme_play(c, &p[i]);
    }
}

/* The units ordered from their own desks; nothing is sent but a label (an adaptive supplier sends it), and
 * one chair, the supplier's own in the naive grade, accepts and praises for all of them. */
static void round_robin_receipts(struct scheme *c)
{
    static const size_t row[GRADES] = {SITTING, 3, 2};
    struct random *r = &c->random;
    struct order_plan p[SITTING];
    char review[WORLD_ID];
    struct seat chair;
    struct sham f;
    size_t n = 0;

    scheme_also(c, "account_sharing");
    scheme_also(c, "proxy_purchasing");
    if (!sham_begin(c, &f, SITTING, NULL))
        return;
    f.orders = f.orders < f.units + 2 ? f.units + 2 : f.orders;
    random_hex(r, review, "", 15);
    if (c->grade == NAIVE)
        chair = f.supplier->person.desk;
    else
        person_seat(r, &chair, NET_RESIDENTIAL, geography_city(f.unit[0]->place->code));
    scheme_device(c, &chair);
    for (size_t i = 0; i < f.orders; i++) {
        sham_order(c, &f, i, &p[n++]);
        if (n < row[c->grade] && i + 1 < f.orders)
            continue;
        accept_in_a_row(c, p, n, &chair, review);
        n = 0;
    }
}

enum { HANDS = 8 };

/* Units buy vouchers, and an agent has the goods: naive, one phone redeems all; careful, three phones, all to
 * the agent's door; adaptive, no two units by the same phone or to the same door. */
static void voucher_cashout(struct scheme *c)
{
    static const int hands[GRADES] = {1, 3, 2};
    static const int64_t within[GRADES] = {6 * HOUR, 3 * DAY, 9 * DAY};
    struct random *r = &c->random;
    struct redeemer hand[HANDS];
    struct sham f;

    if (!sham_begin(c, &f, HANDS / 2, NULL))
        return;
    for (int i = 0; i < HANDS; i++) {
        order_redeemer(r, &hand[i], f.supplier->place);
        if (c->grade == CAREFUL)
            memcpy(hand[i].address, hand[0].address, sizeof(hand[i].address));
    }
    for (size_t i = 0; i < f.orders; i++) {
        struct order_plan p;

        sham_order(c, &f, i, &p);
        order_voucher(r, &p);
        p.redemptions = (int)random_between(r, 8, 25);
        p.redeemed_within = within[c->grade];
        p.redeemer = c->grade == ADAPTIVE ? &hand[i % f.units * 2] : hand;
        p.redeemers = hands[c->grade];
        scheme_play(c, &p);
    }
}

static const struct scheme_kind kinds[] = {
    {"fake_trade", "empty_parcels", empty_parcels, 0},
    {"fake_trade", "impossible_logistics", impossible_logistics, 0},
    {"fake_trade", "round_robin_receipts", round_robin_receipts, 0},
    {"fake_trade", "voucher_cashout", voucher_cashout, 0},
};
const struct scheme_kinds campaign_goods = {kinds, sizeof(kinds) / sizeof(kinds[0])};
