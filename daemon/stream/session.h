/* A session: what is asked on the control connection each time it comes up, in order, before anything is
 * published:
 *
 *   the function library (loaded when missing or older) - the group - the lease - progress - the stream - the
 *   entry at the committed position
 *
 * One who stands by asks the same, without the lease. The facts come back in one piece. A reply that says
 * "not now" resets the link, and all begins again after the pause; one that will not change ends the session
 * with a sentence. */
#ifndef JIANDU_STREAM_SESSION_H
#define JIANDU_STREAM_SESSION_H

#include "daemon/ops/log_chain.h"
#include "daemon/stream/checks.h"
#include "daemon/stream/link.h"
#include "daemon/stream/progress.h"

struct session_settings { /* texts are borrowed */
    const char *events, *progress, *group;
    const char *log_field; /* of progress: where our commits put the head of the log file */
};

struct session_facts {
    struct progress progress;
    struct log_head log; /* what our last commit said of the log file; of no line: nothing */
    struct stream_facts stream;
    uint64_t entry_print; /* fingerprint of the entry there as it stands in the stream; 0: it is not there */
};

struct session_handlers {
    void (*prepared)(
        void *context); /* library and group are there: take the lease, or not; then session_look */
    void (*established)(void *context, const struct session_facts *);
    /* `config`: something must be set up differently; otherwise what Redis holds cannot be used as it is. */
    void (*failed)(void *context, bool config, const char *why);
    void *context;
};

struct session;

struct session *session_create(
    struct link *link, const struct session_settings *, const struct session_handlers *);
void session_destroy(struct session *);

/* Call when the link is ready. What was begun before comes to nothing, here and with session_look. */
void session_begin(struct session *);
/* Asks for the facts; `established` follows. */
void session_look(struct session *);

#endif
