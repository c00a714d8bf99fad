/* Rings of resources: what a search finds together (component) is named (rings), its core is marked
 * (density), and what was said under another name is said again. A search is made only when a resource has
 * new units, and of a large one when it has enough of them. */
#include "detectors/proxy_purchasing/component.h"
#include "detectors/proxy_purchasing/density.h"
#include "detectors/proxy_purchasing/proxy_purchasing.h"
#include "detectors/proxy_purchasing/rings.h"

#include <string.h>

_Static_assert(DENSITY_RESOURCES >= RING_RESOURCES, "a ring's resources fit into its graph");

static bool lives(struct jd_host *h, uint64_t key)
{
    struct view v;
    if (!proxy_purchasing_look(h, key, PART_DEVICE, &v))
        return false;
    for (uint32_t i = 0; i < v.fan.used; i++)
        if (component_live(h, &v.fan.links[i]))
            return true;
    return false;
}

/* So that the next search finds the resource from its units, or from one that is new to it. */
static void enter(struct jd_host *h, const struct view *v, uint64_t unit)
{
    for (uint32_t i = 0; i < v->fan.used; i++) {
        if (unit && v->fan.links[i].unit != unit)
            continue;
        struct suspects *s = jd_get(h, SUSPECTS, v->fan.links[i].unit);
        uint32_t k = 0;
        while (s && k < s->used && s->key[k] != v->key)
            k++;
        if (!s || k < s->used)
            continue;
        k = s->used < SUSPECTS_KEPT ? s->used++ : s->next++ % SUSPECTS_KEPT;
        s->key[k] = v->key;
        s->part[k] = (uint8_t)v->part;
    }
}

/* ---- the core ---- */

static uint32_t base_of(enum part part)
{
    static const uint32_t bases[PARTS] = {
        [PART_DEVICE] = 8,
        [PART_PAYER] = 8,
        [PART_LOGIN_PHONE] = 7,
        [PART_PHONE] = 7,
        [PART_ADDRESS] = 3,
        [PART_ACCOUNT] = 8,
        [PART_NETWORK] = 1,
        [PART_SUPPLIER] = 2,
        [PART_LOCKSTEP] = 8,
    };
    return bases[part];
}

static unsigned unit_number(uint64_t *units, struct density *d, uint64_t unit)
{
    unsigned i = 0;
    while (i < d->units && units[i] != unit)
        i++;
    if (i == d->units && i < DENSITY_UNITS)
        units[d->units++] = unit;
    return i;
}

/* The units beyond the graph's room stay in the core. */
static void draw(struct jd_host *h, const struct component *all, struct density *d, uint64_t *units)
{
    memset(d, 0, sizeof *d);
    d->resources = all->n;
    for (unsigned i = 0; i < all->n; i++) {
        struct fan fan = all->node[i].fan;
        d->base[i] = base_of(all->node[i].part);
        d->degree[i] = proxy_purchasing_distinct(&all->node[i]);
        for (uint32_t k = 0; k < fan.used && d->links < DENSITY_LINKS; k++) {
            unsigned unit =
                component_live(h, &fan.links[k]) ? unit_number(units, d, fan.links[k].unit) : DENSITY_UNITS;
            if (unit < DENSITY_UNITS)
                d->link[d->links++] = (struct density_link){(uint16_t)i, (uint16_t)unit};
        }
    }
}

/* Marks what lies outside the core of each resource's links; drops resources that lie outside themselves. */
static void apply(struct component *all, const struct density *d, const uint64_t *units)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < all->n; i++) {
        struct view *v = &all->node[i];
        link_mask outside = 0;
        for (uint32_t k = 0; k < v->fan.used; k++)
            for (unsigned u = 0; u < d->units; u++)
                if (units[u] == v->fan.links[k].unit && !d->core_unit[u])
                    outside |= UINT32_C(1) << k;
        if (i && !d->core_resource[i])
            continue;
        if (v->wide)
            v->wide->outside = outside;
        all->node[kept++] = *v;
    }
    all->n = kept;
}

/* One resource with its units is a star, which is its own core. */
static void leave_core(struct jd_host *h, struct component *all)
{
    struct density graph;
    uint64_t units[DENSITY_UNITS] = {0};
    if (all->n == 1) {
        if (all->node[0].wide)
            all->node[0].wide->outside = 0;
        return;
    }
    draw(h, all, &graph, units);
    density_core(&graph);
    apply(all, &graph, units);
}

/* ---- the name ---- */

static void found_by(struct jd_host *h, const struct view *v, struct ring_part *p)
{
    bool known = false;
    p->ms = jd_now(h);
    for (uint32_t i = 0; i < v->fan.used; i++) {
        const struct order *o = jd_find(h, ORDERS, v->fan.links[i].first_order);
        if (!o || !o->ref.type)
            continue;
        if (known && (o->ref.id_ms > p->ms || (o->ref.id_ms == p->ms && o->ref.id_seq >= p->seq)))
            continue;
        known = true;
        p->ms = o->ref.id_ms;
        p->seq = o->ref.id_seq;
    }
}

static uint64_t settle(struct jd_host *h, const struct component *all)
{
    struct ring_part parts[RING_RESOURCES];
    for (unsigned i = 0; i < all->n; i++) {
        const struct view *v = &all->node[i];
        parts[i] = (struct ring_part){.key = v->key, .ring = v->resource->ring, .part = (uint32_t)v->part};
        parts[i].weight = density_weight(base_of(v->part), proxy_purchasing_distinct(v)) * v->fan.used;
        found_by(h, v, &parts[i]);
    }
    return rings_settle(h, RINGS, parts, all->n, all->whole, lives);
}

/* Everything that was said about a ring. */
static void retract_all(struct jd_host *h, uint64_t ring)
{
    for (unsigned i = 0; i < SIGNALS; i++)
        jd_retract(h, i, (struct jd_subject){JD_KIND_RING, ring});
}

/* What the resources said under the rings that they come from they say under this one; what stays there says
 * it there. */
static void move(struct jd_host *h, const struct component *all, uint64_t ring)
{
    uint64_t from[RING_RESOURCES];
    for (unsigned i = 0; i < all->n; i++) {
        from[i] = all->node[i].resource->ring;
        all->node[i].resource->ring = ring;
        if (from[i] != ring)
            all->node[i].resource->told = 0;
    }
    for (unsigned i = 0; i < all->n; i++) {
        if (!from[i] || from[i] == ring)
            continue;
        retract_all(h, from[i]);
        proxy_purchasing_ring_restate(h, from[i], 0);
        if (i)
            proxy_purchasing_restate(h, all->node[i].key, all->node[i].part);
    }
}

uint64_t proxy_purchasing_ring(struct jd_host *h, const struct view *v, unsigned changed)
{
    uint64_t ring = v->resource->ring ? rings_resolve(h, RINGS, v->resource->ring) : 0;
    if (ring && ring != v->resource->ring) {
        v->resource->ring = ring;
        v->resource->told = 0;
    }
    if (ring && !(changed & LINK_NEW))
        return ring;
    if (ring && !component_due(v)) {
        enter(h, v, v->unit);
        return ring;
    }
    struct component all;
    component_search(h, v, &all);
    if (v->part == PART_NETWORK && all.n == 1)
        return 0;
    leave_core(h, &all);
    bool first = !v->resource->ring;
    ring = settle(h, &all);
    if (!ring)
        return 0;
    enter(h, v, first ? 0 : v->unit);
    move(h, &all, ring);
    return ring;
}

void proxy_purchasing_ring_restate(struct jd_host *h, uint64_t ring, uint64_t except)
{
    const struct ring *r = jd_find(h, RINGS, ring);
    if (!r || r->alias)
        return;
    for (uint32_t i = 0; i < r->used; i++) {
        uint64_t key = r->resource[i].key;
        const struct resource *resource = jd_find(h, RESOURCES, key);
        if (key != except && resource && resource->ring == ring)
            proxy_purchasing_restate(h, key, (enum part)r->resource[i].part);
    }
}

/* A door that has fallen silent, because its phone says the same, ties nothing. */
static bool still_tells(struct jd_host *h, uint64_t key, uint32_t part)
{
    const struct resource *resource = part == PART_ADDRESS ? jd_find(h, RESOURCES, key) : NULL;
    return !resource || resource->crowded;
}

/* P13, kinds of resource that tie the ring together beyond the first. An account and its device, a network
 * and what stands in it, a supplier and the devices that led to it are no two kinds. */
struct finding proxy_purchasing_ring_kinds(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    const struct ring *r = jd_find(h, RINGS, v->resource->ring);
    struct finding f = {.signal = P13, .threshold = 2, .links = ALL_LINKS};
    uint32_t kinds = 0;
    for (uint32_t i = 0; r && i < r->used; i++) {
        uint32_t part = r->resource[i].part == PART_LOGIN_PHONE ? PART_PHONE : r->resource[i].part;
        f.value += part < PART_ACCOUNT && !(kinds >> part & 1) &&
                   (r->resource[i].key == v->key || still_tells(h, r->resource[i].key, part));
        kinds |= UINT32_C(1) << part;
    }
    f.extra = r ? r->used : 0;
    int64_t more = f.value > 4 ? 3 : f.value - 1;
    f.strength = more > 0 ? (int32_t)(more * c->ring_strength) : 0;
    return f;
}

#define SIGNAL_BIT(signal) (UINT32_C(1) << (signal))

void proxy_purchasing_withdraw(struct jd_host *h, const struct view *v)
{
    static const uint32_t shown_by[PARTS] = {
        [PART_DEVICE] = SIGNAL_BIT(P1) | SIGNAL_BIT(P5) | SIGNAL_BIT(P7) | SIGNAL_BIT(P8) | SIGNAL_BIT(P10),
        [PART_PAYER] =
            SIGNAL_BIT(P3_PAYER) | SIGNAL_BIT(P6) | SIGNAL_BIT(P6_SELLER) | SIGNAL_BIT(P8) | SIGNAL_BIT(P10),
        [PART_LOGIN_PHONE] = SIGNAL_BIT(P3_PHONE) | SIGNAL_BIT(P8) | SIGNAL_BIT(P10) | SIGNAL_BIT(P10_NEAR),
        [PART_PHONE] =
            SIGNAL_BIT(P3_PHONE) | SIGNAL_BIT(P11) | SIGNAL_BIT(P8) | SIGNAL_BIT(P10) | SIGNAL_BIT(P10_NEAR),
        [PART_ADDRESS] = SIGNAL_BIT(P3_ADDRESS) | SIGNAL_BIT(P11) | SIGNAL_BIT(P8) | SIGNAL_BIT(P10) |
                         SIGNAL_BIT(P10_NEAR),
        [PART_ACCOUNT] = SIGNAL_BIT(P9) | SIGNAL_BIT(P8) | SIGNAL_BIT(P10) | SIGNAL_BIT(P10_NEAR),
        [PART_NETWORK] = SIGNAL_BIT(P2),
        [PART_SUPPLIER] = SIGNAL_BIT(P11) | SIGNAL_BIT(P12),
        [PART_LOCKSTEP] = SIGNAL_BIT(P4) | SIGNAL_BIT(P10) | SIGNAL_BIT(P10_NEAR),
    };
    uint64_t ring = v->resource->crowded ? rings_resolve(h, RINGS, v->resource->ring) : 0;
    v->resource->crowded = 0;
    v->resource->told = 0;
    if (!ring)
        return;
    for (unsigned i = 0; i < SIGNALS; i++)
        if (shown_by[v->part] >> i & 1)
            jd_retract(h, i, (struct jd_subject){JD_KIND_RING, ring});
    proxy_purchasing_ring_restate(h, ring, v->key);
}
