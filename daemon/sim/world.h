/* Who lives in the simulated world: buying units in their trees with their people and computers, suppliers
 * with goods, canteen contractors, agents and pavilions. Made once from the seed; only the `taken` marks
 * change afterwards. */
#ifndef JIANDU_SIM_WORLD_H
#define JIANDU_SIM_WORLD_H

#include "daemon/sim/geography.h"
#include "daemon/sim/params.h"
#include "daemon/sim/random.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORLD_ID 24 /* room for any id: 19-digit numbers, credit codes, fingerprints, waybills */
#define WORLD_ADDRESS 160
#define WORLD_NONE (-1)

/* From where somebody acts. */
struct seat {
    char device[WORLD_ID], ip[WORLD_ID];
    uint32_t ip_region;
    const char *ip_class, *channel;
};

struct person {
    char operator_id[WORLD_ID], phone[WORLD_ID];
    struct seat desk, mobile;
};

enum { UNIT_STAFF = 3, UNIT_FAVOURITES = 3, SUPPLIER_SKUS = 6, CONTRACTOR_UNITS = 5 };

struct unit {
    char code[WORLD_ID], management[WORLD_ID], trading[WORLD_ID], payer[WORLD_ID];
    char address[WORLD_ADDRESS], consignee[WORLD_ID];
    const struct place *place;
    struct person staff[UNIT_STAFF];
    size_t n_staff;
    int parent, top;       /* units; top is itself for the first of a tree */
    int group, contractor; /* share group, contractor, or WORLD_NONE */
    int compound;          /* index of the district whose compound it sits in, or WORLD_NONE */
    bool treasury;         /* pays from its city's treasury account */
    bool city_hall;        /* goes out through its city's address */
    bool taken;            /* belongs to a campaign or trap already */
    int size;              /* 0 small, 1 medium, 2 large: a third each */
    const char *canteen;
    int favourite[UNIT_FAVOURITES]; /* suppliers */
};

struct sku {
    char id[WORLD_ID];
    const char *category;
    int64_t price; /* fen */
    int64_t grams; /* of one */
};

struct supplier {
    char id[WORLD_ID], code[WORLD_ID], account[WORLD_ID], bank[WORLD_ID];
    const struct place *place;
    struct person person;
    const struct place *warehouse; /* declared, NULL for none */
    struct sku sku[SUPPLIER_SKUS];
    size_t n_sku;
    bool taken;
};

/* Somebody outside the units: a canteen contractor, an agent or a pavilion. */
struct firm {
    char code[WORLD_ID], account[WORLD_ID], bank[WORLD_ID], address[WORLD_ADDRESS];
    const struct place *place;
    struct person person;
    int unit[CONTRACTOR_UNITS]; /* that a contractor has contracts with */
    size_t n_units;
    bool known, taken; /* known: in the registries */
};

/* What a district or its city shares. Districts of one city hold the same egress and treasury. */
struct district {
    const struct place *place;
    char compound[WORLD_ADDRESS], mail_room[WORLD_ID]; /* the mail room's phone */
    char egress[WORLD_ID], treasury[WORLD_ID];
    bool has_treasury;
    const struct place *paired; /* county */
    struct seat service_desk;
};

struct world {
    const struct sim_params *params;
    struct unit *units;
    struct supplier *suppliers;
    struct firm *contractors, *agents, *pavilions;
    struct district *districts;
    size_t n_units, n_suppliers, n_contractors, n_agents, n_pavilions, n_districts, n_groups;
};

void world_init(struct world *, const struct sim_params *, uint64_t seed, size_t units);
void world_fini(struct world *);

/* A unit that orders today: the larger, the likelier. */
const struct unit *world_buyer(const struct world *, struct random *);
/* Same tree, share group or contractor. */
bool world_related(const struct unit *, const struct unit *);
/* A supplier that the unit would choose: mostly one of its favourites. */
struct supplier *world_supplier(const struct world *, struct random *, const struct unit *);

#endif
