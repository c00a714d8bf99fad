/* What the times of the orders through one resource show. */
#include "detectors/proxy_purchasing/proxy_purchasing.h"

static const struct finding nothing = {.strength = 0};

/* ---- counting ---- */

/* Unusual for an hour of this resource? The statistic of MIDAS (Bhatia et al., AAAI 2020), of a node alone
 * and on one side only: chi squared of `now` against the mean of the hours before it. */
static int64_t surprise(const struct burst *b)
{
    int64_t hours = (int64_t)b->hour - b->start, total = b->total, now = b->now;
    if (hours < 1 || now * hours <= total)
        return 0;
    int64_t excess = now * hours - total; /* (now - total / hours) * hours */
    return excess * excess / ((total ? total : 1) * hours);
}

#define BURST 10 /* of chi squared with one degree of freedom: one hour in 600 */

/* An hour that was a burst is not learnt as usual, as in MIDAS-F: nobody raises his own mean. */
static void count_hour(struct burst *b, int64_t time)
{
    uint32_t hour = (uint32_t)(time / JD_HOUR);
    if (!b->start)
        b->start = b->hour = hour;
    if (hour < b->hour)
        return;
    if (hour > b->hour) {
        b->total += surprise(b) < BURST ? b->now : 0;
        b->hour = hour;
        b->now = 0;
    }
    b->now++;
}

void proxy_purchasing_count_order(struct wide *w, int64_t time)
{
    w->orders++;
    count_hour(&w->burst, time);
}

void proxy_purchasing_count_login(struct jd_host *h, const struct jd_event *e)
{
    uint64_t device = jd_key(e, JD_F_DEVICE);
    if (!device || jd_num(e, JD_F_ACCOUNT_KIND) != JD_ACCOUNT_TRADING)
        return;
    const struct resource *r = jd_find(h, RESOURCES, device);
    struct wide *w = r && r->wide ? jd_find(h, WIDES, device) : NULL;
    if (w)
        w->logins++;
}

/* P8, this hour has far more orders than the hours of the resource so far. A promotion does the same, so it
 * adds little, and only beside other signals. */
struct finding proxy_purchasing_burst(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    if (!v->wide)
        return nothing;
    struct finding f = {.signal = P8, .threshold = BURST, .links = ALL_LINKS};
    f.value = surprise(&v->wide->burst);
    f.extra = v->wide->burst.now;
    if (f.value >= BURST && f.extra >= 3)
        f.strength = (int32_t)(f.value >= 4 * BURST ? c->burst_strength : c->burst_strength / 2);
    return f;
}

/* ---- P7 ---- */

/* The link whose last order is nearest to `time` on one side of it: before (sign -1) or after (1), outside
 * `done`. */
static uint32_t neighbour(struct fan fan, int64_t time, int sign, link_mask done)
{
    uint32_t best = fan.used;
    for (uint32_t i = 0; i < fan.used; i++) {
        int64_t ahead = (fan.links[i].last - time) * sign;
        if (done >> i & 1 || ahead < 0)
            continue;
        if (best == fan.used || ahead < (fan.links[best].last - time) * sign)
            best = i;
    }
    return best;
}

/* Units ordered for in one go around the last order for link `start`: each within the gap of the one before
 * it, from one place. Times are those of the events, so late arrival does not matter. */
static link_mask chain_of(struct fan fan, uint32_t start, int64_t gap, int64_t *span)
{
    link_mask chain = UINT32_C(1) << start;
    int64_t end[2] = {fan.links[start].last, fan.links[start].last};
    for (int side = 0; side < 2; side++) {
        int sign = side ? 1 : -1;
        for (;;) {
            uint32_t i = neighbour(fan, end[side], sign, chain);
            if (i == fan.used || (fan.links[i].last - end[side]) * sign > gap)
                break;
            if (fan.links[i].city != fan.links[start].city && fan.links[i].city && fan.links[start].city)
                break;
            chain |= UINT32_C(1) << i;
            end[side] = fan.links[i].last;
        }
    }
    *span = end[1] - end[0];
    return chain;
}

/* Notes a day with a chain; returns how many there are within the window. */
static int64_t note_day(struct wide *w, int64_t time, int64_t now, int64_t window)
{
    uint32_t day = (uint32_t)jd_day(time), cutoff = (uint32_t)jd_day(now - window);
    int64_t days = 0;
    bool noted = false;
    uint32_t oldest = 0;
    for (uint32_t i = 0; i < HOP_DAYS; i++) {
        if (w->hop_day[i] < cutoff)
            w->hop_day[i] = 0;
        if (w->hop_day[i] < w->hop_day[oldest])
            oldest = i;
        days += w->hop_day[i] != 0;
        noted |= w->hop_day[i] == day;
    }
    if (noted)
        return days;
    days += w->hop_day[oldest] == 0;
    w->hop_day[oldest] = day;
    return days;
}

/* P7, account hopping: on one device an order for a, minutes later one for b, then for c. The ordered,
 * repeated hand-over between accounts is what gave the harvesters of the CAMEO study away (Ruiperez-Valiente
 * et al., 2015). */
struct finding proxy_purchasing_hopping(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    uint32_t start = 0;
    while (start < v->fan.used && v->fan.links[start].unit != v->unit)
        start++;
    if (!v->wide || v->fan.used <= 2 || start == v->fan.used)
        return nothing;
    struct finding f = {.signal = P7, .threshold = c->hop_units};
    f.links = chain_of(v->fan, start, c->hop_gap, &f.extra);
    f.value = proxy_purchasing_unrelated(h, v, f.links, NEAR_DIVISION, NULL);
    if (f.value < c->hop_units)
        return nothing;
    int64_t days = note_day(v->wide, v->fan.links[start].last, jd_now(h), c->hop_window);
    f.strength = (int32_t)c->hop_strength;
    if (days >= c->hop_days) {
        f.strength = (int32_t)c->hop_days_strength;
        f.flags |= JD_HARD;
    }
    return f;
}
