/* What the stream needs of whoever owns the engine: the daemon's main, or a test. */
#ifndef JIANDU_STREAM_HOST_H
#define JIANDU_STREAM_HOST_H

#include <stdbool.h>

#include "daemon/base/error.h"
#include "daemon/event/decode.h"
#include "daemon/state/snapshot.h"
#include "daemon/event/entry_id.h"

/* One engine at a time, with the decoder whose keys it understands. fresh() and load() drop the one before.
 * During process() the host hands what is published to service_output(). */
struct stream_host {
    int (*fresh)(void *context, struct error *err);
    /* From the snapshot of this position. -1: it cannot be used. */
    int (*load)(void *context, struct entry_id position, struct snapshot_header *header, struct error *err);
    void (*drop)(void *context);
    struct decoder *(*decoder)(void *context);
    void (*prefetch)(void *context, const struct jd_event *event); /* see engine_prefetch */
    void (*process)(void *context, const struct jd_event *event);
    void (*warmup)(void *context, int64_t until); /* ms, stream time */
    int64_t (*longest_window)(void *context);     /* ms */
    /* Positions of the snapshots there are, newest first; returns how many of at most `room`. -1: that cannot
     * be told, which is not the same as none. */
    int (*list)(void *context, struct entry_id *positions, size_t room, struct error *err);
    void (*discard)(void *context, struct entry_id position);
    /* Starts writing a snapshot of the engine as it is now; `wait`: and has written it on return. -1: not
     * started. */
    int (*save)(void *context, const struct snapshot_header *header, bool wait, struct error *err);
    void *context;
};

#endif
