#include "daemon/state/table.h"
#include "tests/support/check.h"

#include <inttypes.h>

struct value {
    uint64_t stamp, pad[2];
};

static struct table *make_table(uint32_t bound, int64_t ttl)
{
    const struct jd_table spec = {"test", sizeof(struct value), 1, bound, ttl, 0, 0};
    struct error err;
    struct table *t = table_create(&spec, &err);
    if (!t)
        check_fail(__FILE__, __LINE__, "%s", err.text);
    return t;
}

static struct table_stats stats_of(const struct table *t)
{
    struct table_stats stats;
    table_stats(t, &stats);
    return stats;
}

/* ---- the model: two arrays in order of touch, searched from the front ---- */

#define MODEL_MAX 1024

struct model_record {
    uint64_t key, stamp;
    int64_t touched;
};

struct model {
    struct model_record list[2][MODEL_MAX];
    size_t n[2], bound;
    int64_t ttl, newest_evicted;
    uint64_t evicted, expired, refused;
};

static struct model_record model_take(struct model *m, int list, size_t at)
{
    struct model_record r = m->list[list][at];
    m->n[list]--;
    memmove(&m->list[list][at], &m->list[list][at + 1], (m->n[list] - at) * sizeof r);
    return r;
}

static struct model_record *model_append(struct model *m, int list, struct model_record r)
{
    m->list[list][m->n[list]] = r;
    return &m->list[list][m->n[list]++];
}

static bool model_expired(const struct model *m, const struct model_record *r, int64_t now)
{
    return m->ttl && now - r->touched > m->ttl;
}

static struct model_record *model_seek(struct model *m, uint64_t key, int *list, size_t *at)
{
    for (*list = 0; *list < 2; ++*list)
        for (*at = 0; *at < m->n[*list]; ++*at)
            if (m->list[*list][*at].key == key)
                return &m->list[*list][*at];
    return NULL;
}

static bool model_make_room(struct model *m, int64_t now)
{
    for (int list = 0; list < 2; list++)
        for (int i = 0; i < 2 && m->n[list] && model_expired(m, &m->list[list][0], now); i++, m->expired++)
            model_take(m, list, 0);
    if (m->n[0] + m->n[1] < m->bound)
        return true;
    if (!m->n[0]) {
        m->refused++;
        return false;
    }
    struct model_record r = model_take(m, 0, 0);
    m->evicted++;
    if (r.touched > m->newest_evicted)
        m->newest_evicted = r.touched;
    return true;
}

static struct model_record *model_get(struct model *m, uint64_t key, int64_t now, bool *fresh)
{
    int list;
    size_t at;
    struct model_record r = {.key = key};
    struct model_record *old = model_seek(m, key, &list, &at);
    *fresh = !old || model_expired(m, old, now);
    if (!old) {
        list = 0;
        if (!model_make_room(m, now)) {
            *fresh = false;
            return NULL;
        }
    } else if (now - old->touched < m->ttl / 64)
        return old;
    else {
        struct model_record taken = model_take(m, list, at);
        if (*fresh) {
            list = 0;
            m->expired++;
        } else
            r = taken;
    }
    r.touched = now;
    return model_append(m, list, r);
}

static void compare_all(const struct model *m, const struct table *t)
{
    uint64_t cursor = 0, key;
    void *record;
    int64_t touched;
    bool pinned;
    for (int list = 0; list < 2; list++)
        for (size_t i = 0; i < m->n[list]; i++) {
            const struct model_record *r = &m->list[list][i];
            REQUIRE(table_next(t, &cursor, &key, &record, &touched, &pinned));
            REQUIRE(key == r->key && touched == r->touched && pinned == (list == 1));
            REQUIRE(((struct value *)record)->stamp == r->stamp);
            REQUIRE(table_touched(t, record) == r->touched);
        }
    REQUIRE(!table_next(t, &cursor, &key, &record, &touched, &pinned));
    struct table_stats stats = stats_of(t);
    CHECK_INT(stats.records, m->n[0] + m->n[1]);
    CHECK_INT(stats.pinned, m->n[1]);
    CHECK_INT(stats.evicted, m->evicted);
    CHECK_INT(stats.expired, m->expired);
    CHECK_INT(stats.refused, m->refused);
    CHECK_INT(stats.newest_evicted, m->newest_evicted);
}

static void step(struct model *m, struct table *t, uint64_t *seed, uint64_t key, int64_t now)
{
    int list;
    size_t at;
    struct model_record *r = model_seek(m, key, &list, &at);
    bool live = r && !model_expired(m, r, now);
    struct value *v = table_find(t, key, now);
    REQUIRE((v != NULL) == live);
    REQUIRE(!v || v->stamp == r->stamp);
    uint64_t dice = check_random(seed) % 100;
    if (dice < 70) {
        bool fresh, model_fresh;
        v = table_get(t, key, now, &fresh);
        r = model_get(m, key, now, &model_fresh);
        REQUIRE((v != NULL) == (r != NULL));
        REQUIRE(fresh == model_fresh);
        if (!v)
            return;
        REQUIRE(v->stamp == r->stamp && !v->pad[0] == !r->stamp && v->pad[1] == v->pad[0]);
        r->stamp = v->stamp = v->pad[0] = v->pad[1] = check_random(seed) | 1;
    } else if (dice < 80) {
        table_remove(t, key);
        if (r)
            model_take(m, list, at);
    } else if (dice < 90 && v) {
        bool pin = check_random(seed) % 5 < 2;
        table_pin(t, v, pin);
        if (pin != (list == 1))
            model_append(m, pin, model_take(m, list, at));
    } else
        table_prefetch_neighbours(t, table_prefetch_record(t, key));
}

static void run_model(uint64_t seed, uint32_t bound, int64_t ttl, int operations)
{
    static struct model m;
    m = (struct model){.bound = bound, .ttl = ttl, .newest_evicted = INT64_MIN};
    struct table *t = make_table(bound, ttl);
    REQUIRE(t);
    uint64_t keys = bound + bound / 2 + 2;
    int64_t now = 1000;
    int before = check_failures;
    for (int i = 0; i < operations && check_failures == before; i++) {
        uint64_t random = check_random(&seed);
        now += random % 3 == 0 ? (int64_t)(random >> 32) % 20 : 0;
        step(&m, t, &seed, random >> 8 & 1 ? 1 + random % keys : 1 + random % (keys / 4 + 1), now);
        if (i % 64 == 0)
            compare_all(&m, t);
    }
    compare_all(&m, t);
    table_destroy(t);
}

static void agrees_with_model(void)
{
    for (uint64_t i = 0; i < 4; i++) {
        run_model(check_seed + i, 1, 100, 5000);
        run_model(check_seed + i, 7, 60, 20000);
        run_model(check_seed + i, 100, 400, 100000);
        run_model(check_seed + i, 100, 5000, 100000);
        run_model(check_seed + i, 700, 0, 100000);
        if (check_failures) {
            printf("# model seed %" PRIu64 "\n", check_seed + i);
            return;
        }
    }
}

/* ---- single promises ---- */

static void expires_after_ttl(void)
{
    struct table *t = make_table(10, 100);
    bool fresh;
    struct value *v = table_get(t, 5, 1000, &fresh);
    REQUIRE(v);
    CHECK(fresh);
    v->stamp = 7;
    CHECK(table_find(t, 5, 1100) == v);
    CHECK(!table_find(t, 5, 1101));
    CHECK_INT(stats_of(t).records, 1);
    v = table_get(t, 5, 1101, &fresh);
    CHECK(fresh && v->stamp == 0);
    CHECK_INT(stats_of(t).expired, 1);
    CHECK_INT(stats_of(t).evicted, 0);
    table_destroy(t);
}

static void time_does_not_go_back(void)
{
    struct table *t = make_table(10, 100);
    table_get(t, 1, 1000, NULL);
    table_get(t, 2, 2000, NULL);
    void *v = table_get(t, 3, 500, NULL);
    CHECK_INT(table_touched(t, v), 2000);
    CHECK(!table_find(t, 1, 1000));
    table_destroy(t);
}

static void pinned_stay(void)
{
    struct table *t = make_table(3, 100);
    for (uint64_t key = 1; key <= 3; key++)
        table_pin(t, table_get(t, key, 10, NULL), true);
    bool fresh = true;
    CHECK(!table_get(t, 4, 20, &fresh));
    CHECK(!fresh);
    CHECK_INT(stats_of(t).refused, 1);
    table_pin(t, table_find(t, 2, 20), false);
    CHECK(table_get(t, 4, 30, NULL) != NULL);
    CHECK(!table_find(t, 2, 30) && table_find(t, 1, 30) && table_find(t, 3, 30));
    CHECK_INT(stats_of(t).newest_evicted, 10);
    /* pinned ones expire all the same, and come back unpinned */
    CHECK(table_get(t, 5, 111, NULL) != NULL);
    CHECK_INT(stats_of(t).expired, 2);
    CHECK_INT(stats_of(t).pinned, 0);
    table_destroy(t);
}

static void records_do_not_move(void)
{
    struct table *t = make_table(5000, 0);
    static struct value *where[5001];
    for (uint64_t key = 1; key <= 5000; key++) {
        where[key] = table_get(t, key, 1, NULL);
        CHECK((uintptr_t)where[key] % 8 == 0);
    }
    for (uint64_t key = 1; key <= 5000; key++)
        CHECK(table_find(t, key, 1) == where[key]);
    table_destroy(t);
}

/* Which keys are left, and in which order, must not depend on what the keys hash to. */
static void order_ignores_hashes(void)
{
    enum { BOUND = 300, KEYS = 500, STEPS = 20000 };
    const uint64_t factors[2] = {1, UINT64_C(0xd1342543de82ef95)};
    static uint64_t order[2][BOUND];
    for (int run = 0; run < 2; run++) {
        struct table *t = make_table(BOUND, 5000);
        uint64_t seed = check_seed;
        for (int i = 0; i < STEPS; i++) {
            uint64_t number = 1 + check_random(&seed) % KEYS;
            void *v = table_get(t, number * factors[run], i, NULL);
            if (v && number % 16 == 0)
                table_pin(t, v, check_random(&seed) % 2);
        }
        uint64_t cursor = 0, key, stamp = 0;
        void *record;
        int64_t touched;
        for (bool pinned; table_next(t, &cursor, &key, &record, &touched, &pinned);)
            for (uint64_t number = 1; number <= KEYS; number++)
                if (number * factors[run] == key)
                    order[run][stamp++] = number;
        CHECK_INT(stamp, BOUND);
        table_destroy(t);
    }
    CHECK(memcmp(order[0], order[1], sizeof order[0]) == 0);
}

static void restored_behaves_alike(void)
{
    struct table *a = make_table(200, 3000), *b = make_table(200, 3000);
    uint64_t seed = check_seed;
    for (int i = 1; i < 5000; i++) {
        struct value *v = table_get(a, 1 + check_random(&seed) % 300, i, NULL);
        v->stamp = (uint64_t)i;
        if (i % 5 == 0)
            table_pin(a, v, check_random(&seed) % 3 == 0);
        if (i % 7 == 0)
            table_remove(a, 1 + check_random(&seed) % 300);
    }
    uint64_t cursor = 0, key;
    void *record;
    int64_t touched;
    bool pinned;
    while (table_next(a, &cursor, &key, &record, &touched, &pinned)) {
        void *copy = table_restore(b, key, touched, pinned);
        REQUIRE(copy);
        memcpy(copy, record, sizeof(struct value));
        CHECK(!table_restore(b, key, touched, pinned));
    }
    table_restore_stats(b, stats_of(a).evicted, stats_of(a).newest_evicted);
    for (int i = 5000; i < 20000; i++) {
        key = 1 + check_random(&seed) % 300;
        bool fresh[2];
        struct value *x = table_get(a, key, i, &fresh[0]), *y = table_get(b, key, i, &fresh[1]);
        REQUIRE(fresh[0] == fresh[1] && !x == !y && (!x || x->stamp == y->stamp));
    }
    CHECK_INT(stats_of(a).evicted, stats_of(b).evicted);
    CHECK_INT(stats_of(a).newest_evicted, stats_of(b).newest_evicted);
    CHECK(!table_restore(b, 0, 1, false));
    table_destroy(a);
    table_destroy(b);
}

static void counts_bytes_in_use(void)
{
    struct table *t = make_table(UINT32_MAX, 0);
    REQUIRE(t);
    uint64_t empty = stats_of(t).bytes;
    for (uint64_t key = 1; key <= 1000; key++)
        table_get(t, key, 1, NULL);
    uint64_t filled = stats_of(t).bytes;
    uint64_t index = filled - empty - 1000 * (32 + sizeof(struct value));
    CHECK(index > 1000 * 8 &&
          index < 1000 * 32); /* eight bytes a key, in buckets that are at least a quarter full */
    for (uint64_t key = 1; key <= 1000; key++)
        table_remove(t, key);
    for (uint64_t key = 2001; key <= 3000; key++)
        table_get(t, key, 1, NULL);
    CHECK(stats_of(t).bytes < filled + filled / 50); /* but for a bucket here and there */
    table_destroy(t);
}

static void refuses_what_cannot_be(void)
{
    struct error err;
    CHECK(!table_create(&(struct jd_table){"huge", 1u << 31, 1, UINT32_MAX, 0, 0, 0}, &err));
    CHECK(strstr(err.text, "huge") && strstr(err.text, "9223372"));
    CHECK(!table_create(&(struct jd_table){"odd", 12, 1, 10, 0, 0, 0}, &err));
    CHECK(strstr(err.text, "odd") != NULL);
    CHECK(!table_create(&(struct jd_table){"none", 8, 1, 0, 0, 0, 0}, &err));
    CHECK(!table_create(&(struct jd_table){"past", 8, 1, 10, -1, 0, 0}, &err));
    table_destroy(NULL);
}

static const struct check_test tests[] = {
    {"agrees with a naive model over random operations", agrees_with_model},
    {"a record is there up to its time to live", expires_after_ttl},
    {"time does not go back", time_does_not_go_back},
    {"pinned records are not evicted but expire", pinned_stay},
    {"records do not move while the index grows", records_do_not_move},
    {"eviction order does not depend on hashes", order_ignores_hashes},
    {"a restored table behaves like the first", restored_behaves_alike},
    {"bytes in use are counted, freed records reused", counts_bytes_in_use},
    {"impossible tables are refused by name", refuses_what_cannot_be},
};
CHECK_MAIN(tests)
