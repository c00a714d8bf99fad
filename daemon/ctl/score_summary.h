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

/* Is what scores higher more often right? Alerts of medium severity and more. */
struct summary_ranking {
    struct score_rate order_precision, order_recall; /* orders named, against those of the campaigns */
    double order_f1;
    /* Average precision, the area below the curve of precision over recall as the score sinks (Manning,
     * Raghavan and Schuetze, "Introduction to Information Retrieval", 2008, section 8.4): what no alert names
     * adds nothing. Of orders by the highest score that names them, and of campaigns by the highest of an
     * alert that is right about them. */
    double order_area, campaign_area;
    /* of the ten alerts opened on an office's day, of the platform's clock, that rank highest */
    struct score_rate at_ten;
    int64_t office_days; /* with an alert */
    /* Does a score of 80 mean four of five? All alerts by their last score, in tenths of 0 to 100. */
    struct {
        int64_t alerts, right, score; /* the sum of scores */
    } bin[10];
    double calibration; /* expected error: mean distance of score and share, weighted by alerts; 0 to 1 */
};

/* The monitor of false discoveries: one test for each detector, week and unit of the second half of each
 * world, in this order. Its p-value is conformal (Vovk, Gammerman and Shafer, "Algorithmic Learning in a
 * Random World", 2005): the share of as high a score among the units of the first half that are in no
 * campaign. One above a half, as of all units without an alert, is discarded and the others doubled, or the
 * many silent weeks would use up what there is to spend (Tian and Ramdas, "ADDIS", 2019). LORD++
 * (score_lord.h) sets the levels. */
struct summary_fdr {
    int64_t tests, calibration; /* unit-weeks calibrated on, a detector */
    double estimated;           /* share of the discoveries that is false, at most, as the monitor believes */
    struct score_rate measured; /* discoveries about units that are in no campaign */
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
    struct summary_ranking ranking;
    struct summary_fdr fdr;
    struct summary_false false_alerts, by_size[TRUTH_FILE_SIZES];
};

/* `units` and `days` 0: what the truth says. Names are borrowed from the scores. */
void summary_make(struct summary *, const struct score *, size_t n, int64_t units, int64_t days);
/* score_rings.c */
struct summary_rings summary_rings_of(const struct score *, size_t n);
/* score_ranking.c */
struct summary_ranking summary_ranking_of(const struct score *, size_t n);
/* score_fdr.c */
struct summary_fdr summary_fdr_of(const struct score *, size_t n);
/* One JSON object (score_report.c). */
int summary_print_json(const struct summary *, FILE *, struct error *);
/* A table for a person (score_table.c). */
void summary_print_table(const struct summary *, FILE *);
/* Each campaign that nobody found, each false alert of medium severity and more (score_list.c). */
void summary_print_list(const struct score *, size_t n, FILE *);

#endif
