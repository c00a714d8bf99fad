/* A failure that repeats is logged once, then at growing intervals, and its end is logged too. */
#ifndef JIANDU_OPS_COMPLAIN_H
#define JIANDU_OPS_COMPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#define COMPLAIN_FIRST_INTERVAL 10000     /* ms */
#define COMPLAIN_LONGEST_INTERVAL 3600000 /* ms */

/* Zeroed: all is well. */
struct complaint {
    uint64_t times;      /* failed since all was well */
    int64_t first, next; /* ms of the monotonic clock */
    int64_t interval;
};

/* Counts a failure; says whether it is to be logged now. Pure. */
bool complain_due(struct complaint *, int64_t now);
/* Counts a failure and logs it as a warning when due, with the number of times. */
void complain(struct complaint *, const char *event, const char *message);
/* All is well again: logs it if there was a complaint. */
void complain_resolved(struct complaint *, const char *event, const char *message);

#endif
