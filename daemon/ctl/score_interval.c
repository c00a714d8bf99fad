#include "daemon/ctl/score_interval.h"

#include "daemon/base/memory.h"
#include "daemon/sim/random.h"

#include <stdlib.h>

enum { DRAWS = 400 };

static double root(double x)
{
    double r = x > 1 ? x : 1;

    for (int i = 0; i < 60 && r > 0; i++)
        r = (r + x / r) / 2;
    return r;
}

struct score_rate score_rate(int64_t good, int64_t of)
{
    const double z = 1.96;
    struct score_rate r = {good, of, 0, 0, 1};
    double n = (double)of, p, middle, width;

    if (of <= 0)
        return r;
    p = (double)good / n;
    middle = p + z * z / (2 * n);
    width = z * root(p * (1 - p) / n + z * z / (4 * n * n));
    r.rate = p;
    r.low = good == 0 ? 0 : (middle - width) / (1 + z * z / n);
    r.high = good == of ? 1 : (middle + width) / (1 + z * z / n);
    return r;
}

static double cubed(double x)
{
    return x * x * x;
}

struct score_value score_count(int64_t count)
{
    double n = (double)count, m = n + 1;
    struct score_value v = {n, 0, m * cubed(1 - 1 / (9 * m) + 1.96 / (3 * root(m)))};

    if (count > 0)
        v.low = n * cubed(1 - 1 / (9 * n) - 1.96 / (3 * root(n)));
    return v;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

struct score_value score_bootstrap(const void *sample, size_t n, score_statistic statistic)
{
    struct score_value v = {0, 0, 0};
    double drawn[DRAWS];
    struct random r;
    size_t *pick;

    if (n == 0)
        return v;
    pick = memory_zeroed(n, sizeof(*pick), "the samples");
    for (size_t i = 0; i < n; i++)
        pick[i] = i;
    v.value = statistic(sample, pick, n);
    random_init(&r, n, UINT64_C(0x626f6f74));
    for (int k = 0; k < DRAWS; k++) {
        for (size_t i = 0; i < n; i++)
            pick[i] = random_below(&r, n);
        drawn[k] = statistic(sample, pick, n);
    }
    qsort(drawn, DRAWS, sizeof(drawn[0]), compare);
    v.low = drawn[DRAWS * 25 / 1000];
    v.high = drawn[DRAWS * 975 / 1000];
    free(pick);
    return v;
}
