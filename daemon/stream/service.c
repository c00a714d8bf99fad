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
#define STANDBY_PAUSE 1000
#define SNAPSHOT_RETRY 1000

/* ---- small things ---- */

static void enter(struct service *s, enum service_phase phase)
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
    enter(s, SERVICE_STOPPED);
    s->handlers.stopped(s->handlers.context, exit_code, why);
}

void service_quieten(struct service *s)
{
    feeder_stop(s->feeder);
    watch_stop(s->watch);
    committer_stop(s->committer);
    recovery_cancel(s->recovery);
    outbox_clear(&s->publisher.box);
    s->snapshot_due = false;
}

/* Another instance publishes now, or may: nothing of ours counts any more. */
static void stand_by(struct service *s, const char *why, int64_t ms)
{
    if (s->phase == SERVICE_STOPPED)
        return;
    if (s->phase == SERVICE_STOPPING) {
        service_halt(s, SERVICE_EXIT_OK, why);
        return;
    }
    if (s->phase >= SERVICE_RECOVERING) {
        log_warn("fenced", why, LOG_TEXT("instance", s->settings.instance),
            LOG_INT("epoch", strtoll(lease_token(s->lease), NULL, 10)));
        s->fenced++;
        service_quieten(s);
        s->host->drop(s->host->context);
    }
    lease_drop(s->lease);
    enter(s, SERVICE_STANDBY);
    timer_in(s->again, ms);
}

/* ---- the control connection ---- */

static void on_ready(void *context)
{
    session_begin(((struct service *)context)->session);
}

/* Redis does what it is asked: connecting alone is no sign of that. */
static void redis_is_back(struct service *s)
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
    if (s->phase == SERVICE_STANDBY)
        event_del(s->again);
    complain(&s->control_down, "redis_lost", why);
}

static void on_fatal(void *context, const char *why)
{
    service_halt(context, SERVICE_EXIT_CONFIG, why);
}

/* Standing by: asks for the lease again. Elsewhere: what had to wait until a callback was over. */
static void on_again(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct service *s = context;
    if (s->phase == SERVICE_STANDBY && link_state(s->control) == LINK_READY)
        session_begin(s->session);
    else if (s->phase == SERVICE_RECOVERING)
        recovery_next(s->recovery);
}

static void on_lease_taken(void *context)
{
    session_lease_taken(((struct service *)context)->session);
}

/* It may be given back before it runs out, so it is asked for every second. Jitter keeps two standbys from
 * asking in step. */
static void on_lease_held(void *context, int64_t remaining)
{
    struct service *s = context;
    int64_t pause = remaining < 0 ? 0 : remaining < STANDBY_PAUSE ? remaining : STANDBY_PAUSE;
    redis_is_back(s);
    stand_by(
        s, "another instance holds the lease", pause + 10 + (int64_t)(s->settings.link.jitter_seed % 100));
}

static void on_lease_lost(void *context, const char *why)
{
    stand_by(context, why, RETRY_SOON);
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
        stand_by(s, "Redis has lost entries that were read and not committed yet", RETRY_SOON);
        return;
    }
    committer_resume(s->committer, s->facts.place.position);
    if (s->phase == SERVICE_RUNNING)
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

static void on_session_established(void *context, const struct session_facts *facts)
{
    struct service *s = context;
    s->facts = *facts;
    s->in_session = true;
    redis_is_back(s);
    compare_log(s);
    if (!service_history_agrees(s))
        return;
    switch (s->phase) {
    case SERVICE_RUNNING:
    case SERVICE_STOPPING:
        resume(s);
        break;
    case SERVICE_REPLAYING:
        break; /* nobody else moves the position while we hold the lease */
    default:
        enter(s, SERVICE_RECOVERING);
        recovery_begin(s->recovery, facts);
        break;
    }
}

/* ---- recovery and replay ---- */

static void on_planned(void *context, const struct recovery_plan *plan)
{
    struct service *s = context;
    s->plan = *plan;
    s->taken = plan->from;
    s->fingerprint = 0;
    enter(s, SERVICE_REPLAYING);
    s->publisher.silent = true;
    if (!service_replayed(s))
        feeder_start(s->feeder, s->host->decoder(s->host->context), s->taken.position);
}

static void on_recovery_failed(void *context, const char *why)
{
    service_halt(context, SERVICE_EXIT_IO, why);
}

static void go_live(struct service *s)
{
    struct stream_place place = s->facts.place;
    bool reading = feeder_running(s->feeder);
    s->taken = place;
    s->publisher.silent = false;
    committer_start(s->committer, lease_token(s->lease), place, s->facts.system);
    if (!s->in_session)
        committer_suspend(s->committer);
    s->saved = s->plan.from;
    s->fingerprint = s->facts.entry_print ? s->facts.entry_print : s->facts.progress_print;
    log_info("lead", "this instance publishes from now on", LOG_TEXT("instance", s->settings.instance),
        LOG_INT("epoch", strtoll(lease_token(s->lease), NULL, 10)));
    enter(s, SERVICE_RUNNING);
    if (s->plan.degraded)
        service_notice(s, &(struct notice){.kind = NOTICE_STATE_DEGRADED,
                              .time = clock_wall(),
                              .from = s->facts.stream.first_entry,
                              .to = place.position});
    if (!reading)
        feeder_start(s->feeder, s->host->decoder(s->host->context), place.position);
    timer_in(s->snapshot_timer, s->settings.snapshot_interval);
    if (s->in_session)
        watch_start(s->watch);
}

/* The replay does not lead to the committed position: an older snapshot, outside of this callback. */
static void replay_disagrees(struct service *s)
{
    feeder_stop(s->feeder);
    enter(s, SERVICE_RECOVERING);
    timer_in(s->again, 0);
}

bool service_replayed(struct service *s)
{
    if (entry_id_compare(s->taken.position, s->facts.place.position) != 0)
        return false;
    if (s->plan.counted && s->taken.read != s->facts.place.read)
        replay_disagrees(s);
    else
        go_live(s);
    return true;
}

void service_replay_overshot(struct service *s)
{
    if (s->plan.fresh)
        go_live(s);
    else
        replay_disagrees(s);
}

/* ---- commits ---- */

/* Asks the folder: a child that was started may have failed since. */
static bool is_saved(const struct service *s)
{
    struct error err;
    struct entry_id newest = {0, 0}, at = s->taken.position;
    bool listed = (at.ms == 0 && at.seq == 0) || (s->host->list(s->host->context, &newest, 1, &err) == 1 &&
                                                     entry_id_compare(newest, at) == 0);
    return listed && entry_id_compare(s->saved.position, at) == 0 && s->saved.read == s->taken.read;
}

static void save_snapshot(struct service *s, bool wait)
{
    struct error err;
    struct snapshot_header header = {.pos_ms = (int64_t)s->taken.position.ms,
        .pos_seq = s->taken.position.seq,
        .read = s->taken.read,
        .fingerprint = s->fingerprint};
    s->snapshot_due = false;
    int64_t next = s->settings.snapshot_interval;
    if (!is_saved(s) && s->host->save(s->host->context, &header, wait, &err) < 0) {
        complain(&s->snapshot_failing, "snapshot_failed", err.text);
        next = SNAPSHOT_RETRY < next ? SNAPSHOT_RETRY : next;
    } else {
        complain_resolved(&s->snapshot_failing, "snapshot_back", "snapshots can be written again");
        s->saved = s->taken;
    }
    timer_in(s->snapshot_timer, next);
}

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
    if (s->phase == SERVICE_STOPPING) {
        save_snapshot(s, true);
        lease_release(s->lease, finish_stop, s);
    } else if (s->moving) { /* an accepted rollback is written: look again, from the new position */
        s->moving = false;
        committer_stop(s->committer);
        session_begin(s->session);
    } else if (s->phase == SERVICE_RUNNING && s->snapshot_due) {
        save_snapshot(s, false);
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
        stand_by(s, why, RETRY_SOON);
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

static void on_snapshot_timer(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    service_snapshot(context);
}

void service_snapshot(struct service *s)
{
    if (s->phase != SERVICE_RUNNING)
        return;
    s->snapshot_due = true;
    feeder_pause(s->feeder);
    committer_flush(s->committer);
    if (committer_idle(s->committer)) {
        save_snapshot(s, false);
        service_read_on(s);
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
    if (s->phase >= SERVICE_STOPPING)
        return;
    enter(s, SERVICE_STOPPING);
    feeder_stop(s->feeder);
    watch_stop(s->watch);
    event_del(s->again);
    timer_in(s->deadline, STOP_PATIENCE);
    if (!running) {
        lease_release(s->lease, finish_stop, s);
        return;
    }
    committer_flush(s->committer);
    if (committer_idle(s->committer)) {
        save_snapshot(s, true);
        lease_release(s->lease, finish_stop, s);
    }
}

static int create_parts(struct service *s, struct event_base *base, struct error *err)
{
    const struct service_settings *set = &s->settings;
    const struct link_handlers on_control = {
        .ready = on_ready, .lost = on_lost, .fatal = on_fatal, .context = s};
    const struct lease_settings lease = {s->keys.owner, s->keys.progress, set->instance, set->lease};
    const struct lease_handlers on_lease = {on_lease_taken, on_lease_held, on_lease_lost, on_lease_failed, s};
    const struct session_settings session = {s->keys.events, s->keys.progress, GROUP, s->log_field};
    const struct session_handlers on_session = {on_session_established, on_session_failed, s};
    const struct recovery_handlers on_recovery = {on_planned, on_recovery_failed, s};
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
    s->snapshot_timer = memory_need(evtimer_new(base, on_snapshot_timer, s), "a timer");
    s->deadline = memory_need(evtimer_new(base, on_deadline, s), "a timer");
    s->control = link_create(base, &set->link, &on_control, err);
    if (!s->control)
        return -1;
    s->lease = lease_create(base, s->control, &lease, &on_lease);
    s->session = session_create(s->control, s->lease, &session, &on_session);
    s->recovery = recovery_create(s->control, s->host, s->keys.events, &on_recovery);
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
