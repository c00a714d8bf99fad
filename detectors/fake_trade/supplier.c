/* What a supplier has done before, and how far the feeds that would clear it can be trusted. */
#include "detectors/fake_trade/fake_trade.h"

#define SUPPLIER_PERIOD (90 * JD_DAY)
#define LEAST_SHARE 10 /* per mille: what is rarer is an accident, however regular the others are */

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
        s->unshipped.total >>= shift;
        s->unscanned.total >>= shift;
        s->rushed.total >>= shift;
        s->linked.total >>= shift;
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

bool fake_trade_fault_add(
    struct fake_trade_faults *faults, struct fake_trade_order *o, uint32_t flag, int64_t time)
{
    if (o->flags & flag)
        return false;
    o->flags |= flag;
    if (faults->n == SUPPLIER_FAULTS)
        drop_fault(faults, 0);
    faults->list[faults->n++] = (struct fake_trade_fault){.order = o->key, .unit = o->unit, .time = time};
    faults->total++;
    return true;
}

void fake_trade_fault_remove(struct fake_trade_faults *faults, struct fake_trade_order *o, uint32_t flag)
{
    if (!(o->flags & flag))
        return;
    o->flags &= ~flag;
    faults->total -= faults->total > 0;
    for (uint32_t i = 0; i < faults->n; i++)
        if (faults->list[i].order == o->key) {
            drop_fault(faults, i);
            return;
        }
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

/* From what share on (per mille of what was received) faults of a kind are a supplier's own. While the usual
 * share of the others is not known, a fixed one; later a multiple of theirs, so that big suppliers are seen
 * too. */
static int64_t unusual_share(struct jd_host *h, const struct fake_trade_supplier *s,
    const struct fake_trade_faults *faults, uint64_t feed)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    const struct fake_trade_feed *f = feed ? jd_find(h, FEEDS, feed) : NULL;
    int64_t fixed = feed ? c->repeat_percent * 10 : 0;
    int64_t expected = f ? f->expected - (int64_t)s->received : 0;
    if (!f || expected < c->repeat_known)
        return fixed;
    int64_t missing = f->expected - f->seen - (int64_t)faults->total;
    int64_t usual = missing > 0 ? missing * 1000 * c->repeat_times / expected : 0;
    usual = usual < LEAST_SHARE ? LEAST_SHARE : usual;
    return usual < fixed ? usual : fixed;
}

bool fake_trade_fault_repeated(struct jd_host *h, const struct fake_trade_supplier *s,
    const struct fake_trade_faults *faults, struct fake_trade_repeat least, int64_t *orders)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    int64_t oldest = jd_now(h) - c->repeat_window;
    int64_t different = 0;
    *orders = 0;
    for (uint32_t i = 0; i < faults->n; i++) {
        if (faults->list[i].time < oldest)
            continue;
        ++*orders;
        different += !unit_comes_again(h, faults, i, oldest);
    }
    return *orders >= c->repeat_orders && different >= least.units &&
           (int64_t)faults->total * 1000 >= unusual_share(h, s, faults, least.feed) * (int64_t)s->received;
}

void fake_trade_fault_judge(struct jd_host *h, const struct fake_trade_faults *faults)
{
    for (uint32_t i = 0; i < faults->n; i++)
        fake_trade_judge_key(h, faults->list[i].order, FAULTS_CHANGED);
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
