/* An alert, and what of it is worth a revision: the rules of alert control, without state of their own. */
#ifndef JIANDU_ENGINE_ALERT_H
#define JIANDU_ENGINE_ALERT_H

#include "daemon/engine/dossier.h"
#include "daemon/engine/settings.h"
#include "daemon/engine/signals.h"

#define ALERT_CRITICAL 92 /* scores from which an alert may be critical, and is high */
#define ALERT_HIGH 80

enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };
extern const char *const severity_words[]; /* NULL behind the last */

/* What the latest revision said. */
struct alert_told {
    int64_t amount;
    uint32_t severity, score, signals, units, parties;
    uint32_t withdrawn; /* 1: its office has cleared it since */
};

struct alert_record {
    uint64_t detector; /* its tag; see casebook_detector */
    uint64_t id;
    uint64_t key; /* that it is kept under */
    struct jd_subject subject;
    int64_t first, last;        /* ms of its evidence */
    int64_t published;          /* ms of the latest revision */
    int64_t closes_at;          /* ms of the timer that looks whether it is quiet */
    struct signal_list signals; /* filed under the dossier's owner */
    struct dossier dossier;
    struct alert_told told;
    uint32_t revision, score;
    uint32_t peak;       /* the highest score that one of its cases reached */
    uint32_t flags;      /* JD_SECURITY, JD_INCOMPLETE */
    uint32_t folded;     /* emissions since the first revision that made no revision of their own */
    uint32_t pending;    /* emissions since the latest revision */
    uint32_t timer;      /* 1: a summary is due at published + summary_interval */
    uint32_t verdict;    /* enum jd_verdict, the latest */
    uint32_t closed;     /* 1: this is its last revision */
    int32_t prior;       /* of that of its cases which has the highest */
    int32_t exculpation; /* what its office's verdict took from the score, 0.1 dB */
    uint32_t fused; /* what all of its signals score together: the score, if `peak` does not hold it down */
};

enum severity alert_severity(const struct engine_settings *, const struct alert_record *);

enum alert_news {
    NEWS_NONE,   /* folded in, and counted */
    NEWS_LATER,  /* a summary, once a day */
    NEWS_AT_ONCE /* never delayed */
};
/* What has happened since the latest revision. */
enum alert_news alert_news(const struct engine_settings *, const struct alert_record *);
/* The time at which an alert closes if it gets no new evidence. */
int64_t alert_quiet_from(const struct engine_settings *, const struct alert_record *);
/* Has its evidence fallen below what keeps an alert open? */
bool alert_subsided(const struct engine_settings *, const struct alert_record *);
/* Notes what the revision being published says. */
void alert_tell(const struct engine_settings *, struct alert_record *, int64_t now);

#endif
