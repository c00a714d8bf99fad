/* What makes a crowd of units behind one resource hard to explain, and the tallies that this needs. */
#include "detectors/proxy_purchasing/proxy_purchasing.h"

#define ALL_ORDERS UINT64_C(1) /* a key in TALLIES; no entity's hash is ever that small */
#define SAMPLE_ALL 256         /* the first orders whose unit's superior is looked up; */
#define SAMPLE 16              /* then every sixteenth */
#define ORDERS_ENOUGH 200      /* before that, nobody knows which suppliers are everybody's */

static const struct finding nothing = {.strength = 0};

/* ---- tallies ---- */

static void count_hour(struct tally *all, int64_t now)
{
    int64_t hour = now / JD_HOUR;
    if (hour != all->hour)
        all->in_hour = 0;
    all->hour = hour;
    all->in_hour++;
}

void proxy_purchasing_tally(struct jd_host *h, const struct jd_ref *order)
{
    struct tally *all = jd_get(h, TALLIES, ALL_ORDERS);
    if (all) {
        if (!all->orders++)
            all->first = jd_now(h);
        count_hour(all, jd_now(h));
        if (all->orders <= SAMPLE_ALL || all->orders % SAMPLE == 0) {
            all->asked++;
            all->superiors += jd_listed(h, JD_LIST_PARENT, order->unit, NULL);
        }
    }
    struct tally *one = order->supplier ? jd_get(h, TALLIES, order->supplier) : NULL;
    if (one)
        one->orders++;
}

bool proxy_purchasing_tree_known(struct jd_host *h)
{
    const struct tally *all = jd_find(h, TALLIES, ALL_ORDERS);
    return all && all->superiors * 4 >= all->asked;
}

/* Two units that meet at a supplier to whom everybody goes say nothing (why FRAUDAR weighs its columns). */
bool proxy_purchasing_unpopular(struct jd_host *h, uint64_t supplier)
{
    const struct config *c = jd_config(h);
    const struct tally *all = jd_find(h, TALLIES, ALL_ORDERS), *one = jd_find(h, TALLIES, supplier);
    return all && one && all->orders >= ORDERS_ENOUGH &&
           one->orders * 100 <= all->orders * c->popular_percent;
}

int64_t proxy_purchasing_surge(struct jd_host *h)
{
    const struct tally *all = jd_find(h, TALLIES, ALL_ORDERS);
    int64_t hours = all ? (jd_now(h) - all->first) / JD_HOUR + 1 : 1;
    int64_t times = all && all->orders ? all->in_hour * hours / all->orders : 1;
    return times > 1 ? times : 1;
}

void proxy_purchasing_payee(struct jd_host *h, uint64_t payee, uint64_t supplier)
{
    struct payee *p = payee && supplier ? jd_get(h, PAYEES, payee) : NULL;
    if (!p || p->supplier == supplier)
        return;
    p->changes += p->supplier != 0;
    p->supplier = supplier;
}

/* ---- the payer ---- */

/* Orders with the two suppliers that have most of them, out of `n`. */
static uint32_t top_two(const uint64_t *supplier, uint32_t n)
{
    uint32_t most = 0, second = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t same = 0;
        bool first = true;
        for (uint32_t j = 0; j < n; j++) {
            same += supplier[j] == supplier[i];
            first = first && !(j < i && supplier[j] == supplier[i]);
        }
        if (!first)
            continue;
        second = same > most ? most : same > second ? same : second;
        most = same > most ? same : most;
    }
    return most + second;
}

/* An agent works with one to three friendly suppliers. */
bool proxy_purchasing_treasury_like(struct jd_host *h, const struct view *v)
{
    uint64_t supplier[2 * LINKS];
    uint32_t n = 0, city = v->fan.used ? v->fan.links[0].division / 100 : 0;
    for (uint32_t i = 0; i < v->fan.used; i++) {
        const struct link *l = &v->fan.links[i];
        if (!l->division || l->division / 100 != city)
            return false;
        const struct order *first = jd_find(h, ORDERS, l->first_order);
        const struct order *last = l->last_order == l->first_order ? NULL : jd_find(h, ORDERS, l->last_order);
        if (first)
            supplier[n++] = first->ref.supplier;
        if (last)
            supplier[n++] = last->ref.supplier;
    }
    uint32_t most = top_two(supplier, n);
    return most <= 2 || most * 2 < n;
}

/* P6, several unrelated units declared one payer's account to bear their own name; at most one of them told
 * the truth. */
struct finding proxy_purchasing_declarations(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    struct finding f = {
        .signal = P6, .threshold = c->declared_units, .links = proxy_purchasing_matched(v->fan)};
    f.value = proxy_purchasing_unrelated(h, v, f.links, NEAR_CITY, NULL);
    if (f.value < f.threshold)
        return nothing;
    f.strength = (int32_t)c->declared_strength;
    if (f.strength > c->treasury_strength && proxy_purchasing_treasury_like(h, v))
        f.strength = (int32_t)c->treasury_strength;
    return f;
}

/* P6.seller, the payer is the account on which a supplier is paid: the seller pays for its buyers. One that
 * collects for several suppliers is the platform's or a bank's. */
struct finding proxy_purchasing_seller(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    const struct payee *p = jd_find(h, PAYEES, v->key);
    if (!p || p->changes)
        return nothing;
    struct finding f = {
        .signal = P6_SELLER, .threshold = 2, .links = ALL_LINKS, .extra = (int64_t)p->supplier};
    f.value = proxy_purchasing_unrelated(h, v, ALL_LINKS, NEAR_CITY, NULL);
    if (f.value >= f.threshold)
        f.strength = (int32_t)c->seller_strength;
    return f;
}

/* ---- places ---- */

/* Different cities of the units in `counted`, and of the places that they ordered from where `places`. */
static uint32_t cities_of(struct fan fan, link_mask counted, bool places)
{
    uint32_t city[2 * LINKS], n = 0, cities = 0;
    for (uint32_t i = 0; i < fan.used; i++) {
        if (!(counted >> i & 1))
            continue;
        city[n++] = fan.links[i].division / 100;
        if (places)
            city[n++] = fan.links[i].city;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t j = 0;
        while (j < i && city[j] != city[i])
            j++;
        cities += city[i] && j == i;
    }
    return cities;
}

/* P10.near, the units lie in one city, but not in one neighbourhood, which is all that a mail room, a parcel
 * station or the phone of a clerk serves: in three divisions, or four units in two where mail rooms are
 * listed. */
static struct finding apart(struct jd_host *h, const struct view *v, link_mask counted)
{
    const struct config *c = jd_config(h);
    struct finding f = {.signal = P10_NEAR, .threshold = c->area_divisions, .links = ALL_LINKS};
    if (v->part != PART_LOGIN_PHONE && v->part != PART_PHONE && v->part != PART_ADDRESS)
        return nothing;
    if (v->part == PART_PHONE)
        counted &= proxy_purchasing_at_door(h, v);
    if (proxy_purchasing_count(counted) > c->area_divisions && !jd_empty(h, JD_LIST_COMPOUND_ADDRESS))
        f.threshold--;
    f.value = proxy_purchasing_divisions(v->fan, counted);
    if (f.value >= f.threshold)
        f.strength = (int32_t)c->area_near_strength;
    return f;
}

/* P10.near of an account: two units are enough if their superiors are known to differ. Nobody takes the wrong
 * one twice, and each time one that lies elsewhere. */
static struct finding chosen_apart(struct jd_host *h, const struct view *v, link_mask counted)
{
    const struct config *c = jd_config(h);
    struct finding f = {.signal = P10_NEAR, .threshold = 2, .links = ALL_LINKS};
    for (uint32_t i = 0; i < v->fan.used; i++)
        if (counted >> i & 1 && !jd_listed(h, JD_LIST_PARENT, v->fan.links[i].unit, NULL))
            counted &= ~(UINT32_C(1) << i);
    f.value = proxy_purchasing_divisions(v->fan, counted);
    if (f.value >= f.threshold)
        f.strength = (int32_t)c->area_near_strength;
    return f;
}

/* P10.near of a lockstep: a joint purchase keeps within a province. */
static struct finding over_provinces(struct jd_host *h, const struct view *v, link_mask counted)
{
    const struct config *c = jd_config(h);
    struct finding f = {.signal = P10_NEAR, .threshold = c->area_divisions, .links = ALL_LINKS};
    uint32_t first = 0;
    bool several = false;
    for (uint32_t i = 0; i < v->fan.used; i++) {
        uint32_t province = counted >> i & 1 ? v->fan.links[i].division / 10000 : 0;
        several |= first && province && province != first;
        first = first ? first : province;
    }
    f.value = proxy_purchasing_divisions(v->fan, counted);
    if (several && f.value >= f.threshold)
        f.strength = (int32_t)c->area_near_strength;
    return f;
}

/* What may still be hard to explain of units that lie in few cities. */
static struct finding nearer(struct jd_host *h, const struct view *v, link_mask counted)
{
    if (v->part == PART_ACCOUNT)
        return chosen_apart(h, v, counted);
    return v->part == PART_LOCKSTEP ? over_provinces(h, v, counted) : apart(h, v, counted);
}

/* P10, the units lie in several cities. What is shared for good reasons is shared by neighbours: a compound,
 * a treasury, a canteen, the PC of a library. A device must itself have stayed in few places; where it stands
 * in one, that counts too, and so does an account's own place: nobody orders by mistake for a unit that lies
 * elsewhere. */
struct finding proxy_purchasing_area(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    uint32_t seen = proxy_purchasing_cities(v->fan);
    if (v->part == PART_DEVICE && (!seen || seen > 2 || seen * 2 > v->fan.used))
        return nothing; /* perhaps not one machine */
    if (v->part == PART_PHONE && proxy_purchasing_sellers_number(h, v))
        return nothing;
    struct finding f = {.signal = P10, .threshold = c->area_cities, .links = ALL_LINKS};
    link_mask counted;
    proxy_purchasing_unrelated(h, v, ALL_LINKS, NEAR_NOBODY, &counted);
    f.value = cities_of(v->fan, counted, v->part == PART_ACCOUNT || (v->part == PART_DEVICE && seen == 1));
    if (f.value < f.threshold)
        return nearer(h, v, counted);
    f.strength = (int32_t)c->area_strength;
    return f;
}

/* ---- one supplier ---- */

static void tie(struct jd_host *h, uint64_t order)
{
    struct order *o = jd_find(h, ORDERS, order);
    if (!o || o->linked >> PART_SUPPLIER & 1)
        return;
    proxy_purchasing_link(h, o, PART_SUPPLIER, false);
    o->linked |= 1 << PART_SUPPLIER;
}

static bool buys_from(struct jd_host *h, uint64_t order, uint64_t supplier)
{
    const struct order *o = jd_find(h, ORDERS, order);
    return o && o->ref.supplier == supplier;
}

void proxy_purchasing_tie_supplier(struct jd_host *h, const struct order *o)
{
    const struct config *c = jd_config(h);
    uint64_t supplier = o->ref.supplier;
    struct view v;
    if (!proxy_purchasing_view(h, o, PART_DEVICE, &v) || v.fan.used < 2 ||
        proxy_purchasing_cities(v.fan) * 2 > v.fan.used ||
        proxy_purchasing_distinct(&v) > c->collision_units || !proxy_purchasing_unpopular(h, supplier))
        return;
    link_mask customers = 0;
    uint64_t bought[LINKS]; /* linking may move the device's links */
    uint32_t n = 0;
    for (uint32_t i = 0; i < v.fan.used; i++) {
        const struct link *l = &v.fan.links[i];
        bool first = buys_from(h, l->first_order, supplier);
        if (!first && !buys_from(h, l->last_order, supplier))
            continue;
        customers |= UINT32_C(1) << i;
        bought[n++] = first ? l->first_order : l->last_order;
    }
    if (n * 3 < v.fan.used * 2 || proxy_purchasing_unrelated(h, &v, customers, NEAR_DIVISION, NULL) < 2)
        return;
    for (uint32_t i = 0; i < n; i++)
        tie(h, bought[i]);
}

/* P12, a small supplier's units come in twos and threes, through several devices that unrelated units share:
 * an agent who spreads them, each device below the threshold of P1. */
struct finding proxy_purchasing_shared_devices(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    struct finding f = {.signal = P12, .threshold = c->shared_units, .links = ALL_LINKS};
    f.extra = proxy_purchasing_count(proxy_purchasing_own(h, v->fan, PART_DEVICE));
    f.value = proxy_purchasing_unrelated(h, v, ALL_LINKS, NEAR_DIVISION, NULL);
    if (f.value < f.threshold || f.extra < 2)
        return nothing;
    f.strength = (int32_t)c->shared_strength;
    return f;
}
