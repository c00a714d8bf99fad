/* The dense core of a graph of units and the resources that they ordered through. */
#ifndef JIANDU_PROXY_PURCHASING_DENSITY_H
#define JIANDU_PROXY_PURCHASING_DENSITY_H

#include <stdbool.h>
#include <stdint.h>

#define DENSITY_RESOURCES 16
#define DENSITY_UNITS 128
#define DENSITY_LINKS 512

struct density_link {
    uint16_t resource, unit; /* numbers below `resources` and `units` */
};

struct density {
    unsigned resources, units, links;
    uint32_t base[DENSITY_RESOURCES];   /* weight of the kind of resource */
    uint32_t degree[DENSITY_RESOURCES]; /* units that it serves, also those outside the graph */
    struct density_link link[DENSITY_LINKS];
    /* the answer */
    bool core_resource[DENSITY_RESOURCES], core_unit[DENSITY_UNITS];
    uint32_t weight[DENSITY_RESOURCES]; /* of each resource's links */
};

/* base / log2(2 + degree), in 1/64: what many share says little about each. The damping is that of FRAUDAR
 * (Hooi et al., KDD 2016), whose logarithm keeps popular columns from looking guilty. */
uint32_t density_weight(uint32_t base, uint32_t degree);

/* Peels the graph: takes away the node of least weight again and again (the younger one of two), as FRAUDAR
 * does to find a set S of high g(S) = weight of its links / size. The core is the largest of the sets on the
 * way with at least three quarters of the highest g: what hangs on by little is left out, not what is merely
 * less dense. At most 144 * (144 + 512) steps. */
void density_core(struct density *);

#endif
