/* What a supplier has done before, and how far the feeds that would clear it can be trusted. */
#include "detectors/fake_trade/fake_trade.h"

#define SUPPLIER_PERIOD (90 * JD_DAY)
#define LEAST_SHARE 1000 /* millionths: what is rarer is an accident, however regular the others are */
#define REPEAT_CERTAIN 3 /* times the usual share, that a supplier's is at least */

struct fake_trade_supplier *fake_trade_supplier_of(struct jd_host *h, const struct fake_trade_order *o)
{
    return o->supplier ? jd_get(h, SUPPLIERS, o->supplier) : NULL;
}

void fake_trade_supplier_received(struct jd_host *h, const struct fake_trade_order *o)
{
    struct fake_trade_supplier *s = fake_trade_supplier_of(h, o);
    if (!s)
        return;
    int64_t epoch = jd_now(h) / SUPPLIER_PERIOD;
    if (s->epoch != epoch) {
        unsigned shift = s->epoch + 1 == epoch ? 1 : 63;
        s->received >>= shift;
        for (unsigned kind = 0; kind < FAULT_KINDS; kind++)
            s->faults[kind].total >>= shift;
        s->epoch = epoch;
    }
    s->received++;
}

static void drop_fault(struct fake_trade_faults *faults, uint32_t at)
{
    for (uint32_t i = at + 1; i < faults->n; i++)
        faults->list[i - 1] = faults->list[i];
    faults->n--;
}

/* Does a later fault of the list come from the same or a related unit, within the window? */
static bool unit_comes_again(
    struct jd_host *h, const struct fake_trade_faults *faults, uint32_t i, int64_t oldest)
{
    uint64_t unit = faults->list[i].unit;
    for (uint32_t k = i + 1; k < faults->n; k++) {
        uint64_t other = faults->list[k].unit;
        if (faults->list[k].time >= oldest && (unit == other || jd_related(h, unit, other)))
            return true;
    }
    return false;
}

/* What share of what was received from the others has such a fault, in millionths; 0: too few are known. */
static int64_t usual_share(struct jd_host *h, const struct fake_trade_supplier *s,
    const struct fake_trade_faults *faults, uint64_t feed)
{
    const struct fake_trade_feed *f = feed ? jd_find(h, FEEDS, feed) : NULL;
    int64_t expected = f ? f->expected - (int64_t)s->received : 0;
    if (!f || expected < fake_trade_config(h)->repeat_known)
        return 0;
    int64_t missing = f->expected - f->seen - (int64_t)faults->total;
    int64_t share = missing > 0 ? missing * 1000000 / expected : 0;
    return share < LEAST_SHARE ? LEAST_SHARE : share;
}

/* Do so many of a supplier's have the fault that it is its own? While the usual share of the others is not
 * known, a fixed one decides; later a multiple of theirs, so that big suppliers are seen too, and no chance:
 * among many suppliers some have three of fifty. */
static bool is_unusual(struct jd_host *h, const struct fake_trade_supplier *s,
    const struct fake_trade_faults *faults, uint64_t feed)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    int64_t usual = usual_share(h, s, faults, feed);
    int64_t total = (int64_t)faults->total;
    int64_t received = (int64_t)s->received;
    int64_t fixed = feed ? c->repeat_percent * 10000 : 0;
    int64_t limit = usual && usual * c->repeat_times < fixed ? usual * c->repeat_times : fixed;
    if (total * 1000000 < limit * received)
        return false;
    return !usual || total >= received ||
           fake_trade_share_at_least(total, received) >= usual * REPEAT_CERTAIN;
}

/* Are there enough faults, of enough units, to be more than accidents? */
static bool is_habit(struct jd_host *h, const struct fake_trade_supplier *s,
    const struct fake_trade_habit *habit, int64_t *orders)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    const struct fake_trade_faults *faults = &s->faults[habit->kind];
    int64_t oldest = jd_now(h) - c->repeat_window;
    int64_t different = 0;
    for (uint32_t i = 0; i < faults->n; i++) {
        if (faults->list[i].time < oldest)
            continue;
        ++*orders;
        different += !unit_comes_again(h, faults, i, oldest);
    }
    return *orders >= (habit->orders ? habit->orders : c->repeat_orders) && different >= habit->units &&
           is_unusual(h, s, faults, habit->feed);
}

struct fake_trade_repeated fake_trade_fault_add(
    struct jd_host *h, struct fake_trade_order *o, const struct fake_trade_habit *habit)
{
    struct fake_trade_repeated found = {0};
    struct fake_trade_supplier *s = fake_trade_supplier_of(h, o);
    if (!s)
        return found;
    if (!(o->flags & ORDER_FAULT(habit->kind))) {
        struct fake_trade_faults *faults = &s->faults[habit->kind];
        o->flags |= ORDER_FAULT(habit->kind);
        if (faults->n == SUPPLIER_FAULTS)
            drop_fault(faults, 0);
        faults->list[faults->n++] =
            (struct fake_trade_fault){.order = o->key, .unit = o->unit, .time = habit->time};
        faults->total++;
        fake_trade_feed_see(h, FEED_FAULTS, habit->time);
        found.added = true;
    }
    found.repeated = is_habit(h, s, habit, &found.orders);
    return found;
}

void fake_trade_fault_remove(struct jd_host *h, struct fake_trade_order *o, enum fake_trade_fault_kind kind)
{
    if (!(o->flags & ORDER_FAULT(kind)))
        return;
    o->flags &= ~ORDER_FAULT(kind);
    struct fake_trade_supplier *s = jd_find(h, SUPPLIERS, o->supplier);
    if (!s)
        return;
    struct fake_trade_faults *faults = &s->faults[kind];
    faults->total -= faults->total > 0;
    for (uint32_t i = 0; i < faults->n; i++)
        if (faults->list[i].order == o->key) {
            drop_fault(faults, i);
            return;
        }
}

void fake_trade_fault_judge(
    struct jd_host *h, const struct fake_trade_order *o, enum fake_trade_fault_kind kind)
{
    const struct fake_trade_supplier *s = jd_find(h, SUPPLIERS, o->supplier);
    struct fake_trade_faults faults = s ? s->faults[kind] : (struct fake_trade_faults){0};
    for (uint32_t i = 0; i < faults.n; i++)
        fake_trade_judge_key(h, faults.list[i].order, FAULTS_CHANGED);
}

void fake_trade_fault_raise(struct jd_host *h, struct fake_trade_order *o,
    const struct fake_trade_habit *habit, struct fake_trade_finding *finding, int64_t *orders,
    int64_t repeated)
{
    struct fake_trade_repeated found = fake_trade_fault_add(h, o, habit);
    if (orders)
        *orders = found.orders ? found.orders : 1;
    if (found.repeated) {
        finding->strength = repeated;
        finding->flags = JD_HARD;
    }
    fake_trade_raise(h, o, finding);
    if (found.added && found.repeated)
        fake_trade_fault_judge(h, o, habit->kind);
}

static unsigned feed_slot(int64_t day)
{
    return (unsigned)((uint64_t)day % FEED_DAYS);
}

static void feed_add(struct jd_host *h, uint64_t feed, int64_t time, uint32_t expected, uint32_t seen)
{
    struct fake_trade_feed *f = jd_get(h, FEEDS, feed);
    if (!f)
        return;
    f->expected += expected;
    f->seen += seen;
    int64_t day = jd_day(time);
    struct fake_trade_feed_day *slot = &f->days[feed_slot(day)];
    if (slot->day <
        day) /* an older day is over; a report on one that was overwritten is too late to matter */
        *slot = (struct fake_trade_feed_day){.day = (int32_t)day};
    if (slot->day == day) {
        slot->expected += expected;
        slot->seen += seen;
    }
}

void fake_trade_feed_expect(struct jd_host *h, uint64_t feed, int64_t time)
{
    feed_add(h, feed, time, 1, 0);
}

void fake_trade_feed_see(struct jd_host *h, uint64_t feed, int64_t time)
{
    feed_add(h, feed, time, 0, 1);
}

/* More of what was expected is missing than the option allows. */
static bool mostly_missing(struct jd_host *h, int64_t expected, int64_t seen)
{
    return (expected - seen) * 100 > expected * fake_trade_config(h)->outage_percent;
}

bool fake_trade_feed_silent(struct jd_host *h, uint64_t feed, int64_t time, int64_t least)
{
    const struct fake_trade_feed *f = feed ? jd_find(h, FEEDS, feed) : NULL;
    if (!f)
        return false;
    int64_t expected = 0;
    int64_t seen = 0;
    int64_t middle = jd_day(time);
    for (int64_t day = middle - 1; day <= middle + 1; day++) {
        const struct fake_trade_feed_day *slot = &f->days[feed_slot(day)];
        if (slot->day == day) {
            expected += slot->expected;
            seen += slot->seen;
        }
    }
    if (expected >= least && mostly_missing(h, expected, seen))
        return true;
    return f->expected >= least && mostly_missing(h, f->expected, f->seen);
}

bool fake_trade_feed_trusted(struct jd_host *h, uint64_t feed, int64_t least)
{
    const struct fake_trade_feed *f = feed ? jd_find(h, FEEDS, feed) : NULL;
    return f && f->seen >= least && !mostly_missing(h, f->expected, f->seen);
}

static int64_t faults_of(const struct fake_trade_supplier *s)
{
    uint64_t sum = 0;
    for (unsigned kind = 0; kind < FAULT_KINDS; kind++)
        sum += s->faults[kind].total;
    return (int64_t)sum;
}

int64_t fake_trade_fault_share(struct jd_host *h, const struct fake_trade_supplier *s)
{
    const struct fake_trade_feed *f = jd_find(h, FEEDS, FEED_FAULTS);
    int64_t received = f ? f->expected - (int64_t)s->received : 0;
    if (!f || received < fake_trade_config(h)->repeat_known)
        return 0;
    int64_t faults = f->seen - faults_of(s);
    return (faults > 0 ? faults + 1 : 1) * 1000000 / received;
}
