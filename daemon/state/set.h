/* The small exact sets of detector.h: distinct members with names, first and last touch. */
#ifndef JIANDU_STATE_SET_H
#define JIANDU_STATE_SET_H

#include "detectors/detector.h"

/* See jd_touch. `window` 0 never forgets. Members are kept in order of arrival, a replaced one's place is
 * reused. `now` is the time that ages members, `time` the event's own, which the slot records. */
struct jd_slot *set_touch(
    struct jd_set *set, unsigned capacity, uint64_t key, int64_t time, int64_t now, int64_t window);

#endif
