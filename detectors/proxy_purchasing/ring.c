#include "detectors/proxy_purchasing/proxy_purchasing.h"

/* Do both resources serve the same units: enough of them, and half of those of the smaller one? Less is what
 * an agent shares with any mail room in town. */
static bool same_units(struct jd_host *h, uint64_t a, uint64_t b)
{
    const struct config *c = jd_config(h);
    struct fan fan_a = proxy_purchasing_fan(h, a), fan_b = proxy_purchasing_fan(h, b);
    uint32_t shared = 0, smaller = fan_a.used < fan_b.used ? fan_a.used : fan_b.used;
    for (uint32_t i = 0; i < fan_a.used; i++) {
        uint32_t j = 0;
        while (j < fan_b.used && fan_b.links[j].unit != fan_a.links[i].unit)
            j++;
        shared += j < fan_b.used;
    }
    return shared >= c->ring_units && shared * 2 >= smaller;
}

static bool own_anchor(const struct resource *r, uint64_t key)
{
    return r->anchor_key == key;
}

/* A resource of the same order whose ring `part` can join: it has a case already and shares enough units. Of
 * two that stand alone, the less telling one joins the other. */
static const struct resource *ring_mate(
    struct jd_host *h, const struct order *o, uint64_t key, enum part part)
{
    for (unsigned i = 0; i < PARTS; i++) {
        uint64_t other = proxy_purchasing_part(o, (enum part)i).key;
        if (!(o->linked >> i & 1) || other == key)
            continue;
        const struct resource *mate = jd_find(h, RESOURCES, other);
        if (!mate || !mate->anchor_kind || own_anchor(mate, key))
            continue;
        bool settled = !own_anchor(mate, other) || mate->rooted;
        if ((settled || i < part) && same_units(h, key, other))
            return mate;
    }
    return NULL;
}

/* The same among the earlier orders of a resource that has just become suspicious. */
static const struct resource *earlier_mate(struct jd_host *h, uint64_t key, enum part part)
{
    struct fan fan = proxy_purchasing_fan(h, key);
    for (uint32_t i = 0; i < fan.used; i++) {
        const uint64_t orders[2] = {fan.links[i].first_order, fan.links[i].last_order};
        for (unsigned k = 0; k < 2; k++) {
            const struct order *o = jd_find(h, ORDERS, orders[k]);
            const struct resource *mate = o ? ring_mate(h, o, key, part) : NULL;
            if (mate)
                return mate;
        }
    }
    return NULL;
}

static void join(struct jd_host *h, struct resource *r, const struct resource *mate)
{
    r->anchor_key = mate->anchor_key;
    r->anchor_kind = mate->anchor_kind;
    struct resource *root = jd_find(h, RESOURCES, mate->anchor_key);
    if (root)
        root->rooted = 1;
}

/* The order's device, made the root of a ring if it belongs to none. */
static const struct resource *device_of(struct jd_host *h, const struct order *o)
{
    struct resource *r = jd_find(h, RESOURCES, o->ref.device);
    if (r && !r->anchor_kind) {
        r->anchor_kind = JD_KIND_DEVICE;
        r->anchor_key = o->ref.device;
    }
    return r;
}

bool proxy_purchasing_in_case(struct jd_host *h, uint64_t resource)
{
    const struct resource *r = jd_find(h, RESOURCES, resource);
    return r && r->anchor_kind;
}

bool proxy_purchasing_movable(struct jd_host *h, const struct order *o, enum part part)
{
    uint64_t key = proxy_purchasing_part(o, part).key;
    const struct resource *r = jd_find(h, RESOURCES, key);
    return r && r->anchor_kind && own_anchor(r, key) && !r->rooted;
}

/* Rings are named once: followers never move, nor does a resource that has followers or a signal that can
 * alert by itself. So an alert keeps its subject, and one unlucky link does not melt two rings into one. */
struct jd_subject proxy_purchasing_anchor(struct jd_host *h, const struct order *o, enum part part)
{
    struct jd_subject self = proxy_purchasing_part(o, part);
    struct resource *r = jd_find(h, RESOURCES, self.key);
    if (!r)
        return self;
    bool named = r->anchor_kind != 0;
    if (!named || proxy_purchasing_movable(h, o, part)) {
        const struct resource *mate = ring_mate(h, o, self.key, part);
        if (!mate && !named)
            mate = earlier_mate(h, self.key, part);
        if (!mate && part == PART_SUPPLIER)
            mate = device_of(h, o);
        if (mate) {
            proxy_purchasing_withdraw(h, o, part);
            join(h, r, mate);
        } else if (!named) {
            r->anchor_key = self.key;
            r->anchor_kind = (uint8_t)self.kind;
        }
    }
    return (struct jd_subject){r->anchor_kind, r->anchor_key};
}

void proxy_purchasing_withdraw(struct jd_host *h, const struct order *o, enum part part)
{
    static const enum signal signal_of[PARTS] = {
        [PART_DEVICE] = P1,
        [PART_PAYER] = P3_PAYER,
        [PART_LOGIN_PHONE] = P3_PHONE,
        [PART_PHONE] = P3_PHONE,
        [PART_ADDRESS] = P3_ADDRESS,
        [PART_ACCOUNT] = P9,
        [PART_SUPPLIER] = P11,
    };
    struct resource *r = jd_find(h, RESOURCES, proxy_purchasing_part(o, part).key);
    if (!r || !r->crowded)
        return;
    r->crowded = 0;
    struct jd_subject anchor = {r->anchor_kind, r->anchor_key};
    jd_retract(h, signal_of[part], anchor);
    if (part != PART_SUPPLIER)
        jd_retract(h, P10, anchor);
    if (part == PART_PAYER)
        jd_retract(h, P6, anchor);
    if (part == PART_DEVICE)
        jd_retract(h, P7, anchor);
    if (part == PART_SUPPLIER)
        jd_retract(h, P12, anchor);
}
