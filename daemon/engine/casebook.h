/* The casebook: signals about a subject make a case; a case that crosses its threshold makes, or joins, the
 * alert of its rollup; later signals revise the alert or are folded in and counted. */
#ifndef JIANDU_ENGINE_CASEBOOK_H
#define JIANDU_ENGINE_CASEBOOK_H

#include "daemon/engine/dossier.h"
#include "daemon/engine/settings.h"
#include "daemon/event/entry_id.h"
#include "daemon/state/names.h"
#include "daemon/state/timers.h"

#define CASE_SIGNALS 24           /* different signals of one detector */
#define CASEBOOK_OWNER UINT32_MAX /* of its timers */

enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };

/* One signal about one case or alert, as it was at its strongest. */
struct signal_record {
    uint32_t signal; /* index into the detector's signals */
    uint32_t flags;  /* JD_HARD, ... */
    int32_t strength;
    uint32_t count; /* how often it was emitted */
    int64_t time;   /* ms, of the emission that is kept */
    int64_t value, threshold;
    int64_t facts[JD_FACTS];
    uint64_t missing; /* JD_LIST_BIT of registries that had no entry */
};

struct signal_list {
    uint32_t used;
    uint8_t index[CASE_SIGNALS];
    uint32_t reserved;
};

struct case_record {
    uint64_t detector; /* tag */
    uint64_t alert;    /* key of the alert it has joined, 0: none */
    uint64_t alert_id; /* which one of that key */
    struct jd_subject subject, rollup;
    struct signal_list signals;
    struct dossier dossier;
    int64_t first; /* ms of its first evidence */
};

struct alert_record {
    uint64_t detector;
    uint64_t id;
    struct jd_subject subject;
    int64_t first, last; /* ms of its evidence */
    int64_t published;   /* ms of the latest revision */
    struct signal_list signals;
    struct dossier dossier;
    uint32_t revision, score;
    uint32_t severity; /* as published */
    uint32_t flags;    /* JD_SECURITY, JD_INCOMPLETE */
    uint32_t folded;   /* emissions since the first revision that made no revision of their own */
    uint32_t pending;  /* emissions since the latest revision */
    uint32_t timer;    /* 1: a summary is due at published + summary_interval */
    uint32_t verdict;  /* enum jd_verdict, the latest */
};

struct casebook;

/* Called for each revision, in order, from casebook_flush. */
typedef void (*casebook_publish)(
    void *context, unsigned detector, const struct alert_record *alert, uint64_t key);

struct casebook *casebook_create(const struct engine_settings *settings, const struct sip_key *seed,
    struct timers *timers, struct names *names, casebook_publish publish, void *context, struct error *err);
void casebook_destroy(struct casebook *);

/* A new entry is being processed, which may have `room` outputs; what does not fit comes with the next. */
void casebook_begin(struct casebook *, struct entry_id at, uint32_t room);
uint32_t casebook_room(const struct casebook *);
/* `missing` are the registries of the signal that have no entry. */
void casebook_emit(
    struct casebook *, unsigned detector, const struct jd_emit *emit, uint64_t missing, int64_t now);
void casebook_retract(
    struct casebook *, unsigned detector, unsigned signal, struct jd_subject subject, int64_t now);
/* A `verdict` event. False if the alert is not known. */
bool casebook_verdict(struct casebook *, uint64_t alert_id, enum jd_verdict verdict, int64_t now);
/* One of the casebook's own timers. */
void casebook_timer(struct casebook *, uint64_t key, int64_t now);
/* Publishes what has become due since the last call: at most one revision an alert. */
void casebook_flush(struct casebook *, int64_t now);

/* What the report reads. */
struct dossiers *casebook_dossiers(struct casebook *);
const struct signal_record *casebook_signal(
    struct casebook *, uint64_t alert_key, unsigned signal, int64_t now);
enum severity casebook_severity(
    const struct engine_settings *, uint32_t score, int64_t amount, uint32_t units);

#define CASEBOOK_TABLES 6
struct table *casebook_table(struct casebook *, unsigned which);
/* What stands for a detector in state: a hash of its name, so that the order in the config does not matter.
 */
uint64_t casebook_tag(const char *detector_name);

#endif
