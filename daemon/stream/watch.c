#include "daemon/stream/watch.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/base/memory.h"
#include "daemon/ops/clock.h"
#include "daemon/ops/log.h"
#include "daemon/ops/timer.h"
#include "daemon/stream/reply.h"

#define ID_AHEAD_MAX 60000 /* ms: more than clocks of one site differ */

enum stage { WATCH_OFF, WATCH_RESTING, WATCH_LOOKING, WATCH_HUSHED, WATCH_COUNTING };

struct watch {
    struct link *link;
    struct watch_settings settings;
    struct watch_handlers handlers;
    struct event *timer;
    enum stage stage;
    bool suspended;
    struct stream_facts facts;
    struct stream_place asked_at; /* where we were when the facts were asked for */
    struct entry_id whole_up_to;  /* nothing was lost before this entry that has not been told */
    struct entry_id newest;       /* last entry of the stream, as seen; */
    int64_t newest_since;         /* and since when, ms of the monotonic clock; 0: never seen */
    bool active[NOTICE_KINDS];
};

static void look(struct watch *w, enum stage stage);

static void rest(struct watch *w)
{
    w->stage = WATCH_RESTING;
    timer_in(w->timer, w->settings.interval);
}

static void condition(struct watch *w, enum notice_kind kind, bool holds, uint64_t n)
{
    if (holds && !w->active[kind]) {
        struct notice notice = {
            .kind = kind, .time = clock_wall(), .n = n, .from = w->asked_at.position, .to = w->facts.last};
        w->handlers.notice(w->handlers.context, &notice);
    } else if (!holds && w->active[kind]) {
        log_info("condition_over", "a condition that was told of is over",
            LOG_TEXT("condition", notice_name(kind)));
    }
    w->active[kind] = holds;
}

/* How long this process has seen no new entry, ms. Ids do not tell: a backlog may be of last year. */
static int64_t silent_for(struct watch *w)
{
    int64_t now = clock_monotonic();
    if (!w->newest_since || entry_id_compare(w->newest, w->facts.last) != 0) {
        w->newest = w->facts.last;
        w->newest_since = now;
    }
    return now - w->newest_since;
}

static void look_at_conditions(struct watch *w)
{
    uint64_t now = (uint64_t)clock_wall(), newest = w->facts.last.ms;
    uint64_t lag = stream_lag(&w->facts, w->asked_at);
    int64_t silence = silent_for(w);
    condition(w, NOTICE_LAG, lag > w->settings.lag, lag);
    condition(w, NOTICE_SILENCE, silence > w->settings.silence, (uint64_t)silence);
    condition(w, NOTICE_ID_AHEAD, newest > now + ID_AHEAD_MAX, newest - now);
}

static void count_lost(struct watch *w, uint64_t lost)
{
    const struct stream_facts *f = &w->facts;
    bool gap_ahead = f->has_entries && entry_id_compare(f->first_entry, w->asked_at.position) > 0;
    struct notice notice = {.kind = NOTICE_EVENTS_LOST,
        .time = clock_wall(),
        .n = lost,
        .from = w->whole_up_to,
        .to = gap_ahead ? f->first_entry : f->last};
    w->handlers.counted(w->handlers.context, &notice);
}

static void on_facts(void *context, void *data)
{
    struct watch *w = context;
    const redisReply *reply = data;
    bool exact;
    if (w->stage != WATCH_LOOKING && w->stage != WATCH_COUNTING)
        return;
    bool counting = w->stage == WATCH_COUNTING;
    if (!reply)
        return; /* watch_start comes with the connection */
    if (!stream_facts_read(&w->facts, reply)) {
        rest(w);
        link_reset(w->link, reply_text(reply));
        return;
    }
    enum stream_health health = stream_health(&w->facts, w->handlers.committed(w->handlers.context));
    if (health != STREAM_WELL) {
        w->stage = WATCH_OFF;
        w->handlers.broken(w->handlers.context, health);
        return;
    }
    uint64_t lost = stream_lost(&w->facts, w->asked_at, &exact);
    if (lost > 0 && !counting) {
        w->stage = WATCH_HUSHED;
        w->handlers.hush(w->handlers.context);
        return;
    }
    rest(w);
    if (counting)
        count_lost(w, lost);
    if (exact)
        w->whole_up_to = w->asked_at.position;
    if (w->stage == WATCH_RESTING)
        look_at_conditions(w);
}

static void look(struct watch *w, enum stage stage)
{
    struct command c;
    w->stage = stage;
    if (w->suspended)
        return;
    w->asked_at = w->handlers.taken(w->handlers.context);
    command_init(&c);
    command_words(&c, "XINFO", "STREAM", w->settings.events, (char *)NULL);
    if (link_command(w->link, &c, on_facts, w) < 0)
        rest(w);
    command_fini(&c);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct watch *w = context;
    if (w->stage == WATCH_RESTING)
        look(w, WATCH_LOOKING);
}

struct watch *watch_create(struct event_base *base, struct link *link, const struct watch_settings *settings,
    const struct watch_handlers *handlers)
{
    struct watch *w = memory_zeroed(1, sizeof *w, "the watch");
    w->link = link;
    w->settings = *settings;
    w->handlers = *handlers;
    w->timer = memory_need(evtimer_new(base, on_timer, w), "a timer");
    return w;
}

void watch_destroy(struct watch *w)
{
    if (!w)
        return;
    event_free(w->timer);
    free(w);
}

void watch_start(struct watch *w)
{
    if (w->stage == WATCH_OFF)
        w->whole_up_to = w->handlers.taken(w->handlers.context).position;
    w->suspended = false;
    if (w->stage == WATCH_HUSHED)
        return; /* watch_quiet is still to come */
    event_del(w->timer);
    look(w, w->stage == WATCH_COUNTING ? WATCH_COUNTING : WATCH_LOOKING);
}

void watch_suspend(struct watch *w)
{
    w->suspended = true;
    event_del(w->timer);
}

void watch_stop(struct watch *w)
{
    w->stage = WATCH_OFF;
    event_del(w->timer);
}

void watch_quiet(struct watch *w)
{
    if (w->stage == WATCH_HUSHED)
        look(w, WATCH_COUNTING);
}

const struct stream_facts *watch_facts(const struct watch *w)
{
    return &w->facts;
}
