/* What is known of the signals about each case and each alert: one record a signal, as it was at its
 * strongest, filed by its owner in an ordinary table, so that it is bounded, expires and is saved like all
 * state. */
#ifndef JIANDU_ENGINE_SIGNALS_H
#define JIANDU_ENGINE_SIGNALS_H

#include "daemon/engine/settings.h"
#include "daemon/state/table.h"

#define SIGNALS_MAX 32 /* different signals of one detector */

struct signal_record {
    uint32_t signal; /* index into the detector's signals */
    uint32_t flags;  /* JD_HARD, ... */
    int32_t strength;
    uint32_t count;  /* how often it was emitted */
    int64_t time;    /* ms, of the emission that is kept */
    uint64_t source; /* of an alert's signals: key of the case it is from */
    int64_t value, threshold;
    int64_t facts[JD_FACTS];
    uint64_t missing; /* JD_LIST_BIT of registries that had no entry */
    int32_t most;     /* the highest strength ever, retracted or not */
    uint32_t reserved;
};

/* Which signals an owner has; kept in the owner's record. */
struct signal_list {
    uint32_t used;
    uint8_t index[SIGNALS_MAX];
    uint32_t reserved;
};

struct signals;

struct signals *signals_create(const struct engine_settings *, const struct sip_key *seed, uint32_t bound,
    int64_t ttl, struct error *err);
void signals_destroy(struct signals *);

/* Keeps the stronger of what is known (as it has decayed) and what is new, and counts both; of two sources
 * the weaker one is kept behind the stronger. True if it is the first of its name, or stronger than ever. */
bool signals_keep(struct signals *, unsigned detector, uint64_t owner, struct signal_list *,
    const struct signal_record *new, int64_t now);
/* Adds a case's signals to those of its alert. */
void signals_join(struct signals *, unsigned detector, uint64_t from, const struct signal_list *from_list,
    uint64_t to, struct signal_list *to_list, int64_t now);
/* What this source said no longer counts; the other source's word does, if there is one. */
void signals_retract(struct signals *, uint64_t owner, unsigned signal, uint64_t source, int64_t now);
/* One signal; NULL if the owner has none or the state lost it. */
const struct signal_record *signals_of(struct signals *, uint64_t owner, unsigned signal, int64_t now);
/* 0..100: fusion over all of the owner's signals as they have decayed. */
uint32_t signals_score(struct signals *, unsigned detector, uint64_t owner, const struct signal_list *,
    int32_t prior, int32_t exculpation, int64_t now);

struct table *signals_table(struct signals *);

#endif
