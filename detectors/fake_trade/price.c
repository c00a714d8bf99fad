/* F8: far dearer than goods of the kind are. */
#include "detectors/fake_trade/fake_trade.h"

#define PRICE_PERIOD (30 * JD_DAY)
#define GIFT_PRICE 5000 /* fen: packs for so much a head */

/* Quarters of an octave from 2^4 fen on. */
static unsigned bin_of(int64_t price)
{
    unsigned bin = fake_trade_octave(price < 16 ? 16 : (uint64_t)price) - 4 * 4;
    return bin < PRICE_BINS ? bin : PRICE_BINS - 1;
}

/* The least distance from `centre` within which half of all lie. With centre 0: the median. */
static unsigned half_within(const uint32_t bins[PRICE_BINS], uint32_t n, unsigned centre)
{
    uint32_t seen = 0;
    for (unsigned d = 0; d < PRICE_BINS; d++) {
        seen += centre + d < PRICE_BINS ? bins[centre + d] : 0;
        seen += d > 0 && centre >= d ? bins[centre - d] : 0;
        if (seen * 2 >= n)
            return d;
    }
    return PRICE_BINS;
}

static void turn_period(struct fake_trade_prices *p, int64_t epoch)
{
    struct fake_trade_price_half *half = &p->half[epoch & 1];
    if (half->epoch != epoch)
        *half = (struct fake_trade_price_half){.epoch = epoch};
}

struct spread {
    uint32_t n;
    unsigned median, deviation; /* bins; the deviation at least one */
};

static struct spread spread_of(const struct fake_trade_prices *p, int64_t epoch)
{
    uint32_t bins[PRICE_BINS];
    struct spread s = {0};
    const struct fake_trade_price_half *now = &p->half[epoch & 1];
    const struct fake_trade_price_half *before = &p->half[(epoch + 1) & 1];
    for (unsigned i = 0; i < PRICE_BINS; i++) {
        bins[i] = now->bins[i] + (before->epoch == epoch - 1 ? before->bins[i] : 0);
        s.n += bins[i];
    }
    s.median = half_within(bins, s.n, 0);
    s.deviation = half_within(bins, s.n, s.median);
    s.deviation = s.deviation ? s.deviation : 1;
    return s;
}

/* z = 0.6745 (x - median) / MAD, in hundredths. */
static int64_t z_of(const struct spread *s, unsigned bin)
{
    return ((int64_t)bin - s->median) * 6745 / (100 * (int64_t)s->deviation);
}

/* ---- the same goods ---- */

static bool counts(const struct fake_trade_sale *s, int64_t oldest)
{
    return s->order && s->time >= oldest;
}

/* Others have paid as much for these very goods: they are dear, not dear for one. */
static bool others_paid_it(const struct fake_trade_goods *g, const struct fake_trade_order *o)
{
    unsigned others = 0;
    for (unsigned i = 0; i < GOODS_SALES; i++)
        others += g->sales[i].order && g->sales[i].unit != o->unit && g->sales[i].price * 5 >= o->price * 4;
    return others >= 2;
}

/* Three others or more have bought the goods for so much less, both before and after this sale; what they
 * paid at most, or 0. */
static int64_t price_of_others(
    const struct fake_trade_config *c, const struct fake_trade_goods *g, const struct fake_trade_sale *s)
{
    uint64_t units[GOODS_SALES] = {0};
    unsigned n = 0;
    bool before = false, after = false;
    int64_t most = 0;
    for (unsigned i = 0; i < GOODS_SALES; i++) {
        const struct fake_trade_sale *x = &g->sales[i];
        if (!counts(x, s->time - c->f8_window) || x->unit == s->unit ||
            x->price * c->f8_same_percent > s->price * 100)
            continue;
        before |= x->time < s->time;
        after |= x->time > s->time;
        most = x->price > most ? x->price : most;
        bool known = false;
        for (unsigned k = 0; k < n; k++)
            known |= units[k] == x->unit;
        if (!known)
            units[n++] = x->unit;
    }
    return n >= 3 && before && after ? most : 0;
}

/* A gift pack of the goods has a round price, which many may pay: that is no habit of its seller. */
static void raise_same(
    struct jd_host *h, struct fake_trade_order *o, const struct fake_trade_sale *sale, int64_t others)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    struct fake_trade_finding finding = {
        .signal = F8_SAME,
        .strength = c->f8_same,
        .steps = STEP(ORDERED),
        .value = sale->price,
        .threshold = others,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)o->sku, (int64_t)o->supplier},
    };
    if (o->price % GIFT_PRICE == 0) {
        fake_trade_raise(h, o, &finding);
        return;
    }
    const struct fake_trade_habit habit = {.kind = DEARER, .time = sale->time, .units = c->repeat_units};
    fake_trade_fault_raise(h, o, &habit, &finding, &finding.facts[4], c->f8_same_repeated);
}

/* F8.same: more than others pay for the same goods at the same time. A price that rises for everybody
 * has no cheaper sale after it. */
static void compare_sales(struct jd_host *h, const struct fake_trade_goods *g)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    const struct fake_trade_goods copy = *g;
    int64_t low = INT64_MAX, high = 0;
    for (unsigned i = 0; i < GOODS_SALES; i++) {
        int64_t price = copy.sales[i].price;
        low = copy.sales[i].order && price < low ? price : low;
        high = price > high ? price : high;
    }
    for (unsigned i = 0; i < GOODS_SALES && low * c->f8_same_percent <= high * 100; i++) {
        const struct fake_trade_sale *s = &copy.sales[i];
        int64_t others = s->order ? price_of_others(c, &copy, s) : 0;
        struct fake_trade_order *o = others ? jd_find(h, ORDERS, s->order) : NULL;
        if (o && !(o->raised & RAISED(F8_SAME)) && !fake_trade_has(o, CANCELLED))
            raise_same(h, o, s, others);
    }
}

/* Notes the sale; true if others have paid as much. */
static bool note_sale(struct jd_host *h, struct fake_trade_order *o)
{
    struct fake_trade_goods *g = o->sku ? jd_get(h, GOODS, o->sku) : NULL;
    if (!g)
        return false;
    bool dear = others_paid_it(g, o);
    g->sales[g->next++ % GOODS_SALES] = (struct fake_trade_sale){
        .order = o->key, .unit = o->unit, .price = o->price, .time = o->step[ORDERED].time};
    compare_sales(h, g);
    return dear;
}

/* ---- goods of a kind ---- */

static int64_t strength_of(const struct fake_trade_config *c, int64_t z, int64_t quantity)
{
    if (z > 800 && quantity >= 10000)
        return c->f8_far;
    return z > 500 ? c->f8_high : z > 350 ? c->f8_raised : 0;
}

/* F8, once, when the order is placed. Categories stand for classes of goods, since nobody
 * says what a unit of them weighs. No seller makes up more than a fifth of what is usual, and what is far out
 * does not become it. */
void fake_trade_price(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    if (o->flags & ORDER_PRICED || !fake_trade_has(o, ORDERED) || !o->price || !o->category)
        return;
    o->flags |= ORDER_PRICED;
    bool dear = note_sale(h, o);
    struct fake_trade_prices *p = jd_get(h, PRICES, o->category);
    if (!p)
        return;
    int64_t epoch = jd_now(h) / PRICE_PERIOD;
    turn_period(p, epoch);
    const struct spread spread = spread_of(p, epoch);
    unsigned bin = bin_of(o->price);
    int64_t z = z_of(&spread, bin);
    bool known = spread.n >= c->f8_least && p->sellers.head.used >= c->f8_sellers;
    const struct jd_slot *seller =
        o->supplier ? jd_touch(h, &p->sellers.head, PRICE_SELLERS, o->supplier, jd_now(h), 2 * PRICE_PERIOD)
                    : NULL;
    bool too_many = seller && spread.n >= 25 && seller->count * 5 > spread.n;
    if (!too_many && !(known && z > 500))
        p->half[epoch & 1].bins[bin]++;
    int64_t strength = known ? strength_of(c, z, o->quantity) : 0;
    if (dear && strength > c->f8_raised)
        strength = c->f8_raised;
    if (strength == 0)
        return;
    struct fake_trade_finding finding = {
        .signal = F8,
        .strength = strength,
        .steps = STEP(ORDERED),
        .value = o->price,
        .threshold = INT64_C(1) << (spread.median / 4 + 4),
        .facts = {(int64_t)o->key, (int64_t)o->unit, spread.n, z / 100, p->sellers.head.used},
    };
    finding.threshold += finding.threshold / 4 * (spread.median % 4);
    fake_trade_raise(h, o, &finding);
}
