#include "daemon/ctl/score_summary.h"

#include "daemon/base/memory.h"

#include <stdlib.h>
#include <string.h>

const char *const summary_grades[SUMMARY_GRADES] = {"naive", "careful", "adaptive"};

static bool is_of(const struct summary_detector *d, const char *detector)
{
    return !d->name || !strcmp(d->name, detector);
}

static void count_alerts(struct summary_detector *d, const struct score *s)
{
    int64_t good[2] = {0, 0}, of[2] = {0, 0};

    for (size_t i = 0; i < s->n_alerts; i++) {
        const struct score_alert *a = &s->alerts[i];

        if (!is_of(d, a->detector))
            continue;
        d->alerts++;
        for (int k = 0; k < 2; k++) {
            if (a->severity < (k == 0 ? SCORE_MEDIUM : SCORE_HIGH))
                continue;
            of[k]++;
            good[k] += a->is_true;
        }
    }
    d->medium = score_rate(good[0], of[0]);
    d->high = score_rate(good[1], of[1]);
    d->false_medium = of[0] - good[0];
}

static void count_recall(struct summary_detector *d, const struct score *s)
{
    int64_t found = 0, parts = 0, of = 0, grade_found[SUMMARY_GRADES] = {0}, grade_of[SUMMARY_GRADES] = {0};

    for (size_t i = 0; i < s->truth.n_campaigns; i++) {
        const struct truth_case *c = &s->truth.campaigns[i];

        if (!is_of(d, c->detector))
            continue;
        of++;
        found += s->campaigns[i].found;
        parts += s->campaigns[i].in_parts;
        for (int g = 0; g < SUMMARY_GRADES; g++) {
            if (strcmp(c->grade, summary_grades[g]) != 0)
                continue;
            grade_of[g]++;
            grade_found[g] += s->campaigns[i].found;
        }
    }
    d->recall = score_rate(found, of);
    d->in_parts = score_rate(parts, of);
    for (int g = 0; g < SUMMARY_GRADES; g++)
        d->grade[g] = score_rate(grade_found[g], grade_of[g]);
}

static int compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static int64_t median(int64_t *values, size_t n)
{
    if (n == 0)
        return -1;
    qsort(values, n, sizeof(*values), compare);
    return values[(n - 1) / 2];
}

static int64_t paid_in_all(const struct truth_case *c)
{
    int64_t paid = 0;
    json_t *step;
    size_t i;

    json_array_foreach(c->steps, i, step) paid += json_integer_value(json_array_get(step, 2));
    return paid;
}

static void count_delay(struct summary_detector *d, const struct score *s)
{
    int64_t *values = memory_zeroed(3 * s->truth.n_campaigns + 1, sizeof(*values), "delays");
    int64_t *ms = values, *events = ms + s->truth.n_campaigns, *orders = events + s->truth.n_campaigns;
    size_t n = 0, with_steps = 0;

    d->delay_ms = d->delay_events = d->delay_orders = -1;
    for (size_t i = 0; i < s->truth.n_campaigns; i++) {
        const struct truth_case *c = &s->truth.campaigns[i];
        const struct score_case *r = &s->campaigns[i];
        int64_t paid = paid_in_all(c);

        if (!is_of(d, c->detector))
            continue;
        d->paid += paid;
        d->paid_before += r->first >= 0 ? (r->paid > 0 ? r->paid : 0) : paid;
        if (r->first < 0)
            continue;
        ms[n++] = r->first - c->start;
        if (r->events < 0)
            continue;
        events[with_steps] = r->events;
        orders[with_steps++] = r->orders;
    }
    d->delay_ms = median(ms, n);
    d->delay_events = median(events, with_steps);
    d->delay_orders = median(orders, with_steps);
    free(values);
}

static void fill(struct summary_detector *d, const struct score *s)
{
    count_alerts(d, s);
    count_recall(d, s);
    count_delay(d, s);
}

static void add_detector(struct summary *m, const char *name)
{
    for (size_t i = 0; i < m->n_detectors; i++) {
        if (!strcmp(m->detector[i].name, name))
            return;
    }
    if (m->n_detectors < SUMMARY_DETECTORS)
        m->detector[m->n_detectors++].name = name;
}

static struct summary_kind *kind_of(struct summary *m, const struct truth_case *c)
{
    struct summary_kind *k;

    for (size_t i = 0; i < m->n_kinds; i++) {
        k = &m->kind[i];
        if (!strcmp(k->kind, c->kind) && !k->detector == !c->detector &&
            (!k->detector || !strcmp(k->detector, c->detector)))
            return k;
    }
    k = &m->kind[m->n_kinds < SUMMARY_KINDS ? m->n_kinds++ : SUMMARY_KINDS - 1];
    *k = (struct summary_kind){.detector = c->detector, .kind = c->kind};
    return k;
}

static void count_kinds(struct summary *m, const struct score *s)
{
    bool *fired = memory_zeroed(s->truth.n_traps, sizeof(*fired), "the traps");

    for (size_t i = 0; i < s->truth.n_campaigns; i++) {
        struct summary_kind *k = kind_of(m, &s->truth.campaigns[i]);

        k->of++;
        k->good += s->campaigns[i].found;
    }
    for (size_t i = 0; i < s->n_alerts; i++) {
        if (s->alerts[i].trap >= 0 && s->alerts[i].severity >= SCORE_MEDIUM)
            fired[s->alerts[i].trap] = true;
    }
    for (size_t i = 0; i < s->truth.n_traps; i++) {
        struct summary_kind *k = kind_of(m, &s->truth.traps[i]);

        k->of++;
        k->good += fired[i];
        m->traps++;
        m->traps_fired += fired[i];
    }
    free(fired);
}

void summary_make(struct summary *m, const struct score *s, int64_t units, int64_t days)
{
    *m = (struct summary){.false_per_thousand = -1};
    for (size_t i = 0; i < s->truth.n_campaigns; i++)
        add_detector(m, s->truth.campaigns[i].detector);
    for (size_t i = 0; i < s->n_alerts; i++)
        add_detector(m, s->alerts[i].detector);
    fill(&m->all, s);
    for (size_t i = 0; i < m->n_detectors; i++)
        fill(&m->detector[i], s);
    count_kinds(m, s);
    units = units ? units : s->truth.units;
    days = days ? days : s->truth.days;
    if (units > 0 && days > 0)
        m->false_per_thousand = m->all.false_medium * 1000 * 30 * 100 / units / days;
}
