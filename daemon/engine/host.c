#include "daemon/engine/host.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/engine/targets.h"
#include "daemon/event/decode.h"
#include "daemon/state/set.h"

#include <stdlib.h>

static int64_t host_now(struct jd_host *h)
{
    return h->shared->now;
}

static const void *host_config(struct jd_host *h)
{
    return h->instance->config;
}

static struct table *table_of(struct jd_host *h, unsigned table)
{
    invariant(table < h->instance->detector->n_tables);
    return h->tables[table];
}

static void *host_find(struct jd_host *h, unsigned table, uint64_t key)
{
    return key ? table_find(table_of(h, table), key, h->shared->now) : NULL;
}

static void *host_get(struct jd_host *h, unsigned table, uint64_t key)
{
    return key ? table_get(table_of(h, table), key, h->shared->now, NULL) : NULL;
}

static void host_remove(struct jd_host *h, unsigned table, uint64_t key)
{
    if (key)
        table_remove(table_of(h, table), key);
}

/* A quarter of a table stays for newcomers: who makes as many pinned records as it holds must not blind us.
 */
static void host_pin(struct jd_host *h, unsigned table, void *record, bool pinned)
{
    struct table *t = table_of(h, table);
    uint32_t bound = table_spec(t)->bound;
    if (!pinned || table_pinned(t) < bound - (bound + 3) / 4)
        table_pin(t, record, pinned);
}

static void host_timer(struct jd_host *h, unsigned table, uint64_t key, int64_t deadline)
{
    table_of(h, table);
    timers_set(h->shared->timers, deadline, h->index, table, key);
}

static struct jd_slot *host_touch(
    struct jd_host *h, struct jd_set *set, unsigned capacity, uint64_t key, int64_t time, int64_t window)
{
    return set_touch(set, capacity, key, time, h->shared->now, window);
}

static void host_remember(struct jd_host *h, const struct jd_event *e, enum jd_field f)
{
    uint64_t bit = UINT64_C(1) << f;
    if (!jd_key(e, f) || h->shared->remembered & bit)
        return; /* every detector wants the same names of an event */
    h->shared->remembered |= bit;
    enum jd_kind kind = event_field_kind(f);
    if (f == JD_F_NEW_VALUE && jd_num(e, JD_F_CHANGE) == JD_CHANGE_PHONE)
        kind = JD_KIND_PHONE;
    names_remember(
        h->shared->names, kind, e->field[f].key, e->field[f].text, e->field[f].length, h->shared->now);
}

static bool host_related(struct jd_host *h, uint64_t a, uint64_t b)
{
    return registry_related(h->shared->registry, a, b, h->shared->now);
}

static bool host_listed(struct jd_host *h, enum jd_list list, uint64_t key, struct jd_entry *entry)
{
    return registry_listed(h->shared->registry, list, key, h->shared->now, entry);
}

static bool host_empty(struct jd_host *h, enum jd_list list)
{
    return registry_empty_lists(h->shared->registry) >> list & 1;
}

static bool host_paired(struct jd_host *h, enum jd_list list, uint64_t key, uint64_t value_key)
{
    return registry_paired(h->shared->registry, list, key, value_key, h->shared->now);
}

static bool host_egress(struct jd_host *h, const struct jd_event *e)
{
    return registry_egress(h->shared->registry, e, h->shared->now);
}

/* A ring's key is no hash of a text: it is its name, in base 32, and the same in each run. */
static void name_ring(struct jd_host *h, const struct jd_subject *subject)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char text[1 + 12] = "R";
    for (unsigned i = 0; i < 12; i++)
        text[1 + i] = digits[subject->key >> (55 - 5 * i) & 31];
    names_remember(h->shared->names, JD_KIND_RING, subject->key, text, sizeof text, h->shared->now);
}

static void host_emit(struct jd_host *h, const struct jd_emit *emit)
{
    if (emit->subject.kind == JD_KIND_RING)
        name_ring(h, &emit->subject);
    const struct jd_detector *d = h->instance->detector;
    invariant(emit->signal < d->n_signals);
    if (h->instance->off >> emit->signal & 1)
        return;
    uint64_t missing = d->signals[emit->signal].registries & registry_empty_lists(h->shared->registry);
    casebook_emit(h->shared->casebook, h->index, emit, missing, h->shared->now);
    h->emitted++;
}

static void host_retract(struct jd_host *h, unsigned signal, struct jd_subject subject)
{
    casebook_retract(h->shared->casebook, h->index, signal, subject, h->shared->now);
}

static bool lost_since(const struct table *table, int64_t since)
{
    struct table_stats stats;
    table_stats(table, &stats);
    return stats.evicted && stats.newest_evicted >= since;
}

static bool host_lost(struct jd_host *h, unsigned table, int64_t window)
{
    return lost_since(table_of(h, table), h->shared->now - window);
}

void host_prefetch(const struct jd_host *h, const struct jd_event *e, struct lookahead *l)
{
    for (uint64_t tables = h->ahead[e->type]; tables; tables &= tables - 1) {
        int i = __builtin_ctzll(tables);
        uint64_t keys = h->instance->detector->tables[i].keyed_by & e->present;
        for (; keys; keys &= keys - 1)
            lookahead_add(l, h->tables[i], e->field[__builtin_ctzll(keys)].key);
    }
}

static void host_each(struct jd_host *h, unsigned table, jd_visit visit, void *context)
{
    const struct table *t = table_of(h, table);
    int64_t ttl = table_spec(t)->ttl_ms, touched;
    uint64_t cursor = 0, key;
    void *record;
    bool pinned;
    while (table_next(t, &cursor, &key, &record, &touched, &pinned))
        if (h->shared->now - touched <= ttl)
            visit(h, context, key, record);
}

static void host_row(struct jd_host *h, const struct jd_row *row)
{
    invariant(h->bulletin);
    bulletin_add(h->bulletin, row);
}

static void host_report(struct jd_host *h, int64_t day)
{
    invariant(h->bulletin);
    h->shared->report(h->shared->report_context, h->index, day);
}

static int64_t host_target(struct jd_host *h, uint32_t region, int64_t year)
{
    const struct engine_settings *s = h->shared->settings;
    return targets_share(s->targets, s->n_targets, region, year);
}

bool host_lost_since(const struct jd_host *h, int64_t since)
{
    for (size_t i = 0; i < h->instance->detector->n_tables; i++)
        if (lost_since(h->tables[i], since))
            return true;
    return false;
}

static const struct jd_api api = {
    .size = sizeof(struct jd_api),
    .now = host_now,
    .config = host_config,
    .find = host_find,
    .get = host_get,
    .remove = host_remove,
    .pin = host_pin,
    .timer = host_timer,
    .touch = host_touch,
    .remember = host_remember,
    .related = host_related,
    .listed = host_listed,
    .paired = host_paired,
    .egress = host_egress,
    .emit = host_emit,
    .retract = host_retract,
    .lost = host_lost,
    .empty = host_empty,
    .each = host_each,
    .row = host_row,
    .report = host_report,
    .target = host_target,
};

int host_init(struct jd_host *h, struct shared *shared, unsigned index, struct error *err)
{
    const struct detector_instance *instance = &shared->settings->detectors[index];
    const struct jd_detector *d = instance->detector;
    *h = (struct jd_host){.head = {&api}, .shared = shared, .instance = instance, .index = index};
    h->bulletin = d->report ? bulletin_create(d->report) : NULL;
    h->tables = memory_zeroed(d->n_tables, sizeof *h->tables, "a detector's tables");
    for (size_t i = 0; i < d->n_tables; i++) {
        struct jd_table spec = d->tables[i];
        if (instance->bounds && instance->bounds[i])
            spec.bound = instance->bounds[i];
        h->tables[i] = table_create(&spec, err);
        if (!h->tables[i])
            return error_wrap(err, "detector %s", d->name);
        for (unsigned type = 0; type < JD_TYPE_COUNT && i < 64; type++)
            h->ahead[type] |= (d->wants & spec.keyed_on) >> type & 1 ? UINT64_C(1) << i : 0;
    }
    return 0;
}

void host_fini(struct jd_host *h)
{
    for (size_t i = 0; h->tables && i < h->instance->detector->n_tables; i++)
        table_destroy(h->tables[i]);
    free(h->tables);
    bulletin_destroy(h->bulletin);
    h->tables = NULL;
    h->bulletin = NULL;
}
