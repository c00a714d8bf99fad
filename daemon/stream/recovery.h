/* Recovery: which state to go on with. The newest snapshot at or before the committed position that belongs
 * to this history; the entries between are then replayed silently, and their number must agree. Without one,
 * from the first entry that is still there. */
#ifndef JIANDU_STREAM_RECOVERY_H
#define JIANDU_STREAM_RECOVERY_H

#include "daemon/stream/host.h"
#include "daemon/stream/session.h"

struct recovery_plan {
    struct stream_place from; /* read on after this entry */
    bool counted;             /* what is read up to the committed position must agree with the count */
    bool fresh;               /* no snapshot: an empty state */
    bool degraded; /* fresh, but not what it was: the beginning of the stream is gone, or was looked at
                      otherwise */
};

struct recovery_handlers {
    void (*planned)(void *context, const struct recovery_plan *);
    void (*failed)(void *context, const char *why); /* snapshots cannot be listed, or no engine made */
    void *context;
};

struct recovery;

struct recovery *recovery_create(struct link *link, const struct stream_host *host, const char *events,
    const struct recovery_handlers *handlers);
void recovery_destroy(struct recovery *);

/* Looks for a state, and leaves the host's engine filled with it. `planned` may be called before this
 * returns. `config`: the state must be what an instance with these settings has that has led all the time, so
 * that no other's snapshot is of use; 0: any, as for a leader who goes on with new settings. */
void recovery_begin(struct recovery *, const struct session_facts *, uint64_t config);
/* The replay did not agree: the next older. */
void recovery_next(struct recovery *);
/* What is under way comes to nothing. */
void recovery_cancel(struct recovery *);

#endif
