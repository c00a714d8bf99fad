/* How good a set of alerts is, against the truth of a simulated world.
 *
 * An alert BELONGS TO a campaign or trap when
 *   - a subject of role "subject" that is a unit, account, device or order is a member of it; or
 *   - that subject is a supplier of it, and another unit, account or order that the alert names is a member
 * too; or
 *   - at least half of the units, accounts and orders that the alert names are members.
 * It is TRUE when it belongs to a campaign whose `detector` (or, unless strict, one of `also`) is its own,
 * and its last revision is not before the campaign's start; otherwise FALSE. Its members are those of its
 * last revision, its severity is the highest of all, since that is what somebody has read. A false alert of
 * medium severity or more that belongs to a trap has FIRED the trap.
 *
 * A campaign is FOUND when one revision of one true alert of medium severity or more, not later than a day
 * after its end, belongs to it and names at least half of its units (of its accounts where it has no units,
 * of its orders where it has neither): by its OWN detector, or by ANY that is right about it. It is found IN
 * PARTS when such revisions do so together. The delay runs to the first such revision that belongs to it at
 * all.
 */
#ifndef JIANDU_CTL_SCORE_H
#define JIANDU_CTL_SCORE_H

#include "daemon/ctl/score_interval.h"
#include "daemon/ctl/truth_file.h"

enum score_severity { SCORE_LOW, SCORE_MEDIUM, SCORE_HIGH, SCORE_CRITICAL };

/* What came of one campaign, by the alerts of some detectors. */
struct score_finding {
    bool found, in_parts;
    bool several;  /* more than one alert that counts */
    int64_t first; /* ms of the first revision that counts; -1 none */
    int top;       /* the highest score of those that count */
    /* of the campaign's own up to then, paid in fen; `events` -1 where the truth has no steps */
    int64_t events, orders, paid;
    json_t *parts; /* members of the counted kind that were named so far */
    json_t *alert; /* id of the first alert that counts */
};

struct score_case {
    struct score_finding own; /* by its own detector */
    struct score_finding any; /* by its own or one that it names in `also` */
};

struct score_alert {
    char *id, *detector;
    enum score_severity severity;
    int64_t revision;
    bool is_true;
    int trap;  /* the first that it belongs to, as in the truth; -1 none, or not false */
    int size;  /* of the first unit that it names; -1 not known */
    int score; /* 0 to 100; of its last revision */
    int top;   /* the highest of all */
    /* as its first line said: ms, budget_rank(), names of offices */
    int64_t opened;
    uint64_t rank;
    json_t *offices;
    /* that it names -> true; those of its last revision */
    json_t *units, *orders;
};

struct score {
    struct truth_file truth;
    struct score_case *campaigns; /* as in the truth */
    struct score_alert *alerts;
    size_t n_alerts, room;
    json_t *index;  /* alert id -> its place */
    json_t *owners; /* "KIND id" -> numbers of the campaigns, and after them of the traps, that it is in */
    bool *named;    /* campaigns, then traps, of which the revision at hand names a member */
    /* set after score_init */
    bool strict; /* `also` does not make an alert true */
    bool any;    /* an alert of any detector is right about any campaign, and finds it */
    int64_t lines, system, bad;
};

/* score_fini is right after a failure too. */
int score_init(struct score *, const char *truth, struct error *);
void score_fini(struct score *);
/* One revision, as a line of NDJSON. A line that is no alert is counted as bad. */
void score_line(struct score *, const char *line, size_t length);
/* All lines; `path` "-" is standard input. */
int score_file(struct score *, const char *path, struct error *);

#endif
