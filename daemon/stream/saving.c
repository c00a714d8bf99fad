/* When snapshots are written: at a position where everything is committed, and at intervals. */
#include "daemon/base/memory.h"
#include "daemon/ops/timer.h"
#include "daemon/stream/service_parts.h"

#define SNAPSHOT_RETRY 1000 /* ms */

/* Asks the folder: a child that was started may have failed since. */
static bool is_saved(const struct service *s)
{
    struct error err;
    struct entry_id newest = {0, 0}, at = s->taken.position;
    bool listed = (at.ms == 0 && at.seq == 0) || (s->host->list(s->host->context, &newest, 1, &err) == 1 &&
                                                     entry_id_compare(newest, at) == 0);
    return listed && entry_id_compare(s->saved.position, at) == 0 && s->saved.read == s->taken.read;
}

void service_save(struct service *s, bool wait)
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

static void on_snapshot_timer(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    service_snapshot(context);
}

/* Standing by. A state that is not whole is not saved: it would look like one that is. */
bool service_follows(const struct service *s)
{
    return s->state == STATE_THERE && !s->plan.degraded;
}

/* At the next position where the state agrees with the leader's. */
static void snapshot_in_standby(struct service *s)
{
    if (service_follows(s))
        service_save(s, false);
    else if (s->warm)
        timer_in(s->snapshot_timer, SNAPSHOT_RETRY);
}

void service_snapshot(struct service *s)
{
    if (s->phase == SERVICE_STANDBY)
        snapshot_in_standby(s);
    if (s->phase != SERVICE_RUNNING || s->handing)
        return;
    s->snapshot_due = true;
    feeder_pause(s->feeder);
    committer_flush(s->committer);
    if (committer_idle(s->committer)) {
        service_save(s, false);
        service_read_on(s);
    }
}

void service_create_saving(struct service *s, struct event_base *base)
{
    s->snapshot_timer = memory_need(evtimer_new(base, on_snapshot_timer, s), "a timer");
}
