/* What makes a crowd of units behind one resource hard to explain, and the tallies that this needs. */
#include "detectors/proxy_purchasing/proxy_purchasing.h"

#define ALL_ORDERS UINT64_C(1) /* a key in TALLIES; no entity's hash is ever that small */
#define SAMPLE_ALL 256         /* the first orders whose unit's superior is looked up; */
#define SAMPLE 16              /* then every sixteenth */
#define ORDERS_ENOUGH 200      /* before that, nobody knows which suppliers are everybody's */

static const struct finding nothing = {.strength = 0};

void proxy_purchasing_tally(struct jd_host *h, const struct jd_ref *order)
{
    struct tally *all = jd_get(h, TALLIES, ALL_ORDERS);
    if (all && (all->orders++ < SAMPLE_ALL || all->orders % SAMPLE == 0)) {
        all->asked++;
        all->superiors += jd_listed(h, JD_LIST_PARENT, order->unit, NULL);
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
static bool unpopular(struct jd_host *h, const struct config *c, uint64_t supplier)
{
    const struct tally *all = jd_find(h, TALLIES, ALL_ORDERS), *one = jd_find(h, TALLIES, supplier);
    return all && one && all->orders >= ORDERS_ENOUGH &&
           one->orders * 100 <= all->orders * c->popular_percent;
}

/* P6, several unrelated units declared one payer's account to bear their own name; at most one of them told
 * the truth. */
struct finding proxy_purchasing_declarations(struct jd_host *h, const struct order *o)
{
    const struct config *c = jd_config(h);
    struct fan fan = proxy_purchasing_fan(h, o->payer);
    struct finding f = {.signal = P6, .threshold = c->declared_units};
    for (uint32_t i = 0; i < fan.used; i++)
        f.links |= (link_mask)fan.links[i].matched << i;
    f.value = proxy_purchasing_unrelated(h, fan, f.links, NEAR_CITY, NULL);
    if (f.value >= f.threshold)
        f.strength = (int32_t)c->declared_strength;
    return f;
}

/* Different cities of the units in `counted`. An account's own place counts too: nobody orders by mistake for
 * a unit that lies elsewhere. */
static uint32_t unit_cities(struct fan fan, link_mask counted, bool account)
{
    uint32_t city[2 * LINKS], n = 0, cities = 0;
    for (uint32_t i = 0; i < fan.used; i++) {
        if (!(counted >> i & 1))
            continue;
        city[n++] = fan.links[i].division / 100;
        if (account)
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

/* P10, the units lie in several cities. What is shared for good reasons is shared by neighbours: a compound,
 * a treasury, a canteen, the PC of a library. A device must itself have stayed in few places. */
struct finding proxy_purchasing_area(struct jd_host *h, const struct order *o, enum part part)
{
    const struct config *c = jd_config(h);
    struct fan fan = proxy_purchasing_fan(h, proxy_purchasing_part(o, part).key);
    uint32_t seen = proxy_purchasing_cities(fan);
    if (part == PART_DEVICE && (!seen || seen * 2 > fan.used))
        return nothing; /* perhaps not one machine */
    struct finding f = {.signal = P10, .threshold = c->area_cities, .links = ALL_LINKS};
    link_mask counted;
    proxy_purchasing_unrelated(h, fan, ALL_LINKS, NEAR_NOBODY, &counted);
    f.value = unit_cities(fan, counted, part == PART_ACCOUNT);
    if (f.value >= f.threshold)
        f.strength = (int32_t)c->area_strength;
    return f;
}

/* ---- one supplier ---- */

/* Ties an order's unit to its supplier. */
static bool tie(struct jd_host *h, uint64_t order, uint64_t supplier)
{
    struct order *o = jd_find(h, ORDERS, order);
    if (!o || o->ref.supplier != supplier)
        return false;
    if (!(o->linked >> PART_SUPPLIER & 1))
        proxy_purchasing_link(h, o, PART_SUPPLIER, false);
    o->linked |= 1 << PART_SUPPLIER;
    return true;
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
    struct fan fan = proxy_purchasing_fan(h, o->ref.device);
    bool one_machine = proxy_purchasing_cities(fan) * 2 <= fan.used &&
                       proxy_purchasing_distinct(h, o->ref.device) <= c->collision_units;
    if (fan.used < 2 || !one_machine || !unpopular(h, c, supplier))
        return;
    link_mask customers = 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < fan.used; i++) {
        bool customer = buys_from(h, fan.links[i].first_order, supplier) ||
                        buys_from(h, fan.links[i].last_order, supplier);
        customers |= (link_mask)customer << i;
        n += customer;
    }
    if (n * 3 < fan.used * 2 || proxy_purchasing_unrelated(h, fan, customers, NEAR_NOBODY, NULL) < 2)
        return;
    for (uint32_t i = 0; i < fan.used; i++)
        if (customers >> i & 1 && !tie(h, fan.links[i].first_order, supplier))
            tie(h, fan.links[i].last_order, supplier);
}

/* P12, a small supplier's units come in twos and threes, through several devices that unrelated units share:
 * an agent who spreads them, each device below the threshold of P1. */
struct finding proxy_purchasing_shared_devices(struct jd_host *h, const struct order *o)
{
    const struct config *c = jd_config(h);
    struct fan fan = proxy_purchasing_fan(h, o->ref.supplier);
    struct finding f = {.signal = P12, .threshold = c->shared_units, .links = ALL_LINKS};
    uint64_t device[LINKS];
    for (uint32_t i = 0; i < fan.used; i++) {
        const struct order *first = jd_find(h, ORDERS, fan.links[i].first_order);
        device[i] = first ? first->ref.device : 0;
        uint32_t j = 0;
        while (j < i && device[j] != device[i])
            j++;
        f.extra += device[i] && j == i;
    }
    f.value = proxy_purchasing_unrelated(h, fan, ALL_LINKS, NEAR_NOBODY, NULL);
    if (f.value < f.threshold || f.extra < 2)
        return nothing;
    f.strength = (int32_t)c->shared_strength;
    return f;
}
