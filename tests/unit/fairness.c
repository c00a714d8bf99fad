/* Thirds of units by size. */
#include "daemon/engine/fairness.h"
#include "tests/support/check.h"

#define UNITS 3000

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Orders of all sizes, in steps; in the end each third holds a third of the units, within a bin's width. */
static void thirds_are_thirds(void)
{
    struct fairness f = {0};
    static int64_t sizes[UNITS];
    uint64_t random = check_seed;
    for (int i = 0; i < UNITS; i++) {
        unsigned orders = 1 + (unsigned)(check_random(&random) % 5);
        unsigned magnitude = 10 + (unsigned)(check_random(&random) % 20);
        while (orders--) {
            int64_t before = sizes[i];
            sizes[i] += 1 + (int64_t)(check_random(&random) % (UINT64_C(1) << magnitude));
            fairness_grow(&f, before, sizes[i]);
        }
    }
    qsort(sizes, UNITS, sizeof sizes[0], by_size);
    uint64_t all = 0;
    for (unsigned i = 0; i < FAIRNESS_THIRDS; i++) {
        uint64_t units = fairness_units(&f, i);
        CHECK(units > UNITS / 3 - UNITS / 20 && units < UNITS / 3 + UNITS / 20);
        all += units;
    }
    CHECK_INT(all, UNITS);
    CHECK_INT(fairness_third(&f, sizes[UNITS / 6]), 0);
    CHECK_INT(fairness_third(&f, sizes[UNITS / 2]), 1);
    CHECK_INT(fairness_third(&f, sizes[UNITS * 5 / 6]), 2);
    for (int i = 1; i < UNITS; i++)
        CHECK(fairness_third(&f, sizes[i]) >= fairness_third(&f, sizes[i - 1]));
}

static void extremes(void)
{
    struct fairness f = {0};
    CHECK_INT(fairness_third(&f, 0), 0);
    fairness_grow(&f, 0, 0); /* an order for nothing makes no unit */
    CHECK_INT(fairness_units(&f, 0) + fairness_units(&f, 1) + fairness_units(&f, 2), 0);
    fairness_grow(&f, 0, INT64_MAX);
    CHECK_INT(fairness_third(&f, INT64_MAX), 1);
    CHECK_INT(fairness_third(&f, 1), 0);
}

static void only_the_latest_verdict_counts(void)
{
    struct fairness f = {0};
    fairness_alert(&f, 2);
    fairness_verdict(&f, 2, JD_VERDICT_NONE, JD_VERDICT_CLEARED);
    fairness_verdict(&f, 2, JD_VERDICT_CLEARED, JD_VERDICT_CLEARED);
    CHECK_INT(f.cleared[2], 1);
    fairness_verdict(&f, 2, JD_VERDICT_CLEARED, JD_VERDICT_CONFIRMED);
    CHECK_INT(f.cleared[2], 0);
    fairness_verdict(&f, 2, JD_VERDICT_CONFIRMED, JD_VERDICT_ACKNOWLEDGED);
    CHECK_INT(f.cleared[2], 0);
    CHECK_INT(f.alerts[2], 1);
}

static const struct check_test tests[] = {
    {"thirds are thirds", thirds_are_thirds},
    {"extremes", extremes},
    {"only the latest verdict counts", only_the_latest_verdict_counts},
};
CHECK_MAIN(tests)
