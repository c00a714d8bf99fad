/* Saving and loading the whole state of an engine. */
#include "daemon/engine/parts.h"

#include <string.h>

int engine_each_table(const struct engine *e, table_visit visit, void *context)
{
    struct table *own[] = {names_table(e->shared.names, 0), names_table(e->shared.names, 1), e->dedup,
        e->unit_regions, registry_table(e->shared.registry), ties_table(e->ties)};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (visit(context, "engine", own[i]) != 0)
            return -1;
    for (unsigned i = 0; i < CASEBOOK_TABLES; i++)
        if (visit(context, "engine", casebook_table(e->shared.casebook, i)) != 0)
            return -1;
    for (unsigned i = 0; i < BUDGET_TABLES; i++)
        if (visit(context, "engine", budget_table(e->budget, i)) != 0)
            return -1;
    for (size_t i = 0; i < e->settings->n_detectors; i++) {
        const struct jd_detector *d = e->settings->detectors[i].detector;
        for (size_t k = 0; k < d->n_tables; k++)
            if (visit(context, d->name, e->hosts[i].tables[k]) != 0)
                return -1;
    }
    return 0;
}

static int put_table(void *context, const char *owner, struct table *table)
{
    (void)owner;
    return snapshot_put_table(context, table);
}

int engine_save(const struct engine *e, snapshot_sink sink, void *context, struct snapshot_header header)
{
    header.config_hash = e->settings->config_hash;
    header.seed = e->seed;
    header.now = e->shared.now;
    header.started = (uint64_t)e->started;
    header.warmup_until = (uint64_t)e->warmup_until;
    size_t hints_size;
    void *hints = registry_hints(e->shared.registry, &hints_size);
    struct alerts_counters *alert_counters = alerts_counters(casebook_alerts(e->shared.casebook));
    struct snapshot_writer w;
    if (snapshot_begin(&w, sink, context, &header) != 0 || engine_each_table(e, put_table, &w) != 0 ||
        snapshot_put_timers(&w, e->shared.timers) != 0 ||
        snapshot_put_blob(&w, "registry_hints", hints, hints_size) != 0 ||
        snapshot_put_blob(&w, "alert_counters", alert_counters, sizeof *alert_counters) != 0 ||
        snapshot_put_blob(&w, "sight", &e->sight, sizeof e->sight) != 0 ||
        snapshot_put_blob(&w, "fairness", &e->fairness, sizeof e->fairness) != 0 ||
        snapshot_put_blob(&w, "counters", &e->counters, sizeof e->counters) != 0)
        return -1;
    return snapshot_end(&w);
}

struct loading {
    struct snapshot_reader reader;
    struct error *err;
};

static int get_table(void *context, const char *owner, struct table *table)
{
    (void)owner;
    struct loading *l = context;
    return snapshot_get_table(&l->reader, table, l->err);
}

int engine_load(struct engine *e, snapshot_source source, void *context, struct snapshot_header *header,
    struct error *err)
{
    struct loading l = {.err = err};
    size_t hints_size;
    void *hints = registry_hints(e->shared.registry, &hints_size);
    struct alerts_counters *alert_counters = alerts_counters(casebook_alerts(e->shared.casebook));
    if (snapshot_open(&l.reader, source, context, header, err) != 0)
        return -1;
    if (memcmp(&header->seed, &e->seed, sizeof e->seed) != 0)
        return error_set(err, "the snapshot's keys were made with another seed");
    if (engine_each_table(e, get_table, &l) != 0 ||
        snapshot_get_timers(&l.reader, e->shared.timers, err) != 0 ||
        snapshot_get_blob(&l.reader, "registry_hints", hints, hints_size, err) != 0 ||
        snapshot_get_blob(&l.reader, "alert_counters", alert_counters, sizeof *alert_counters, err) != 0 ||
        snapshot_get_blob(&l.reader, "sight", &e->sight, sizeof e->sight, err) != 0 ||
        snapshot_get_blob(&l.reader, "fairness", &e->fairness, sizeof e->fairness, err) != 0 ||
        snapshot_get_blob(&l.reader, "counters", &e->counters, sizeof e->counters, err) != 0 ||
        snapshot_finish(&l.reader, err) != 0)
        return -1;
    e->shared.now = header->now;
    e->started = (int64_t)header->started;
    e->warmup_until = (int64_t)header->warmup_until;
    return 0;
}
