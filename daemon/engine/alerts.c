#include "daemon/engine/alerts.h"

#include "daemon/base/memory.h"

#include <stdlib.h>

#define DIRTY_MAX 64
#define VERSION 2 /* of the records */

enum { TIMER_SUMMARY, TIMER_QUIET };

struct alerts {
    const struct engine_settings *settings;
    struct timers *timers;
    alerts_publish publish;
    void *context;
    struct table *table;
    struct alerts_counters counters;
    uint32_t room; /* outputs that the entry being processed may still have */
    uint64_t dirty[DIRTY_MAX];
    unsigned n_dirty;
};

struct alerts *alerts_create(const struct engine_settings *settings, struct timers *timers, uint32_t bound,
    int64_t ttl, alerts_publish publish, void *context, struct error *err)
{
    const struct jd_table spec = {"alerts", sizeof(struct alert_record), VERSION, bound, ttl, 0, 0};
    struct alerts *a = memory_zeroed(1, sizeof *a, "the alerts");
    a->settings = settings;
    a->timers = timers;
    a->publish = publish;
    a->context = context;
    a->table = table_create(&spec, err);
    if (!a->table) {
        free(a);
        return NULL;
    }
    return a;
}

void alerts_destroy(struct alerts *a)
{
    if (!a)
        return;
    table_destroy(a->table);
    free(a);
}

void alerts_begin(struct alerts *a, uint32_t room)
{
    a->room = room;
}

uint32_t alerts_room(const struct alerts *a)
{
    return a->room;
}

void alerts_take_room(struct alerts *a)
{
    a->room--;
}

static bool set_timer(struct alerts *a, int64_t deadline, uint32_t which, uint64_t key)
{
    return timers_set(a->timers, deadline, ALERTS_OWNER, which, key);
}

/* `own`: emissions that made this revision, and so are not folded in. */
static void publish_revision(struct alerts *a, struct alert_record *alert, uint32_t own, int64_t now)
{
    if (alert->revision > 0 && alert->pending > own)
        alert->folded += alert->pending - own;
    alert_tell(a->settings, alert, now);
    a->room--;
    a->publish(a->context, alert);
}

static void drop(struct alerts *a, uint64_t key)
{
    a->counters.closed++;
    table_remove(a->table, key);
}

/* Its last word, if anything was folded in since the latest revision. */
static void close_quiet(struct alerts *a, uint64_t key, struct alert_record *alert, int64_t now)
{
    if (alert->pending && !a->room) { /* the next entry has room */
        alert->closes_at = now;
        set_timer(a, now, TIMER_QUIET, key);
        return;
    }
    alert->closed = 1;
    if (alert->pending)
        publish_revision(a, alert, 0, now);
    drop(a, key);
}

/* Publishes what may not wait and, once a day, what was folded in and is worth telling. An entry has room for
 * so many outputs: the next entry brings what is left. */
static void consider(struct alerts *a, uint64_t key, struct alert_record *alert, int64_t now, bool fired)
{
    enum alert_news news = alert_news(a->settings, alert);
    if (news == NEWS_NONE)
        return;
    int64_t due = news == NEWS_AT_ONCE ? now : alert->published + a->settings->summary_interval;
    if (!a->room || due > now) {
        if (news == NEWS_AT_ONCE || !alert->timer)
            alert->timer = set_timer(a, due > now ? due : now, TIMER_SUMMARY, key);
        return;
    }
    alert->closed = alert_subsided(a->settings, alert);
    publish_revision(a, alert, !fired, now);
    if (alert->closed)
        drop(a, key);
}

static void consider_quiet(struct alerts *a, uint64_t key, struct alert_record *alert, int64_t now)
{
    if (now < alert->closes_at) /* the timer of an earlier alert of this key */
        return;
    int64_t quiet_from = alert_quiet_from(a->settings, alert);
    if (quiet_from <= now) {
        close_quiet(a, key, alert, now);
        return;
    }
    alert->closes_at = quiet_from;
    set_timer(a, quiet_from, TIMER_QUIET, key);
}

struct alert_record *alerts_find(struct alerts *a, uint64_t key, int64_t now)
{
    return table_find(a->table, key, now);
}

struct alert_record *alerts_open(struct alerts *a, uint64_t key, int64_t now, bool *fresh)
{
    struct alert_record *alert = table_get(a->table, key, now, fresh);
    if (!alert || !*fresh)
        return alert;
    table_pin(a->table, alert, true);
    alert->key = key;
    alert->closes_at = now + a->settings->alert_quiet;
    set_timer(a, alert->closes_at, TIMER_QUIET, key);
    a->counters.opened++;
    return alert;
}

void alerts_mark(struct alerts *a, uint64_t key, int64_t now)
{
    table_get(a->table, key, now, NULL); /* it is alive */
    for (unsigned i = 0; i < a->n_dirty; i++)
        if (a->dirty[i] == key)
            return;
    if (a->n_dirty == DIRTY_MAX)
        alerts_flush(a, now);
    a->dirty[a->n_dirty++] = key;
}

void alerts_flush(struct alerts *a, int64_t now)
{
    for (unsigned i = 0; i < a->n_dirty; i++) {
        struct alert_record *alert = alerts_find(a, a->dirty[i], now);
        if (alert)
            consider(a, a->dirty[i], alert, now, false);
    }
    a->n_dirty = 0;
}

void alerts_timer(struct alerts *a, uint32_t which, uint64_t key, int64_t now)
{
    struct alert_record *alert = alerts_find(a, key, now);
    if (!alert)
        return;
    if (which == TIMER_QUIET) {
        consider_quiet(a, key, alert, now);
        return;
    }
    alert->timer = 0;
    consider(a, key, alert, now, true);
}

struct table *alerts_table(struct alerts *a)
{
    return a->table;
}

struct alerts_counters *alerts_counters(struct alerts *a)
{
    return &a->counters;
}
