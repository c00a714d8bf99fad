/* F2: one waybill for the orders of units that have nothing to do with each other. */
#include "detectors/fake_trade/fake_trade.h"

static int find_use(const struct fake_trade_waybill *w, uint64_t order)
{
    for (uint32_t i = 0; i < w->n; i++)
        if (w->uses[i].order == order)
            return (int)i;
    return -1;
}

static void remove_use(struct fake_trade_waybill *w, int at)
{
    for (uint32_t i = (uint32_t)at + 1; i < w->n; i++)
        w->uses[i - 1] = w->uses[i];
    w->n--;
}

/* Numbers are given out again after months: what is older than the window is another parcel. */
static void drop_old(struct jd_host *h, struct fake_trade_waybill *w)
{
    int64_t oldest = jd_now(h) - fake_trade_config(h)->f2_window;
    while (w->n && w->uses[0].step.id_ms < oldest)
        remove_use(w, 0);
    if (w->n == 0 && w->scan.id_ms && w->scan.id_ms < oldest)
        *w = (struct fake_trade_waybill){0};
}

static void keep_earlier(struct fake_trade_step *kept, const struct fake_trade_step *step)
{
    if (step->id_ms && (!kept->id_ms || step->time < kept->time))
        *kept = *step;
}

static int slot_of(const struct fake_trade_order *o, uint64_t waybill)
{
    for (unsigned i = 0; i < o->n_waybills; i++)
        if (o->waybills[i] == waybill)
            return (int)i;
    return -1;
}

static void keep_earlier_time(int64_t *kept, int64_t time)
{
    if (time && (!*kept || time < *kept))
        *kept = time;
}

/* What the carrier has said about the parcel holds for every order in it. */
static void apply_scans(struct fake_trade_order *o, const struct fake_trade_waybill *w, uint64_t waybill)
{
    keep_earlier(&o->step[SCANNED], &w->scan);
    if (w->delivered.id_ms && (!o->step[DELIVERED].id_ms || w->delivered.time < o->step[DELIVERED].time))
        o->delivered_region = w->delivered_region;
    keep_earlier(&o->step[DELIVERED], &w->delivered);
    keep_earlier_time(&o->collected, w->collected);
    if (!o->scan_region)
        o->scan_region = w->scan_region;
    int slot = slot_of(o, waybill);
    if (slot >= 0 && w->weight > o->scanned[slot])
        o->scanned[slot] = w->weight;
}

static void judge_uses(struct jd_host *h, const struct fake_trade_waybill *w, uint64_t except)
{
    uint32_t n = w->n;
    uint64_t orders[WAYBILL_USES];
    for (uint32_t i = 0; i < n; i++)
        orders[i] = w->uses[i].order;
    for (uint32_t i = 0; i < n; i++)
        if (orders[i] != except)
            fake_trade_judge_key(h, orders[i], PARCEL_CHANGED | SCAN_CHANGED);
}

static void drop_waybill(struct fake_trade_order *o, unsigned at)
{
    for (unsigned i = at + 1u; i < o->n_waybills; i++) {
        o->waybills[i - 1] = o->waybills[i];
        o->scanned[i - 1] = o->scanned[i];
    }
    o->waybills[--o->n_waybills] = 0;
    o->scanned[o->n_waybills] = 0;
}

/* An order that gets another waybill within the time for corrections never used the one before, if that one
 * is some other order's too (otherwise the order simply travels in two parcels). The correction may arrive
 * first: then the number it corrects, `time` old, is not taken up at all: false. */
static bool correct(struct jd_host *h, struct fake_trade_order *o, uint64_t waybill, int64_t time)
{
    int64_t within = fake_trade_config(h)->f2_correction;
    const struct fake_trade_waybill *fresh = jd_find(h, WAYBILLS, waybill);
    bool shared = fresh && fresh->n > 0;
    for (unsigned i = o->n_waybills; i-- > 0;) {
        struct fake_trade_waybill *w = jd_find(h, WAYBILLS, o->waybills[i]);
        int use = w ? find_use(w, o->key) : -1;
        if (use < 0)
            continue;
        int64_t later = time - w->uses[use].step.time;
        if (later < 0 && -later <= within && shared)
            return false;
        if (later >= 0 && later <= within && w->n > 1) {
            remove_use(w, use);
            drop_waybill(o, i);
            judge_uses(h, w, o->key);
        }
    }
    return true;
}

static uint32_t weight_of(const struct jd_event *e)
{
    int64_t grams = jd_num(e, JD_F_WEIGHT);
    return grams > UINT32_MAX ? UINT32_MAX : (uint32_t)grams;
}

static void note_shipment(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e)
{
    static const enum jd_field named[] = {JD_F_ACCOUNT, JD_F_DEVICE};
    if (weight_of(e) > o->declared)
        o->declared = weight_of(e);
    if (!fake_trade_order_step(o, SHIPPED, e))
        return;
    fake_trade_remember(h, e, named, 2);
    jd_timer(h, ORDERS, o->key, jd_now(h) + fake_trade_config(h)->f1_label_wait);
    o->mode = (uint8_t)jd_num(e, JD_F_SHIP_MODE);
    o->carrier = jd_key(e, JD_F_CARRIER);
    o->origin_region = (uint32_t)jd_num(e, JD_F_ORIGIN_REGION);
    o->shipment_account = jd_key(e, JD_F_ACCOUNT);
    o->shipment_device = jd_key(e, JD_F_DEVICE);
}

/* Did the order get another waybill within the time for corrections after it had used this one? */
static bool was_corrected(
    struct jd_host *h, const struct fake_trade_order *o, uint64_t waybill, const struct fake_trade_use *use)
{
    for (unsigned i = 0; i < o->n_waybills; i++) {
        const struct fake_trade_waybill *w =
            o->waybills[i] == waybill ? NULL : jd_find(h, WAYBILLS, o->waybills[i]);
        int at = w ? find_use(w, o->key) : -1;
        int64_t later = at < 0 ? 0 : w->uses[at].step.time - use->step.time;
        if (later > 0 && later <= fake_trade_config(h)->f2_correction)
            return true;
    }
    return false;
}

/* Several orders share the parcel now; what may be a slip is looked at again once the correction should have
 * come. One that has come before the other order leaves the parcel to that. */
static void share_parcel(
    struct jd_host *h, struct fake_trade_waybill *w, uint64_t waybill, struct fake_trade_order *o)
{
    for (uint32_t i = w->n; i-- > 0 && w->n > 1;) {
        struct fake_trade_order *x = w->uses[i].order == o->key ? o : jd_find(h, ORDERS, w->uses[i].order);
        if (!x || !was_corrected(h, x, waybill, &w->uses[i]))
            continue;
        remove_use(w, (int)i);
        drop_waybill(x, (unsigned)slot_of(x, waybill));
    }
    for (uint32_t i = 0; i < w->n; i++) {
        const struct fake_trade_use *use = &w->uses[i];
        struct fake_trade_order *x = use->order == o->key ? o : jd_find(h, ORDERS, use->order);
        if (x)
            x->flags |= ORDER_PARCEL_SHARED;
        jd_timer(h, ORDERS, use->order, use->step.id_ms + fake_trade_config(h)->f2_wait);
    }
    judge_uses(h, w, o->key);
}

static void add_use(
    struct jd_host *h, struct fake_trade_waybill *w, struct fake_trade_order *o, const struct jd_event *e)
{
    uint64_t waybill = jd_key(e, JD_F_WAYBILL);
    if (w->n == WAYBILL_USES)
        return;
    w->uses[w->n].order = o->key;
    w->uses[w->n++].step = fake_trade_step_of(e);
    if (w->n > 1)
        share_parcel(h, w, waybill, o);
}

void fake_trade_shipment(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e)
{
    uint64_t key = jd_key(e, JD_F_WAYBILL);
    note_shipment(h, o, e);
    if (!key || slot_of(o, key) >= 0 || !correct(h, o, key, e->time) || o->n_waybills == ORDER_WAYBILLS)
        return;
    struct fake_trade_waybill *w = jd_get(h, WAYBILLS, key);
    if (!w)
        return;
    static const enum jd_field named[] = {JD_F_WAYBILL};
    drop_old(h, w);
    o->waybills[o->n_waybills++] = key;
    fake_trade_remember(h, e, named, 1);
    apply_scans(o, w, key);
    add_use(h, w, o, e);
}

/* A scan that is about the order itself, for want of a waybill. */
static void scan_order(struct fake_trade_order *o, const struct jd_event *e, int64_t status)
{
    uint32_t region = (uint32_t)jd_num(e, JD_F_ORIGIN_REGION);
    fake_trade_order_step(o, SCANNED, e);
    if (status == JD_STATUS_DELIVERED && fake_trade_order_step(o, DELIVERED, e))
        o->delivered_region = region;
    if (status != JD_STATUS_COLLECTED)
        return;
    keep_earlier_time(&o->collected, e->time);
    if (!o->scan_region)
        o->scan_region = region;
}

static void scan_waybill(struct fake_trade_waybill *w, const struct jd_event *e, int64_t status)
{
    struct fake_trade_step step = fake_trade_step_of(e);
    uint32_t region = (uint32_t)jd_num(e, JD_F_ORIGIN_REGION);
    keep_earlier(&w->scan, &step);
    if (weight_of(e) > w->weight)
        w->weight = weight_of(e);
    if (status == JD_STATUS_DELIVERED) {
        if (!w->delivered.id_ms || e->time < w->delivered.time)
            w->delivered_region = region;
        keep_earlier(&w->delivered, &step);
    }
    if (status != JD_STATUS_COLLECTED)
        return;
    keep_earlier_time(&w->collected, e->time);
    if (!w->scan_region)
        w->scan_region = region;
}

void fake_trade_tracking(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e)
{
    uint64_t key = jd_key(e, JD_F_WAYBILL);
    int64_t status = jd_num(e, JD_F_STATUS);
    if (!status)
        return;
    if (o && (!key || !o->n_waybills || slot_of(o, key) >= 0)) /* unless it travels under other numbers */
        scan_order(o, e, status);
    struct fake_trade_waybill *w = key ? jd_get(h, WAYBILLS, key) : NULL;
    if (!w)
        return;
    drop_old(h, w);
    scan_waybill(w, e, status);
    for (uint32_t i = 0; i < w->n; i++) {
        bool own = o && w->uses[i].order == o->key;
        struct fake_trade_order *x = own ? o : jd_find(h, ORDERS, w->uses[i].order);
        if (x)
            apply_scans(x, w, key);
        if (x && !own)
            fake_trade_judge(h, x, PARCEL_CHANGED | SCAN_CHANGED);
    }
}

/* Lawful reasons for two orders in one parcel: same receiver, same door, units that belong together, one
 * house or a compound (unless the parcel had been delivered before it was used again). */
static bool together(
    struct jd_host *h, const struct fake_trade_order *a, const struct fake_trade_order *b, bool delivered)
{
    if (a->unit == b->unit || jd_related(h, a->unit, b->unit))
        return true;
    if ((a->consignee && a->consignee == b->consignee) || (a->address && a->address == b->address))
        return true;
    return !delivered && a->region == b->region &&
           ((a->house && a->house == b->house) ||
               (a->address && jd_listed(h, JD_LIST_COMPOUND_ADDRESS, a->address, NULL)) ||
               (b->address && jd_listed(h, JD_LIST_COMPOUND_ADDRESS, b->address, NULL)));
}

/* An own truck's papers are for the whole tour; carriers number each for themselves. */
static bool comparable(const struct fake_trade_order *a, const struct fake_trade_order *b)
{
    return b->unit && fake_trade_has(b, ORDERED) && !fake_trade_has(b, CANCELLED) && b->mode != JD_SHIP_OWN &&
           (!a->carrier || !b->carrier || a->carrier == b->carrier);
}

struct reuse {
    const struct fake_trade_order *first; /* whose parcel it was */
    const struct fake_trade_use *own, *other;
    int64_t orders; /* that have nothing to do with this one */
};

/* The earlier order of a stranger on this waybill; false if there is none, or if the parcel has a lawful
 * reason. */
static bool find_stranger(struct jd_host *h, const struct fake_trade_order *o,
    const struct fake_trade_waybill *w, struct reuse *reuse)
{
    int own = find_use(w, o->key);
    if (own < 0)
        return false;
    *reuse = (struct reuse){.own = &w->uses[own]};
    for (uint32_t i = 0; i < w->n; i++) {
        const struct fake_trade_order *x = jd_find(h, ORDERS, w->uses[i].order);
        if (!x || x == o || !comparable(o, x))
            continue;
        int64_t last =
            w->uses[i].step.time > reuse->own->step.time ? w->uses[i].step.time : reuse->own->step.time;
        if (together(h, o, x, w->delivered.id_ms && w->delivered.time < last))
            return false;
        reuse->orders++;
        int64_t gap = reuse->own->step.time - w->uses[i].step.time;
        bool earlier = gap > 0 || (gap == 0 && (int)i < own);
        if (earlier && (!reuse->other || w->uses[i].step.time < reuse->other->step.time)) {
            reuse->other = &w->uses[i];
            reuse->first = x;
        }
    }
    return reuse->other != NULL;
}

/* A slip of the supplier's hand: the number of a parcel typed in the same sitting, or of somebody else's.
 * Once a third order has it, or the goods were accepted, it is none. */
static bool may_be_slip(struct jd_host *h, const struct fake_trade_order *o, const struct reuse *reuse)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    bool likely =
        reuse->own->step.time - reuse->other->step.time < c->f2_slip || o->supplier != reuse->first->supplier;
    return likely && reuse->orders == 1 && !fake_trade_has(o, RECEIVED) &&
           jd_now(h) < reuse->own->step.id_ms + c->f2_wait;
}

/* F2: a waybill used again for another receiver; stronger after it was delivered in another
 * city. Raised at once, unless it may be a slip: that waits for the correction. */
void fake_trade_waybill_reuse(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    const struct fake_trade_waybill *w = NULL;
    uint64_t number = 0;
    struct reuse reuse = {0};
    bool found = false;
    bool shared = o->flags & ORDER_PARCEL_SHARED;
    for (unsigned i = 0; shared && i < o->n_waybills && !found && comparable(o, o); i++) {
        number = o->waybills[i];
        w = jd_find(h, WAYBILLS, number);
        found = w && find_stranger(h, o, w, &reuse);
    }
    if (!found) {
        fake_trade_clear(h, o, F2);
        fake_trade_clear(h, o, F2_FAR);
        return;
    }
    if (may_be_slip(h, o, &reuse))
        return;
    bool after = w->delivered.id_ms && w->delivered.time < reuse.own->step.time &&
                 fake_trade_far(w->delivered_region, o->region);
    bool far = fake_trade_far(o->region, reuse.first->region);
    struct fake_trade_finding finding = {
        .signal = far ? F2_FAR : F2,
        .strength = after ? c->f2_delivered : c->f2_reuse,
        .flags = JD_HARD,
        .steps = STEP(ORDERED) | STEP(SHIPPED),
        .other = reuse.first,
        .other_steps = STEP(ORDERED) | STEP(SHIPPED),
        .value = reuse.orders + 1,
        .threshold = 2,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)number, (int64_t)reuse.first->key,
            (int64_t)reuse.first->unit, reuse.other->step.time},
    };
    fake_trade_clear(h, o, far ? F2 : F2_FAR);
    fake_trade_raise(h, o, &finding);
}
