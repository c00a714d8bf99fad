#include "daemon/stream/lease.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "daemon/base/memory.h"
#include "daemon/ops/clock.h"
#include "daemon/ops/log.h"
#include "daemon/ops/timer.h"
#include "daemon/stream/reply.h"

struct lease {
    struct link *link;
    struct lease_settings settings;
    struct lease_handlers handlers;
    struct event *timer;
    char token[64];
    bool asking;     /* lease_take waits for its answer */
    int64_t asked;   /* ms, monotonic: when the renewal under way was sent */
    int64_t renewed; /* when the last good one was sent */
    void (*released)(void *context);
    void *released_context;
};

static void schedule(struct lease *l)
{
    timer_in(l->timer, l->settings.duration / 3);
}

static void succeeded(struct lease *l)
{
    l->renewed = l->asked;
    schedule(l);
    if (l->asking) {
        l->asking = false;
        l->handlers.taken(l->handlers.context);
    }
}

static void refused(struct lease *l, const redisReply *reply)
{
    l->asking = false;
    if (reply_classify(reply) == REPLY_WAIT)
        link_reset(l->link, reply_text(reply));
    else
        l->handlers.failed(l->handlers.context, reply);
}

static void on_acquired(void *context, void *data)
{
    struct lease *l = context;
    const redisReply *reply = data;
    if (!reply) {
        l->asking = false;
    } else if (reply_is_error(reply, "HELD")) {
        l->asking = false;
        l->handlers.held(l->handlers.context, strtoll(reply->str + strlen("HELD "), NULL, 10));
    } else if (reply->type == REDIS_REPLY_STRING && reply->len < sizeof l->token) {
        memcpy(l->token, reply->str, reply->len + 1);
        succeeded(l);
    } else {
        refused(l, reply);
    }
}

static void on_renewed(void *context, void *data)
{
    struct lease *l = context;
    const redisReply *reply = data;
    if (!reply || !l->token[0]) {
        l->asking = false;
    } else if (reply_is_error(reply, "FENCED")) {
        lease_drop(l);
        l->handlers.lost(l->handlers.context, "the lease ran out or another instance has taken it");
    } else if (reply->type == REDIS_REPLY_ERROR) {
        refused(l, reply);
    } else {
        succeeded(l);
    }
}

static int ask(struct lease *l, struct command *command, link_reply done)
{
    l->asked = clock_monotonic();
    int result = link_command(l->link, command, done, l);
    command_fini(command);
    return result;
}

static int renew(struct lease *l)
{
    struct command c;
    command_init(&c);
    command_words(&c, "FCALL", "jiandu_renew", "1", l->settings.owner, l->token, (char *)NULL);
    command_printf(&c, "%d", l->settings.duration);
    return ask(l, &c, on_renewed);
}

static int acquire(struct lease *l)
{
    struct command c;
    uint64_t nonce;
    if (getrandom(&nonce, sizeof nonce, 0) != (ssize_t)sizeof nonce)
        return -1;
    command_init(&c);
    command_words(&c, "FCALL", "jiandu_acquire", "4", l->settings.owner, l->settings.progress,
        l->settings.standby, l->settings.handover, l->settings.instance, (char *)NULL);
    command_printf(&c, "%d", l->settings.duration);
    command_printf(&c, "%016" PRIx64, nonce);
    command_words(&c, "0-0", "0", (char *)NULL);
    command_printf(&c, "%016" PRIx64, l->settings.config);
    return ask(l, &c, on_acquired);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct lease *l = context;
    if (!l->token[0])
        return;
    schedule(l);
    if (clock_monotonic() - l->renewed > l->settings.duration / 3 * 2)
        link_reset(l->link, "the lease could not be renewed in time");
    else
        renew(l); /* when the link is down, lease_take follows as soon as it is up */
}

struct lease *lease_create(struct event_base *base, struct link *link, const struct lease_settings *settings,
    const struct lease_handlers *handlers)
{
    struct lease *l = memory_zeroed(1, sizeof *l, "the lease");
    l->link = link;
    l->settings = *settings;
    l->handlers = *handlers;
    l->timer = memory_need(evtimer_new(base, on_timer, l), "a timer");
    return l;
}

void lease_destroy(struct lease *l)
{
    if (!l)
        return;
    event_free(l->timer);
    free(l);
}

void lease_take(struct lease *l)
{
    l->asking = true;
    if ((l->token[0] ? renew(l) : acquire(l)) < 0) {
        l->asking = false;
        link_reset(l->link, "the lease cannot be asked for");
    }
}

void lease_drop(struct lease *l)
{
    l->token[0] = '\0';
    l->asking = false;
    event_del(l->timer);
}

static void on_released(void *context, void *data)
{
    struct lease *l = context;
    const redisReply *reply = data;
    if (reply && reply->type == REDIS_REPLY_INTEGER && reply->integer == 1)
        log_info(
            "lead_released", "another instance may publish now", LOG_TEXT("instance", l->settings.instance));
    l->released(l->released_context);
}

void lease_release(struct lease *l, void (*done)(void *context), void *context)
{
    struct command c;
    l->released = done;
    l->released_context = context;
    command_init(&c);
    command_words(&c, "FCALL", "jiandu_release", "1", l->settings.owner, l->token, (char *)NULL);
    bool ours = l->token[0] != '\0';
    lease_drop(l);
    if (!ours || ask(l, &c, on_released) < 0)
        done(context);
    command_fini(&c);
}

const char *lease_token(const struct lease *l)
{
    return l->token;
}
