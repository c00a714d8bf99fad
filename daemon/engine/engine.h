/* The engine: the pure function (state, event) -> (state, alerts). No I/O, no clock, no random number, no
 * float. Same events, same configuration: the same bytes out, whatever the batches, the seed and the machine.
 */
#ifndef JIANDU_ENGINE_ENGINE_H
#define JIANDU_ENGINE_ENGINE_H

#include "daemon/base/error.h"
#include "daemon/engine/lookahead.h"
#include "daemon/engine/output.h"
#include "daemon/engine/settings.h"
#include "daemon/state/snapshot.h"
#include "detectors/detector.h"

struct engine;

/* `settings` is borrowed for the engine's life. `sink` gets what is published, in order, during
 * engine_process. */
struct engine *engine_create(const struct engine_settings *settings, const struct sip_key *seed,
    output_sink sink, void *context, struct error *err);
void engine_destroy(struct engine *);

/* Processes one event. Timers that are due fire first. An event whose event_id was seen within the dedup
 * window is counted and skipped. */
void engine_process(struct engine *, const struct jd_event *event);
/* Starts fetching what engine_process will touch; has no other effect. Call it for each event of a batch,
 * LOOKAHEAD_EVENTS before it is processed, and with NULL for the places after the last one. */
void engine_prefetch(struct engine *, const struct jd_event *event);

/* Alerts say `warmup` until this time (ms). */
void engine_set_warmup(struct engine *, int64_t until);
/* The longest window of any detector, ms. */
int64_t engine_longest_window(const struct engine *);
int64_t engine_now(const struct engine *);

/* Writes the whole state; header fields that are the engine's (config_hash, seed, now, started, warm-up) are
 * filled in here, position and read count are the caller's. 0, or -1 with errno from the sink. */
int engine_save(const struct engine *, snapshot_sink sink, void *context, struct snapshot_header header);
/* Fills a fresh engine. -1: unusable, destroy the engine. The header's seed must be the one the engine was
 * created with: read it first with snapshot_open on its own. */
int engine_load(struct engine *, snapshot_source source, void *context, struct snapshot_header *header,
    struct error *err);

/* Statistics: calls `visit` with each metric in Prometheus terms (name without prefix, labels or "", value).
 */
typedef void (*engine_visit)(
    void *context, const char *name, const char *labels, const char *help, uint64_t value, bool counter);
void engine_stats(const struct engine *, engine_visit visit, void *context);
/* Each table with its owner: a detector's name, or "engine". */
typedef void (*engine_table_visit)(
    void *context, const char *owner, const char *name, const struct table_stats *stats);
void engine_tables(const struct engine *, engine_table_visit visit, void *context);
uint64_t engine_state_bytes(const struct engine *);

#endif
