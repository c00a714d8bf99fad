/* The orders of an alert, each with its steps in time: what happened, what a signal finds wrong with it, and
 * what is missing. */
#ifndef JIANDU_PICTURE_LANES_H
#define JIANDU_PICTURE_LANES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define LANE_STEPS 8

struct lane_step {
    const char *zh, *en; /* what happened, or should have */
    const char *signal;  /* that finds it wrong, "" if none does */
    const char *why_zh;  /* what is wrong with it; NULL if nothing is known to be */
    const char *why_en;  /* NULL where `why_zh` says it already */
    const char *waybill; /* "" if it names none */
    int64_t time;        /* ms; of a missing step 0 */
    bool missing;
};

struct lane {
    const char *order, *unit;
    int64_t amount;
    struct lane_step steps[LANE_STEPS];
    size_t n_steps;
    size_t dropped; /* steps for which there was no place */
    bool named;     /* by a signal */
};

struct lanes {
    struct lane *lane;
    size_t count;
};

/* Orders that have entries in the evidence: those that a signal names first, then the largest. All texts are
 * borrowed from the alert. */
void lanes_init(struct lanes *, const json_t *alert);
void lanes_fini(struct lanes *);

#endif
