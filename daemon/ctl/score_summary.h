/* The figures of one or several scored worlds, added up by detector, by kind of campaign and by kind of trap.
 */
#ifndef JIANDU_CTL_SCORE_SUMMARY_H
#define JIANDU_CTL_SCORE_SUMMARY_H

#include "daemon/ctl/score.h"

#include <stdio.h>

enum { SUMMARY_DETECTORS = 16, SUMMARY_KINDS = 128, SUMMARY_GRADES = 3 };

extern const char *const summary_grades[SUMMARY_GRADES];

/* How campaigns were found. Medians are over those that were alerted in time, and 0 where there is none. */
struct summary_recall {
    struct score_rate found, in_parts, alerted, grade[SUMMARY_GRADES];
    struct score_value hours, events, orders; /* median delay to the first alert */
    /* share of the money paid before it: of all campaigns, one without an alert counting whole, and of the
     * alerted ones */
    struct score_value paid_before, paid_before_alerted;
};

/* One detector, or all together. */
struct summary_detector {
    const char *name;
    int64_t alerts, false_medium;
    struct score_rate medium, high; /* precision at that severity and more */
    struct summary_recall own, any; /* of its campaigns, by itself, or by any that is right about them */
};

struct summary_kind {
    const char *detector, *kind; /* detector NULL: a trap */
    int64_t fired, of;           /* of a trap */
    struct summary_recall own, any;
};

/* Rings: campaigns of proxy purchasing with at least three units, and that detector's alerts of medium
 * severity or more that name two or more. */
struct summary_rings {
    int64_t rings, alerts;
    /* B-cubed (Bagga and Baldwin, "Algorithms for scoring coreference chains", 1998), units being the items:
     * which share of an alert's units belongs together, averaged over the units that are named; which share
     * of a ring one alert holds, averaged over the units of the rings that were alerted */
    struct score_value purity, completeness;
    struct score_rate one_id; /* alerted rings with one alert id for life */
};

/* Orders named by alerts of medium severity and more, against those of the campaigns: as other work on fraud
 * counts. */
struct summary_orders {
    struct score_rate precision, recall;
    double f1;
};

/* Does a score of 80 mean four of five? Alerts by their last score, in tenths of 0 to 100. */
struct summary_calibration {
    struct {
        int64_t alerts, right, score; /* the sum of scores */
    } bin[10];
    double
        error; /* expected calibration error: mean distance of score and share, weighted by alerts; 0 to 1 */
};

/* False alerts of medium severity and more per 1,000 units a month; low and high of Byar's interval. */
struct summary_false {
    int64_t count;
    double unit_months; /* 0 where the size of the world is not known */
    struct score_value per_thousand;
};

struct summary {
    size_t worlds, n_campaigns, n_traps, n_alerts;
    int64_t lines, system, bad;
    struct summary_detector all, detector[SUMMARY_DETECTORS];
    size_t n_detectors;
    struct summary_kind kind[SUMMARY_KINDS];
    size_t n_kinds;
    struct score_rate traps; /* fired */
    struct summary_rings rings;
    struct summary_orders orders;
    struct summary_calibration calibration;
    struct summary_false false_alerts, by_size[TRUTH_FILE_SIZES];
};

/* `units` and `days` 0: what the truth says. Names are borrowed from the scores. */
void summary_make(struct summary *, const struct score *, size_t n, int64_t units, int64_t days);
/* score_rings.c */
struct summary_rings summary_rings_of(const struct score *, size_t n);
/* One JSON object (score_report.c). */
int summary_print_json(const struct summary *, FILE *, struct error *);
/* A table for a person (score_table.c). */
void summary_print_table(const struct summary *, FILE *);
/* Each campaign that nobody found, each false alert of medium severity and more (score_list.c). */
void summary_print_list(const struct score *, size_t n, FILE *);

#endif
