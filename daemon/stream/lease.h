/* The lease: which of several instances of one name publishes. Redis keeps the token under the owner's key
 * with a time to live; whoever holds the token renews it in thirds of that time. */
#ifndef JIANDU_STREAM_LEASE_H
#define JIANDU_STREAM_LEASE_H

#include <event2/event.h>
#include <stdint.h>

#include "daemon/stream/link.h"

struct lease_settings { /* texts are borrowed */
    const char *owner, *progress, *standby, *handover, *instance;
    int duration;    /* ms */
    uint64_t config; /* what this instance detects, as a hash: for those who stand by */
};

struct lease_handlers {
    void (*taken)(void *context);                   /* or found to be ours still */
    void (*held)(void *context, int64_t remaining); /* another instance has it, for at least so many ms */
    void (*lost)(
        void *context, const char *why); /* another instance has it, or it ran out: publish no more */
    void (*failed)(void *context, const redisReply *reply);
    void *context;
};

struct lease;

struct lease *lease_create(struct event_base *base, struct link *link, const struct lease_settings *settings,
    const struct lease_handlers *handlers);
void lease_destroy(struct lease *);

/* Takes the lease, or asks whether it is still ours; one of taken, held, lost, failed follows unless the
 * connection goes first. From then on it is renewed. A link without a renewal for two thirds of the time is
 * reset: what Redis thinks of us is then found out anew, before anything more is published. */
void lease_take(struct lease *);
/* Forgets the token; Redis keeps it until it runs out. */
void lease_drop(struct lease *);
/* Gives it back; `done` is called in any case. */
void lease_release(struct lease *, void (*done)(void *context), void *context);

/* "" when it is not ours. */
const char *lease_token(const struct lease *);

#endif
