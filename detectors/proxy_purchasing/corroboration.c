/* What makes a crowd of units behind one resource hard to explain: each signal here says nothing without a
 * crowd. */
#include "detectors/proxy_purchasing/proxy_purchasing.h"

#define ALL_ORDERS                                                                                           \
    UINT64_C(1)           /* the key, in SUPPLIERS, of all orders; no entity's hash is ever that small       \
                           */
#define ORDERS_ENOUGH 200 /* before that, nobody knows which suppliers are everybody's */

static const struct finding nothing = {.strength = 0};

void proxy_purchasing_count_supplier(struct jd_host *h, uint64_t supplier)
{
    const uint64_t keys[2] = {ALL_ORDERS, supplier};
    for (unsigned i = 0; i < 2; i++) {
        struct supplier *s = keys[i] ? jd_get(h, SUPPLIERS, keys[i]) : NULL;
        if (s)
            s->orders++;
    }
}

/* Two units that meet at a supplier to whom everybody goes say nothing (the reason for FRAUDAR's column
 * weights). */
static bool unpopular(struct jd_host *h, const struct config *c, uint64_t supplier)
{
    const struct supplier *all = jd_find(h, SUPPLIERS, ALL_ORDERS), *one = jd_find(h, SUPPLIERS, supplier);
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
    f.value = proxy_purchasing_unrelated(h, fan, f.links, false, NULL);
    if (f.value >= f.threshold)
        f.strength = (int32_t)c->declared_strength;
    return f;
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
    link_mask counted;
    proxy_purchasing_unrelated(h, fan, ALL_LINKS, false, &counted);
    uint32_t cities = 0;
    for (uint32_t i = 0; i < fan.used; i++) {
        uint32_t j = 0, city = fan.links[i].division / 100;
        while (j < i && !(counted >> j & 1 && fan.links[j].division / 100 == city))
            j++;
        cities += counted >> i & 1 && city && j == i;
    }
    struct finding f = {.signal = P10, .value = cities, .threshold = c->area_cities, .links = ALL_LINKS};
    if (f.value >= f.threshold)
        f.strength = (int32_t)c->area_strength;
    return f;
}

static uint64_t supplier_of(struct jd_host *h, uint64_t order)
{
    const struct order *o = jd_find(h, ORDERS, order);
    return o ? o->ref.supplier : 0;
}

/* P11, most units of a device buy from one supplier, who is not everybody's. An agent works for one to three
 * friendly suppliers; strangers at a public PC do not agree on one. */
struct finding proxy_purchasing_one_supplier(struct jd_host *h, const struct order *o)
{
    const struct config *c = jd_config(h);
    uint64_t supplier = o->ref.supplier;
    struct fan fan = proxy_purchasing_fan(h, o->ref.device);
    struct finding f = {.signal = P11, .threshold = c->supplier_units, .extra = (int64_t)supplier};
    uint32_t customers = 0;
    for (uint32_t i = 0; i < fan.used; i++) {
        if (supplier_of(h, fan.links[i].first_order) != supplier &&
            supplier_of(h, fan.links[i].last_order) != supplier)
            continue;
        f.links |= UINT32_C(1) << i;
        customers++;
    }
    f.value = proxy_purchasing_unrelated(h, fan, f.links, false, NULL);
    if (f.value < f.threshold || customers * 3 < fan.used * 2 ||
        proxy_purchasing_cities(fan) * 2 > fan.used || !unpopular(h, c, supplier))
        return nothing;
    f.strength = (int32_t)c->supplier_strength;
    return f;
}
