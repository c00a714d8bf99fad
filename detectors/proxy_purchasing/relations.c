#include "detectors/proxy_purchasing/proxy_purchasing.h"

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

static bool tied(struct jd_host *h, const struct link *a, const struct link *b, uint32_t area)
{
    if (area && a->division && a->division / area == b->division / area)
        return true;
    return jd_related(h, a->unit, b->unit);
}

static unsigned bits(link_mask mask)
{
    unsigned n = 0;
    for (; mask; mask &= mask - 1)
        n++;
    return n;
}

/* Takes the links in turn and keeps each that has no tie to those kept: 32 * 31 / 2 questions at most. */
static link_mask keep_strangers(struct jd_host *h, struct fan fan, link_mask among, uint32_t area)
{
    link_mask kept = 0;
    for (uint32_t i = 0; i < fan.used; i++) {
        if (!(among >> i & 1))
            continue;
        uint32_t j = 0;
        while (j < i && !(kept >> j & 1 && tied(h, &fan.links[i], &fan.links[j], area)))
            j++;
        if (j == i)
            kept |= UINT32_C(1) << i;
    }
    return kept;
}

/* Relations change by the day at most, links say so: in between the last count stands. */
unsigned proxy_purchasing_unrelated(
    struct jd_host *h, const struct view *v, link_mask among, enum nearness near, link_mask *counted)
{
    if (near && proxy_purchasing_tree_known(h))
        near = NEAR_NOBODY;
    uint32_t today = (uint32_t)jd_day(jd_now(h));
    bool all = among == ALL_LINKS && v->wide;
    link_mask kept;
    if (all && v->wide->counted_day[near] == today)
        kept = v->wide->counted[near];
    else
        kept = keep_strangers(h, v->fan, among, area_of[near]);
    if (all) {
        v->wide->counted_day[near] = today;
        v->wide->counted[near] = kept;
    }
    if (counted)
        *counted = kept;
    return bits(kept);
}

bool proxy_purchasing_strangers(
    struct jd_host *h, uint64_t unit_a, uint32_t division_a, uint64_t unit_b, uint32_t division_b)
{
    return unit_a != unit_b && (!division_a || division_a != division_b) && !jd_related(h, unit_a, unit_b);
}
