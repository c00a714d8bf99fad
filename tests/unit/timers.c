#include "daemon/state/timers.h"
#include "tests/support/check.h"

static void fires_in_order(void)
{
    enum { COUNT = 5000 };
    struct timers *t = timers_create(COUNT, NULL);
    REQUIRE(t);
    uint64_t seed = check_seed;
    for (uint64_t i = 0; i < COUNT; i++)
        CHECK(timers_set(t, (int64_t)(check_random(&seed) % 500), 3, 4, i + 1));
    CHECK(!timers_set(t, 1, 3, 4, 9));
    CHECK_INT(timers_refused(t), 1);
    struct timer last = {.deadline = -1}, now;
    uint64_t taken = 0;
    for (int64_t ms = 0; ms < 500; ms += 50)
        for (; timers_take(t, ms, &now); last = now, taken++) {
            CHECK(now.deadline <= ms && now.deadline > ms - 50);
            CHECK(now.deadline > last.deadline || (now.deadline == last.deadline && now.order > last.order));
            CHECK(now.owner == 3 && now.table == 4 && now.key == now.order + 1);
        }
    CHECK_INT(taken + timers_count(t), COUNT);
    CHECK(timers_take(t, 499, &now) == (taken < COUNT));
    timers_destroy(t);
}

static void agrees_after_restore(void)
{
    struct timers *a = timers_create(400, NULL), *b = timers_create(400, NULL);
    uint64_t seed = check_seed, count, next;
    struct timer x, y;
    for (int i = 0; i < 3000; i++) {
        timers_set(a, i + (int64_t)(check_random(&seed) % 300), 1, 2, check_random(&seed));
        if (i % 2)
            timers_take(a, i, &x);
    }
    const struct timer *all = timers_all(a, &count, &next);
    REQUIRE(count > 100);
    /* any order will do */
    struct timer *turned = malloc(count * sizeof *turned);
    uint64_t newest = 0;
    for (uint64_t i = 0; i < count; i++) {
        turned[i] = all[count - 1 - i];
        newest = turned[i].order > newest ? turned[i].order : newest;
    }
    CHECK_INT(timers_restore(b, turned, count, next), 0);
    for (int64_t i = 3000; i < 6000; i++) {
        if (i < 4000) {
            int64_t deadline = i + (int64_t)(check_random(&seed) % 300);
            CHECK(timers_set(a, deadline, 1, 2, (uint64_t)i) == timers_set(b, deadline, 1, 2, (uint64_t)i));
        }
        bool more = timers_take(a, i, &x);
        REQUIRE(timers_take(b, i, &y) == more);
        REQUIRE(!more || memcmp(&x, &y, sizeof x) == 0);
    }
    CHECK_INT(timers_count(b), timers_count(a));
    CHECK_INT(timers_restore(b, turned, count, newest), -1); /* an order not yet given */
    CHECK_INT(timers_restore(b, turned, 401, next), -1);
    free(turned);
    timers_destroy(a);
    timers_destroy(b);
    timers_destroy(NULL);
}

static const struct check_test tests[] = {
    {"timers fire by deadline, then by order of setting", fires_in_order},
    {"restored timers fire alike", agrees_after_restore},
};
CHECK_MAIN(tests)
