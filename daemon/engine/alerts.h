/* The open alerts: when each is published again, and when it closes. */
#ifndef JIANDU_ENGINE_ALERTS_H
#define JIANDU_ENGINE_ALERTS_H

#include "daemon/engine/alert.h"
#include "daemon/state/timers.h"

#define ALERTS_OWNER UINT32_MAX /* of its timers */

struct alerts;

/* Called for each revision, in order, from alerts_flush and alerts_timer. */
typedef void (*alerts_publish)(void *context, const struct alert_record *alert);

/* For the metrics and the snapshot. */
struct alerts_counters {
    uint64_t opened, closed;
    uint64_t held_back; /* signals that would have spoken if their office had not cleared the subject */
};

struct alerts *alerts_create(const struct engine_settings *, struct timers *, uint32_t bound, int64_t ttl,
    alerts_publish publish, void *context, struct error *err);
void alerts_destroy(struct alerts *);

/* A new entry is being processed, which may have `room` outputs; what does not fit comes with the next. */
void alerts_begin(struct alerts *, uint32_t room);
uint32_t alerts_room(const struct alerts *);
/* An output that is none of its own takes room too. */
void alerts_take_room(struct alerts *);
/* The open alert of a key, NULL if there is none. */
struct alert_record *alerts_find(struct alerts *, uint64_t key, int64_t now);
/* The same, opened if need be (`fresh`, zeroed but for its timer). NULL if there is no place left. */
struct alert_record *alerts_open(struct alerts *, uint64_t key, int64_t now, bool *fresh);
/* Something has changed: alerts_flush will look whether it is to be told. */
void alerts_mark(struct alerts *, uint64_t key, int64_t now);
/* Publishes what has become due since the last call: at most one revision an alert. */
void alerts_flush(struct alerts *, int64_t now);
/* One of its timers. */
void alerts_timer(struct alerts *, uint32_t which, uint64_t key, int64_t now);

struct table *alerts_table(struct alerts *);
struct alerts_counters *alerts_counters(struct alerts *);

#endif
