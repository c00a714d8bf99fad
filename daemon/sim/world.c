#include "daemon/sim/world.h"

#include "daemon/base/memory.h"

#include "daemon/sim/person.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make_district(struct world *w, struct random *r, size_t i)
{
    static const char *const hall[] = {"市民中心", "行政中心", "机关大院", "政务服务中心"};
    struct district *d = &w->districts[i];
    const struct district *twin = NULL;
    const char *name;

    d->place = &geography_districts[i];
    for (size_t k = 0; k < i; k++) {
        if (geography_city(w->districts[k].place->code) == geography_city(d->place->code))
            twin = &w->districts[k];
    }
    name = hall[random_below(r, 4)];
    snprintf(d->compound, sizeof(d->compound), "%s%06u滨河路%d号%s收发室", d->place->city,
        (unsigned)d->place->code, (int)random_between(r, 1, 199), name);
    person_phone(r, d->mail_room);
    person_ip(r, d->egress, NET_GOVERNMENT);
    random_digits(r, d->treasury, "62", 19);
    d->has_treasury = random_chance(r, w->params->treasury);
    person_seat(r, &d->service_desk, NET_GOVERNMENT, geography_city(d->place->code));
    d->paired = &geography_counties[random_below(r, geography_n_counties)];
    if (!twin)
        return;
    memcpy(d->egress, twin->egress, sizeof(d->egress));
    memcpy(d->treasury, twin->treasury, sizeof(d->treasury));
    d->has_treasury = twin->has_treasury;
    d->paired = twin->paired;
}

static void make_supplier(struct world *w, struct random *r, struct supplier *s)
{
    static const struct {
        const char *word;
        int64_t price, grams;
    } category[] = {
        {"noodles", 2200, 2500},
        {"rice", 4800, 5000},
        {"oil", 8900, 5000},
        {"tea", 9800, 250},
        {"fruit", 4200, 2500},
        {"mushroom", 6800, 500},
        {"meat", 9600, 1500},
        {"honey", 7200, 1000},
        {"nuts", 6500, 1000},
        {"potato", 2600, 5000},
        {"eggs", 3900, 2000},
        {"beans", 2900, 2500},
    };

    s->place = &geography_counties[random_below(r, geography_n_counties)];
    random_digits(r, s->id, "109", 19);
    random_digits(r, s->account, "833", 19);
    random_digits(r, s->bank, "95", 19);
    person_credit_code(r, s->code, "91", s->place->code);
    person_init(r, &s->person, NET_SUPPLIER, s->place->code);
    if (random_chance(r, w->params->warehouses))
        s->warehouse = &geography_districts[random_below(r, geography_n_districts)];
    s->n_sku = (size_t)random_between(r, 3, SUPPLIER_SKUS);
    for (size_t i = 0; i < s->n_sku; i++) {
        size_t c = random_below(r, sizeof(category) / sizeof(category[0]));

        random_digits(r, s->sku[i].id, "117", 19);
        s->sku[i].category = category[c].word;
        s->sku[i].price = category[c].price * random_between(r, 75, 140) / 100;
        s->sku[i].grams = category[c].grams;
    }
}

static void make_staff(struct random *r, struct unit *u, const struct district *d)
{
    uint32_t city = geography_city(u->place->code);
    char office[WORLD_ID];

    person_ip(r, office, NET_BUSINESS);
    u->n_staff = (size_t)random_between(r, 1, UNIT_STAFF);
    for (size_t i = 0; i < u->n_staff; i++) {
        struct seat *desk = &u->staff[i].desk;

        person_init(r, &u->staff[i], u->city_hall ? NET_GOVERNMENT : NET_BUSINESS, city);
        memcpy(desk->ip, u->city_hall ? d->egress : office, sizeof(desk->ip));
    }
}

static void make_unit(struct world *w, struct random *r, size_t i, size_t district, int parent)
{
    static const char *const canteen[] = {"own", "own", "own", "outsourced", "none", "union"};
    struct unit *u = &w->units[i];
    const struct district *d = &w->districts[district];
    const char *kind = parent == WORLD_NONE ? "11" : random_chance(r, 120) ? "81" : "12";

    u->place = d->place;
    u->parent = parent;
    u->top = parent == WORLD_NONE ? (int)i : w->units[parent].top;
    u->group = u->contractor = WORLD_NONE;
    u->size = (int)random_below(r, 3);
    u->city_hall = random_chance(r, w->params->city_hall);
    u->compound = random_chance(r, w->params->compound) ? (int)district : WORLD_NONE;
    u->treasury = d->has_treasury && random_chance(r, 800);
    u->canteen = canteen[random_below(r, sizeof(canteen) / sizeof(canteen[0]))];
    person_credit_code(r, u->code, kind, u->place->code);
    random_digits(r, u->management, "831", 19);
    random_digits(r, u->trading, "832", 19);
    random_digits(r, u->payer, "628", 19);
    person_address(r, u->address, u->place);
    make_staff(r, u, d);
    memcpy(u->consignee, u->staff[0].phone, sizeof(u->consignee));
    if (u->treasury)
        memcpy(u->payer, d->treasury, sizeof(u->payer));
    if (u->compound != WORLD_NONE) {
        memcpy(u->address, d->compound, sizeof(u->address));
        memcpy(u->consignee, d->mail_room, sizeof(u->consignee));
    }
    for (int k = 0; k < UNIT_FAVOURITES; k++)
        u->favourite[k] = (int)random_below(r, w->n_suppliers);
}

/* Trees: a superior, then its subordinates, now and then one below a subordinate. */
static void make_units(struct world *w, struct random *r)
{
    size_t i = 0;

    while (i < w->n_units) {
        size_t head = i, size = 1 + random_below(r, (uint64_t)w->params->tree_max + 1);
        size_t district = random_below(r, w->n_districts);

        make_unit(w, r, i++, district, WORLD_NONE);
        for (; i < head + size && i < w->n_units; i++) {
            size_t parent = i > head + 1 && random_chance(r, 150) ? i - 1 : head;

            make_unit(w, r, i, district, (int)parent);
        }
    }
}

/* A free unit of that district, or WORLD_NONE when a fair number of tries finds none. */
static int free_unit(const struct world *w, struct random *r, const struct place *place)
{
    for (int tries = 0; tries < 400; tries++) {
        size_t i = random_below(r, w->n_units);
        const struct unit *u = &w->units[i];

        if (u->place == place && u->group == WORLD_NONE && u->contractor == WORLD_NONE)
            return (int)i;
    }
    return WORLD_NONE;
}

static void make_groups(struct world *w, struct random *r)
{
    size_t n = w->n_units * (size_t)w->params->share_groups / 1000 + 1;

    for (size_t g = 0; g < n; g++) {
        const struct place *place = w->districts[random_below(r, w->n_districts)].place;

        for (int64_t k = random_between(r, 3, 5); k > 0; k--) {
            int i = free_unit(w, r, place);

            if (i == WORLD_NONE)
                continue;
            w->units[i].group = (int)g;
            w->units[i].canteen = "shared";
        }
    }
    w->n_groups = n;
}

static void make_firm(struct random *r, struct firm *f, const struct place *place, bool known)
{
    f->place = place;
    f->known = known;
    person_credit_code(r, f->code, "91", place->code);
    random_digits(r, f->account, "832", 19);
    random_digits(r, f->bank, "62", 19);
    person_address(r, f->address, place);
    person_init(r, &f->person, NET_BUSINESS, geography_city(place->code));
}

static void make_firms(struct world *w, struct random *r)
{
    for (size_t i = 0; i < w->n_contractors; i++) {
        struct firm *f = &w->contractors[i];

        make_firm(r, f, w->districts[random_below(r, w->n_districts)].place, true);
        for (int64_t k = random_between(r, 3, CONTRACTOR_UNITS); k > 0; k--) {
            int u = free_unit(w, r, f->place);

            if (u == WORLD_NONE)
                continue;
            w->units[u].contractor = (int)i;
            w->units[u].canteen = "outsourced";
            f->unit[f->n_units++] = u;
        }
    }
    for (size_t i = 0; i < w->n_agents; i++) {
        bool known = i == 0 || random_chance(r, w->params->known);

        make_firm(r, &w->agents[i], w->districts[random_below(r, w->n_districts)].place, known);
        known = i == 0 || random_chance(r, w->params->known);
        make_firm(r, &w->pavilions[i], w->districts[random_below(r, w->n_districts)].place, known);
    }
}

void world_init(struct world *w, const struct sim_params *p, uint64_t seed, size_t units)
{
    struct random r;

    *w = (struct world){.params = p};
    random_init(&r, seed, UINT64_C(0x776f726c));
    w->n_units = units;
    w->n_suppliers = units * (size_t)p->suppliers / 1000 + 20;
    w->n_contractors = units * (size_t)p->contractors / 1000 + 1;
    w->n_agents = w->n_pavilions = units * (size_t)p->third_parties / 1000 + 2;
    w->n_districts = geography_n_districts;
    w->units = memory_zeroed(w->n_units, sizeof(*w->units), "the world");
    w->suppliers = memory_zeroed(w->n_suppliers, sizeof(*w->suppliers), "the world");
    w->contractors = memory_zeroed(w->n_contractors, sizeof(*w->contractors), "the world");
    w->agents = memory_zeroed(w->n_agents, sizeof(*w->agents), "the world");
    w->pavilions = memory_zeroed(w->n_pavilions, sizeof(*w->pavilions), "the world");
    w->districts = memory_zeroed(w->n_districts, sizeof(*w->districts), "the world");
    for (size_t i = 0; i < w->n_districts; i++)
        make_district(w, &r, i);
    for (size_t i = 0; i < w->n_suppliers; i++)
        make_supplier(w, &r, &w->suppliers[i]);
    make_units(w, &r);
    make_groups(w, &r);
    make_firms(w, &r);
}

void world_fini(struct world *w)
{
    free(w->units);
    free(w->suppliers);
    free(w->contractors);
    free(w->agents);
    free(w->pavilions);
    free(w->districts);
    *w = (struct world){.params = NULL};
}

const struct unit *world_buyer(const struct world *w, struct random *r)
{
    const int64_t share[] = {w->params->small, w->params->medium, 1000};
    const struct unit *u;

    do
        u = &w->units[random_below(r, w->n_units)];
    while (!random_chance(r, share[u->size]));
    return u;
}

bool world_related(const struct unit *a, const struct unit *b)
{
    if (a->top == b->top)
        return true;
    if (a->group != WORLD_NONE && a->group == b->group)
        return true;
    return a->contractor != WORLD_NONE && a->contractor == b->contractor;
}

struct supplier *world_supplier(const struct world *w, struct random *r, const struct unit *u)
{
    if (random_chance(r, 650))
        return &w->suppliers[u->favourite[random_below(r, UNIT_FAVOURITES)]];
    return &w->suppliers[random_below(r, w->n_suppliers)];
}
