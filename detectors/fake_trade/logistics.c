/* F1: goods accepted that nobody sent. F13, its soft part: goods sent from where the buyer is. */
#include "detectors/fake_trade/fake_trade.h"

bool fake_trade_warehouse(struct jd_host *h, const struct fake_trade_order *o, uint32_t region)
{
    const uint64_t district = region;
    const uint64_t divisions[] = {district, district / 100 * 100, district / 10000 * 10000};
    for (unsigned i = 0; i < 3 && o->supplier; i++)
        if (jd_paired(h, JD_LIST_SUPPLIER_WAREHOUSE, o->supplier, divisions[i]))
            return true;
    return false;
}

static bool shipped_somehow(const struct fake_trade_order *o)
{
    return fake_trade_has(o, SHIPPED) || fake_trade_has(o, SCANNED) || fake_trade_has(o, DELIVERED);
}

/* Vouchers are redeemed months later, a cancelled order sends nothing. */
static bool sends_nothing(const struct fake_trade_order *o)
{
    return o->product == JD_PRODUCT_VOUCHER || fake_trade_has(o, CANCELLED);
}

/* Something has come after all: takes the signal back. */
static void forget_missing(struct jd_host *h, struct fake_trade_order *o, enum fake_trade_signal signal)
{
    fake_trade_fault_remove(h, o, signal == F1 ? UNSHIPPED : UNSCANNED);
    fake_trade_clear(h, o, signal);
}

/* F1: receipt without any shipment. One missing report may be a gap in the feed; several at
 * one supplier, far more than the feed usually misses, are its way of working. It waits for what the
 * logistics feed brings late. Within one prefecture goods can be fetched, so there it counts little and never
 * adds up. */
void fake_trade_no_shipment(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    if (sends_nothing(o) || shipped_somehow(o)) {
        forget_missing(h, o, F1);
        return;
    }
    if (!fake_trade_has(o, ORDERED) || !fake_trade_waited(h, o, RECEIVED, c->f1_wait) ||
        fake_trade_feed_silent(h, FEED_SHIPMENTS, o->step[RECEIVED].time, c->outage_orders))
        return;
    struct fake_trade_finding finding = {
        .signal = F1,
        .strength = c->f1_none,
        .flags = JD_HARD,
        .steps = STEP(ORDERED) | STEP(PAID) | STEP(RECEIVED),
        .value = 1,
        .threshold = c->repeat_orders,
        .facts = {(int64_t)o->key, (int64_t)o->unit, o->step[RECEIVED].time, c->f1_wait},
    };
    bool local = fake_trade_same_city(o->region, o->supplier_region) || fake_trade_warehouse(h, o, o->region);
    if (local) {
        finding.strength = c->f1_local;
        finding.flags = 0;
        fake_trade_raise(h, o, &finding);
        return;
    }
    const struct fake_trade_habit habit = {
        .kind = UNSHIPPED, .time = o->step[RECEIVED].time, .units = 1, .feed = FEED_SHIPMENTS};
    fake_trade_fault_raise(h, o, &habit, &finding, &finding.value, c->f1_repeated);
}

/* Has the carrier had time enough to scan? Less is enough once the goods are said to have come. */
static bool scan_overdue(struct jd_host *h, const struct fake_trade_order *o, bool received)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    return fake_trade_waited(h, o, SHIPPED, received ? c->f1_label_accepted : c->f1_label_wait);
}

/* F1.label: a label, but no carrier scan. An own truck's papers are no label; a carrier that is
 * silent on most of its waybills, these days or ever, proves nothing, and a forwarder only once it has proved
 * that it scans. */
void fake_trade_label_only(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    bool label = fake_trade_has(o, SHIPPED) && o->n_waybills && o->mode != JD_SHIP_OWN;
    if (sends_nothing(o) || !label || fake_trade_has(o, SCANNED) || fake_trade_has(o, DELIVERED)) {
        forget_missing(h, o, F1_LABEL);
        return;
    }
    bool trusted = fake_trade_feed_trusted(h, o->carrier, c->outage_waybills);
    bool received = fake_trade_waited(h, o, RECEIVED, c->f1_wait);
    if (!fake_trade_has(o, ORDERED) || !scan_overdue(h, o, received && trusted))
        return;
    if ((o->mode == JD_SHIP_FREIGHT && !trusted) ||
        fake_trade_feed_silent(h, o->carrier, o->step[SHIPPED].time, c->outage_waybills))
        return;
    struct fake_trade_finding finding = {
        .signal = F1_LABEL,
        .strength = received ? c->f1_label_received : c->f1_label,
        .steps = STEP(ORDERED) | STEP(SHIPPED) | STEP(RECEIVED),
        .value = 1,
        .threshold = c->repeat_orders,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)o->waybills[0], o->step[SHIPPED].time,
            received && trusted ? c->f1_label_accepted : c->f1_label_wait},
    };
    const struct fake_trade_habit habit = {
        .kind = UNSCANNED, .time = o->step[RECEIVED].time, .units = 1, .feed = o->carrier};
    if (received && trusted)
        fake_trade_fault_raise(h, o, &habit, &finding, &finding.value, c->f1_repeated);
    else
        fake_trade_raise(h, o, &finding);
}

/* F13.scan: collected in the buyer's city although the supplier is elsewhere, as when goods from
 * a local store are given a label afterwards. A warehouse that is registered there explains it. */
void fake_trade_local_scan(struct jd_host *h, struct fake_trade_order *o)
{
    uint32_t from = o->scan_region ? o->scan_region : o->origin_region;
    if (sends_nothing(o) || !fake_trade_has(o, ORDERED) || !fake_trade_same_city(from, o->region) ||
        o->raised & RAISED(F3_ORIGIN) || !fake_trade_far(o->supplier_region, o->region) ||
        fake_trade_warehouse(h, o, from)) {
        fake_trade_clear(h, o, F13_SCAN);
        return;
    }
    struct fake_trade_finding finding = {
        .signal = F13_SCAN,
        .strength = fake_trade_config(h)->f13_scan,
        .steps = STEP(ORDERED) | STEP(o->scan_region ? SCANNED : SHIPPED),
        .value = from,
        .threshold = o->supplier_region,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)o->waybills[0], o->region},
    };
    fake_trade_raise(h, o, &finding);
}
