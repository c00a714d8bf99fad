/* The office budget: how many alerts of medium severity an office is shown in full on one day of the
 * platform's clock. The others wait for the digest at the end of the day. High and critical ones, and later
 * revisions of what an office has been shown, never wait. */
#ifndef JIANDU_ENGINE_BUDGET_H
#define JIANDU_ENGINE_BUDGET_H

#include "daemon/engine/settings.h"
#include "daemon/state/table.h"
#include "daemon/state/timers.h"

#define BUDGET_OWNER (UINT32_MAX - 1) /* of its timers */
#define BUDGET_OFFICE 64              /* bytes of an office's name with its NUL */
#define BUDGET_WAITING 1000           /* alerts of one digest; what comes after them does not wait */

/* What an office would read of an alert. */
struct budget_item {
    uint64_t alert_id, detector; /* detector: its tag */
    struct jd_subject subject;
    int64_t amount; /* of the office's own units, fen */
    uint32_t score, severity, revision;
    uint32_t named; /* 1: the office may see the subject's name */
};

/* One office's day, when it is over. */
struct budget_day {
    char office[BUDGET_OFFICE];
    int64_t day;    /* jd_day */
    uint32_t shown; /* medium ones shown in full */
    uint32_t count;
    struct budget_item *items; /* highest score x log of the money first; for free() */
};

struct budget;

struct budget *budget_create(
    const struct engine_settings *, const struct sip_key *seed, struct timers *, struct error *err);
void budget_destroy(struct budget *);

/* Is the office shown this revision now? If not, the item waits for the digest. */
bool budget_admits(struct budget *, const char *office, const struct budget_item *, int64_t now);
/* One of its timers: a day is over. False if nothing waits any more. */
bool budget_close_day(struct budget *, uint64_t key, int64_t now, struct budget_day *out);

/* Which of a day's alerts is to be read first: score x log of the money at stake. */
uint64_t budget_rank(uint32_t score, int64_t amount);

#define BUDGET_TABLES 2
struct table *budget_table(struct budget *, unsigned which);

#endif
