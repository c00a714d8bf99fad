#include "daemon/stream/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/ops/clock.h"
#include "daemon/ops/log.h"
#include "daemon/ops/timer.h"
#include "daemon/stream/reply.h"
#include "daemon/stream/service_parts.h"

#define GROUP "jiandu"     /* of consumers */
#define STOP_PATIENCE 4000 /* ms, of the five seconds promised */
#define RETRY_SOON 100     /* ms */

/* ---- small things ---- */

void service_enter(struct service *s, enum service_phase phase)
{
    if (s->phase == phase)
        return;
    s->phase = phase;
    log_info("phase", service_phase_word(phase), LOG_TEXT("instance", s->settings.instance));
    s->handlers.phase(s->handlers.context, phase);
}

/* Ends all activity. What was not committed will be read again. */
void service_halt(struct service *s, int exit_code, const char *why)
{
    if (s->phase == SERVICE_STOPPED)
        return;
    service_quieten(s);
    chronicle_flush(&s->chronicle);
    link_stop(s->control);
    event_del(s->again);
    event_del(s->snapshot_timer);
    event_del(s->deadline);
    service_enter(s, SERVICE_STOPPED);
    s->handlers.stopped(s->handlers.context, exit_code, why);
}

void service_quieten(struct service *s)
{
    feeder_stop(s->feeder);
    watch_stop(s->watch);
    committer_stop(s->committer);
    recovery_cancel(s->recovery);
    follower_stop(s->follower);
    handover_stop(s->handover);
    outbox_clear(&s->publisher.box);
    s->snapshot_due = s->handing = s->hushed = false;
}

bool service_leads(const struct service *s)
{
    return s->phase >= SERVICE_RECOVERING && s->phase <= SERVICE_RUNNING;
}

/* ---- the control connection ---- */

static void on_ready(void *context)
{
    session_begin(((struct service *)context)->session);
}

/* Redis does what it is asked: connecting alone is no sign of that. */
void service_redis_is_back(struct service *s)
{
    s->answers++;
    complain_resolved(&s->control_down, "redis_back", "the control connection is up again");
    link_settled(s->control);
}

static void on_lost(void *context, const char *why)
{
    struct service *s = context;
    s->reconnects++;
    s->in_session = false;
    committer_suspend(s->committer);
    watch_suspend(s->watch);
    event_del(s->again);
    follower_stop(s->follower);
    recovery_cancel(s->recovery);
    if (s->state == STATE_SOUGHT)
        s->state = STATE_NONE; /* the next session begins anew */
    complain(&s->control_down, "redis_lost", why);
}

static void on_fatal(void *context, const char *why)
{
    service_halt(context, SERVICE_EXIT_CONFIG, why);
}

/* What had to wait: for the lease, or until a callback was over. */
static void on_again(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct service *s = context;
    if (s->state == STATE_SOUGHT)
        recovery_next(s->recovery);
    else if (s->phase == SERVICE_RECOVERING && s->in_session)
        service_seek(s);
    else if (s->phase == SERVICE_STANDBY && link_state(s->control) == LINK_READY)
        session_begin(s->session);
}

static void on_prepared(void *context)
{
    struct service *s = context;
    if (service_may_lead(s))
        lease_take(s->lease);
    else
        session_look(s->session);
}

static void on_lease_taken(void *context)
{
    struct service *s = context;
    s->differs = false;
    follower_stop(s->follower);
    session_look(s->session);
}

/* It is asked for again when whoever has it no longer renews it. */
static void on_lease_held(void *context, int64_t remaining)
{
    struct service *s = context;
    (void)remaining;
    service_redis_is_back(s);
    service_stand_by(s, "another instance holds the lease", -1);
    if (s->phase == SERVICE_STANDBY)
        session_look(s->session);
}

static void on_lease_lost(void *context, const char *why)
{
    service_stand_by(context, why, RETRY_SOON);
}

static void on_lease_failed(void *context, const redisReply *reply)
{
    service_halt(context, SERVICE_EXIT_CONFIG, reply_text(reply));
}

static void on_session_failed(void *context, bool config, const char *why)
{
    service_halt(context, config ? SERVICE_EXIT_CONFIG : SERVICE_EXIT_DATA, why);
}

/* Goes on with the state we have, unless Redis has lost entries that are in it. */
static void resume(struct service *s)
{
    if (stream_health(&s->facts.stream, s->taken) != STREAM_WELL) {
        service_stand_by(s, "Redis has lost entries that were read and not committed yet", RETRY_SOON);
        return;
    }
    committer_resume(s->committer, s->facts.progress.place.position);
    if (s->phase == SERVICE_RUNNING && !s->handing)
        watch_start(s->watch);
}

/* Only what was there when we started can have lost lines since our last commit. */
static void compare_log(struct service *s)
{
    char text[LOG_ANCHOR_TEXT];
    if (!s->log_compared && log_is_cut(&s->facts.log))
        log_error("log_cut", "the log file ends before a line that the last commit knew, or with another one",
            LOG_TEXT("anchor", log_head_format(&s->facts.log, text)));
    s->log_compared = true;
}

/* The lease is ours: leads on, or begins to, with the state that there is. */
static void lead(struct service *s)
{
    if (!service_history_agrees(s))
        return;
    if (s->phase == SERVICE_RUNNING || s->phase == SERVICE_STOPPING) {
        resume(s);
    } else if (s->state == STATE_NONE) {
        service_enter(s, SERVICE_RECOVERING);
        service_seek(s);
    } else {
        service_enter(s, SERVICE_REPLAYING);
        service_catch_up(s);
    }
}

static void on_session_established(void *context, const struct session_facts *facts)
{
    struct service *s = context;
    if (s->phase < SERVICE_RUNNING && s->state >= STATE_BEHIND)
        s->taken.read += facts->progress.lost - s->facts.progress.lost;
    s->facts = *facts;
    s->in_session = true;
    service_redis_is_back(s);
    compare_log(s);
    if (*lease_token(s->lease))
        lead(s);
    else
        service_follow(s);
}

/* The state is that of the committed position, and the lease ours. */
void service_go_live(struct service *s)
{
    struct stream_place place = s->facts.progress.place;
    bool reading = feeder_running(s->feeder);
    s->publisher.silent = false;
    committer_start(s->committer, lease_token(s->lease), place, s->facts.progress.system);
    committer_lost(s->committer, s->facts.progress.lost);
    if (!s->in_session)
        committer_suspend(s->committer);
    s->fingerprint = s->facts.entry_print ? s->facts.entry_print : s->facts.progress.print;
    log_info("lead", "this instance publishes from now on", LOG_TEXT("instance", s->settings.instance),
        LOG_INT("epoch", strtoll(lease_token(s->lease), NULL, 10)));
    service_enter(s, SERVICE_RUNNING);
    if (s->plan.degraded)
        service_notice(s, &(struct notice){.kind = NOTICE_STATE_DEGRADED,
                              .time = clock_wall(),
                              .from = s->facts.stream.first_entry,
                              .to = place.position});
    s->plan.degraded = false; /* it has been told; from now on ours is the state that counts */
    if (reading)
        feeder_limit(s->feeder, NULL);
    else
        feeder_start(s->feeder, s->host->decoder(s->host->context), place.position, NULL);
    timer_in(s->snapshot_timer, s->settings.snapshot_interval);
    handover_start(s->handover);
    if (s->in_session)
        watch_start(s->watch);
}

/* ---- commits ---- */

static void finish_stop(void *context)
{
    service_halt(context, SERVICE_EXIT_OK, "stopped");
}

static void on_committed(void *context)
{
    struct service *s = context;
    s->commits++;
    if (!committer_idle(s->committer))
        return;
    if (s->handing && s->phase == SERVICE_RUNNING) {
        service_give_up(s);
    } else if (s->phase == SERVICE_STOPPING) {
        service_save(s, true);
        lease_release(s->lease, finish_stop, s);
    } else if (s->moving) { /* an accepted rollback is written: look again, from the new position */
        s->moving = false;
        committer_stop(s->committer);
        session_begin(s->session);
    } else if (s->phase == SERVICE_RUNNING && s->snapshot_due) {
        service_save(s, false);
        service_read_on(s);
    }
}

static void on_room(void *context)
{
    service_read_on(context);
}

static void on_refused(void *context, const char *why)
{
    struct service *s = context;
    char text[400];
    if (strncmp(why, "FENCED", 6) == 0 || strncmp(why, "POSMISMATCH", 11) == 0 ||
        strncmp(why, "the comm", 8) == 0) {
        service_stand_by(s, why, RETRY_SOON);
    } else if (strncmp(why, "ALERTCLASH", 10) == 0) {
        snprintf(text, sizeof text,
            "%s: another alert, or none, stands where this one belongs; nothing is overwritten. If the alert "
            "stream was "
            "trimmed or belongs to another history, rename it and start again",
            why);
        service_halt(s, SERVICE_EXIT_DATA, text);
    } else {
        service_halt(s, SERVICE_EXIT_CONFIG, why);
    }
}

/* ---- starting and stopping ---- */

void service_start(struct service *s)
{
    link_start(s->control);
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    log_warn("stopped_late", "Redis did not take the last commit in time; it will be read again");
    service_halt(context, SERVICE_EXIT_OK, "stopped before everything was committed");
}

void service_stop(struct service *s)
{
    bool running = s->phase == SERVICE_RUNNING;
    bool follows = s->phase == SERVICE_STANDBY && service_follows(s);
    if (s->phase >= SERVICE_STOPPING)
        return;
    service_enter(s, SERVICE_STOPPING);
    feeder_stop(s->feeder);
    watch_stop(s->watch);
    event_del(s->again);
    timer_in(s->deadline, STOP_PATIENCE);
    follower_stop(s->follower);
    handover_stop(s->handover);
    if (!running) {
        if (follows)
            service_save(s, true);
        lease_release(s->lease, finish_stop, s);
        return;
    }
    committer_flush(s->committer);
    if (committer_idle(s->committer)) {
        service_save(s, true);
        lease_release(s->lease, finish_stop, s);
    }
}

static int create_parts(struct service *s, struct event_base *base, struct error *err)
{
    const struct service_settings *set = &s->settings;
    const struct link_handlers on_control = {
        .ready = on_ready, .lost = on_lost, .fatal = on_fatal, .context = s};
    const struct lease_settings lease = {.owner = s->keys.owner,
        .progress = s->keys.progress,
        .standby = s->keys.standby,
        .handover = s->keys.handover,
        .instance = set->instance,
        .duration = set->lease,
        .config = set->config_hash};
    const struct lease_handlers on_lease = {on_lease_taken, on_lease_held, on_lease_lost, on_lease_failed, s};
    const struct session_settings session = {s->keys.events, s->keys.progress, GROUP, s->log_field};
    const struct session_handlers on_session = {on_prepared, on_session_established, on_session_failed, s};
    const struct committer_handlers on_commit = {
        .committed = on_committed, .room = on_room, .refused = on_refused, .context = s};
    struct committer_settings commit;
    committer_settings_defaults(&commit);
    commit.events = s->keys.events;
    commit.progress = s->keys.progress;
    commit.owner = s->keys.owner;
    commit.group = GROUP;
    commit.log_field = s->log_field;
    commit.lease = set->lease;
    commit.interval = set->commit_interval;
    s->again = memory_need(evtimer_new(base, on_again, s), "a timer");
    service_create_saving(s, base);
    s->deadline = memory_need(evtimer_new(base, on_deadline, s), "a timer");
    s->control = link_create(base, &set->link, &on_control, err);
    if (!s->control)
        return -1;
    s->lease = lease_create(base, s->control, &lease, &on_lease);
    s->session = session_create(s->control, &session, &on_session);
    service_create_recovery(s);
    service_create_standby(s, base);
    s->committer = committer_create(base, s->control, &commit, &on_commit);
    return service_create_intake(s, base, err);
}

struct service *service_create(struct event_base *base, const struct service_settings *settings,
    const struct stream_host *host, const struct service_handlers *handlers, struct error *err)
{
    struct service *s = memory_zeroed(1, sizeof *s, "the service");
    s->settings = *settings;
    s->host = host;
    s->handlers = *handlers;
    snprintf(s->log_field, sizeof s->log_field, "log:%s", settings->instance);
    publisher_init(&s->publisher, &s->keys, settings->dead_keep);
    chronicle_init(&s->chronicle, settings->pseudonym_key);
    if (stream_keys_make(&s->keys, settings->name, settings->input_key, err) < 0 ||
        create_parts(s, base, err) < 0) {
        service_destroy(s);
        return NULL;
    }
    return s;
}

void service_destroy(struct service *s)
{
    if (!s)
        return;
    s->phase = SERVICE_STOPPED;
    feeder_destroy(s->feeder);
    if (s->control)
        link_stop(s->control);
    watch_destroy(s->watch);
    handover_destroy(s->handover);
    follower_destroy(s->follower);
    committer_destroy(s->committer);
    recovery_destroy(s->recovery);
    session_destroy(s->session);
    lease_destroy(s->lease);
    link_destroy(s->control);
    publisher_fini(&s->publisher);
    timer_free(s->again);
    timer_free(s->snapshot_timer);
    timer_free(s->deadline);
    free(s);
}
