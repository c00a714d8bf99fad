/* P4, lockstep: units that have nothing to do with each other order the same goods in the same quantity from
 * the same supplier within half an hour. An agent with a device, a payer and a door for each unit shares
 * nothing else, but he still works through his list in one sitting. Units order rarely, so there are several
 * routes: one sitting of many, or the same few in several. After SynchroTrap (Cao et al., CCS 2014), with
 * pair counters in the place of its daily batch, and CopyCatch (Beutel et al., WWW 2013): n units by m
 * targets within a time. */
#include "detectors/proxy_purchasing/sitting.h"

#define RATE_SPAN (7 * JD_DAY) /* a supplier's goods are watched for so long before a rate is believed */
#define FEWEST 5               /* of `rarest` */

/* Orders expected in a sitting, in thousandths, below which n or more of them have a probability under 1e-4
 * (upper tail of Poisson's distribution), for n = 5 to 12. */
static const int64_t rarest[] = {444, 713, 1030, 1386, 1777, 2197, 2643, 3111};

static const struct finding nothing = {.strength = 0};

/* The same for both orders of the units, whose keys are seeded hashes already. */
static uint64_t pair_key(uint64_t a, uint64_t b)
{
    uint64_t low = a < b ? a : b, high = a < b ? b : a;
    uint64_t key = (low ^ low >> 29) * UINT64_C(0xbf58476d1ce4e5b9) ^ (high ^ high >> 32);
    return key ? key : 1;
}

/* ---- who sits together ---- */

struct company {
    struct seat with[SEATS]; /* one a unit, strangers to the one that orders now and to each other */
    unsigned n;
    unsigned others; /* orders at the same time in other quantities */
};

static bool joins(struct jd_host *h, const struct company *all, const struct seat *me, const struct seat *s)
{
    if (!proxy_purchasing_strangers(h, me->unit, me->division, s->unit, s->division))
        return false;
    for (unsigned i = 0; i < all->n; i++)
        if (!proxy_purchasing_strangers(h, all->with[i].unit, all->with[i].division, s->unit, s->division))
            return false;
    return true;
}

static struct company gather(
    struct jd_host *h, const struct sitting *table, const struct seat *me, int64_t gap, enum way way)
{
    struct company all = {.n = 0};
    for (uint32_t i = 0; i < table->used; i++) {
        const struct seat *s = &table->seat[i];
        int64_t apart = s->time < me->time ? me->time - s->time : s->time - me->time;
        if (apart > gap || s->unit == me->unit)
            continue;
        if (way == CLOSE && s->quantity != me->quantity)
            all.others++;
        else if (joins(h, &all, me, s))
            all.with[all.n++] = *s;
    }
    return all;
}

static void take_seat(struct sitting *table, const struct seat *me)
{
    uint32_t place = table->used;
    if (place < SEATS) {
        table->used++;
    } else {
        place = 0;
        for (uint32_t i = 1; i < SEATS; i++)
            if (table->seat[i].time < table->seat[place].time)
                place = i;
    }
    table->seat[place] = *me;
    if (!table->orders++)
        table->first = me->time;
}

/* ---- the routes ---- */

/* Would so many come together by chance, at the rate at which these goods are usually ordered and with as
 * many people at it as now? */
static bool by_chance(struct jd_host *h, const struct sitting *table, const struct company *all, int64_t gap)
{
    unsigned n = all->n + 1, last = sizeof rarest / sizeof *rarest - 1;
    int64_t age = jd_now(h) - table->first, before = table->orders - n;
    if (age < RATE_SPAN)
        age = RATE_SPAN;
    int64_t expected = before > 0 ? before * gap * 1000 / age : 0;
    return expected * proxy_purchasing_surge(h) > rarest[n - FEWEST < last ? n - FEWEST : last];
}

static void meet(struct meetings *m, int64_t day)
{
    m->together++;
    if (m->days && day >= m->first_day && day <= m->last_day)
        return;
    m->first_day = !m->days || day < m->first_day ? day : m->first_day;
    m->last_day = day > m->last_day ? day : m->last_day;
    m->weekdays |= UINT32_C(1) << day % 7;
    m->days++;
}

/* Canteens that a supplier delivers to on Mondays meet on Mondays, the next one or many. */
static bool is_habit(const struct meetings *m)
{
    return !(m->weekdays & (m->weekdays - 1)) && (m->days > 2 || m->last_day - m->first_day <= 7);
}

/* Enough of all that they ordered, and not so often by chance: Jaccard's measure of at least 1/3, of the
 * loose 1/2. Who meets closely on one day more than is asked for does not do so by chance, whatever else he
 * orders. */
static bool is_much(const struct config *c, const struct meetings *m, int64_t all, enum way way)
{
    return way == CLOSE ? m->days > c->pair_days || m->together * 3 >= all : m->together * 2 >= all;
}

/* Counts the two as having sat together; true where they have done so often enough, on different days. */
static bool pair_up(struct jd_host *h, const struct seat *a, const struct seat *b, enum way way)
{
    const struct config *c = jd_config(h);
    struct pair *p = jd_get(h, PAIRS, pair_key(a->unit, b->unit));
    if (!p)
        return false;
    struct meetings *m = &p->of[way];
    meet(m, jd_day(a->time));
    const struct account *mine = jd_find(h, ACCOUNTS, a->account), *theirs = jd_find(h, ACCOUNTS, b->account);
    int64_t all = (mine ? mine->orders : 0) + (theirs ? theirs->orders : 0) - m->together;
    m->strong =
        m->days >= (way == CLOSE ? c->pair_days : c->loose_days) && !is_habit(m) && is_much(c, m, all, way);
    return m->strong;
}

static bool are_strong(struct jd_host *h, uint64_t a, uint64_t b, enum way way)
{
    const struct pair *p = jd_find(h, PAIRS, pair_key(a, b));
    return p && p->of[way].strong;
}

/* Leaves those that are tied to the one that orders now and to each other, all by strong pairs. */
static void keep_clique(struct jd_host *h, struct company *all, const struct seat *me, enum way way)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < all->n; i++) {
        if (!pair_up(h, me, &all->with[i], way))
            continue;
        unsigned j = 0;
        while (j < kept && are_strong(h, all->with[j].unit, all->with[i].unit, way))
            j++;
        if (j == kept)
            all->with[kept++] = all->with[i];
    }
    all->n = kept;
}

static void tie(struct jd_host *h, uint64_t order, bool repeated)
{
    struct order *o = jd_find(h, ORDERS, order);
    if (!o || o->flags & ORDER_CANCELLED)
        return;
    if (!(o->linked >> PART_LOCKSTEP & 1))
        proxy_purchasing_link(h, o, PART_LOCKSTEP, repeated);
    else if (repeated)
        proxy_purchasing_mark(h, o, PART_LOCKSTEP);
    o->linked |= 1 << PART_LOCKSTEP;
}

static void tie_all(struct jd_host *h, struct order *o, const struct company *all, bool repeated)
{
    for (unsigned i = 0; i < all->n; i++)
        tie(h, all->with[i].order, repeated);
    tie(h, o->ref.order, repeated);
}

/* The same quantity within half an hour: many at once, or a few again. Where as many order other quantities,
 * it is an offer that everybody was told of. */
static void sit_closely(struct jd_host *h, struct order *o, const struct sitting *table,
    const struct seat *me, struct company *all)
{
    const struct config *c = jd_config(h);
    if (!all->n || all->others > all->n)
        return;
    if (all->n + 1 >= c->lockstep[0].units && !by_chance(h, table, all, c->sitting_gap))
        tie_all(h, o, all, false);
    keep_clique(h, all, me, CLOSE);
    if (all->n + 1 >= c->lockstep[1].units)
        tie_all(h, o, all, true);
}

/* An agent who knows that takes his time and other quantities; but it is the same few, again and again. Goods
 * that many others take in these hours say nothing. */
static void sit_loosely(struct jd_host *h, struct order *o, const struct seat *me, struct company *all)
{
    const struct config *c = jd_config(h);
    if (!all->n || all->n > SEATS / 2)
        return;
    keep_clique(h, all, me, LOOSE);
    if (all->n + 1 >= c->lockstep[1].units)
        tie_all(h, o, all, true);
}

void proxy_purchasing_sit(struct jd_host *h, struct order *o, const struct jd_event *e)
{
    const struct config *c = jd_config(h);
    struct sitting *table =
        o->ref.supplier && jd_has(e, JD_F_QUANTITY) ? jd_get(h, SITTINGS, jd_key(e, JD_F_SKU)) : NULL;
    if (!table)
        return;
    const struct seat me = {.unit = o->ref.unit,
        .order = o->ref.order,
        .account = o->ref.account,
        .time = o->ref.time,
        .quantity = jd_num(e, JD_F_QUANTITY),
        .division = o->ref.region};
    struct company loose = gather(h, table, &me, c->loose_gap, LOOSE);
    bool alone = !loose.n || !proxy_purchasing_unpopular(h, o->ref.supplier);
    struct company close = {.n = 0};
    if (!alone)
        close = gather(h, table, &me, c->sitting_gap, CLOSE);
    take_seat(table, &me);
    if (alone)
        return;
    sit_closely(h, o, table, &me, &close);
    sit_loosely(h, o, &me, &loose);
}

/* The highest of all routes. */
struct finding proxy_purchasing_lockstep(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    struct finding f = {
        .signal = P4, .threshold = c->lockstep[1].units, .links = proxy_purchasing_matched(v->fan)};
    f.value = proxy_purchasing_unrelated(h, v, f.links, NEAR_DIVISION, NULL);
    if (f.value >= f.threshold) {
        f.strength = (int32_t)c->lockstep[1].strength;
        f.flags = f.value >= c->hard_lockstep ? JD_HARD : 0;
        f.extra = 1;
        return f;
    }
    f.links = ALL_LINKS;
    f.threshold = c->lockstep[0].units;
    f.value = proxy_purchasing_unrelated(h, v, ALL_LINKS, NEAR_DIVISION, NULL);
    if (f.value < f.threshold)
        return nothing;
    f.strength = (int32_t)c->lockstep[0].strength;
    return f;
}
