/* The figures of a score, added up by detector and by kind of trap. */
#ifndef JIANDU_CTL_SCORE_SUMMARY_H
#define JIANDU_CTL_SCORE_SUMMARY_H

#include "daemon/ctl/score.h"

#include <stdio.h>

enum { SUMMARY_DETECTORS = 16, SUMMARY_KINDS = 128, SUMMARY_GRADES = 3 };

extern const char *const summary_grades[SUMMARY_GRADES];

/* One detector, or all together. */
struct summary_detector {
    const char *name;
    int64_t alerts;
    struct score_rate medium, high;     /* precision at that severity and more */
    struct score_rate recall, in_parts; /* of its campaigns */
    struct score_rate grade[SUMMARY_GRADES];
    int64_t false_medium;
    /* medians over its campaigns that were alerted in time; -1 where not known */
    int64_t delay_ms, delay_events, delay_orders;
    int64_t paid_before, paid; /* fen, over all its campaigns; one without an alert counts whole */
};

struct summary_kind {
    const char *detector, *kind; /* detector NULL: a trap */
    int64_t good, of;            /* found; fired */
};

struct summary {
    struct summary_detector all, detector[SUMMARY_DETECTORS];
    size_t n_detectors;
    struct summary_kind kind[SUMMARY_KINDS];
    size_t n_kinds;
    int64_t traps, traps_fired;
    int64_t false_per_thousand; /* alerts a month per 1,000 units, times 100; -1 where units or days are not
                                   known */
};

/* `units` and `days` 0: what the truth says. Names are borrowed from the score. */
void summary_make(struct summary *, const struct score *, int64_t units, int64_t days);
/* One JSON object, or a table for a person (score_report.c). */
int summary_print_json(const struct summary *, const struct score *, FILE *, struct error *);
void summary_print_table(const struct summary *, const struct score *, FILE *);

#endif
