#include "detectors/proxy_purchasing/rings.h"

#include <string.h>

#define ALIASES 16 /* mergers followed */

static uint64_t scramble(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* 60 bits of a hash of the founding link's entry id: twelve characters of base 32. */
static uint64_t name_of(int64_t ms, uint64_t seq, uint32_t part)
{
    uint64_t name = scramble(scramble(scramble((uint64_t)ms) + seq) + part) >> 4;
    return name ? name : 1;
}

/* Which of two founding links is the older one? Entry ids are unique, and parts within one. */
static bool before(
    int64_t ms_a, uint64_t seq_a, uint32_t part_a, int64_t ms_b, uint64_t seq_b, uint32_t part_b)
{
    if (ms_a != ms_b)
        return ms_a < ms_b;
    if (seq_a != seq_b)
        return seq_a < seq_b;
    return part_a < part_b;
}

static bool older(const struct ring_part *a, const struct ring_part *b)
{
    return before(a->ms, a->seq, a->part, b->ms, b->seq, b->part);
}

static bool elder(const struct ring *a, const struct ring *b)
{
    return before(
        a->founded_ms, a->founded_seq, a->founded_part, b->founded_ms, b->founded_seq, b->founded_part);
}

uint64_t rings_resolve(struct jd_host *h, unsigned table, uint64_t ring)
{
    struct ring *first = NULL;
    for (unsigned i = 0; i <= ALIASES && ring; i++) {
        struct ring *r = jd_find(h, table, ring);
        if (!r)
            return 0;
        if (!r->alias) {
            if (first)
                first->alias = ring; /* the next time it is one step */
            return ring;
        }
        first = first ? first : r;
        ring = r->alias;
    }
    return 0;
}

static bool among(const struct ring_part *parts, unsigned n, uint64_t key)
{
    for (unsigned i = 0; i < n; i++)
        if (parts[i].key == key)
            return true;
    return false;
}

/* What is being named. */
struct group {
    unsigned table;
    const struct ring_part *parts;
    unsigned n;
    bool whole;
    rings_lives lives;
};

/* Is the ring's anchor elsewhere? */
static bool left_behind(struct jd_host *h, const struct group *g, const struct ring *r)
{
    return g->whole && !among(g->parts, g->n, r->anchor) && g->lives(h, r->anchor);
}

/* The eldest ring that has a claim to the parts; `left` gets one that has none, 0 if each has. */
static uint64_t claimed(struct jd_host *h, const struct group *g, uint64_t *left)
{
    uint64_t best = 0;
    struct ring first = {.used = 0};
    *left = 0;
    for (unsigned i = 0; i < g->n; i++) {
        uint64_t name = rings_resolve(h, g->table, g->parts[i].ring);
        const struct ring *r = name ? jd_find(h, g->table, name) : NULL;
        if (!r)
            continue;
        if (left_behind(h, g, r)) {
            *left = name;
            continue;
        }
        if (!best || elder(r, &first)) {
            best = name;
            first = *r;
        }
    }
    return best;
}

/* The part with the oldest first link among those that are not taken. */
static const struct ring_part *oldest(const struct group *g, uint32_t taken)
{
    const struct ring_part *first = NULL;
    for (unsigned i = 0; i < g->n; i++)
        if (!(taken >> i & 1) && (!first || older(&g->parts[i], first)))
            first = &g->parts[i];
    return first;
}

/* A part's first link may have founded the ring that it falls off from: then the next one names the new. */
static uint64_t found(struct jd_host *h, const struct group *g, uint64_t parent)
{
    const struct ring_part *by = oldest(g, 0);
    struct ring_part first = g->parts[0];
    uint64_t name = 0;
    for (uint32_t taken = 0; by; by = oldest(g, taken)) {
        first = *by;
        taken |= UINT32_C(1) << (by - g->parts);
        name = name_of(by->ms, by->seq, by->part);
        if (!jd_find(h, g->table, name))
            break;
    }
    if (!by) /* all have founded rings that have gone elsewhere */
        name ^= parent;
    struct ring *r = name ? jd_get(h, g->table, name) : NULL;
    if (!r)
        return 0;
    r->founded_ms = first.ms;
    r->founded_seq = first.seq;
    r->founded_part = first.part;
    r->parent = parent;
    return name;
}

static void merge(struct jd_host *h, const struct group *g, uint64_t into)
{
    for (unsigned i = 0; i < g->n; i++) {
        uint64_t name = rings_resolve(h, g->table, g->parts[i].ring);
        struct ring *r = name && name != into ? jd_find(h, g->table, name) : NULL;
        if (!r || left_behind(h, g, r))
            continue;
        r->alias = into;
        struct ring *all = jd_find(h, g->table, into);
        if (all)
            all->younger = name;
    }
}

/* Takes down who belongs to the ring now, and its anchor; of two of one weight the one that it had. */
static void note(struct ring *r, const struct group *g)
{
    const struct ring_part *anchor = &g->parts[0];
    if (g->whole)
        r->used = 0;
    for (unsigned i = 0; i < g->n; i++) {
        const struct ring_part *p = &g->parts[i];
        if (p->weight > anchor->weight || (p->weight == anchor->weight && p->key == r->anchor))
            anchor = p;
        uint32_t k = 0;
        while (k < r->used && r->resource[k].key != p->key)
            k++;
        if (k == RING_RESOURCES)
            continue;
        r->resource[k].key = p->key;
        r->resource[k].part = p->part;
        r->used += k == r->used;
    }
    r->anchor = anchor->key;
}

uint64_t rings_settle(struct jd_host *h, unsigned table, const struct ring_part *parts, unsigned n,
    bool whole, rings_lives lives)
{
    const struct group g = {table, parts, n, whole, lives};
    uint64_t left, name = claimed(h, &g, &left);
    if (!name)
        name = found(h, &g, left);
    struct ring *r = name ? jd_get(h, table, name) : NULL;
    if (!r)
        return 0;
    merge(h, &g, name);
    note(r, &g);
    return name;
}
