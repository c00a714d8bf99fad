/* The follower: what one who stands by sees of the leader, asked at short intervals on the control
 * connection, and what it says of itself, under the standby key, for people and for `jianductl handover`. */
#ifndef JIANDU_STREAM_FOLLOWER_H
#define JIANDU_STREAM_FOLLOWER_H

#include <event2/event.h>

#include "daemon/stream/link.h"
#include "daemon/stream/progress.h"

#define FOLLOWER_TEXT 512

struct follower_settings { /* texts are borrowed */
    const char *owner, *progress, *standby, *instance;
    int interval; /* ms between two looks */
    int beat;     /* ms between two reports; they count for three of them */
};

struct follower_handlers {
    /* The lease runs for another `left` ms; below 0: nobody holds it. */
    void (*seen)(void *context, const struct progress *, int64_t left);
    /* Writes what is to be said, a JSON object. */
    void (*report)(void *context, char text[FOLLOWER_TEXT]);
    void (*failed)(void *context, const redisReply *reply);
    void *context;
};

struct follower;

struct follower *follower_create(struct event_base *base, struct link *link,
    const struct follower_settings *settings, const struct follower_handlers *handlers);
void follower_destroy(struct follower *);

/* Looks at once, then at intervals; call it again when the connection was lost. */
void follower_start(struct follower *);
void follower_stop(struct follower *);
/* What is to be said has changed: says it now. */
void follower_say(struct follower *);

#endif
