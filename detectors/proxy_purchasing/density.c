#include "detectors/proxy_purchasing/density.h"

#include <string.h>

#define NODES (DENSITY_RESOURCES + DENSITY_UNITS)

/* log2(n) in 1/16, by chords between the powers of two. */
static uint32_t log2_16(uint32_t n)
{
    uint32_t whole = 0;
    while (n >> whole > 1)
        whole++;
    return 16 * whole + ((n - (UINT32_C(1) << whole)) * 16 >> whole);
}

uint32_t density_weight(uint32_t base, uint32_t degree)
{
    return base * 64 * 16 / log2_16(2 + degree);
}

/* Resources come first, then units: node numbers. */
struct peel {
    const struct density *graph;
    unsigned nodes, left;
    uint64_t total;
    uint64_t weight[NODES];
    bool alive[NODES];
    uint16_t order[NODES]; /* of removal */
};

static uint32_t weight_of(const struct density *d, unsigned link)
{
    return d->weight[d->link[link].resource];
}

static void start(struct peel *p, const struct density *d)
{
    *p = (struct peel){.graph = d, .nodes = d->resources + d->units};
    p->left = p->nodes;
    memset(p->alive, true, p->nodes * sizeof *p->alive);
    for (unsigned i = 0; i < d->links; i++) {
        p->weight[d->link[i].resource] += weight_of(d, i);
        p->weight[d->resources + d->link[i].unit] += weight_of(d, i);
        p->total += weight_of(d, i);
    }
}

static unsigned lightest(const struct peel *p)
{
    unsigned best = p->nodes;
    for (unsigned i = 0; i < p->nodes; i++)
        if (p->alive[i] && (best == p->nodes || p->weight[i] <= p->weight[best]))
            best = i;
    return best;
}

static void remove_node(struct peel *p, unsigned node)
{
    const struct density *d = p->graph;
    p->order[p->nodes - p->left] = (uint16_t)node;
    p->alive[node] = false;
    p->left--;
    p->total -= p->weight[node];
    for (unsigned i = 0; i < d->links; i++) {
        unsigned resource = d->link[i].resource, unit = d->resources + d->link[i].unit;
        if (resource == node)
            p->weight[unit] -= weight_of(d, i);
        else if (unit == node)
            p->weight[resource] -= weight_of(d, i);
    }
}

/* How many nodes to take away: `total[k]` is the weight that is left after k of them. */
static unsigned good_prefix(const uint64_t *total, unsigned nodes)
{
    unsigned best = 0;
    for (unsigned k = 1; k < nodes; k++)
        if (total[k] * (nodes - best) > total[best] * (nodes - k))
            best = k;
    unsigned k = 0;
    while (k < best && 4 * total[k] * (nodes - best) < 3 * total[best] * (nodes - k))
        k++;
    return k;
}

void density_core(struct density *d)
{
    uint64_t total[NODES + 1] = {0};
    struct peel p;
    for (unsigned i = 0; i < d->resources; i++)
        d->weight[i] = density_weight(d->base[i], d->degree[i]);
    start(&p, d);
    total[0] = p.total;
    while (p.left) {
        remove_node(&p, lightest(&p));
        total[p.nodes - p.left] = p.total;
    }
    memset(d->core_resource, true, sizeof d->core_resource);
    memset(d->core_unit, true, sizeof d->core_unit);
    unsigned outside = good_prefix(total, p.nodes);
    for (unsigned k = 0; k < outside; k++) {
        if (p.order[k] < d->resources)
            d->core_resource[p.order[k]] = false;
        else
            d->core_unit[p.order[k] - d->resources] = false;
    }
}
