/* The second baseline: edges that come suddenly often. MIDAS-R (Bhatia et al., "MIDAS: microcluster-based
 * detector of anomalies in edge streams", AAAI 2020) over device, payer and network -> supplier, ticks of an
 * hour. It is given as many alerts as are asked for, chosen in hindsight by the highest score: more than a
 * live one would get.
 *
 *   midas ALERTS EVENTS.ndjson > ALERTS.ndjson */
#include "tests/quality/baseline.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 2, COLUMNS = 1 << 14, TABLES = 3 /* edge, source, destination */ };

/* Count-min sketches: this tick's counts (those before it fade by half), and all. */
struct sketch {
    double current[ROWS][COLUMNS], total[ROWS][COLUMNS];
};

struct hit {
    double score;
    int64_t ms;
    const char *kind;
    char *source, *supplier, *unit, *order;
};

struct midas {
    struct sketch *sketch; /* TABLES for each kind of edge */
    int64_t first, tick;
    struct hit *hits;
    size_t n, room;
};

static const char *const sources[] = {"device", "payer", "ip"};
enum { KINDS = 3 };

static uint64_t hash(const char *a, const char *b, uint64_t h)
{
    h ^= UINT64_C(14695981039346656037);
    for (; *a; a++)
        h = (h ^ (unsigned char)*a) * UINT64_C(1099511628211);
    for (h *= 31; *b; b++)
        h = (h ^ (unsigned char)*b) * UINT64_C(1099511628211);
    return h ^ h >> 29;
}

static void fade(struct midas *m, int64_t ms)
{
    int64_t tick;

    if (!m->first)
        m->first = ms;
    tick = 1 + (ms - m->first) / 3600000;
    for (; m->tick < tick; m->tick++) {
        for (int k = 0; k < KINDS * TABLES; k++)
            for (int row = 0; row < ROWS; row++)
                for (int i = 0; i < COLUMNS; i++)
                    m->sketch[k].current[row][i] /= 2;
    }
}

/* Counts it and tells how far this tick's count is from the mean of all ticks: chi-squared, upwards only. */
static double count(struct sketch *s, const char *a, const char *b, double tick)
{
    double current = 0, total = 0, off;

    for (uint64_t row = 0; row < ROWS; row++) {
        size_t i = hash(a, b, row) % COLUMNS;

        s->current[row][i]++;
        s->total[row][i]++;
        if (row == 0 || s->current[row][i] < current)
            current = s->current[row][i];
        if (row == 0 || s->total[row][i] < total)
            total = s->total[row][i];
    }
    off = current - total / tick;
    return off > 0 && tick > 1 ? off * off * tick * tick / (total * (tick - 1)) : 0;
}

static char *keep(const char *text)
{
    return strdup(text ? text : "");
}

static void see(struct midas *m, int kind, const char *source, const json_t *e, int64_t ms)
{
    const char *supplier = baseline_text(e, "supplier");
    struct sketch *s = &m->sketch[kind * TABLES];
    double score[TABLES], most = 0;

    score[0] = count(&s[0], source, supplier, (double)m->tick);
    score[1] = count(&s[1], source, "", (double)m->tick);
    score[2] = count(&s[2], "", supplier, (double)m->tick);
    for (int i = 0; i < TABLES; i++)
        most = score[i] > most ? score[i] : most;
    if (m->n == m->room) {
        m->room = m->room ? 2 * m->room : 1024;
        m->hits = realloc(m->hits, m->room * sizeof *m->hits);
        if (!m->hits)
            abort();
    }
    m->hits[m->n++] = (struct hit){most, ms, sources[kind], keep(source), keep(supplier),
        keep(baseline_text(e, "unit")), keep(baseline_text(e, "order"))};
}

static void handle(void *context, const json_t *e, int64_t ms)
{
    struct midas *m = context;
    const char *type = baseline_text(e, "type");

    fade(m, ms);
    if (!baseline_text(e, "supplier") || (strcmp(type, "order") != 0 && strcmp(type, "payment") != 0))
        return;
    for (int k = 0; k < KINDS; k++) {
        if (baseline_text(e, sources[k]))
            see(m, k, baseline_text(e, sources[k]), e, ms);
    }
}

static int by_score(const void *a, const void *b)
{
    const struct hit *x = *(const struct hit *const *)a, *y = *(const struct hit *const *)b;

    return x->score != y->score ? (x->score < y->score ? 1 : -1) : (x->ms > y->ms) - (x->ms < y->ms);
}

/* The score from which `alerts` different sources are over it. */
static double threshold(const struct midas *m, size_t alerts)
{
    const struct hit **order = calloc(m->n + 1, sizeof(struct hit *));
    json_t *seen = json_object();
    double score = 0;

    if (!order)
        abort();
    for (size_t i = 0; i < m->n; i++)
        order[i] = &m->hits[i];
    qsort(order, m->n, sizeof *order, by_score);
    for (size_t i = 0; i < m->n && json_object_size(seen) < alerts; i++) {
        baseline_entry(seen, order[i]->kind, order[i]->source);
        score = order[i]->score;
    }
    json_decref(seen);
    free(order);
    return score;
}

static void print_alerts(const struct midas *m, double from)
{
    json_t *cases = json_object();

    for (size_t i = 0; i < m->n; i++) {
        const struct hit *h = &m->hits[i];
        json_t *entry = baseline_entry(cases, h->kind, h->source);

        baseline_add(entry, "unit", h->unit);
        baseline_add(entry, "order", h->order);
        baseline_add(entry, "supplier", h->supplier);
        if (h->score >= from && h->score > 0)
            baseline_alert(entry, "midas", h->kind, h->source, h->ms);
    }
    json_decref(cases);
}

static void forget(struct midas *m)
{
    for (size_t i = 0; i < m->n; i++) {
        free(m->hits[i].source);
        free(m->hits[i].supplier);
        free(m->hits[i].unit);
        free(m->hits[i].order);
    }
    free(m->hits);
    free(m->sketch);
}

int main(int argc, char **argv)
{
    struct midas m = {.sketch = calloc(KINDS * TABLES, sizeof(struct sketch))};
    int status;

    if (argc != 3 || !m.sketch) {
        fputs("usage: midas ALERTS EVENTS.ndjson\n", stderr);
        free(m.sketch);
        return 2;
    }
    status = baseline_read(argv[2], handle, &m);
    if (status == 0)
        print_alerts(&m, threshold(&m, strtoul(argv[1], NULL, 10)));
    forget(&m);
    return status;
}
