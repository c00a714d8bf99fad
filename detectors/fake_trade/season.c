/* F10: a year's purchases in its last month. */
#include "detectors/fake_trade/fake_trade.h"

#define LEAST_ORDERS 3 /* without a year behind it a unit has no share to speak of */

struct fake_trade_date fake_trade_date_of(int64_t time)
{
    int64_t days =
        jd_day(time) + 719468; /* era arithmetic over days since 0000-03-01, a year that ends in February */
    int64_t era = days / 146097;
    int64_t of_era = days % 146097;
    int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
    int64_t month = (5 * of_year + 2) / 153; /* 0 is March */
    bool next = month >= 10;
    return (struct fake_trade_date){
        .year = era * 400 + years + next, .month = (int)(next ? month - 9 : month + 3)};
}

/* Units that spend alike: octaves of what they have spent this year. */
static uint64_t class_of(const struct fake_trade_unit *u)
{
    uint64_t class = 1;
    for (int64_t spent = u->earlier + u->december; spent > 1; spent >>= 1)
        class ++;
    return class;
}

static unsigned share_of(const struct fake_trade_unit *u)
{
    int64_t all = u->earlier + u->december;
    return all > 0 ? (unsigned)(u->december * (SHARE_BINS - 1) / all) : 0;
}

/* Counts what a unit spends, and in December how its like do; notes whether it sells too. */
void fake_trade_season_note(struct jd_host *h, struct fake_trade_order *o)
{
    struct fake_trade_unit *u = o->unit ? jd_get(h, UNITS, o->unit) : NULL;
    struct fake_trade_date date = fake_trade_date_of(o->step[ORDERED].time);
    if (u && u->sells)
        o->flags |= ORDER_OF_SELLER;
    if (!u || date.year < u->year)
        return;
    if (date.year > u->year) {
        u->year = date.year;
        u->earlier = u->december = 0;
        u->orders = 0;
    }
    u->orders++;
    if (date.month < 12) {
        u->earlier += o->amount;
        return;
    }
    u->december += o->amount;
    struct fake_trade_peers *p = u->orders >= LEAST_ORDERS ? jd_get(h, PEERS, class_of(u)) : NULL;
    if (!p)
        return;
    if (p->year != date.year)
        *p = (struct fake_trade_peers){.year = date.year};
    p->n++;
    p->bins[share_of(u)]++;
}

/* F10: everybody spends late in the year, so only against units that spend alike; context
 * for an order about which something else speaks too. */
void fake_trade_season(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    struct fake_trade_date date = fake_trade_date_of(o->step[ORDERED].time);
    const struct fake_trade_unit *u =
        fake_trade_has(o, ORDERED) && date.month == 12 && o->unit ? jd_find(h, UNITS, o->unit) : NULL;
    const struct fake_trade_peers *p =
        u && u->year == date.year && u->orders >= LEAST_ORDERS ? jd_find(h, PEERS, class_of(u)) : NULL;
    if (!p || p->year != date.year || p->n < c->f10_least)
        return;
    uint32_t seen = 0;
    unsigned median = 0;
    while ((seen += p->bins[median]) * 2 < p->n)
        median++;
    unsigned share = share_of(u);
    unsigned usual = median ? median : 1;
    if (share <= 4 * usual)
        return;
    struct fake_trade_finding finding = {
        .signal = F10,
        .strength = share > 8 * usual ? c->f10_high : c->f10_raised,
        .steps = STEP(ORDERED),
        .value = share * 100 / (SHARE_BINS - 1),
        .threshold = median * 100 / (SHARE_BINS - 1),
        .facts = {(int64_t)o->key, (int64_t)o->unit, p->n},
    };
    fake_trade_raise(h, o, &finding);
}
