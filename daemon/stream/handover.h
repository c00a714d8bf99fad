/* The hand-over as the leader sees it: whether an operator has asked for it, looked for at short intervals.
 */
#ifndef JIANDU_STREAM_HANDOVER_H
#define JIANDU_STREAM_HANDOVER_H

#include <event2/event.h>

#include "daemon/stream/link.h"

struct handover_handlers {
    void (*asked)(void *context, const char *who); /* told once; looking has stopped */
    void *context;
};

struct handover;

/* `key` is borrowed; `interval` in ms. */
struct handover *handover_create(struct event_base *base, struct link *link, const char *key, int interval,
    const struct handover_handlers *handlers);
void handover_destroy(struct handover *);
void handover_start(struct handover *);
void handover_stop(struct handover *);

#endif
