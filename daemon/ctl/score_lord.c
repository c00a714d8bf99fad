#include "daemon/ctl/score_lord.h"

#include <math.h>

/* Adds up to 1 over all j from 1. */
static double series(int64_t j)
{
    double l = log((double)(j > 2 ? j : 2));

    return j > 0 ? 0.07720838 * l / ((double)j * exp(sqrt(log((double)j)))) : 0;
}

void lord_init(struct lord *l, double alpha)
{
    *l = (struct lord){.alpha = alpha};
}

/* Half of alpha is wealth to begin with; the first discovery earns the other half, each later one all. */
static double level_of(const struct lord *l)
{
    int64_t t = l->tests + 1;
    int64_t oldest = l->discoveries > LORD_KEPT ? l->discoveries - LORD_KEPT : 0;
    double level = series(t) * l->alpha / 2;

    for (int64_t k = oldest; k < l->discoveries; k++)
        level += series(t - l->found[k % LORD_KEPT]) * (k == 0 ? l->alpha / 2 : l->alpha);
    return level;
}

bool lord_test(struct lord *l, double p)
{
    double level = level_of(l);
    bool found = p <= level;

    l->tests++;
    l->spent += level;
    if (found)
        l->found[l->discoveries++ % LORD_KEPT] = l->tests;
    return found;
}

double lord_estimate(const struct lord *l)
{
    return l->discoveries ? l->spent / (double)l->discoveries : 0;
}
