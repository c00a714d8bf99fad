#include "daemon/stream/follower.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/base/memory.h"
#include "daemon/ops/clock.h"
#include "daemon/ops/timer.h"
#include "daemon/stream/reply.h"

struct follower {
    struct link *link;
    struct follower_settings settings;
    struct follower_handlers handlers;
    struct event *timer;
    bool active;
    int64_t left;   /* of the lease, ms */
    int64_t beaten; /* ms, monotonic: when was reported last; 0: not yet */
};

static void ask(struct follower *f, struct command *command, link_reply done)
{
    if (link_command(f->link, command, done, f) < 0)
        link_reset(f->link, "out of memory");
    command_fini(command);
}

/* False: there is nothing to be read from it; what it means is dealt with. */
static bool usable(struct follower *f, const redisReply *reply)
{
    if (!reply || !f->active)
        return false;
    enum reply_class class = reply_classify(reply);
    if (class == REPLY_WAIT)
        link_reset(f->link, reply_text(reply));
    else if (class != REPLY_GOOD)
        f->handlers.failed(f->handlers.context, reply);
    return class == REPLY_GOOD;
}

static void on_beaten(void *context, void *reply)
{
    usable(context, reply);
}

void follower_say(struct follower *f)
{
    char text[FOLLOWER_TEXT];
    struct command c;
    if (!f->active || link_state(f->link) != LINK_READY)
        return;
    f->beaten = clock_monotonic();
    f->handlers.report(f->handlers.context, text);
    command_init(&c);
    command_words(
        &c, "FCALL", "jiandu_stand_by", "1", f->settings.standby, f->settings.instance, (char *)NULL);
    command_printf(&c, "%d", 3 * f->settings.beat);
    command_word(&c, text);
    ask(f, &c, on_beaten);
}

static void on_progress(void *context, void *data)
{
    struct follower *f = context;
    const redisReply *reply = data;
    struct progress p;
    if (!usable(f, reply))
        return;
    /* a lease that is about to run out is looked at when it has */
    int64_t soon = f->left >= 0 && f->left < f->settings.interval ? f->left + 1 : f->settings.interval;
    timer_in(f->timer, soon);
    if (progress_read(&p, reply))
        f->handlers.seen(f->handlers.context, &p, f->left);
}

static void on_lease(void *context, void *data)
{
    struct follower *f = context;
    const redisReply *reply = data;
    if (usable(f, reply))
        f->left = reply->integer == -2 ? -1 : reply->integer < 0 ? f->settings.interval : reply->integer;
}

static void look(struct follower *f)
{
    struct command c;
    command_init(&c);
    command_words(&c, "PTTL", f->settings.owner, (char *)NULL);
    ask(f, &c, on_lease);
    command_init(&c);
    command_words(&c, "HGETALL", f->settings.progress, (char *)NULL);
    ask(f, &c, on_progress);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct follower *f = context;
    if (!f->active || link_state(f->link) != LINK_READY)
        return; /* follower_start comes with the connection */
    if (!f->beaten || clock_monotonic() - f->beaten >= f->settings.beat)
        follower_say(f);
    look(f);
}

struct follower *follower_create(struct event_base *base, struct link *link,
    const struct follower_settings *settings, const struct follower_handlers *handlers)
{
    struct follower *f = memory_zeroed(1, sizeof *f, "the follower");
    f->link = link;
    f->settings = *settings;
    f->handlers = *handlers;
    f->timer = memory_need(evtimer_new(base, on_timer, f), "a timer");
    return f;
}

void follower_destroy(struct follower *f)
{
    if (!f)
        return;
    event_free(f->timer);
    free(f);
}

void follower_start(struct follower *f)
{
    f->active = true;
    f->beaten = 0;
    timer_in(f->timer, 0);
}

void follower_stop(struct follower *f)
{
    f->active = false;
    event_del(f->timer);
}
