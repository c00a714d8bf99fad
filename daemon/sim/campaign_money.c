/* Campaigns of fake trade that show in the money: it comes back, is too much, or is cut to size. */
#include "daemon/sim/sham.h"

#include <string.h>

enum { HOPS_MAX = 6 };

/* Sends the money of a paid order back to where it came from, over `hops - 1` transfers. `between` are the
 * accounts on the way; each keeps its part of `skim` percent. An adaptive campaign sends one leg in two. */
static void send_back(
    struct scheme *c, const struct order_plan *p, char between[][WORLD_ID], int hops, int64_t skim)
{
    static const int64_t hours[GRADES][2] = {{2, 12}, {12, 60}, {20, 72}};
    struct random *r = &c->random;
    const char *from = p->payee;
    int64_t amount = p->amount, time = p->paid;

    writer_label(c->stage->writer, c->label);
    for (int leg = 1; leg < hops; leg++) {
        const char *to = leg == hops - 1 ? p->payer : between[leg - 1];

        time += random_between(r, hours[c->grade][0], hours[c->grade][1]) * HOUR;
        amount -= p->amount * skim / 100 / (hops - 1);
        if (c->grade == ADAPTIVE && leg == 1 + c->variant % (hops - 1)) {
            int64_t part = amount * random_between(r, 52, 68) / 100;

            acts_transfer(c->stage, from, to, time, part);
            acts_transfer(c->stage, from, to, time + random_between(r, 10, 200) * MINUTE, amount - part);
        } else {
            acts_transfer(c->stage, from, to, time, amount);
        }
        from = to;
    }
    writer_label(c->stage->writer, 0);
}

/* Goods come or not, but the money does a round: buyer, supplier, 0 to 4 accounts between, buyer. A naive
 * campaign uses the same accounts each time. */
static void money_cycle(struct scheme *c)
{
    static const int64_t hops[GRADES][2] = {{2, 3}, {3, 5}, {5, 6}},
                         skim[GRADES][2] = {{0, 4}, {5, 12}, {10, 20}};
    struct random *r = &c->random;
    char payer[8][WORLD_ID], between[HOPS_MAX][WORLD_ID];
    int legs = (int)random_between(r, hops[c->grade][0], hops[c->grade][1]);
    struct sham f;

    if (!sham_begin(c, &f, 2, NULL))
        return;
    for (size_t i = 0; i < f.units; i++) /* the union's own account, not the treasury's */
        random_digits(r, payer[i], "628", 19);
    for (size_t i = 0; i < f.orders; i++) {
        struct order_plan p;

        for (int k = 0; k < HOPS_MAX && (i == 0 || c->grade != NAIVE); k++)
            random_digits(r, between[k], "62", 19);
        sham_order(c, &f, i, &p);
        memcpy(p.payer, payer[i % f.units], sizeof(p.payer));
        p.payer_matches = true;
        send_back(c, &p, between, legs, random_between(r, skim[c->grade][0], skim[c->grade][1]));
        scheme_play(c, &p);
    }
}

/* Two or three buyers keep a supplier's figures up, and most of it is refunded once it has counted. */
static void wash_pair(struct scheme *c)
{
    static const int64_t share[GRADES] = {900, 600, 350}, back[GRADES][2] = {{85, 100}, {65, 95}, {40, 80}};
    struct random *r = &c->random;
    struct sham f;

    if (!sham_begin(c, &f, c->grade == ADAPTIVE ? 3 : 2, NULL))
        return;
    f.orders = 2 * f.orders + 4;
    for (size_t i = 0; i < f.orders; i++) {
        struct order_plan p;

        sham_order(c, &f, i, &p);
        sham_accept(c, &p, p.delivered + random_between(r, HOUR, DAY));
        if (random_chance(r, share[c->grade])) {
            p.refund = p.amount * random_between(r, back[c->grade][0], back[c->grade][1]) / 100;
            p.refunded = p.received + random_between(r, 4 * HOUR, 3 * DAY);
        }
        scheme_play(c, &p);
    }
}

/* The price goes up for the orders that were agreed on, and stays what it was for everybody else. */
static void price_outlier(struct scheme *c)
{
    static const int64_t percent[GRADES][2] = {{260, 420}, {160, 210}, {122, 135}};
    struct random *r = &c->random;
    struct sham f;

    if (!sham_begin(c, &f, 3, NULL))
        return;
    for (size_t i = 0; i < f.orders; i++) {
        struct order_plan p;
        struct sku dear;

        sham_order(c, &f, i, &p);
        dear = f.supplier->sku[0];
        dear.price = dear.price * random_between(r, percent[c->grade][0], percent[c->grade][1]) / 100;
        p.sku = &dear;
        order_amount(&p, random_between(r, 60, 200));
        scheme_play(c, &p);
    }
}

/* One need, cut into orders just below what the unit may spend without a tender. Naive within a day, careful
 * over days, adaptive with other goods and further below. */
static void splitting(struct scheme *c)
{
    static const int64_t limits[] = {1000000, 2000000, 5000000}; /* fen */
    static const int64_t share[GRADES][2] = {{970, 999}, {920, 980}, {850, 900}};
    struct random *r = &c->random;
    int64_t limit = limits[c->variant % 3], time = scheme_moment(c, 0, 2);
    struct sham f;

    if (!sham_begin(c, &f, 1, NULL))
        return;
    f.orders = f.orders < 4 ? 4 : f.orders;
    for (size_t i = 0; i < f.orders; i++) {
        struct order_plan p;

        if (c->grade != NAIVE)
            time = scheme_moment(c, i, f.orders);
        scheme_order(c, &p, f.unit[0], f.supplier, time);
        if (c->grade != ADAPTIVE)
            p.sku = &f.supplier->sku[0];
        order_amount(
            &p, limit * random_between(r, share[c->grade][0], share[c->grade][1]) / 1000 / p.sku->price);
        scheme_play(c, &p);
        time += random_between(r, 5, 40) * MINUTE;
    }
}

/* The year's amount is made to the fen in a few days, of goods that are accepted before they can be there: at
 * once, within hours, or within a day that no lorry needs less than. A careful unit first lowers the amount.
 */
static void year_end_burst(struct scheme *c)
{
    static const int64_t hours[GRADES][2] = {{0, 1}, {3, 7}, {14, 20}};
    struct random *r = &c->random;
    int64_t reserved = 0;
    struct order_plan p[16];
    struct sham f;

    if (!sham_begin(c, &f, 1, NULL))
        return;
    if (f.orders > 16)
        f.orders = 16;
    for (size_t i = 0; i < f.orders; i++) {
        sham_order(c, &f, i, &p[i]);
        reserved += p[i].amount;
    }
    if (c->grade != NAIVE)
        scheme_reserve(c, f.unit[0], c->begin + MINUTE, c->begin + 6 * MINUTE,
            reserved * random_between(r, 130, 240) / 100);
    scheme_reserve(c, f.unit[0], c->begin + 35 * MINUTE, c->begin + 40 * MINUTE, reserved);
    for (size_t i = 0; i < f.orders; i++) {
        order_unship(&p[i], true);
        if (c->grade == ADAPTIVE)
            order_own_truck(&p[i]);
        sham_accept(c, &p[i],
            p[i].shipped + random_between(r, hours[c->grade][0] * 60 + 4, hours[c->grade][1] * 60) * MINUTE);
        scheme_play(c, &p[i]);
    }
}

static const struct scheme_kind kinds[] = {
    {"fake_trade", "money_cycle", money_cycle, 6},
    {"fake_trade", "wash_pair", wash_pair, 12},
    {"fake_trade", "price_outlier", price_outlier, 0},
    {"fake_trade", "splitting", splitting, 0},
    {"fake_trade", "year_end_burst", year_end_burst, 0},
};
const struct scheme_kinds campaign_money = {kinds, sizeof(kinds) / sizeof(kinds[0])};
