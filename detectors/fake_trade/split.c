/* F9: one need in several orders, each just below a limit. */
#include "detectors/fake_trade/fake_trade.h"

#define SPLIT_PERIOD (90 * JD_DAY)
#define SPLIT_KNOWN 100 /* orders from which on it is known how many lie just below a limit by chance */

/* Round limits below which a unit may buy without further approval differ by place; these are the usual ones.
 */
static const int64_t limits[SPLIT_LIMITS] = {1000000, 2000000, 5000000, 10000000};

static bool just_below(int64_t amount, int64_t limit)
{
    return amount < limit && amount * 100 >= limit * 85;
}

static void count_amount(struct jd_host *h, int64_t amount)
{
    struct fake_trade_bands *b = jd_get(h, BANDS, BANDS_KEY);
    int64_t epoch = jd_now(h) / SPLIT_PERIOD;
    if (!b)
        return;
    if (b->epoch != epoch) {
        b->n >>= 1;
        for (unsigned i = 0; i < SPLIT_LIMITS; i++)
            b->below[i] >>= 1;
        b->epoch = epoch;
    }
    b->n++;
    for (unsigned i = 0; i < SPLIT_LIMITS; i++)
        b->below[i] += just_below(amount, limits[i]);
}

/* P(at least k of n), in thousand millionths, where each is one with probability q (in millionths). */
static int64_t tail(unsigned k, unsigned n, int64_t q)
{
    int64_t sum = 0;
    for (unsigned i = k; i <= n; i++) {
        int64_t p = 1000000000;
        for (unsigned j = 0; j < i; j++)
            p = p * q / 1000000 * (int64_t)(n - j) / (int64_t)(j + 1);
        for (unsigned j = i; j < n; j++)
            p = p * (1000000 - q) / 1000000;
        sum += p;
    }
    return sum;
}

/* The pair's orders within a week of this one. */
struct week {
    unsigned n, below; /* of them just below the limit */
    int64_t sum;
    bool same_goods, same_receiver;       /* of those below */
    const struct fake_trade_order *other; /* one of them */
};

static struct week week_of(
    struct jd_host *h, const struct fake_trade_order *o, const struct fake_trade_pair *pair, int64_t limit)
{
    struct week w = {.same_goods = true, .same_receiver = true};
    for (unsigned i = 0; i < PAIR_RECENT; i++) {
        const struct fake_trade_order *x = pair->recent[i] ? jd_find(h, ORDERS, pair->recent[i]) : NULL;
        if (!x || fake_trade_has(x, CANCELLED) || !fake_trade_has(x, ORDERED))
            continue;
        int64_t apart = x->step[ORDERED].time - o->step[ORDERED].time;
        if (apart > 7 * JD_DAY || apart < -7 * JD_DAY)
            continue;
        w.n++;
        w.sum += x->amount;
        if (!just_below(x->amount, limit))
            continue;
        w.below++;
        w.same_goods &= x->sku == o->sku;
        w.same_receiver &= x->consignee == o->consignee;
        if (x != o)
            w.other = x;
    }
    return w;
}

/* A canteen that buys every week does not split. */
static bool buys_weekly(
    struct jd_host *h, const struct fake_trade_order *o, const struct fake_trade_pair *pair)
{
    uint32_t weeks = 0;
    for (unsigned i = 0; i < PAIR_RECENT; i++) {
        const struct fake_trade_order *x = pair->recent[i] ? jd_find(h, ORDERS, pair->recent[i]) : NULL;
        int64_t apart = x ? (o->step[ORDERED].time - x->step[ORDERED].time) / (7 * JD_DAY) : -1;
        if (apart >= 0 && apart < 32)
            weeks |= UINT32_C(1) << apart;
    }
    unsigned n = 0;
    for (; weeks; weeks &= weeks - 1)
        n++;
    return n >= 4;
}

/* Four like that are no chance: then it is a fact of its own. */
static bool is_certain(const struct fake_trade_config *c, const struct week *w, int64_t chance)
{
    return w->below >= c->f9_orders && w->same_goods && w->same_receiver && chance < 10000; /* 10^-5 */
}

static int64_t strength_of(const struct fake_trade_config *c, const struct week *w, int64_t chance)
{
    if (is_certain(c, w, chance))
        return c->f9_certain;
    int64_t strength = chance < 10000000 ? c->f9_raised : 0; /* 1 % */
    if (chance < 100000 && w->same_goods)                    /* 0.01 % */
        strength = c->f9_high;
    return w->same_receiver ? strength : strength / 2;
}

static struct fake_trade_pair *note_order(struct jd_host *h, struct fake_trade_order *o)
{
    uint64_t key = fake_trade_pair_key(o);
    struct fake_trade_pair *pair = key ? jd_get(h, PAIRS, key) : NULL;
    if (!pair || o->flags & ORDER_PAIRED)
        return pair;
    o->flags |= ORDER_PAIRED;
    pair->recent[pair->next++ % PAIR_RECENT] = o->key;
    count_amount(h, o->amount);
    return pair;
}

/* F9. */
void fake_trade_split(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    if (!fake_trade_has(o, ORDERED) || (o->flags & ORDER_PAIRED && !(o->raised & RAISED(F9))))
        return;
    const struct fake_trade_pair *pair = note_order(h, o);
    int64_t strength = 0;
    for (unsigned i = 0; pair && pair->next > 1 && i < SPLIT_LIMITS && !strength; i++) {
        if (fake_trade_has(o, CANCELLED) || !just_below(o->amount, limits[i]))
            continue;
        const struct week w = week_of(h, o, pair, limits[i]);
        const struct fake_trade_bands *b = jd_find(h, BANDS, BANDS_KEY);
        if (w.below < 2 || w.sum < limits[i] || !b || b->n < SPLIT_KNOWN || buys_weekly(h, o, pair))
            continue;
        int64_t q = (int64_t)((b->below[i] + 1) * 1000000 / (b->n + SPLIT_KNOWN));
        int64_t chance = tail(w.below, w.n, q);
        strength = strength_of(c, &w, chance);
        struct fake_trade_finding finding = {
            .signal = F9,
            .strength = strength,
            .flags = is_certain(c, &w, chance) ? JD_HARD : 0,
            .steps = STEP(ORDERED),
            .other = w.other,
            .other_steps = STEP(ORDERED),
            .value = w.sum,
            .threshold = limits[i],
            .facts = {(int64_t)o->key, (int64_t)o->unit, w.below, (int64_t)o->supplier},
        };
        if (strength)
            fake_trade_raise(h, o, &finding);
    }
    if (!strength)
        fake_trade_clear(h, o, F9);
}
