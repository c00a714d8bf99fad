/* The dense core of a ring's graph. */
#include "detectors/proxy_purchasing/density.h"
#include "tests/support/check.h"

#define DEVICE 8
#define PHONE 7
#define DOOR 3

static unsigned add_resource(struct density *d, uint32_t base, unsigned first, unsigned units)
{
    unsigned r = d->resources++;
    d->base[r] = base;
    d->degree[r] = units;
    for (unsigned u = first; u < first + units; u++) {
        d->link[d->links++] = (struct density_link){(uint16_t)r, (uint16_t)u};
        if (u >= d->units)
            d->units = u + 1;
    }
    return r;
}

static unsigned units_in_core(const struct density *d)
{
    unsigned n = 0;
    for (unsigned u = 0; u < d->units; u++)
        n += d->core_unit[u];
    return n;
}

static void test_weight(void)
{
    CHECK_INT(density_weight(8, 0), 512); /* log2(2) = 1 */
    CHECK_INT(density_weight(8, 2), 256);
    CHECK_INT(density_weight(8, 62), 85); /* log2(64) = 6 */
    for (uint32_t degree = 0; degree < 300; degree++)
        CHECK(density_weight(8, degree + 1) <= density_weight(8, degree));
}

static void test_star_stays_whole(void)
{
    for (unsigned units = 3; units <= 32; units++) {
        struct density d = {.resources = 0};
        add_resource(&d, DEVICE, 0, units);
        density_core(&d);
        CHECK(d.core_resource[0]);
        CHECK_INT(units_in_core(&d), units);
    }
}

static void test_smaller_resource_of_the_same_units(void)
{
    struct density d = {.resources = 0};
    add_resource(&d, DEVICE, 0, 5);
    add_resource(&d, PHONE, 0, 3);
    density_core(&d);
    CHECK_INT(units_in_core(&d), 5);
    CHECK(d.core_resource[1]);
}

/* A mail room that four of the ring's units share with 26 others. */
static void test_outsiders_fall_off(void)
{
    struct density d = {.resources = 0};
    add_resource(&d, DEVICE, 0, 5);
    add_resource(&d, PHONE, 0, 5);
    add_resource(&d, DOOR, 1, 30);
    density_core(&d);
    for (unsigned u = 0; u < 5; u++)
        CHECK(d.core_unit[u]);
    CHECK(units_in_core(&d) < 10);
    CHECK(d.core_resource[0] && d.core_resource[1]);
}

/* Weight of the links inside a set, times 64, and its size. */
struct inside {
    uint64_t weight;
    unsigned size;
};

static struct inside look(const struct density *d, unsigned set)
{
    struct inside s = {0, 0};
    for (unsigned i = 0; i < d->resources + d->units; i++)
        s.size += set >> i & 1;
    for (unsigned i = 0; i < d->links; i++)
        if (set >> d->link[i].resource & 1 && set >> (d->resources + d->link[i].unit) & 1)
            s.weight += density_weight(d->base[d->link[i].resource], d->degree[d->link[i].resource]);
    return s;
}

/* Greedy peeling finds at least half of the highest density, and the core has three quarters of that. */
static void test_against_all_subsets(void)
{
    uint64_t state = check_seed;
    for (unsigned round = 0; round < 60; round++) {
        struct density d = {.resources = 1 + (unsigned)(check_random(&state) % 3),
            .units = 3 + (unsigned)(check_random(&state) % 6)};
        for (unsigned r = 0; r < d.resources; r++) {
            d.base[r] = 1 + (uint32_t)(check_random(&state) % 8);
            for (unsigned u = 0; u < d.units; u++) {
                if (check_random(&state) % 3 == 0)
                    continue;
                d.link[d.links++] = (struct density_link){(uint16_t)r, (uint16_t)u};
                d.degree[r]++;
            }
            d.degree[r] += (uint32_t)(check_random(&state) % 20);
        }
        density_core(&d);
        struct inside best = {0, 1};
        unsigned core = 0, nodes = d.resources + d.units;
        for (unsigned set = 1; set < 1U << nodes; set++) {
            struct inside s = look(&d, set);
            if (s.weight * best.size > best.weight * s.size)
                best = s;
        }
        for (unsigned i = 0; i < nodes; i++)
            core |= (unsigned)(i < d.resources ? d.core_resource[i] : d.core_unit[i - d.resources]) << i;
        struct inside found = look(&d, core);
        CHECK(found.size > 0);
        CHECK(8 * found.weight * best.size >= 3 * best.weight * found.size);
    }
}

static void test_fullest_graph(void)
{
    struct density d = {.resources = DENSITY_RESOURCES, .units = DENSITY_UNITS};
    for (unsigned i = 0; i < DENSITY_LINKS; i++)
        d.link[d.links++] =
            (struct density_link){(uint16_t)(i % DENSITY_RESOURCES), (uint16_t)(i * 7 % DENSITY_UNITS)};
    for (unsigned r = 0; r < DENSITY_RESOURCES; r++)
        d.base[r] = d.degree[r] = 8;
    density_core(&d);
    CHECK(units_in_core(&d) > 0);
}

static const struct check_test tests[] = {
    {"a popular resource weighs less", test_weight},
    {"one device and its units stay together", test_star_stays_whole},
    {"a resource of some of the units takes nobody out", test_smaller_resource_of_the_same_units},
    {"units that hang on by a mail room fall off", test_outsiders_fall_off},
    {"the core is dense, against all subsets", test_against_all_subsets},
    {"the fullest graph", test_fullest_graph},
};
CHECK_MAIN(tests)
