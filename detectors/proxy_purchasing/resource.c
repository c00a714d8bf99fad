#include "detectors/proxy_purchasing/proxy_purchasing.h"

#include <string.h>

struct jd_subject proxy_purchasing_part(const struct order *o, enum part part)
{
    switch (part) {
    case PART_DEVICE:
        return (struct jd_subject){JD_KIND_DEVICE, o->ref.device};
    case PART_PAYER:
        return (struct jd_subject){JD_KIND_PAYER, o->payer};
    case PART_LOGIN_PHONE:
        return (struct jd_subject){JD_KIND_PHONE, o->login_phone};
    case PART_PHONE:
        return (struct jd_subject){JD_KIND_PHONE, o->phone};
    case PART_ADDRESS:
        return (struct jd_subject){JD_KIND_ADDRESS, o->address};
    case PART_ACCOUNT:
        return (struct jd_subject){JD_KIND_ACCOUNT, o->ref.account};
    default:
        return (struct jd_subject){JD_KIND_SUPPLIER, o->ref.supplier};
    }
}

struct fan proxy_purchasing_fan(struct jd_host *h, uint64_t key)
{
    const struct resource *r = jd_find(h, RESOURCES, key);
    if (!r)
        return (struct fan){NULL, 0};
    const struct wide *w = r->wide ? jd_find(h, WIDES, key) : NULL;
    if (w)
        return (struct fan){w->links, w->used};
    return (struct fan){r->links, r->used};
}

uint32_t proxy_purchasing_distinct(struct jd_host *h, uint64_t key)
{
    const struct wide *w = jd_find(h, WIDES, key);
    return w ? w->used + w->crowd : proxy_purchasing_fan(h, key).used;
}

/* ---- links ---- */

/* The links of a resource, to be changed. */
struct links {
    struct link *link;
    uint32_t *used;
    uint32_t capacity;
};

static struct links links_of(struct jd_host *h, uint64_t key, struct resource *r)
{
    struct links small = {r->links, &r->used, 2};
    struct wide *w = r->wide ? jd_get(h, WIDES, key) : NULL;
    if (!w)
        return small;
    if (r->used) { /* they have just outgrown the record */
        memcpy(w->links, r->links, sizeof r->links);
        w->used = r->used;
        r->used = 0;
    }
    return (struct links){w->links, &w->used, LINKS};
}

static void drop(struct links l, uint32_t i)
{
    memmove(&l.link[i], &l.link[i + 1], (*l.used - i - 1) * sizeof *l.link);
    --*l.used;
}

static void forget_old(struct links l, int64_t before)
{
    for (uint32_t i = *l.used; i-- > 0;)
        if (l.link[i].last < before)
            drop(l, i);
}

/* Both keys are seeded hashes already, so this mixes well enough; it is only compared. */
static uint64_t crowd_key(uint64_t resource, uint64_t unit)
{
    return (resource << 1 | resource >> 63) * UINT64_C(0x9e3779b97f4a7c15) ^ unit;
}

/* Makes room in full wide links: the unit that was served longest ago is kept by number only. */
static uint32_t replace_oldest(struct jd_host *h, uint64_t resource, struct links l, uint64_t unit)
{
    struct wide *w = jd_find(h, WIDES, resource);
    uint32_t oldest = 0;
    for (uint32_t i = 1; i < *l.used; i++)
        if (l.link[i].last < l.link[oldest].last)
            oldest = i;
    struct crowd *c = jd_get(h, CROWDS, crowd_key(resource, l.link[oldest].unit));
    if (c && !c->resource) {
        c->resource = resource;
        w->crowd++;
    }
    if (jd_find(h, CROWDS, crowd_key(resource, unit))) {
        jd_remove(h, CROWDS, crowd_key(resource, unit));
        w->crowd -= w->crowd > 0;
    }
    return oldest;
}

static struct link *find(struct links l, uint64_t unit)
{
    for (uint32_t i = 0; i < *l.used; i++)
        if (l.link[i].unit == unit)
            return &l.link[i];
    return NULL;
}

static struct link *add(struct jd_host *h, uint64_t key, struct resource *r, const struct order *o)
{
    struct links l = links_of(h, key, r);
    forget_old(l, jd_now(h) - ((const struct config *)jd_config(h))->window);
    struct link *known = find(l, o->ref.unit);
    if (known)
        return known;
    if (*l.used == l.capacity && !r->wide) {
        r->wide = 1;
        l = links_of(h, key, r);
    }
    uint32_t place = *l.used;
    if (place < l.capacity)
        ++*l.used;
    else if (l.capacity == LINKS)
        place = replace_oldest(h, key, l, o->ref.unit);
    else
        return NULL;
    l.link[place] = (struct link){.unit = o->ref.unit, .first_order = o->ref.order};
    return &l.link[place];
}

static bool is_shared(const struct resource *r)
{
    return r->wide || r->used > 1 || r->anchor_kind;
}

bool proxy_purchasing_link(struct jd_host *h, const struct order *o, enum part part, bool matched)
{
    uint64_t key = proxy_purchasing_part(o, part).key;
    struct resource *r = jd_get(h, RESOURCES, key);
    struct link *link = r ? add(h, key, r, o) : NULL;
    if (!link)
        return false;
    bool shared = is_shared(r);
    if (link->orders < UINT8_MAX)
        link->orders++;
    link->matched |= matched;
    if (o->ref.region)
        link->division = o->ref.region;
    if (o->ref.time < link->last)
        return shared;
    link->last = o->ref.time;
    link->last_order = o->ref.order;
    link->city = o->city;
    return shared;
}

bool proxy_purchasing_unlink(struct jd_host *h, const struct order *o, enum part part)
{
    uint64_t key = proxy_purchasing_part(o, part).key;
    struct resource *r = jd_find(h, RESOURCES, key);
    if (!r)
        return false;
    bool shared = is_shared(r);
    struct links l = links_of(h, key, r);
    struct link *link = find(l, o->ref.unit);
    if (!link)
        return shared;
    if (link->orders <= 1) {
        drop(l, (uint32_t)(link - l.link));
        return shared;
    }
    link->orders--;
    if (link->first_order == o->ref.order)
        link->first_order = link->last_order;
    if (link->last_order == o->ref.order)
        link->last_order = link->first_order;
    return shared;
}

/* ---- counting ---- */

uint32_t proxy_purchasing_cities(struct fan fan)
{
    uint32_t cities = 0;
    for (uint32_t i = 0; i < fan.used; i++) {
        uint32_t j = 0;
        while (j < i && fan.links[j].city != fan.links[i].city)
            j++;
        cities += j == i && fan.links[i].city;
    }
    return cities;
}

static bool tied(struct jd_host *h, const struct link *a, const struct link *b, enum nearness near)
{
    if (jd_related(h, a->unit, b->unit))
        return true;
    return near && a->division && a->division / near == b->division / near;
}

unsigned proxy_purchasing_unrelated(
    struct jd_host *h, struct fan fan, link_mask among, enum nearness near, link_mask *counted)
{
    if (near && proxy_purchasing_tree_known(h))
        near = NEAR_NOBODY;
    link_mask found = 0;
    unsigned n = 0;
    for (uint32_t i = 0; i < fan.used; i++) {
        if (!(among >> i & 1))
            continue;
        uint32_t j = 0;
        while (j < i && !(found >> j & 1 && tied(h, &fan.links[i], &fan.links[j], near)))
            j++;
        if (j < i)
            continue;
        found |= UINT32_C(1) << i;
        n++;
    }
    if (counted)
        *counted = found;
    return n;
}
