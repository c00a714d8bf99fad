/* How sure a figure of a sample is: intervals at 95 %. */
#ifndef JIANDU_CTL_SCORE_INTERVAL_H
#define JIANDU_CTL_SCORE_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

struct score_rate {
    int64_t good, of;
    double rate, low, high; /* 0, 0 and 1 when `of` is 0 */
};

/* Wilson, "Probable inference, the law of succession, and statistical inference", 1927. */
struct score_rate score_rate(int64_t good, int64_t of);

struct score_value {
    double value, low, high;
};

/* A count of rare events; Byar's approximation (Breslow and Day, "Statistical Methods in Cancer Research",
 * vol. 2, 1987). */
struct score_value score_count(int64_t count);

/* A statistic of the members `pick[0..n-1]` of a sample, some of them several times. */
typedef double (*score_statistic)(const void *sample, const size_t *pick, size_t n);
/* The statistic of all `n` members; its interval from the percentiles of 400 samples drawn with replacement
 * (Efron, "Bootstrap methods", 1979), always the same ones. All 0 when n is 0. */
struct score_value score_bootstrap(const void *sample, size_t n, score_statistic);

#endif
