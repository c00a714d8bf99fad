#include "daemon/engine/parts.h"

#include <stdio.h>

struct table_walk {
    engine_table_visit visit;
    void *context;
};

static int walk_table(void *context, const char *owner, struct table *table)
{
    const struct table_walk *walk = context;
    struct table_stats stats;
    table_stats(table, &stats);
    walk->visit(walk->context, owner, table_spec(table)->name, &stats);
    return 0;
}

static void visit_needs(
    const struct engine *e, const struct jd_detector *d, engine_visit visit, void *context)
{
    uint64_t empty = registry_empty_lists(e->shared.registry);
    bool blind[SIGNALS_MAX] = {false};
    for (size_t i = 0; i < d->n_needs; i++) {
        struct sight_lack lack = sight_lack(&e->sight, empty, &d->needs[i]);
        blind[d->needs[i].signal] |= lack.fields || lack.registries;
    }
    for (size_t i = 0; i < d->n_signals; i++) {
        char labels[160];
        snprintf(labels, sizeof labels, "detector=\"%s\",signal=\"%s\"", d->name, d->signals[i].name);
        visit(context, "signal_evaluable", labels,
            "0 while the platform sends no field, or no registry, that the signal needs", !blind[i], false);
    }
}

void engine_tables(const struct engine *e, engine_table_visit visit, void *context)
{
    engine_each_table(e, walk_table, &(struct table_walk){visit, context});
}

struct metrics {
    engine_visit visit;
    void *context;
};

static void table_metrics(void *context, const char *owner, const char *name, const struct table_stats *s)
{
    const struct metrics *m = context;
    char labels[128];
    snprintf(labels, sizeof labels, "owner=\"%s\",table=\"%s\"", owner, name);
    m->visit(m->context, "table_records", labels, "Records in a state table", s->records, false);
    m->visit(m->context, "table_bound", labels, "Records a state table may hold", s->bound, false);
    m->visit(
        m->context, "table_evicted_total", labels, "Live records that had to make room", s->evicted, true);
    m->visit(m->context, "table_refused_total", labels, "Records refused by a table full of open cases",
        s->refused, true);
    m->visit(m->context, "table_bytes", labels, "Memory of a state table", s->bytes, false);
}

static void visit_fairness(const struct fairness *f, engine_visit visit, void *context)
{
    for (unsigned i = 0; i < FAIRNESS_THIRDS; i++) {
        char labels[32];
        snprintf(labels, sizeof labels, "size=\"%s\"", fairness_words[i]);
        visit(context, "size_units", labels, "Units in this third by the money they have ordered for",
            fairness_units(f, i), false);
        visit(context, "size_alerts_total", labels, "Alerts opened about units of this third", f->alerts[i],
            true);
        visit(context, "size_alerts_cleared", labels, "Of those, cleared by their office", f->cleared[i],
            false);
    }
}

void engine_stats(const struct engine *e, engine_visit visit, void *context)
{
    const struct counters *c = &e->counters;
    const struct alerts_counters *alerts = alerts_counters(casebook_alerts(e->shared.casebook));
    char labels[96];
    visit(context, "events_processed_total", "", "Events processed", c->events, true);
    visit(context, "events_repeated_total", "", "Events skipped because their event_id was seen", c->repeated,
        true);
    visit(context, "timers_fired_total", "", "Timers fired", c->timers_fired, true);
    visit(context, "timers_refused_total", "", "Timers refused at the bound",
        timers_refused(e->shared.timers), true);
    visit(context, "alerts_made_total", "", "Alerts and revisions made", c->published, true);
    visit(context, "alerts_deferred_total", "", "Copies that wait for their office's digest", c->deferred,
        true);
    visit(context, "digests_total", "", "Digests published", c->digests, true);
    visit(context, "alerts_opened_total", "", "Alerts opened", alerts->opened, true);
    visit(context, "alerts_closed_total", "", "Alerts closed: quiet, or their evidence fell away",
        alerts->closed, true);
    visit(context, "signals_held_back_total", "",
        "Signals that would have spoken if their office had not cleared the subject", alerts->held_back,
        true);
    visit(context, "reports_made_total", "", "Reports made", c->reports, true);
    visit(context, "verdicts_total", "", "Verdicts taken in", c->verdicts, true);
    visit(context, "verdicts_unknown_total", "", "Verdicts on alerts that are not known", c->unknown_verdicts,
        true);
    for (size_t i = 0; i < e->settings->n_detectors; i++) {
        snprintf(labels, sizeof labels, "detector=\"%s\"", e->settings->detectors[i].detector->name);
        visit(context, "detector_events_total", labels, "Events a detector looked at", e->hosts[i].handled,
            true);
        visit(context, "detector_signals_total", labels, "Signals a detector raised", e->hosts[i].emitted,
            true);
        visit_needs(e, e->settings->detectors[i].detector, visit, context);
    }
    visit_fairness(&e->fairness, visit, context);
    engine_tables(e, table_metrics, &(struct metrics){visit, context});
}

static void add_bytes(void *context, const char *owner, const char *name, const struct table_stats *stats)
{
    (void)owner;
    (void)name;
    *(uint64_t *)context += stats->bytes;
}

uint64_t engine_state_bytes(const struct engine *e)
{
    uint64_t bytes = 0;
    engine_tables(e, add_bytes, &bytes);
    return bytes;
}
