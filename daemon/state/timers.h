/* Timers on event time: a bounded binary heap ordered by (deadline, order of setting). */
#ifndef JIANDU_STATE_TIMERS_H
#define JIANDU_STATE_TIMERS_H

#include "daemon/base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct timer {
    int64_t deadline;
    uint64_t order; /* of setting; given by timers_set */
    uint64_t key;
    uint32_t owner; /* whose: the detector's index, or the engine's own mark */
    uint32_t table;
};

struct timers;

struct timers *timers_create(uint32_t bound, struct error *err);
void timers_destroy(struct timers *);
/* false, and counted, if the bound is reached. */
bool timers_set(struct timers *, int64_t deadline, uint32_t owner, uint32_t table, uint64_t key);
/* Takes the earliest timer whose deadline is at or before `now`. */
bool timers_take(struct timers *, int64_t now, struct timer *out);
uint64_t timers_bound(const struct timers *);
uint64_t timers_count(const struct timers *);
uint64_t timers_refused(const struct timers *);
/* For the snapshot: all timers in no particular order, and back. */
const struct timer *timers_all(const struct timers *, uint64_t *count, uint64_t *next_order);
int timers_restore(struct timers *, const struct timer *all, uint64_t count, uint64_t next_order);

#endif
