/* The fairness watch: whether alerts, and those that offices clear, fall on small units more than on large
 * ones. Units are put into thirds by the money that they have ordered for. It watches; it changes no score.
 */
#ifndef JIANDU_ENGINE_FAIRNESS_H
#define JIANDU_ENGINE_FAIRNESS_H

#include "detectors/detector.h"

#define FAIRNESS_THIRDS 3
#define FAIRNESS_BINS 192 /* of four an octave: all of 63 bits */

extern const char *const fairness_words[FAIRNESS_THIRDS]; /* small, middle, large */

/* Plain data: a part of the snapshot as it is. */
struct fairness {
    uint64_t units[FAIRNESS_BINS]; /* how many have ordered for so much */
    uint64_t alerts[FAIRNESS_THIRDS];
    uint64_t cleared[FAIRNESS_THIRDS]; /* of those, whose latest verdict is `cleared` */
};

/* A unit that had ordered for `before` fen has ordered for `after` now; it counts from its first order on. */
void fairness_grow(struct fairness *, int64_t before, int64_t after);
/* The third, 0 to 2, of a unit that has ordered for this much. */
unsigned fairness_third(const struct fairness *, int64_t ordered);
/* How many units stand in a third. */
uint64_t fairness_units(const struct fairness *, unsigned third);

/* An alert about a unit of this third was opened. */
void fairness_alert(struct fairness *, unsigned third);
/* Its verdict changed. */
void fairness_verdict(struct fairness *, unsigned third, enum jd_verdict before, enum jd_verdict after);

#endif
