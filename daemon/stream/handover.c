#include "daemon/stream/handover.h"

#include <stdbool.h>
#include <stdlib.h>

#include "daemon/base/memory.h"
#include "daemon/ops/timer.h"

struct handover {
    struct link *link;
    const char *key;
    int interval;
    struct handover_handlers handlers;
    struct event *timer;
    bool active, asking;
};

static void on_reply(void *context, void *data)
{
    struct handover *h = context;
    const redisReply *reply = data;
    h->asking = false;
    if (!reply || !h->active || reply->type != REDIS_REPLY_STRING)
        return; /* what is wrong with Redis shows elsewhere */
    handover_stop(h);
    h->handlers.asked(h->handlers.context, reply->str);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct handover *h = context;
    struct command c;
    timer_in(h->timer, h->interval);
    if (h->asking || link_state(h->link) != LINK_READY)
        return;
    command_init(&c);
    command_words(&c, "GET", h->key, (char *)NULL);
    h->asking = link_command(h->link, &c, on_reply, h) == 0;
    command_fini(&c);
}

struct handover *handover_create(struct event_base *base, struct link *link, const char *key, int interval,
    const struct handover_handlers *handlers)
{
    struct handover *h = memory_zeroed(1, sizeof *h, "the hand-over");
    h->link = link;
    h->key = key;
    h->interval = interval;
    h->handlers = *handlers;
    h->timer = memory_need(evtimer_new(base, on_timer, h), "a timer");
    return h;
}

void handover_destroy(struct handover *h)
{
    if (!h)
        return;
    event_free(h->timer);
    free(h);
}

void handover_start(struct handover *h)
{
    h->active = true;
    timer_in(h->timer, h->interval);
}

void handover_stop(struct handover *h)
{
    h->active = false;
    event_del(h->timer);
}
