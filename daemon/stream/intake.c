/* What comes in: batches of events, and what the watch finds. */
#include <stdio.h>
#include <string.h>

#include "daemon/ops/clock.h"
#include "daemon/ops/log.h"
#include "daemon/stream/service_parts.h"

void service_output(void *context, const struct output *output)
{
    struct service *s = context;
    if (!s->publisher.silent)
        chronicle_output(&s->chronicle, output);
    publisher_output(&s->publisher, output);
}

void service_read_on(struct service *s)
{
    if (s->phase == SERVICE_RUNNING && !s->snapshot_due && !s->hushed && !committer_full(s->committer))
        feeder_resume(s->feeder);
}

/* ---- batches ---- */

static void prefetch(const struct service *s, const struct batch *b, size_t i)
{
    s->host->prefetch(s->host->context, i < b->count ? b->entries[i].event : NULL);
}

/* What people have told us. While replaying it has its line already. */
static void note_event(struct service *s, const struct jd_event *e)
{
    if (s->publisher.silent)
        return;
    if (e->type == JD_TYPE_VERDICT)
        chronicle_verdict(&s->chronicle, e);
    else if (e->type == JD_TYPE_REGISTRY)
        chronicle_registry(&s->chronicle, e, s->last_tick);
}

static void note_dead_letter(struct service *s, const struct batch_entry *e)
{
    if (!s->publisher.silent)
        chronicle_dead_letter(&s->chronicle, e->id, e->reason, s->last_tick);
}

static void take_entry(struct service *s, const struct batch *b, const struct batch_entry *e)
{
    s->taken.position = e->id;
    s->taken.read++;
    publisher_at(&s->publisher, e->id, s->taken.read);
    if (!e->event) {
        publisher_dead_letter(&s->publisher, b, e);
        note_dead_letter(s, e);
        return;
    }
    note_event(s, e->event);
    s->host->process(s->host->context, e->event);
}

static void commit_batch(struct service *s)
{
    committer_add(s->committer, &s->publisher.box, s->taken, s->fingerprint);
    if (committer_full(s->committer))
        feeder_pause(s->feeder);
}

static void on_batch(void *context, struct batch *b)
{
    struct service *s = context;
    complain_resolved(&s->reader_down, "reading_again", "the input is read again");
    s->last_tick = clock_monotonic();
    for (size_t i = 0; i < LOOKAHEAD_EVENTS; i++)
        prefetch(s, b, i);
    for (size_t i = 0; i < b->count; i++) {
        prefetch(s, b, i + LOOKAHEAD_EVENTS);
        take_entry(s, b, &b->entries[i]);
    }
    s->events += b->count;
    s->fingerprint = batch_fingerprint(b);
    chronicle_pause(&s->chronicle, s->last_tick);
    if (s->phase == SERVICE_RUNNING)
        commit_batch(s);
    else
        service_look_whether_there(s);
}

static void add_tick(struct service *s)
{
    struct command c;
    command_init(&c);
    command_words(&c, "XADD", s->keys.events, "*", "type", "tick", "time", (char *)NULL);
    command_printf(&c, "%lld", (long long)clock_wall());
    s->last_tick = clock_monotonic();
    link_command(s->control, &c, NULL, NULL);
    command_fini(&c);
}

static void on_idle(void *context)
{
    struct service *s = context;
    chronicle_pause(&s->chronicle, clock_monotonic());
    s->answers++;
    if (s->phase == SERVICE_RUNNING && s->settings.tick &&
        clock_monotonic() - s->last_tick >= s->settings.tick)
        add_tick(s);
}

/* The entry at the committed position is gone itself; maybe more. */
static void on_gap(void *context, struct entry_id limit)
{
    struct service *s = context;
    s->taken.position = limit;
    service_look_whether_there(s);
}

static void on_quiet(void *context)
{
    struct service *s = context;
    if (s->hushed)
        watch_quiet(s->watch);
}

static void on_reader_lost(void *context, const char *why)
{
    struct service *s = context;
    s->reconnects++;
    complain(&s->reader_down, "reading_interrupted", why);
}

static void on_reader_failed(void *context, const char *why)
{
    service_halt(context, SERVICE_EXIT_CONFIG, why);
}

/* ---- what the watch finds ---- */

static void publish_at(struct service *s, const struct notice *notice)
{
    char text[512];
    struct entry_id id;
    notice_explain(notice, text, sizeof text);
    log_warn(notice_name(notice->kind), text, LOG_INT("count", notice->n));
    if (!committer_system_id(s->committer, &id)) {
        log_warn(
            "notice_dropped", "too many alerts of the daemon's own at one position; this one is only logged");
        return;
    }
    publisher_at(&s->publisher, s->taken.position, s->taken.read);
    publisher_notice(&s->publisher, notice, id);
}

void service_notice(struct service *s, const struct notice *notice)
{
    publish_at(s, notice);
    committer_add(s->committer, &s->publisher.box, s->taken, s->fingerprint);
}

static struct stream_place committed(void *context)
{
    return committer_committed(((struct service *)context)->committer);
}

static struct stream_place taken(void *context)
{
    return ((struct service *)context)->taken;
}

static void on_notice(void *context, const struct notice *notice)
{
    service_notice(context, notice);
}

static void on_hush(void *context)
{
    struct service *s = context;
    s->hushed = true;
    feeder_pause(s->feeder);
    if (feeder_quiet(s->feeder))
        watch_quiet(s->watch);
}

static void on_counted(void *context, const struct notice *notice)
{
    struct service *s = context;
    s->hushed = false;
    if (notice->n > 0) {
        s->lost += notice->n;
        s->taken.read += notice->n; /* told and counted in the same commit */
        committer_lost(s->committer, notice->n);
        service_notice(s, notice);
    }
    service_read_on(s);
}

static void stop_for_history(struct service *s, const char *what)
{
    char text[320];
    snprintf(text, sizeof text,
        "%s: %s. Nothing was changed. To go on with what is there, start once with --accept-rollback",
        s->keys.events, what);
    service_halt(s, SERVICE_EXIT_DATA, text);
}

static void on_broken(void *context, enum stream_health health)
{
    struct service *s = context;
    if (s->settings.accept_rollback)
        link_reset(s->control, stream_health_words(health)); /* the next session moves the position */
    else
        stop_for_history(s, stream_health_words(health));
}

/* ---- a stream that is not the one we knew ---- */

/* Behind a tail that was lost, everything there was taken before; of a stream made anew, nothing. */
static struct stream_place place_in(const struct session_facts *f)
{
    bool tail_lost = f->stream.added > 0 && f->stream.added < f->progress.place.read &&
                     entry_id_compare(f->stream.last, f->progress.place.position) < 0;
    return tail_lost ? (struct stream_place){f->stream.last, f->stream.added}
                     : (struct stream_place){{0, 0}, 0};
}

static void move_position(struct service *s)
{
    struct stream_place old = s->facts.progress.place, new = place_in(&s->facts);
    service_quieten(s);
    service_drop_state(s);
    s->phase = SERVICE_CONNECTING;
    s->settings.accept_rollback = false; /* the word was given for once */
    s->moving = true;
    committer_start(s->committer, lease_token(s->lease), old, s->facts.progress.system);
    s->taken = old;
    s->fingerprint = 0;
    publish_at(s, &(struct notice){.kind = NOTICE_STREAM_REPLACED,
                      .time = clock_wall(),
                      .n = old.read,
                      .from = old.position,
                      .to = new.position});
    committer_add(s->committer, &s->publisher.box, new, 0);
}

bool service_history_agrees(struct service *s)
{
    const struct session_facts *f = &s->facts;
    enum stream_health health = stream_health(&f->stream, f->progress.place);
    const char *what = NULL;
    if (s->moving) {
        committer_resume(s->committer, f->progress.place.position);
        return false;
    }
    if (health != STREAM_WELL)
        what = stream_health_words(health);
    else if (f->entry_print && f->progress.print && f->entry_print != f->progress.print)
        what = "another entry stands at the committed position";
    if (!what)
        return true;
    if (s->settings.accept_rollback)
        move_position(s);
    else
        stop_for_history(s, what);
    return false;
}

int service_create_intake(struct service *s, struct event_base *base, struct error *err)
{
    const struct service_settings *set = &s->settings;
    const struct reader_settings reader = {
        .link = set->link, .key = s->keys.events, .count = set->count, .block = set->block};
    const struct reader_handlers on_reader = {.batch = on_batch,
        .idle = on_idle,
        .gap = on_gap,
        .quiet = on_quiet,
        .lost = on_reader_lost,
        .failed = on_reader_failed,
        .context = s};
    const struct watch_settings watch = {.events = s->keys.events,
        .interval = set->check_interval,
        .lag = set->lag_limit,
        .silence = set->silence_limit};
    const struct watch_handlers on_watch = {.committed = committed,
        .taken = taken,
        .notice = on_notice,
        .hush = on_hush,
        .counted = on_counted,
        .broken = on_broken,
        .context = s};
    s->feeder = feeder_create(base, &reader, set->reading_thread, &on_reader, err);
    if (!s->feeder)
        return -1;
    s->watch = watch_create(base, s->control, &watch, &on_watch);
    return 0;
}
