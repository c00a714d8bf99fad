/* F4: accepted sooner than goods can travel. */
#include "detectors/fake_trade/fake_trade.h"

#define PACE_PERIOD (30 * JD_DAY)

static unsigned bin_of(int64_t minutes)
{
    return fake_trade_octave(minutes < 1 ? 1 : minutes > 65535 ? 65535 : (uint64_t)minutes);
}

/* How far goods travelled: unknown, within a county, a prefecture, a province, further. */
static uint64_t distance_class(uint32_t from, uint32_t to)
{
    if (!from || !to)
        return 0;
    return from == to ? 1 : from / 100 == to / 100 ? 2 : from / 10000 == to / 10000 ? 3 : 4;
}

static uint32_t origin_of(const struct fake_trade_order *o)
{
    return o->origin_region ? o->origin_region : o->supplier_region;
}

/* When the goods went off: shipment, first scan if that is earlier, or the order itself. */
static int64_t sent_at(const struct fake_trade_order *o)
{
    int64_t sent = o->step[ORDERED].time;
    if (fake_trade_has(o, SHIPPED))
        sent = o->step[SHIPPED].time;
    if (fake_trade_has(o, SCANNED) && (o->step[SCANNED].time < sent || !fake_trade_has(o, SHIPPED)))
        sent = o->step[SCANNED].time;
    return sent;
}

static struct fake_trade_pace_half *current_half(struct fake_trade_pace *pace, int64_t epoch)
{
    struct fake_trade_pace_half *half = &pace->half[epoch & 1];
    if (half->epoch != epoch)
        *half = (struct fake_trade_pace_half){.epoch = epoch};
    return half;
}

/* Ranks the order among its like, then counts it in, unless it is so fast that it would teach the wrong pace.
 */
static void take_pace(struct jd_host *h, struct fake_trade_order *o, bool impossible)
{
    uint64_t kind = distance_class(origin_of(o), o->region) * 8 + o->mode;
    struct fake_trade_pace *pace = jd_get(h, PACES, fake_trade_mix(o->category + 1, kind));
    int64_t taken = o->step[RECEIVED].time - sent_at(o);
    o->flags |= ORDER_PACED;
    fake_trade_feed_expect(h, FEED_PACES, o->step[RECEIVED].time);
    if (!impossible)
        fake_trade_feed_see(h, FEED_PACES, o->step[RECEIVED].time);
    if (!pace || taken < 0)
        return;
    unsigned bin = bin_of(taken / JD_MINUTE);
    int64_t epoch = jd_now(h) / PACE_PERIOD;
    struct fake_trade_pace_half *half = current_half(pace, epoch);
    const struct fake_trade_pace_half *before = &pace->half[(epoch + 1) & 1];
    bool use_before = before->epoch == epoch - 1;
    o->pace_peers = half->n + (use_before ? before->n : 0);
    o->pace_faster = 0;
    for (unsigned i = 0; i <= bin; i++) /* its own bin too: nobody knows who was faster there */
        o->pace_faster += half->bins[i] + (use_before ? before->bins[i] : 0);
    if (!impossible) {
        half->n++;
        half->bins[bin]++;
    }
}

/* Too fast for the road, by whatever started the clock. What travels without a waybill is often entered as
 * shipped when it has already arrived, so that only the order's own time counts for it. */
static bool impossible(struct jd_host *h, const struct fake_trade_order *o, int64_t *taken, int64_t *limit)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    int64_t received = o->step[RECEIVED].time;
    if (!fake_trade_far(origin_of(o), o->region))
        return false;
    *taken = received - sent_at(o);
    bool provinces = origin_of(o) / 10000 != o->region / 10000;
    *limit = provinces ? c->f4_between_provinces : c->f4_from_shipment;
    bool carried = fake_trade_has(o, SHIPPED) && o->n_waybills && o->mode != JD_SHIP_OWN;
    if (!carried || *taken < 0 || *taken >= *limit) {
        *taken = received - o->step[ORDERED].time;
        *limit = c->f4_from_order;
    }
    return *taken >= 0 && *taken < *limit && !fake_trade_warehouse(h, o, o->region);
}

/* p = (1 + as fast) / (n + 1), the conformal p-value. */
static void raise_rare(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    int64_t faster = 1 + (int64_t)o->pace_faster;
    int64_t peers = 1 + (int64_t)o->pace_peers;
    if (o->pace_peers < c->f4_peers || faster * 100 >= peers)
        return;
    struct fake_trade_finding finding = {
        .signal = F4_RARE,
        .strength = faster * 1000 < peers ? c->f4_very_rare : c->f4_rare,
        .steps = STEP(ORDERED) | STEP(SHIPPED) | STEP(RECEIVED),
        .value = o->step[RECEIVED].time - sent_at(o),
        .facts = {(int64_t)o->key, (int64_t)o->unit, o->pace_faster, o->pace_peers, origin_of(o), o->region},
    };
    fake_trade_raise(h, o, &finding);
}

/* A clerk may click too soon. Clerks of unrelated units who do so for one supplier have been told to. */
static void raise_impossible(struct jd_host *h, struct fake_trade_order *o, int64_t taken, int64_t limit)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    struct fake_trade_finding finding = {
        .signal = F4,
        .strength = c->f4_impossible,
        .steps = STEP(ORDERED) | STEP(SHIPPED) | STEP(RECEIVED),
        .value = taken,
        .threshold = limit,
        .facts = {(int64_t)o->key, (int64_t)o->unit, origin_of(o), o->region},
    };
    const struct fake_trade_habit habit = {
        .kind = RUSHED, .time = o->step[RECEIVED].time, .units = c->repeat_units, .feed = FEED_PACES};
    fake_trade_fault_raise(h, o, &habit, &finding, &finding.facts[4], c->f4_repeated);
}

/* Vouchers and what was cancelled never travel; a receipt by nobody is the platform's own. */
static bool by_hand(const struct fake_trade_order *o)
{
    return o->product != JD_PRODUCT_VOUCHER && !fake_trade_has(o, CANCELLED) &&
           (o->receipt_account || o->receipt_device);
}

/* F4. What was delivered before it was accepted is in order, however late the clerk clicks.
 * It waits for scans that come late. */
void fake_trade_fast_receipt(struct jd_host *h, struct fake_trade_order *o)
{
    if (!fake_trade_has(o, ORDERED) || !fake_trade_waited(h, o, RECEIVED, fake_trade_config(h)->f1_wait))
        return;
    int64_t taken = 0;
    int64_t limit = 0;
    bool too_fast = impossible(h, o, &taken, &limit);
    if (by_hand(o) && !(o->flags & ORDER_PACED))
        take_pace(h, o, too_fast);
    bool delivered = fake_trade_has(o, DELIVERED) && o->step[DELIVERED].time <= o->step[RECEIVED].time;
    if (!by_hand(o) || delivered) {
        fake_trade_fault_remove(h, o, RUSHED);
        fake_trade_clear(h, o, F4);
        fake_trade_clear(h, o, F4_RARE);
        return;
    }
    raise_rare(h, o);
    if (too_fast)
        raise_impossible(h, o, taken, limit);
    else
        fake_trade_clear(h, o, F4);
}

/* What the carrier did with the goods long after they had been accepted, 0: nothing. */
static enum fake_trade_step_kind came_after(struct jd_host *h, const struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    int64_t received = o->step[RECEIVED].time;
    if (fake_trade_has(o, SCANNED) && o->step[SCANNED].time > received + c->f4_before_scan)
        return SCANNED;
    if (fake_trade_has(o, DELIVERED) && o->step[DELIVERED].time > received + c->f4_before_delivery)
        return DELIVERED;
    return 0;
}

/* F4.early: accepted before the carrier had the goods, or more than a day before it brought them. It is
 * judged when the scan arrives, however late that is, but not before earlier scans had time to. Neighbours
 * may have fetched the goods; what was impossibly fast is F4's. */
void fake_trade_early_receipt(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    if (!fake_trade_has(o, ORDERED) || !fake_trade_waited(h, o, RECEIVED, c->f1_wait) ||
        !fake_trade_has(o, SCANNED))
        return;
    bool travels =
        by_hand(o) && o->n_waybills && o->mode != JD_SHIP_OWN && fake_trade_far(origin_of(o), o->region);
    enum fake_trade_step_kind after = travels ? came_after(h, o) : 0;
    if (!(o->flags & ORDER_ARRIVAL_COUNTED) && (after || fake_trade_has(o, DELIVERED))) {
        o->flags |= ORDER_ARRIVAL_COUNTED;
        fake_trade_feed_expect(h, FEED_ARRIVALS, o->step[RECEIVED].time);
        if (!after)
            fake_trade_feed_see(h, FEED_ARRIVALS, o->step[RECEIVED].time);
    }
    if (!after || fake_trade_warehouse(h, o, o->region)) {
        fake_trade_fault_remove(h, o, EARLY);
        fake_trade_clear(h, o, F4_EARLY);
        return;
    }
    struct fake_trade_finding finding = {
        .signal = F4_EARLY,
        .strength = c->f4_impossible,
        .steps = STEP(ORDERED) | STEP(SHIPPED) | STEP(RECEIVED) | STEP(after),
        .value = o->step[after].time - o->step[RECEIVED].time,
        .threshold = after == SCANNED ? c->f4_before_scan : c->f4_before_delivery,
        .facts = {(int64_t)o->key, (int64_t)o->unit, o->step[RECEIVED].time, o->step[after].time,
            (int64_t)o->waybills[0]},
    };
    const struct fake_trade_habit habit = {
        .kind = EARLY, .time = o->step[RECEIVED].time, .units = c->repeat_units, .feed = FEED_ARRIVALS};
    fake_trade_fault_raise(h, o, &habit, &finding, &finding.facts[5], c->f4_repeated);
}
