#include "detectors/proxy_purchasing/proxy_purchasing.h"

#define SPREAD 3 /* areas that are more than a neighbourhood */

/* What divides a division's code into that of the area. */
static const uint32_t area_of[] = {[NEAR_NOBODY] = 0, [NEAR_DIVISION] = 1, [NEAR_CITY] = 100};

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

uint32_t proxy_purchasing_divisions(struct fan fan, link_mask counted)
{
    uint32_t divisions = 0;
    for (uint32_t i = 0; i < fan.used; i++) {
        uint32_t j = 0;
        while (j < i && !(counted >> j & 1 && fan.links[j].division == fan.links[i].division))
            j++;
        divisions += counted >> i & 1 && fan.links[i].division && j == i;
    }
    return divisions;
}

uint32_t proxy_purchasing_count(link_mask mask)
{
    uint32_t n = 0;
    for (; mask; mask &= mask - 1)
        n++;
    return n;
}

link_mask proxy_purchasing_own(struct jd_host *h, struct fan fan, enum part part)
{
    uint64_t key[LINKS];
    link_mask own = 0;
    for (uint32_t i = 0; i < fan.used; i++) {
        const struct order *o = jd_find(h, ORDERS, fan.links[i].first_order);
        key[i] = o ? proxy_purchasing_part(o, part) : 0;
        uint32_t j = 0;
        while (j < i && key[j] != key[i])
            j++;
        own |= (link_mask)(key[i] && j == i) << i;
    }
    return own;
}

link_mask proxy_purchasing_matched(struct fan fan)
{
    link_mask matched = 0;
    for (uint32_t i = 0; i < fan.used; i++)
        matched |= (link_mask)fan.links[i].matched << i;
    return matched;
}

/* Has nobody said who is above the unit? Where the tree is known in part only, its division may not have
 * filed any. */
static bool unfiled(struct jd_host *h, const struct link *l)
{
    return !jd_listed(h, JD_LIST_PARENT, l->unit, NULL);
}

static bool tied(struct jd_host *h, const struct link *a, const struct link *b, uint32_t area, bool filed)
{
    if (area && a->division && a->division / area == b->division / area &&
        (!filed || (unfiled(h, a) && unfiled(h, b))))
        return true;
    return jd_related(h, a->unit, b->unit);
}

/* Takes the links in turn and keeps each that has no tie to those kept: 32 * 31 / 2 questions at most.
 * `filed`: most units are in the tree, and being neighbours only ties those of which nothing is said. */
static link_mask keep_strangers(
    struct jd_host *h, struct fan fan, link_mask among, link_mask kept, uint32_t area)
{
    bool filed = area && proxy_purchasing_tree_known(h);
    area = filed ? 1 : area; /* divisions file, or do not */
    for (uint32_t i = 0; i < fan.used; i++) {
        if (!(among >> i & 1))
            continue;
        uint32_t j = 0;
        while (j < fan.used && !(kept >> j & 1 && tied(h, &fan.links[i], &fan.links[j], area, filed)))
            j++;
        if (j == fan.used)
            kept |= UINT32_C(1) << i;
    }
    return kept;
}

/* Over all links of a wide resource. Relations change by the day at most: until then only new links are asked
 * about, 31 questions each. */
static link_mask keep_counted(struct jd_host *h, const struct view *v, enum nearness near)
{
    struct wide *w = v->wide;
    uint32_t today = (uint32_t)jd_day(jd_now(h));
    bool known = w->counted_day[near] == today;
    w->counted[near] = keep_strangers(
        h, v->fan, known ? w->uncounted[near] : ALL_LINKS, known ? w->counted[near] : 0, area_of[near]);
    w->uncounted[near] = 0;
    w->counted_day[near] = today;
    return w->counted[near];
}

static link_mask count_kept(struct jd_host *h, const struct view *v, link_mask among, enum nearness near)
{
    return among == ALL_LINKS && v->wide ? keep_counted(h, v, near)
                                         : keep_strangers(h, v->fan, among, 0, area_of[near]);
}

unsigned proxy_purchasing_unrelated(
    struct jd_host *h, const struct view *v, link_mask among, enum nearness near, link_mask *counted)
{
    link_mask kept = count_kept(h, v, among, near);
    if (near && proxy_purchasing_count(kept) >= SPREAD)
        kept = count_kept(h, v, among, NEAR_NOBODY);
    if (counted)
        *counted = kept;
    return proxy_purchasing_count(kept);
}

bool proxy_purchasing_strangers(
    struct jd_host *h, uint64_t unit_a, uint32_t division_a, uint64_t unit_b, uint32_t division_b)
{
    return unit_a != unit_b && (!division_a || division_a != division_b) && !jd_related(h, unit_a, unit_b);
}
