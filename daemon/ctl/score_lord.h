/* LORD++: levels for a stream of tests, so that at most a share of all discoveries is false (Ramdas, Yang,
 * Wainwright and Jordan, "Online control of the false discovery rate with decaying memory", 2017; the series
 * of levels is Javanmard and Montanari's, "Online rules for control of false discovery rate", 2018). It asks
 * for independent p-values, which tests about the same units are not: a figure to watch, not a gate. */
#ifndef JIANDU_CTL_SCORE_LORD_H
#define JIANDU_CTL_SCORE_LORD_H

#include <stdbool.h>
#include <stdint.h>

enum { LORD_KEPT = 64 }; /* discoveries that still earn; older ones have next to no say */

struct lord {
    double alpha; /* share of discoveries that may be false */
    int64_t tests, discoveries;
    int64_t found[LORD_KEPT]; /* which tests, the latest ones; discovery k in k % LORD_KEPT */
    double spent;             /* the sum of all levels so far */
};

void lord_init(struct lord *, double alpha);
/* Is it a discovery? */
bool lord_test(struct lord *, double p);
/* The share of the discoveries that is false, as far as the levels say; 0 without any. */
double lord_estimate(const struct lord *);

#endif
