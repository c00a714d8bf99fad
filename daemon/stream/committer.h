/* The committer: publishes outputs and moves the committed position, in one Redis function call a commit.
 *
 * Commits queue and are pipelined; each names the position of the one before, so that Redis takes them in
 * order or not at all. When a connection goes, the outcome of what was under way is unknown: committer_resume
 * is told the position that Redis has, drops what arrived and sends the rest again, byte for byte. */
#ifndef JIANDU_STREAM_COMMITTER_H
#define JIANDU_STREAM_COMMITTER_H

#include "daemon/stream/link.h"
#include "daemon/stream/outbox.h"
#include "daemon/stream/place.h"

struct committer_settings { /* texts are borrowed */
    const char *events, *progress, *owner, *group;
    const char *log_field; /* of progress: gets the head of the log file */
    int lease;             /* ms, renewed by each commit */
    int interval;          /* ms: the longest time that a position without outputs stays uncommitted */
    size_t commits_max;    /* queued, above which the committer is full */
    size_t bytes_max;      /* the same */
};

void committer_settings_defaults(struct committer_settings *);

struct committer_handlers {
    void (*committed)(void *context); /* Redis took a commit */
    void (*room)(void *context);      /* the committer was full and is no longer */
    /* Redis has seen somebody else commit: publish no more, drop the state. The committer has stopped. */
    void (*refused)(void *context, const char *why);
    void *context;
};

struct committer;

/* `link` is borrowed and may come and go; only commits are sent while the committer runs. */
struct committer *committer_create(struct event_base *base, struct link *link,
    const struct committer_settings *settings, const struct committer_handlers *handlers);
void committer_destroy(struct committer *);

/* Begins with an empty queue at the position that Redis has. `system` is how many system alerts stand at it.
 */
void committer_start(struct committer *, const char *token, struct stream_place, unsigned system);
/* So many more of the entries counted as read were lost: goes with the next commits. Returns how many all in
 * all. */
uint64_t committer_lost(struct committer *, uint64_t more);
/* Forgets the queue. */
void committer_stop(struct committer *);
/* The connection went: nothing is sent until committer_resume, even when it is up again. */
void committer_suspend(struct committer *);
/* What Redis had when the connection was up again. */
void committer_resume(struct committer *, struct entry_id redis_has);

/* Moves the position, and publishes what the outbox holds (it is cleared). With outputs at once, otherwise
 * within the interval. */
void committer_add(struct committer *, struct outbox *, struct stream_place, uint64_t fingerprint);
/* Commits the position at once. */
void committer_flush(struct committer *);
/* The id for the next system alert: after all alerts so far, before those of entries to come. False: too many
 * at this position. */
bool committer_system_id(struct committer *, struct entry_id *id);

bool committer_full(const struct committer *);
bool committer_idle(const struct committer *);                     /* Redis has everything */
struct stream_place committer_last(const struct committer *);      /* the newest that was added */
struct stream_place committer_committed(const struct committer *); /* that Redis is known to have */

#endif
