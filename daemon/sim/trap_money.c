/* Traps about money, papers and carriers: legal, and alike to fake trades. */
#include "daemon/sim/scheme.h"

static void by_express(struct scheme *c, struct order_plan *p, const struct unit *u,
    const struct supplier *supplier, int64_t placed, const char *carrier)
{
    scheme_order(c, p, u, supplier, placed);
    order_express(&c->random, p, carrier);
    scheme_send(c, p);
}

static void honest_express(
    struct scheme *c, struct order_plan *p, const struct unit *u, int64_t placed, const char *carrier)
{
    by_express(c, p, u, scheme_seller(c, u), placed, carrier);
}

static void transfer(struct scheme *c, const char *from, const char *to, int64_t time, int64_t fen)
{
    writer_label(c->stage->writer, c->label);
    acts_transfer(c->stage, from, to, time, fen);
    writer_label(c->stage->writer, 0);
}

/* The supplier leaves a deposit with the buyer and gets it back when the goods have come. */
static void deposit_return(struct scheme *c)
{
    struct random *r = &c->random;
    struct unit *unit[3];
    size_t n = scheme_units(c, unit, 3, NULL);

    for (size_t i = 0; i < n; i++) {
        struct order_plan p;
        int64_t deposit;

        honest_express(c, &p, unit[i], scheme_moment(c, i, n), "SF");
        deposit = p.amount * random_between(r, 5, 10) / 100;
        transfer(c, p.payee, unit[i]->payer, p.placed - random_between(r, 1, 20) * HOUR, deposit);
        transfer(c, unit[i]->payer, p.payee, p.received + random_between(r, 2, 40) * HOUR, deposit);
        scheme_play(c, &p);
    }
}

/* Two co-operatives of a county sell to each other what the other lacks, and both sell to units. */
static void neighbour_trade(struct scheme *c)
{
    struct random *r = &c->random;
    const struct world *w = &c->stage->world;
    const struct supplier *a = &w->suppliers[random_below(r, w->n_suppliers)];
    const struct supplier *b = &w->suppliers[random_below(r, w->n_suppliers)];
    struct unit *unit[4];
    size_t n = scheme_units(c, unit, 4, NULL);

    for (size_t i = 0; i < n; i++) {
        const struct supplier *seller = i % 2 ? a : b, *other = i % 2 ? b : a;
        struct order_plan p;
        int64_t owed;

        by_express(c, &p, unit[i], seller, scheme_moment(c, i, n), "YT");
        owed = p.amount * random_between(r, 15, 60) / 100;
        transfer(c, seller->bank, other->bank, p.placed + random_between(r, 3, 60) * HOUR, owed);
        scheme_play(c, &p);
    }
}

static const struct supplier *with_warehouse(struct scheme *c)
{
    const struct world *w = &c->stage->world;
    size_t first = random_below(&c->random, w->n_suppliers);

    for (size_t i = 0; i < w->n_suppliers; i++) {
        const struct supplier *s = &w->suppliers[(first + i) % w->n_suppliers];

        if (s->warehouse)
            return s;
    }
    return NULL;
}

/* A few pieces to try, handed over within the hour by the supplier's store in town. */
static void sample_purchase(struct scheme *c)
{
    struct random *r = &c->random;
    const struct supplier *s = with_warehouse(c);
    struct unit *unit[3];
    size_t n = s ? scheme_units(c, unit, 3, s->warehouse) : 0;

    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        scheme_order(c, &p, unit[i], s, scheme_moment(c, i, n));
        order_amount(&p, random_between(r, 2, 5));
        p.origin = s->warehouse;
        order_own_truck(&p);
        order_ship(c->stage, r, &p, p.placed + random_between(r, 5, 12) * MINUTE);
        order_accept(&p, p.placed + random_between(r, 35, 55) * MINUTE, 2 * MINUTE);
        p.invoiced = p.received + HOUR;
        p.invoice_date = p.invoiced;
        scheme_play(c, &p);
    }
}

/* Ordered, cancelled and ordered again in another quantity; the supplier had dated its invoice already. */
static void corrected_quantity(struct scheme *c)
{
    struct random *r = &c->random;
    struct unit *unit[3];
    size_t n = scheme_units(c, unit, 3, NULL);

    for (size_t i = 0; i < n; i++) {
        const struct supplier *s = scheme_seller(c, unit[i]);
        int64_t time = scheme_moment(c, i, n);
        struct order_plan wrong, right;

        scheme_order(c, &wrong, unit[i], s, time);
        wrong.paid = wrong.logout = ORDER_NEVER;
        wrong.cancelled = time + random_between(r, 2, 26) * HOUR;
        scheme_play(c, &wrong);
        by_express(c, &right, unit[i], s, wrong.cancelled + random_between(r, 4, 15) * MINUTE, "ZT");
        right.sku = wrong.sku;
        order_amount(&right, wrong.quantity / 1000 * random_between(r, 50, 90) / 100 + 1);
        right.invoice_date = time + random_between(r, 20, 90) * MINUTE;
        right.invoiced = right.shipped + HOUR;
        scheme_play(c, &right);
    }
}

/* A county's suppliers ship through its logistics centre: one computer enters all their parcels. */
static void county_hub(struct scheme *c)
{
    struct random *r = &c->random;
    const struct world *w = &c->stage->world;
    const struct place *county = w->suppliers[random_below(r, w->n_suppliers)].place;
    struct unit *unit[6];
    size_t n = scheme_units(c, unit, 6, NULL), next = random_below(r, w->n_suppliers);
    struct seat hub;

    person_seat(r, &hub, NET_BUSINESS, county->code);
    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        while (w->suppliers[next = (next + 1) % w->n_suppliers].place != county)
            continue;
        by_express(c, &p, unit[i], &w->suppliers[next], scheme_moment(c, i, n), "YD");
        p.origin = p.scanned = county;
        p.shipper.seat = &hub;
        scheme_play(c, &p);
    }
    scheme_device(c, &hub);
}

/* A trading company of a county sells for producers of others, lawfully: its parcels start where these are.
 */
static void trading_company(struct scheme *c)
{
    struct random *r = &c->random;
    const struct world *w = &c->stage->world;
    const struct supplier *s = &w->suppliers[random_below(r, w->n_suppliers)];
    struct unit *unit[5];
    size_t n = scheme_units(c, unit, 5, NULL);

    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        by_express(c, &p, unit[i], s, scheme_moment(c, i, n), "YT");
        p.origin = &geography_counties[random_below(r, geography_n_counties)];
        order_ship(c->stage, r, &p, p.shipped);
        scheme_play(c, &p);
    }
}

/* The courier's scanner had no network: all scans carry the moment when it was read out, at the door. */
static void batch_scans(struct scheme *c)
{
    struct unit *unit[4];
    size_t n = scheme_units(c, unit, 4, NULL);

    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        honest_express(c, &p, unit[i], scheme_moment(c, i, n), "YT");
        p.collected = p.transit = p.out = p.delivered;
        scheme_play(c, &p);
    }
}

/* A carrier's feed is down, for all its parcels; what came meanwhile is accepted before its scans are known.
 */
static void carrier_outage(struct scheme *c)
{
    static const char *const carriers[] = {"SF", "YT", "ZT", "YD"};
    struct stage *s = c->stage;
    struct random *r = &c->random;
    const char *carrier = carriers[c->variant % 4];
    int64_t from = scheme_moment(c, 0, 1) + 8 * HOUR, to = from;
    struct order_plan p[5];
    struct unit *unit[5];
    size_t n = scheme_units(c, unit, 5, NULL);

    for (size_t i = 0; i < n; i++) {
        honest_express(c, &p[i], unit[i], from - random_between(r, 6, 8) * HOUR, carrier);
        order_ship(s, r, &p[i], from - random_between(r, 10, 120) * MINUTE);
        if (p[i].collected < from)
            p[i].collected = from + MINUTE;
        order_accept(&p[i], p[i].delivered + random_between(r, 20, 120) * MINUTE, MINUTE);
        to = p[i].received > to ? p[i].received : to;
    }
    writer_outage(s->writer, from, to + 3 * HOUR, carrier);
    for (size_t i = 0; i < n; i++)
        scheme_play(c, &p[i]);
}

static const struct scheme_kind kinds[] = {
    {NULL, "deposit_return", deposit_return, 0},
    {NULL, "neighbour_trade", neighbour_trade, 0},
    {NULL, "sample_purchase", sample_purchase, 0},
    {NULL, "corrected_quantity", corrected_quantity, 0},
    {NULL, "county_hub", county_hub, 0},
    {NULL, "trading_company", trading_company, 0},
    {NULL, "batch_scans", batch_scans, 0},
    {NULL, "carrier_outage", carrier_outage, 0},
};
const struct scheme_kinds trap_money = {kinds, sizeof(kinds) / sizeof(kinds[0])};
