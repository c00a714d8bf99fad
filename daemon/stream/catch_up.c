/* Getting to the committed position: a state is looked for, and what follows it is processed silently, never
 * past that position; the same for a leader before it publishes and for one who stands by. So a state is the
 * same whichever way it came about. */
#include "daemon/ops/log.h"
#include "daemon/ops/timer.h"
#include "daemon/stream/service_parts.h"

void service_drop_state(struct service *s)
{
    feeder_stop(s->feeder);
    recovery_cancel(s->recovery);
    if (s->state != STATE_NONE)
        s->host->drop(s->host->context);
    s->state = STATE_NONE;
    s->warm = false;
}

void service_seek(struct service *s)
{
    bool leads = service_leads(s);
    event_del(s->again);
    s->state = STATE_SOUGHT;
    s->warm = false;
    recovery_begin(s->recovery, &s->facts, leads ? 0 : s->settings.config_hash);
}

static void on_planned(void *context, const struct recovery_plan *plan)
{
    struct service *s = context;
    s->plan = *plan;
    s->taken = s->saved = plan->from;
    s->fingerprint = 0;
    s->publisher.silent = true;
    s->state = STATE_BEHIND;
    if (service_leads(s))
        service_enter(s, SERVICE_REPLAYING);
    service_catch_up(s);
}

static void on_failed(void *context, const char *why)
{
    service_halt(context, SERVICE_EXIT_IO, why);
}

/* What we have does not lead to the committed position: an older snapshot, or from the beginning; outside of
 * this callback. */
static void disagree(struct service *s, const char *why)
{
    bool leads = service_leads(s);
    feeder_stop(s->feeder);
    if (s->warm) {
        log_warn("state_dropped", why);
        service_drop_state(s);
    } else {
        s->state = STATE_SOUGHT;
    }
    if (leads)
        service_enter(s, SERVICE_RECOVERING);
    timer_in(s->again, 0);
}

/* NULL: it is that of the committed position. A state begun anew cannot be counted at first. */
static const char *objection(struct service *s)
{
    const struct progress *goal = &s->facts.progress;
    if (s->plan.fresh && !s->warm) {
        s->plan.degraded |= s->taken.read != goal->place.read && goal->place.read > 0;
        s->taken.read = goal->place.read;
    }
    if (s->taken.read != goal->place.read)
        return "entries up to the committed position are missing: they were removed before they could be "
               "followed";
    if (goal->print && s->fingerprint && goal->print != s->fingerprint)
        return "another entry stands at the committed position";
    return NULL;
}

void service_look_whether_there(struct service *s)
{
    int order = entry_id_compare(s->taken.position, s->facts.progress.place.position);
    if (order < 0 || s->state < STATE_BEHIND)
        return;
    const char *why = order > 0 ? "the committed position has gone back" : objection(s);
    if (why) {
        disagree(s, why);
        return;
    }
    s->state = STATE_THERE;
    if (service_leads(s)) {
        s->warm = true;
        service_go_live(s);
    } else if (!s->warm) {
        s->warm = true;
        log_info("warm", s->plan.degraded ? "following the leader, with a state that is not whole"
                                          : "following the leader; ready to take over");
        timer_in(s->snapshot_timer, s->settings.snapshot_interval);
        follower_say(s->follower);
    }
}

void service_catch_up(struct service *s)
{
    struct entry_id goal = s->facts.progress.place.position;
    service_look_whether_there(s);
    if (s->state < STATE_BEHIND || entry_id_compare(s->taken.position, goal) >= 0)
        return;
    s->state = STATE_BEHIND;
    if (feeder_running(s->feeder))
        feeder_limit(s->feeder, &goal);
    else
        feeder_start(s->feeder, s->host->decoder(s->host->context), s->taken.position, &goal);
}

void service_create_recovery(struct service *s)
{
    const struct recovery_handlers handlers = {on_planned, on_failed, s};
    s->recovery = recovery_create(s->control, s->host, s->keys.events, &handlers);
}
