/* F8: far dearer than goods of the kind are. */
#include "detectors/fake_trade/fake_trade.h"

#define PRICE_PERIOD (30 * JD_DAY)

/* Quarters of an octave from 2^4 fen on. */
static unsigned bin_of(int64_t price)
{
    uint64_t p = price < 16 ? 16 : (uint64_t)price;
    unsigned k = 0;
    while (p >> (k + 1))
        k++;
    unsigned bin = 4 * (k - 4) + (unsigned)(p >> (k - 2) & 3);
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

/* Others have paid as much for these very goods: they are dear, not dear for one. */
static bool others_paid_it(struct jd_host *h, const struct fake_trade_order *o)
{
    struct fake_trade_goods *g = o->sku ? jd_get(h, GOODS, o->sku) : NULL;
    unsigned others = 0;
    for (unsigned i = 0; g && i < GOODS_SALES; i++)
        others += g->sales[i].unit && g->sales[i].unit != o->unit && g->sales[i].price * 5 >= o->price * 4;
    if (g)
        g->sales[g->next++ % GOODS_SALES] = (struct fake_trade_sale){o->unit, o->price};
    return others >= 2;
}

static int64_t strength_of(const struct fake_trade_config *c, int64_t z, int64_t quantity)
{
    if (z > 800 && quantity >= 10000)
        return c->f8_far;
    return z > 500 ? c->f8_high : z > 350 ? c->f8_raised : 0;
}

/* detection.md 3.3 F8, once, when the order is placed. Categories stand for classes of goods, since nobody
 * says what a unit of them weighs. No seller makes up more than a fifth of what is usual, and what is far out
 * does not become it. */
void fake_trade_price(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    if (o->flags & ORDER_PRICED || !fake_trade_has(o, ORDERED) || !o->price || !o->category)
        return;
    o->flags |= ORDER_PRICED;
    bool dear = others_paid_it(h, o);
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
