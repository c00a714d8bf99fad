/* The simulated platform: a seeded world of units, suppliers and their trade, with labelled campaigns of
 * fraud and as many labelled legal look-alikes. Same options, same bytes. It knows the platform's forms and
 * nothing of the detectors. */
#ifndef JIANDU_SIM_SIM_H
#define JIANDU_SIM_SIM_H

#include "daemon/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_UNITS_MAX 1000000
#define SIM_DAYS_MAX 3660

/* How much of the trade is fraud. DENSE: every kind of campaign in every grade, however small the world, and
 * as many look-alikes of each kind: to see what is found. HIGH and LOW: one order in 1,000 or in 2,000 is
 * part of a campaign, as in published worlds of laundering (AMLworld, 2023), and there are as many
 * look-alikes as campaigns: to see what an office would get. */
enum sim_illicit { SIM_DENSE, SIM_HIGH, SIM_LOW };

struct sim_options {
    uint64_t seed;
    int64_t units, days;
    int64_t start;      /* local midnight of the first day, ms; sim_start() reads a date */
    const char *params; /* "tune" or "test" */
    enum sim_illicit illicit;
    bool no_campaigns;                                              /* the traps stay */
    void (*progress)(void *context, uint64_t done, uint64_t total); /* days; may be NULL */
    void *progress_context;
};

#define SIM_UNITS 2000
#define SIM_DAYS 30
#define SIM_START "2025-11-12"

/* What a caller who asks for nothing else gets: seed 1, so many units and days, tune, dense. */
void sim_defaults(struct sim_options *);
/* "2025-11-12" -> ms of its midnight in China; -1 with a sentence otherwise. */
int64_t sim_start(const char *date, struct error *);

enum sim_part { SIM_EVENT, SIM_TRUTH };

/* Gets every event as one JSON line in the order of its `id` "MS-SEQ", which is given apart too, and last,
 * once, the truth. Neither ends with a newline that is not its own; both are borrowed. Non-zero stops the
 * run. */
struct sim_output {
    enum sim_part part;
    int64_t id_ms;
    uint64_t id_seq;
    const char *text;
    size_t length;
};
typedef int (*sim_sink)(void *context, const struct sim_output *, struct error *);

int sim_run(const struct sim_options *, sim_sink sink, void *context, struct error *);
/* Writes DIR/events.ndjson and DIR/truth.json; the folder is made if need be. `truth` names another file for
 * the truth, NULL for DIR/truth.json. `count` (may be NULL) gets the number of events. */
int sim_write(
    const struct sim_options *, const char *dir, const char *truth, uint64_t *count, struct error *);

#endif
