/* Standing by: the committed position is followed with a state of our own, and nothing is published, until
 * the lease is free or the leader hands over. Handing over is here too: it ends in standing by. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ops/clock.h"
#include "daemon/ops/log.h"
#include "daemon/ops/timer.h"
#include "daemon/stream/reply.h"
#include "daemon/stream/service_parts.h"

#define LOOK_INTERVAL 50 /* ms; shorter with short leases */
#define BEAT_INTERVAL 1000
#define UNFIT_PAUSE 1000
#define HOLD_OFF 1000       /* ms that a standby has to take what was handed over */
#define READY_BEHIND 100000 /* entries; more are not caught up with at once */

void service_stand_by(struct service *s, const char *why, int64_t ms)
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
        service_drop_state(s);
    }
    lease_drop(s->lease);
    service_enter(s, SERVICE_STANDBY);
    if (ms >= 0)
        timer_in(s->again, ms);
}

bool service_may_lead(const struct service *s)
{
    return s->phase != SERVICE_STANDBY || (!s->differs && clock_monotonic() >= s->hold_off);
}

/* ---- the leader's settings ---- */

/* Two with other settings find other things: neither's state is of use to the other. */
static void compare_config(struct service *s, uint64_t theirs)
{
    char ours_text[24], theirs_text[24];
    uint64_t ours = s->settings.config_hash;
    bool differs = ours && theirs && ours != theirs;
    if (differs == s->differs)
        return;
    s->differs = differs;
    if (!differs) {
        complain_resolved(&s->refusing, "config_agrees", "the leader has the same configuration again");
        log_info("config_agrees", "the leader has the same configuration: following it");
        return;
    }
    snprintf(ours_text, sizeof ours_text, "%016" PRIx64, ours);
    snprintf(theirs_text, sizeof theirs_text, "%016" PRIx64, theirs);
    log_warn("config_differs",
        "the leader detects with another configuration: not following it, and not taking over from it",
        LOG_TEXT("ours", ours_text), LOG_TEXT("leader", theirs_text));
    service_drop_state(s);
}

/* ---- following ---- */

static const char *unfit(const struct service *s)
{
    const struct session_facts *f = &s->facts;
    enum stream_health health = stream_health(&f->stream, f->progress.place);
    if (health != STREAM_WELL)
        return stream_health_words(health);
    if (f->entry_print && f->progress.print && f->entry_print != f->progress.print)
        return "another entry stands at the committed position";
    return NULL;
}

void service_follow(struct service *s)
{
    const char *why = unfit(s);
    if (s->phase != SERVICE_STANDBY)
        return;
    if (why) {
        follower_stop(s->follower);
        service_drop_state(s);
        complain(&s->unfit, "standby_unfit", why);
        timer_in(s->again, UNFIT_PAUSE);
        return;
    }
    complain_resolved(&s->unfit, "standby_fit", "the input is that of the committed position again");
    compare_config(s, s->facts.progress.config);
    follower_start(s->follower);
    if (s->differs)
        return;
    if (s->state == STATE_NONE)
        service_seek(s);
    else
        service_catch_up(s);
}

static void lease_is_free(struct service *s)
{
    if (s->differs) {
        complain(&s->refusing, "refuses_to_lead",
            "nobody leads, but the last one had another configuration; to lead with this one, start this "
            "daemon anew");
    } else if (service_may_lead(s)) {
        follower_stop(s->follower);
        session_begin(s->session);
    }
}

static void on_seen(void *context, const struct progress *p, int64_t left)
{
    struct service *s = context;
    if (s->phase != SERVICE_STANDBY)
        return;
    s->answers++;
    if (left < 0) {
        lease_is_free(s);
        return;
    }
    s->hold_off = 0;
    bool differed = s->differs;
    compare_config(s, p->config);
    if (differed && !s->differs) {
        session_look(s->session);
    } else if (s->state >= STATE_BEHIND) {
        s->taken.read += p->lost - s->facts.progress.lost; /* the leader could not read them either */
        s->facts.progress = *p;
        service_catch_up(s);
    }
}

static uint64_t behind(const struct service *s)
{
    uint64_t goal = s->facts.progress.place.read;
    return s->state >= STATE_BEHIND && goal > s->taken.read ? goal - s->taken.read : 0;
}

static const char *state_word(const struct service *s)
{
    if (s->differs)
        return "of another configuration";
    if (s->state < STATE_BEHIND)
        return "looking for a state";
    if (!s->warm || behind(s) > READY_BEHIND)
        return "catching up";
    return s->plan.degraded ? "degraded" : "warm";
}

static void on_report(void *context, char text[FOLLOWER_TEXT])
{
    const struct service *s = context;
    char host[65] = "", id[ENTRY_ID_TEXT];
    gethostname(host, sizeof host - 1);
    for (char *c = host; *c; c++)
        if (*c == '"' || *c == '\\' || (unsigned char)*c < ' ')
            *c = '?';
    snprintf(text, FOLLOWER_TEXT,
        "{\"state\":\"%s\",\"config\":\"%016" PRIx64 "\",\"position\":\"%s\",\"read\":%" PRIu64
        ",\"behind\":%" PRIu64 ",\"host\":\"%s\",\"pid\":%ld}",
        state_word(s), s->settings.config_hash, entry_id_format(id, s->taken.position), s->taken.read,
        behind(s), host, (long)getpid());
}

static void on_failed(void *context, const redisReply *reply)
{
    service_halt(context, SERVICE_EXIT_CONFIG, reply_text(reply));
}

/* ---- handing over ---- */

static void on_asked(void *context, const char *who)
{
    struct service *s = context;
    if (s->phase != SERVICE_RUNNING || s->moving)
        return;
    log_info("handover", "asked to hand over to the instance that stands by", LOG_TEXT("by", who));
    s->handing = true;
    s->hushed = s->snapshot_due = false;
    feeder_stop(s->feeder);
    watch_stop(s->watch);
    event_del(s->snapshot_timer);
    committer_flush(s->committer);
    if (committer_idle(s->committer))
        service_give_up(s);
}

static void on_given_up(void *context)
{
    struct service *s = context;
    if (s->phase == SERVICE_STANDBY)
        session_look(s->session);
}

/* The state stays: it is that of the committed position. */
void service_give_up(struct service *s)
{
    s->handing = false;
    s->handed_over++;
    s->hold_off = clock_monotonic() + HOLD_OFF;
    s->facts.progress.lost = committer_lost(s->committer, 0);
    committer_stop(s->committer);
    s->facts.progress.place = s->taken;
    s->facts.progress.print = s->fingerprint;
    s->publisher.silent = true;
    log_info("handed_over", "all is committed; the lease is given back");
    service_enter(s, SERVICE_STANDBY);
    timer_in(s->snapshot_timer, s->settings.snapshot_interval);
    lease_release(s->lease, on_given_up, s);
}

void service_create_standby(struct service *s, struct event_base *base)
{
    int interval = s->settings.lease / 10 < LOOK_INTERVAL ? s->settings.lease / 10 : LOOK_INTERVAL;
    const struct follower_settings settings = {.owner = s->keys.owner,
        .progress = s->keys.progress,
        .standby = s->keys.standby,
        .instance = s->settings.instance,
        .interval = interval,
        .beat = BEAT_INTERVAL};
    const struct follower_handlers on_follower = {on_seen, on_report, on_failed, s};
    const struct handover_handlers on_handover = {on_asked, s};
    s->follower = follower_create(base, s->control, &settings, &on_follower);
    s->handover = handover_create(base, s->control, s->keys.handover, interval, &on_handover);
}
