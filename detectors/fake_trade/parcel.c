/* F3: logistics that cannot be: too light, too fast, or at the wrong end of the country. */
#include "detectors/fake_trade/fake_trade.h"
#include "detectors/places.h"

#define PLACE_KM 50    /* by which a place is not where its prefecture is */
#define WRONG_KM 100   /* from the buyer's: no door of his is there */
#define WIDEST_KM 5500 /* no two places lie further apart */

/* km that lie between two divisions at least; 0 if they may be neighbours. Places are prefectures, so some of
 * it is taken off. */
static int64_t distance_at_least(uint32_t from, uint32_t to)
{
    int64_t km = places_apart(from, to);
    return km > PLACE_KM ? km - PLACE_KM : 0;
}

/* Does what the carrier says about the order's parcels prove anything? */
static bool carried(const struct fake_trade_order *o)
{
    return fake_trade_has(o, ORDERED) && !fake_trade_has(o, CANCELLED) && o->product != JD_PRODUCT_VOUCHER &&
           fake_trade_has(o, SHIPPED) && o->n_waybills && o->mode != JD_SHIP_OWN &&
           fake_trade_has(o, DELIVERED);
}

static void forget(struct jd_host *h, struct fake_trade_order *o, enum fake_trade_signal signal)
{
    if (!(o->raised & RAISED(signal)))
        return;
    fake_trade_clear(h, o, signal);
    if (!(o->raised & (RAISED(F3_WEIGHT) | RAISED(F3_TRACE) | RAISED(F3_PLACE) | RAISED(F3_ORIGIN))))
        fake_trade_fault_remove(h, o, UNREAL);
}

static void raise(
    struct jd_host *h, struct fake_trade_order *o, struct fake_trade_finding *finding, int64_t *orders)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    const struct fake_trade_habit habit = {
        .kind = UNREAL, .time = o->step[DELIVERED].time, .units = c->repeat_units, .feed = FEED_PARCELS};
    finding->steps = STEP(ORDERED) | STEP(SHIPPED) | STEP(SCANNED) | STEP(DELIVERED) | STEP(RECEIVED);
    fake_trade_fault_raise(h, o, &habit, finding, orders, c->f3_repeated);
}

/* What all of the order's parcels weighed together; 0 unless each was weighed and is this order's alone. */
static int64_t weighed(const struct fake_trade_order *o)
{
    int64_t sum = 0;
    for (unsigned i = 0; i < o->n_waybills; i++) {
        if (!o->scanned[i])
            return 0;
        sum += o->scanned[i];
    }
    return o->flags & ORDER_PARCEL_SHARED || o->n_waybills == ORDER_WAYBILLS ? 0 : sum;
}

/* F3.weight: weight far below what was declared, when both sides have said one. */
void fake_trade_light_parcel(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    int64_t grams = carried(o) ? weighed(o) : 0;
    int64_t limit = o->declared * c->f3_light_percent / 100;
    bool light = grams && o->declared >= c->f3_least && grams < limit;
    if (grams && fake_trade_has(o, RECEIVED) && !(o->flags & ORDER_PARCEL_COUNTED)) {
        o->flags |= ORDER_PARCEL_COUNTED;
        fake_trade_feed_expect(h, FEED_PARCELS, o->step[RECEIVED].time);
        if (!light)
            fake_trade_feed_see(h, FEED_PARCELS, o->step[RECEIVED].time);
    }
    if (!light || !fake_trade_has(o, RECEIVED)) {
        forget(h, o, F3_WEIGHT);
        return;
    }
    struct fake_trade_finding finding = {
        .signal = F3_WEIGHT,
        .strength = grams * 100 < o->declared * c->f3_percent ? c->f3_weight : c->f3_light,
        .value = grams,
        .threshold = limit,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)o->waybills[0], o->declared},
    };
    raise(h, o, &finding, &finding.facts[4]);
}

/* What a way takes at least, in ms: by road, or, for express, by aeroplane with the ways to and from it. */
static int64_t least_time(const struct fake_trade_config *c, uint8_t mode, int64_t km)
{
    int64_t road = km * JD_HOUR / c->f3_road;
    int64_t air = c->f3_ground + km * JD_HOUR / c->f3_air;
    return mode == JD_SHIP_EXPRESS && air < road ? air : road;
}

/* F3.trace: from place to place in less time than it takes, or delivered before it was collected. A carrier
 * that uploads its scans in one go gives them all one second: such a pair of scans says nothing. */
void fake_trade_false_trace(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    int64_t arrived = o->step[DELIVERED].time;
    int64_t taken = arrived - o->collected;
    bool quick = carried(o) && o->collected && o->n_waybills == 1 && taken / JD_SECOND != 0 &&
                 taken < least_time(c, o->mode, WIDEST_KM);
    int64_t km = quick ? distance_at_least(o->scan_region, o->delivered_region) : 0;
    int64_t least = least_time(c, o->mode, km);
    if (km == 0 || taken >= least) {
        forget(h, o, F3_TRACE);
        return;
    }
    struct fake_trade_finding finding = {
        .signal = F3_TRACE,
        .strength = c->f3_trace,
        .value = taken > 0 ? km * JD_HOUR / taken : 0,
        .threshold = km * JD_HOUR / least,
        .facts = {(int64_t)o->key, (int64_t)o->unit, o->scan_region, o->collected, o->delivered_region,
            arrived},
    };
    raise(h, o, &finding, NULL);
}

/* F3.place: brought to another province than the buyer's, so for certain not to its door. */
void fake_trade_wrong_place(struct jd_host *h, struct fake_trade_order *o)
{
    uint32_t at = o->delivered_region;
    if (!carried(o) || !at || !o->region || at / 10000 == o->region / 10000 ||
        distance_at_least(at, o->region) < WRONG_KM) {
        forget(h, o, F3_PLACE);
        return;
    }
    struct fake_trade_finding finding = {
        .signal = F3_PLACE,
        .strength = fake_trade_config(h)->f3_place,
        .value = at,
        .threshold = o->region,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)o->waybills[0]},
    };
    raise(h, o, &finding, &finding.facts[3]);
}

/* In how many buyers' prefectures the supplier's parcels were collected, with the order's. `fresh`: not known
 * to be one before. */
static unsigned count_cities(struct jd_host *h, const struct fake_trade_order *o, bool *fresh)
{
    struct fake_trade_supplier *s = fake_trade_supplier_of(h, o);
    uint64_t *free_slot = NULL;
    unsigned n = 0;
    *fresh = true;
    for (unsigned i = 0; s && i < SUPPLIER_CITIES; i++) {
        const struct fake_trade_order *x = s->cities[i] ? jd_find(h, ORDERS, s->cities[i]) : NULL;
        bool holds = x && x->raised & RAISED(F3_ORIGIN);
        free_slot = holds || free_slot ? free_slot : &s->cities[i];
        n += holds;
        *fresh &= !holds || !fake_trade_same_city(x->scan_region, o->scan_region);
    }
    *fresh &= free_slot != NULL;
    if (*fresh)
        *free_slot = o->key;
    return n + *fresh;
}

/* F3.origin: collected where the buyer is, although the supplier says that it has sent the goods from afar.
 * One such place may be a warehouse that nobody has registered. Nobody has one in each of his buyers'
 * cities; but where no warehouse is listed at all, who knows? */
void fake_trade_wrong_origin(struct jd_host *h, struct fake_trade_order *o)
{
    uint32_t at = o->scan_region;
    if (!at || !carried(o) || !fake_trade_same_city(at, o->region) ||
        distance_at_least(at, o->origin_region) < WRONG_KM || fake_trade_warehouse(h, o, at)) {
        forget(h, o, F3_ORIGIN);
        return;
    }
    struct fake_trade_finding finding = {
        .signal = F3_ORIGIN,
        .strength = fake_trade_config(h)->f3_origin,
        .steps = STEP(ORDERED) | STEP(SHIPPED) | STEP(SCANNED),
        .value = at,
        .threshold = o->origin_region,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)o->waybills[0], 1},
    };
    fake_trade_raise(h, o, &finding);
    bool fresh;
    if (count_cities(h, o, &fresh) < 2 || jd_empty(h, JD_LIST_SUPPLIER_WAREHOUSE))
        return;
    raise(h, o, &finding, &finding.facts[3]);
    const struct fake_trade_supplier *s = jd_find(h, SUPPLIERS, o->supplier);
    const uint64_t first = fresh && s ? s->cities[0] : 0;
    if (first != o->key)
        fake_trade_judge_key(h, first, FAULTS_CHANGED);
}
