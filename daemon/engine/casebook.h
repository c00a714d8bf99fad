/* The casebook: signals about a subject make a case; a case that crosses its threshold makes, or joins, the
 * alert of its rollup; later signals revise the alert or are folded in and counted. An alert closes when its
 * evidence has fallen away or nothing new has come for a time; new evidence then makes a new one. */
#ifndef JIANDU_ENGINE_CASEBOOK_H
#define JIANDU_ENGINE_CASEBOOK_H

#include "daemon/engine/alerts.h"
#include "daemon/engine/verdicts.h"
#include "daemon/event/entry_id.h"
#include "daemon/state/names.h"

struct casebook;

/* Called for each revision, in order. */
typedef void (*casebook_publish)(void *context, unsigned detector, const struct alert_record *alert);

struct casebook *casebook_create(const struct engine_settings *settings, const struct sip_key *seed,
    struct timers *timers, struct names *names, casebook_publish publish, void *context, struct error *err);
void casebook_destroy(struct casebook *);

/* A new entry is being processed, which may have `room` outputs. */
void casebook_begin(struct casebook *, struct entry_id at, uint32_t room);
/* What casebook_emit and the others have changed is published by alerts_flush and alerts_timer. */
struct alerts *casebook_alerts(struct casebook *);
/* `missing` are the registries of the signal that have no entry. */
void casebook_emit(
    struct casebook *, unsigned detector, const struct jd_emit *emit, uint64_t missing, int64_t now);
void casebook_retract(
    struct casebook *, unsigned detector, unsigned signal, struct jd_subject subject, int64_t now);
/* A `verdict` event. Its key is 0 if the alert is not known. */
struct verdicts_taken casebook_verdict(
    struct casebook *, uint64_t alert_id, enum jd_verdict verdict, int64_t now);
/* A number to get back with each verdict on the alert. */
void casebook_mark(struct casebook *, uint64_t alert_id, uint32_t mark, int64_t now);

/* What the report reads. */
struct dossiers *casebook_dossiers(struct casebook *);
struct signals *casebook_signals(struct casebook *);

#define CASEBOOK_TABLES 6
struct table *casebook_table(struct casebook *, unsigned which);
/* The index of the detector that a tag stands for; n_detectors if it is not configured any more. A tag is a
 * hash of the detector's name, so that the order in the configuration does not matter to the state. */
unsigned casebook_detector(const struct engine_settings *, uint64_t tag);

#endif
