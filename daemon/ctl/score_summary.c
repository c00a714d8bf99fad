#include "daemon/ctl/score_summary.h"

#include "daemon/base/memory.h"

#include <stdlib.h>
#include <string.h>

const char *const summary_grades[SUMMARY_GRADES] = {"naive", "careful", "adaptive"};

/* Campaigns of all worlds that a figure is about. */
struct sample {
    struct item {
        const struct truth_case *c;
        const struct score_finding *f;
        int64_t paid; /* fen, in all */
    } * item;
    size_t n;
    double *scratch; /* room for n */
};

static int64_t paid_in_all(const struct truth_case *c)
{
    int64_t paid = 0;
    json_t *step;
    size_t i;

    json_array_foreach(c->steps, i, step) paid += json_integer_value(json_array_get(step, 2));
    return paid;
}

/* ---- delays ---- */

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static double median(double *values, size_t n)
{
    if (n == 0)
        return 0;
    qsort(values, n, sizeof(*values), compare);
    return values[(n - 1) / 2];
}

static double hours_of(const struct item *it)
{
    return (double)(it->f->first - it->c->start) / 3600000;
}

static double events_of(const struct item *it)
{
    return (double)it->f->events;
}

static double orders_of(const struct item *it)
{
    return (double)it->f->orders;
}

/* Of what is known of those that were alerted. */
static double median_of(const struct sample *s, const size_t *pick, size_t n,
    double (*value)(const struct item *), bool needs_steps)
{
    size_t k = 0;

    for (size_t i = 0; i < n; i++) {
        const struct item *it = &s->item[pick[i]];

        if (it->f->first >= 0 && (it->f->events >= 0 || !needs_steps))
            s->scratch[k++] = value(it);
    }
    return median(s->scratch, k);
}

static double median_hours(const void *of, const size_t *pick, size_t n)
{
    return median_of(of, pick, n, hours_of, false);
}

static double median_events(const void *of, const size_t *pick, size_t n)
{
    return median_of(of, pick, n, events_of, true);
}

static double median_orders(const void *of, const size_t *pick, size_t n)
{
    return median_of(of, pick, n, orders_of, true);
}

static double share_paid(const struct sample *s, const size_t *pick, size_t n, bool alerted_only)
{
    int64_t before = 0, paid = 0;

    for (size_t i = 0; i < n; i++) {
        const struct item *it = &s->item[pick[i]];

        if (it->f->first < 0 && alerted_only)
            continue;
        paid += it->paid;
        before += it->f->first < 0 ? it->paid : it->f->paid;
    }
    return paid ? (double)before / (double)paid : 0;
}

static double paid_before(const void *of, const size_t *pick, size_t n)
{
    return share_paid(of, pick, n, false);
}

static double paid_before_alerted(const void *of, const size_t *pick, size_t n)
{
    return share_paid(of, pick, n, true);
}

/* ---- recall ---- */

static bool is_about(const struct truth_case *c, const char *detector, const char *kind)
{
    return (!detector || !strcmp(c->detector, detector)) && (!kind || !strcmp(c->kind, kind));
}

static void collect(
    struct sample *sample, const struct score *s, size_t n, const char *detector, const char *kind, bool any)
{
    size_t room = 0;

    for (size_t w = 0; w < n; w++)
        room += s[w].truth.n_campaigns;
    *sample = (struct sample){.item = memory_zeroed(room + 1, sizeof(*sample->item), "the campaigns"),
        .scratch = memory_zeroed(room + 1, sizeof(double), "the campaigns")};
    for (size_t w = 0; w < n; w++) {
        for (size_t i = 0; i < s[w].truth.n_campaigns; i++) {
            const struct truth_case *c = &s[w].truth.campaigns[i];
            const struct score_case *r = &s[w].campaigns[i];

            if (is_about(c, detector, kind))
                sample->item[sample->n++] = (struct item){c, any ? &r->any : &r->own, paid_in_all(c)};
        }
    }
}

static void count_found(struct summary_recall *r, const struct sample *s)
{
    int64_t found = 0, parts = 0, alerted = 0, good[SUMMARY_GRADES] = {0}, of[SUMMARY_GRADES] = {0};

    for (size_t i = 0; i < s->n; i++) {
        const struct score_finding *f = s->item[i].f;

        found += f->found;
        parts += f->in_parts;
        alerted += f->first >= 0;
        for (int g = 0; g < SUMMARY_GRADES; g++) {
            if (strcmp(s->item[i].c->grade, summary_grades[g]) != 0)
                continue;
            of[g]++;
            good[g] += f->found;
        }
    }
    r->found = score_rate(found, (int64_t)s->n);
    r->in_parts = score_rate(parts, (int64_t)s->n);
    r->alerted = score_rate(alerted, (int64_t)s->n);
    for (int g = 0; g < SUMMARY_GRADES; g++)
        r->grade[g] = score_rate(good[g], of[g]);
}

static struct summary_recall recall_of(
    const struct score *s, size_t n, const char *detector, const char *kind, bool any)
{
    struct summary_recall r;
    struct sample sample;

    collect(&sample, s, n, detector, kind, any);
    count_found(&r, &sample);
    r.hours = score_bootstrap(&sample, sample.n, median_hours);
    r.events = score_bootstrap(&sample, sample.n, median_events);
    r.orders = score_bootstrap(&sample, sample.n, median_orders);
    r.paid_before = score_bootstrap(&sample, sample.n, paid_before);
    r.paid_before_alerted = score_bootstrap(&sample, sample.n, paid_before_alerted);
    free(sample.item);
    free(sample.scratch);
    return r;
}

/* ---- precision ---- */

static void count_alerts(struct summary_detector *d, const struct score *s)
{
    int64_t good[2] = {d->medium.good, d->high.good}, of[2] = {d->medium.of, d->high.of};

    for (size_t i = 0; i < s->n_alerts; i++) {
        const struct score_alert *a = &s->alerts[i];

        if (d->name && strcmp(d->name, a->detector) != 0)
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

static void fill(struct summary_detector *d, const struct score *s, size_t n)
{
    for (size_t w = 0; w < n; w++)
        count_alerts(d, &s[w]);
    d->own = recall_of(s, n, d->name, NULL, false);
    d->any = recall_of(s, n, d->name, NULL, true);
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

/* ---- kinds ---- */

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

static void count_traps(struct summary *m, const struct score *s)
{
    bool *fired = memory_zeroed(s->truth.n_traps + 1, sizeof(*fired), "the traps");

    for (size_t i = 0; i < s->n_alerts; i++) {
        if (s->alerts[i].trap >= 0 && s->alerts[i].severity >= SCORE_MEDIUM)
            fired[s->alerts[i].trap] = true;
    }
    for (size_t i = 0; i < s->truth.n_traps; i++) {
        struct summary_kind *k = kind_of(m, &s->truth.traps[i]);

        k->of++;
        k->fired += fired[i];
        m->traps.of++;
        m->traps.good += fired[i];
    }
    free(fired);
}

static int by_name(const void *a, const void *b)
{
    const struct summary_kind *x = a, *y = b;
    int order = strcmp(x->detector ? x->detector : "~", y->detector ? y->detector : "~");

    return order ? order : strcmp(x->kind, y->kind);
}

static void count_kinds(struct summary *m, const struct score *s, size_t n)
{
    for (size_t w = 0; w < n; w++) {
        for (size_t i = 0; i < s[w].truth.n_campaigns; i++)
            kind_of(m, &s[w].truth.campaigns[i])->of++;
        count_traps(m, &s[w]);
    }
    qsort(m->kind, m->n_kinds, sizeof(m->kind[0]), by_name);
    for (size_t i = 0; i < m->n_kinds; i++) {
        struct summary_kind *k = &m->kind[i];

        if (!k->detector)
            continue;
        k->own = recall_of(s, n, k->detector, k->kind, false);
        k->any = recall_of(s, n, k->detector, k->kind, true);
    }
    m->traps = score_rate(m->traps.good, m->traps.of);
}

/* ---- false alerts ---- */

static void count_false(struct summary *m, const struct score *s, int64_t units, int64_t days)
{
    double months = (double)(days ? days : s->truth.days) / 30;

    m->false_alerts.unit_months += (double)(units ? units : s->truth.units) * months;
    for (int k = 0; k < TRUTH_FILE_SIZES; k++)
        m->by_size[k].unit_months += (double)s->truth.of_size[k] * months;
    for (size_t i = 0; i < s->n_alerts; i++) {
        const struct score_alert *a = &s->alerts[i];

        if (a->is_true || a->severity < SCORE_MEDIUM)
            continue;
        m->false_alerts.count++;
        if (a->size >= 0)
            m->by_size[a->size].count++;
    }
}

static void rate_false(struct summary_false *f)
{
    f->per_thousand = score_count(f->count);
    if (f->unit_months <= 0)
        return;
    f->per_thousand.value *= 1000 / f->unit_months;
    f->per_thousand.low *= 1000 / f->unit_months;
    f->per_thousand.high *= 1000 / f->unit_months;
}

void summary_make(struct summary *m, const struct score *s, size_t n, int64_t units, int64_t days)
{
    *m = (struct summary){.worlds = n};
    for (size_t w = 0; w < n; w++) {
        for (size_t i = 0; i < s[w].truth.n_campaigns; i++)
            add_detector(m, s[w].truth.campaigns[i].detector);
        for (size_t i = 0; i < s[w].n_alerts; i++)
            add_detector(m, s[w].alerts[i].detector);
        m->n_campaigns += s[w].truth.n_campaigns;
        m->n_traps += s[w].truth.n_traps;
        m->n_alerts += s[w].n_alerts;
        m->lines += s[w].lines;
        m->system += s[w].system;
        m->bad += s[w].bad;
        count_false(m, &s[w], units, days);
    }
    fill(&m->all, s, n);
    for (size_t i = 0; i < m->n_detectors; i++)
        fill(&m->detector[i], s, n);
    count_kinds(m, s, n);
    m->rings = summary_rings_of(s, n);
    m->ranking = summary_ranking_of(s, n);
    m->fdr = summary_fdr_of(s, n);
    rate_false(&m->false_alerts);
    for (int k = 0; k < TRUTH_FILE_SIZES; k++)
        rate_false(&m->by_size[k]);
}
