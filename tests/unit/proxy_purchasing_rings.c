/* Names of rings: growth, mergers, splits. */
#include "daemon/state/table.h"
#include "detectors/proxy_purchasing/rings.h"
#include "tests/support/check.h"

#define START INT64_C(1762900000000)
#define RINGS 0

/* A host with one table and nothing else. `dead` is a resource that no unit is tied to any more. */
struct stage {
    struct jd_host_head head; /* first */
    struct table *table;
    uint64_t dead;
};

static struct stage *stage_of(struct jd_host *h)
{
    return (struct stage *)(void *)h;
}

static void *find(struct jd_host *h, unsigned table, uint64_t key)
{
    (void)table;
    return table_find(stage_of(h)->table, key, START);
}

static void *get(struct jd_host *h, unsigned table, uint64_t key)
{
    (void)table;
    return table_get(stage_of(h)->table, key, START, NULL);
}

static bool lives(struct jd_host *h, uint64_t resource)
{
    return resource != stage_of(h)->dead;
}

static const struct jd_api api = {.size = sizeof(struct jd_api), .find = find, .get = get};

static struct jd_host *begin(struct stage *s)
{
    struct error err;
    const struct jd_table spec = {"rings", sizeof(struct ring), 1, 1000, 0, 0, 0};
    *s = (struct stage){.head = {&api}, .table = table_create(&spec, &err)};
    return (struct jd_host *)(void *)s;
}

static void end(struct stage *s)
{
    table_destroy(s->table);
}

/* A resource whose first link came `minute` minutes after the start. */
static struct ring_part part(uint64_t key, uint64_t ring, int64_t minute, uint32_t weight)
{
    return (struct ring_part){
        .key = key, .ring = ring, .ms = START + minute * JD_MINUTE, .part = 0, .weight = weight};
}

static uint64_t settle(struct jd_host *h, const struct ring_part *parts, unsigned n)
{
    return rings_settle(h, RINGS, parts, n, true, lives);
}

static void test_growth_keeps_the_name(void)
{
    struct stage s;
    struct jd_host *h = begin(&s);
    struct ring_part parts[RING_RESOURCES];
    parts[0] = part(1, 0, 10, 5);
    uint64_t name = settle(h, parts, 1);
    CHECK(name != 0);
    for (unsigned n = 2; n <= RING_RESOURCES; n++) {
        for (unsigned i = 0; i + 1 < n; i++)
            parts[i].ring = name;
        parts[n - 1] = part(n, 0, 10 - (int64_t)n, 5 + n); /* older, and heavier: the anchor moves */
        CHECK_INT(settle(h, parts, n), name);
    }
    const struct ring *r = find(h, RINGS, name);
    REQUIRE(r);
    CHECK_INT(r->used, RING_RESOURCES);
    CHECK_INT(r->anchor, RING_RESOURCES);
    end(&s);
}

static void test_name_is_of_the_founding_link_alone(void)
{
    struct stage a, b;
    struct jd_host *one = begin(&a), *other = begin(&b);
    const struct ring_part here = part(1, 0, 10, 5), there = part(77777, 0, 10, 900);
    CHECK_INT(settle(one, &here, 1), settle(other, &there, 1));
    struct ring_part sibling = there;
    sibling.part = 1; /* the same order founds another ring by its payer */
    CHECK(settle(one, &here, 1) != settle(other, &sibling, 1));
    end(&a);
    end(&b);
}

static void test_merger_keeps_the_elder(void)
{
    struct stage s;
    struct jd_host *h = begin(&s);
    struct ring_part old = part(1, 0, 10, 5), young = part(2, 0, 20, 9);
    young.ring = settle(h, &young, 1);
    old.ring = settle(h, &old, 1);
    CHECK(old.ring != young.ring);
    const struct ring_part both[] = {young, old};
    CHECK_INT(settle(h, both, 2), old.ring);
    CHECK_INT(rings_resolve(h, RINGS, young.ring), old.ring);
    const struct ring *r = find(h, RINGS, old.ring);
    REQUIRE(r);
    CHECK_INT(r->younger, young.ring);
    CHECK_INT(r->anchor, 2); /* the heavier one */
    end(&s);
}

/* Twelve rings, merged two by two in random order: one name is left, the eldest's. */
static void test_many_mergers(void)
{
    enum { RINGS_N = 12 };
    uint64_t state = check_seed;
    struct stage s;
    struct jd_host *h = begin(&s);
    struct ring_part all[RINGS_N];
    unsigned group[RINGS_N];
    for (unsigned i = 0; i < RINGS_N; i++) {
        all[i] = part(100 + i, 0, (int64_t)((i * 7 + 3) % RINGS_N), 1 + (uint32_t)(check_random(&state) % 9));
        all[i].ring = settle(h, &all[i], 1);
        group[i] = i;
    }
    uint64_t eldest = 0;
    for (unsigned i = 0; i < RINGS_N; i++)
        if (all[i].ms == START)
            eldest = all[i].ring;
    for (unsigned step = 0; step < 200; step++) {
        unsigned a = group[check_random(&state) % RINGS_N], b = group[check_random(&state) % RINGS_N], n = 0;
        struct ring_part joined[RINGS_N];
        for (unsigned i = 0; i < RINGS_N; i++)
            if (group[i] == a || group[i] == b)
                joined[n++] = all[i];
        uint64_t name = settle(h, joined, n);
        for (unsigned i = 0; i < RINGS_N; i++) {
            if (group[i] != a && group[i] != b)
                continue;
            group[i] = a;
            CHECK_INT(rings_resolve(h, RINGS, all[i].ring), name);
            if (step % 2)
                all[i].ring = name; /* a resource may also go on under the name it knows */
        }
    }
    for (unsigned i = 0; i < RINGS_N; i++)
        CHECK_INT(rings_resolve(h, RINGS, all[i].ring), eldest);
    end(&s);
}

static void test_split_leaves_the_name_with_the_anchor(void)
{
    struct stage s;
    struct jd_host *h = begin(&s);
    struct ring_part parts[] = {part(1, 0, 10, 5), part(2, 0, 20, 9), part(3, 0, 30, 1)};
    uint64_t name = settle(h, parts, 3);
    for (unsigned i = 0; i < 3; i++)
        parts[i].ring = name;
    const struct ring_part fallen[] = {parts[0], parts[2]};
    uint64_t other = settle(h, fallen, 2); /* 2 is the anchor and is not among them */
    CHECK(other != 0 && other != name);
    const struct ring *r = find(h, RINGS, other);
    REQUIRE(r);
    CHECK_INT(r->parent, name);
    CHECK_INT(settle(h, &parts[1], 1), name);
    struct ring_part back[] = {part(1, other, 10, 5), part(2, name, 20, 9), part(3, other, 30, 1)};
    CHECK_INT(rings_resolve(h, RINGS, settle(h, back, 3)), rings_resolve(h, RINGS, name));
    end(&s);
}

static void test_dead_anchor_lets_the_name_go(void)
{
    struct stage s;
    struct jd_host *h = begin(&s);
    struct ring_part parts[] = {part(1, 0, 10, 5), part(2, 0, 20, 9)};
    uint64_t name = settle(h, parts, 2);
    parts[0].ring = parts[1].ring = name;
    s.dead = 2;
    CHECK_INT(settle(h, &parts[0], 1), name);
    end(&s);
}

static void test_unfinished_search_splits_nothing(void)
{
    struct stage s;
    struct jd_host *h = begin(&s);
    struct ring_part parts[] = {part(1, 0, 10, 5), part(2, 0, 20, 9)};
    uint64_t name = settle(h, parts, 2);
    parts[0].ring = parts[1].ring = name;
    CHECK_INT(rings_settle(h, RINGS, &parts[0], 1, false, lives), name);
    const struct ring *r = find(h, RINGS, name);
    REQUIRE(r);
    CHECK_INT(r->used, 2);
    end(&s);
}

static void test_unknown_names(void)
{
    struct stage s;
    struct jd_host *h = begin(&s);
    CHECK_INT(rings_resolve(h, RINGS, 0), 0);
    CHECK_INT(rings_resolve(h, RINGS, 12345), 0);
    const struct ring_part p = part(1, 12345, 10, 5); /* of a ring that has expired */
    CHECK(settle(h, &p, 1) != 0);
    end(&s);
}

static const struct check_test tests[] = {
    {"growth keeps the name", test_growth_keeps_the_name},
    {"the name is of the founding link alone", test_name_is_of_the_founding_link_alone},
    {"a merger keeps the elder's name", test_merger_keeps_the_elder},
    {"many mergers leave the eldest's name", test_many_mergers},
    {"a split leaves the name with the anchor", test_split_leaves_the_name_with_the_anchor},
    {"a dead anchor lets the name go", test_dead_anchor_lets_the_name_go},
    {"an unfinished search splits nothing", test_unfinished_search_splits_nothing},
    {"unknown names", test_unknown_names},
};
CHECK_MAIN(tests)
