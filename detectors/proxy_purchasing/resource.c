#include "detectors/proxy_purchasing/proxy_purchasing.h"

#include <string.h>

/* Under its own key, a supplier's lockstep is another resource than the supplier. Keys are seeded hashes
 * already, so this mixes well enough. */
static uint64_t lockstep_key(uint64_t supplier)
{
    return supplier ? (supplier ^ supplier >> 31) * UINT64_C(0xd6e8feb86659fd93) : 0;
}

uint64_t proxy_purchasing_part(const struct order *o, enum part part)
{
    switch (part) {
    case PART_DEVICE:
        return o->ref.device;
    case PART_PAYER:
        return o->payer;
    case PART_LOGIN_PHONE:
        return o->login_phone;
    case PART_PHONE:
        return o->phone;
    case PART_ADDRESS:
        return o->address;
    case PART_ACCOUNT:
        return o->ref.account;
    case PART_NETWORK:
        return o->network;
    case PART_SUPPLIER:
        return o->ref.supplier;
    default:
        return lockstep_key(o->ref.supplier);
    }
}

enum jd_kind proxy_purchasing_kind(enum part part)
{
    static const enum jd_kind kinds[PARTS] = {
        [PART_DEVICE] = JD_KIND_DEVICE,
        [PART_PAYER] = JD_KIND_PAYER,
        [PART_LOGIN_PHONE] = JD_KIND_PHONE,
        [PART_PHONE] = JD_KIND_PHONE,
        [PART_ADDRESS] = JD_KIND_ADDRESS,
        [PART_ACCOUNT] = JD_KIND_ACCOUNT,
        [PART_NETWORK] = JD_KIND_IP,
        [PART_SUPPLIER] = JD_KIND_SUPPLIER,
        [PART_LOCKSTEP] = JD_KIND_SUPPLIER,
    };
    return kinds[part];
}

static bool look(struct jd_host *h, uint64_t key, enum part part, struct view *v)
{
    struct resource *r = jd_find(h, RESOURCES, key);
    if (!r)
        return false;
    struct wide *w = r->wide ? jd_find(h, WIDES, key) : NULL;
    *v = (struct view){
        .part = part,
        .key = key,
        .shown = {proxy_purchasing_kind(part), key},
        .resource = r,
        .wide = w,
        .fan = w ? (struct fan){w->links, w->used} : (struct fan){r->links, r->used},
    };
    return true;
}

/* What only an order says of it. */
static void tell(struct view *v, const struct order *o)
{
    v->supplier = o->ref.supplier;
    v->address = o->address;
    v->known = o->known >> v->part & 1;
    if (v->part == PART_LOCKSTEP)
        v->shown.key = o->ref.supplier;
    if (v->part == PART_NETWORK)
        v->shown.key = o->ip;
}

bool proxy_purchasing_view(struct jd_host *h, const struct order *o, enum part part, struct view *v)
{
    if (!look(h, proxy_purchasing_part(o, part), part, v))
        return false;
    v->unit = o->ref.unit;
    tell(v, o);
    return true;
}

bool proxy_purchasing_look(struct jd_host *h, uint64_t key, enum part part, struct view *v)
{
    if (!look(h, key, part, v) || !v->fan.used)
        return false;
    const struct link *latest = v->fan.links;
    for (uint32_t i = 1; i < v->fan.used; i++)
        if (v->fan.links[i].last > latest->last)
            latest = &v->fan.links[i];
    const struct order *o = jd_find(h, ORDERS, latest->last_order);
    v->unit = latest->unit;
    if (o)
        tell(v, o);
    return o || (part != PART_LOCKSTEP && part != PART_NETWORK);
}

uint32_t proxy_purchasing_distinct(const struct view *v)
{
    return v->wide ? v->wide->used + v->wide->crowd : v->fan.used;
}

/* ---- links ---- */

/* The links of a resource, to be changed. */
struct links {
    struct link *link;
    uint32_t *used;
    uint32_t capacity;
    struct wide *wide;
};

/* A link has gone, or is no longer what it was: what was counted over them is not true any more. */
static void recount(struct links l)
{
    if (l.wide)
        memset(l.wide->counted_day, 0, sizeof l.wide->counted_day);
}

/* A link has come, perhaps in the place of another. */
static void count_anew(struct links l, uint32_t place)
{
    for (unsigned i = 0; l.wide && i < 3; i++) {
        l.wide->counted[i] &= ~(UINT32_C(1) << place);
        l.wide->uncounted[i] |= UINT32_C(1) << place;
    }
}

static struct links links_of(struct jd_host *h, uint64_t key, struct resource *r)
{
    struct links small = {r->links, &r->used, 2, NULL};
    struct wide *w = r->wide ? jd_get(h, WIDES, key) : NULL;
    if (!w)
        return small;
    if (r->used) { /* they have just outgrown the record */
        memcpy(w->links, r->links, sizeof r->links);
        w->used = r->used;
        r->used = 0;
    }
    return (struct links){w->links, &w->used, LINKS, w};
}

static void drop(struct links l, uint32_t i)
{
    memmove(&l.link[i], &l.link[i + 1], (*l.used - i - 1) * sizeof *l.link);
    --*l.used;
    recount(l);
    if (!l.wide)
        return;
    uint32_t below = (UINT32_C(1) << i) - 1;
    l.wide->outside = (l.wide->outside & below) | (l.wide->outside >> 1 & ~below);
}

static void forget_old(struct links l, int64_t before)
{
    for (uint32_t i = *l.used; i-- > 0;)
        if (l.link[i].last < before)
            drop(l, i);
}

/* It is only compared. */
static uint64_t crowd_key(uint64_t resource, uint64_t unit)
{
    return (resource << 1 | resource >> 63) * UINT64_C(0x9e3779b97f4a7c15) ^ unit;
}

/* Makes room in full wide links: the unit that was served longest ago is kept by number only. */
static uint32_t replace_oldest(struct jd_host *h, uint64_t resource, struct links l, uint64_t unit)
{
    uint32_t oldest = 0;
    for (uint32_t i = 1; i < *l.used; i++)
        if (l.link[i].last < l.link[oldest].last)
            oldest = i;
    struct crowd *c = jd_get(h, CROWDS, crowd_key(resource, l.link[oldest].unit));
    if (c && !c->resource) {
        c->resource = resource;
        l.wide->crowd++;
    }
    if (jd_find(h, CROWDS, crowd_key(resource, unit))) {
        jd_remove(h, CROWDS, crowd_key(resource, unit));
        l.wide->crowd -= l.wide->crowd > 0;
    }
    l.wide->outside &= ~(UINT32_C(1) << oldest);
    return oldest;
}

static struct link *find(struct links l, uint64_t unit)
{
    for (uint32_t i = 0; i < *l.used; i++)
        if (l.link[i].unit == unit)
            return &l.link[i];
    return NULL;
}

static struct link *add(
    struct jd_host *h, uint64_t key, struct resource *r, struct links l, const struct order *o)
{
    if (*l.used == l.capacity && !r->wide) {
        r->wide = 1;
        l = links_of(h, key, r);
    }
    uint32_t place = *l.used;
    if (place < l.capacity)
        ++*l.used;
    else if (l.wide)
        place = replace_oldest(h, key, l, o->ref.unit);
    else
        return NULL; /* no room for wide links: all are pinned, or the bound is small */
    count_anew(l, place);
    l.link[place] =
        (struct link){.unit = o->ref.unit, .first_order = o->ref.order, .division = o->ref.region};
    return &l.link[place];
}

/* Notes that the unit ordered; late news of an older order does not change what is known of the latest. */
static void note(struct links l, struct link *link, const struct order *o, bool matched)
{
    if (link->orders < UINT8_MAX)
        link->orders++;
    link->matched |= matched;
    if (o->ref.region && link->division != o->ref.region) {
        link->division = o->ref.region;
        recount(l);
    }
    if (l.wide)
        proxy_purchasing_count_order(l.wide, o->ref.time);
    if (o->ref.time < link->last)
        return;
    link->last = o->ref.time;
    link->last_order = o->ref.order;
    link->city = o->city;
}

/* Two units say nothing of a phone, a door or a network. */
static unsigned shared(const struct resource *r, enum part part)
{
    bool pair = part == PART_DEVICE || part == PART_PAYER || part == PART_ACCOUNT;
    return r->wide || r->ring || (pair && r->used > 1) ? LINK_SHARED : 0;
}

unsigned proxy_purchasing_link(struct jd_host *h, const struct order *o, enum part part, bool matched)
{
    const struct config *c = jd_config(h);
    uint64_t key = proxy_purchasing_part(o, part);
    struct resource *r = jd_get(h, RESOURCES, key);
    if (!r)
        return 0;
    struct links l = links_of(h, key, r);
    forget_old(l, jd_now(h) - c->window);
    struct link *link = find(l, o->ref.unit);
    bool fresh = !link;
    if (fresh) {
        link = add(h, key, r, l, o);
        if (!link)
            return 0;
        l = links_of(h, key, r);
    }
    note(l, link, o, matched);
    r->part = (uint8_t)part;
    return shared(r, part) | (fresh ? LINK_NEW : 0);
}

void proxy_purchasing_mark(struct jd_host *h, const struct order *o, enum part part)
{
    uint64_t key = proxy_purchasing_part(o, part);
    struct resource *r = jd_find(h, RESOURCES, key);
    struct link *link = r ? find(links_of(h, key, r), o->ref.unit) : NULL;
    if (link)
        link->matched = 1;
}

unsigned proxy_purchasing_unlink(struct jd_host *h, const struct order *o, enum part part)
{
    uint64_t key = proxy_purchasing_part(o, part);
    struct resource *r = jd_find(h, RESOURCES, key);
    if (!r)
        return 0;
    unsigned before = shared(r, part);
    struct links l = links_of(h, key, r);
    struct link *link = find(l, o->ref.unit);
    if (!link)
        return before;
    if (link->orders <= 1) {
        drop(l, (uint32_t)(link - l.link));
        return before;
    }
    link->orders--;
    if (link->first_order == o->ref.order)
        link->first_order = link->last_order;
    if (link->last_order == o->ref.order)
        link->last_order = link->first_order;
    return before;
}
