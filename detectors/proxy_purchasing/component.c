/* Which resources belong together. Two that serve the same units do: enough of them, and half of those of the
 * smaller one; less is what an agent shares with any mail room in town. Only resources that are suspicious
 * themselves take part, popular ones do not, and links that have not been used for long do not count: so no
 * unlucky link melts two rings into one, and no forest has to be kept and mended. A search holds at most
 * LOOKS resources against another, those first that most units are known to share. */
#include "detectors/proxy_purchasing/component.h"

#include <string.h>

#define LOOKS 48
#define FEW_LOOKS 16                       /* what takes no more may be done with each new unit */
#define EAGER 8                            /* units up to which each new one is a reason to search */
#define CANDIDATES (LINKS * SUSPECTS_KEPT) /* of one resource */
#define BUCKETS 1024
#define SEARCHES UINT64_C(2) /* a key in TALLIES; no entity's hash is ever that small */

_Static_assert(BUCKETS >= 2 * CANDIDATES && (BUCKETS & (BUCKETS - 1)) == 0, "a place is found in few steps");

bool component_live(struct jd_host *h, const struct link *l)
{
    return l->last >= jd_now(h) - ((const struct config *)jd_config(h))->ring_window;
}

/* Do both serve the same units? Where they have been one ring before, so many that they share are enough, and
 * each may have grown by itself. */
static bool same_units(struct jd_host *h, struct fan a, struct fan b, bool one_ring)
{
    const struct config *c = jd_config(h);
    uint32_t both = 0, of_a = 0, of_b = 0;
    for (uint32_t j = 0; j < b.used; j++)
        of_b += component_live(h, &b.links[j]);
    for (uint32_t i = 0; i < a.used; i++) {
        if (!component_live(h, &a.links[i]))
            continue;
        of_a++;
        uint32_t j = 0;
        while (j < b.used && b.links[j].unit != a.links[i].unit)
            j++;
        both += j < b.used && component_live(h, &b.links[j]);
    }
    return both >= c->ring_units && (one_ring || both * 2 >= (of_a < of_b ? of_a : of_b));
}

/* What everybody shares ties nobody: a popular resource carries no links. */
static bool is_hub(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    return proxy_purchasing_distinct(v) > (v->part == PART_DEVICE ? c->hub_devices : c->hub_units);
}

static bool holds(const struct component *all, uint64_t key)
{
    for (unsigned i = 0; i < all->n; i++)
        if (all->node[i].key == key)
            return true;
    return false;
}

static bool belongs(struct jd_host *h, const struct view *to, const struct view *v)
{
    return v->resource->ring && !is_hub(h, v) &&
           same_units(h, to->fan, v->fan, v->resource->ring == to->resource->ring);
}

/* ---- what the units of a resource are tied to besides ---- */

struct candidate {
    uint64_t key;
    uint8_t part;
    uint8_t shared; /* units that are known to be tied to it */
};

struct candidates {
    unsigned n;
    struct candidate of[CANDIDATES];
    uint16_t bucket[BUCKETS]; /* 1 + place in `of` */
};

static void count(struct candidates *all, uint64_t key, uint8_t part)
{
    unsigned b = key & (BUCKETS - 1); /* a seeded hash */
    while (all->bucket[b] && all->of[all->bucket[b] - 1].key != key)
        b = (b + 1) & (BUCKETS - 1);
    if (!all->bucket[b]) {
        all->of[all->n++] = (struct candidate){.key = key, .part = part};
        all->bucket[b] = (uint16_t)all->n;
    }
    all->of[all->bucket[b] - 1].shared++;
}

static void gather(struct jd_host *h, struct fan fan, struct candidates *all)
{
    memset(all->bucket, 0, sizeof all->bucket);
    all->n = 0;
    for (uint32_t i = 0; i < fan.used; i++) {
        const struct suspects *s =
            component_live(h, &fan.links[i]) ? jd_find(h, SUSPECTS, fan.links[i].unit) : NULL;
        for (uint32_t k = 0; s && k < s->used; k++)
            count(all, s->key[k], s->part[k]);
    }
}

/* ---- the search ---- */

/* Takes in a candidate that belongs to a node; false: there are no more looks. */
static bool consider(struct jd_host *h, struct component *all, unsigned from, const struct candidate *c)
{
    struct view v;
    if (holds(all, c->key))
        return true;
    if (!all->looks || all->n == RING_RESOURCES) {
        all->whole = false;
        return false;
    }
    all->looks--;
    if (proxy_purchasing_look(h, c->key, (enum part)c->part, &v) && belongs(h, &all->node[from], &v))
        all->node[all->n++] = v;
    return true;
}

static void follow(struct jd_host *h, struct component *all, unsigned from)
{
    const struct config *c = jd_config(h);
    struct candidates candidates;
    gather(h, all->node[from].fan, &candidates);
    for (uint32_t shared = LINKS; shared >= c->ring_units; shared--)
        for (unsigned i = 0; i < candidates.n; i++)
            if (candidates.of[i].shared == shared && !consider(h, all, from, &candidates.of[i]))
                return;
}

void component_search(struct jd_host *h, const struct view *start, struct component *all)
{
    *all = (struct component){.n = 1, .looks = LOOKS, .whole = true};
    all->node[0] = *start;
    if (is_hub(h, start))
        return;
    for (unsigned i = 0; i < all->n; i++)
        follow(h, all, i);
    if (start->wide)
        start->wide->searched = LOOKS - all->looks > FEW_LOOKS ? proxy_purchasing_distinct(start) : 0;
    struct tally *count = jd_get(h, TALLIES, SEARCHES);
    if (count)
        count->orders += !all->whole;
}

bool component_due(const struct view *v)
{
    uint32_t units = proxy_purchasing_distinct(v);
    return !v->wide || units <= EAGER || units * 4 >= v->wide->searched * 5;
}

int64_t component_cut(struct jd_host *h)
{
    const struct tally *count = jd_find(h, TALLIES, SEARCHES);
    return count ? count->orders : 0;
}
