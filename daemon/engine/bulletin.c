#include "daemon/engine/bulletin.h"

#include "daemon/base/json_writer.h"
#include "daemon/base/memory.h"
#include "daemon/engine/routes.h"
#include "daemon/engine/wording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The sums of a division's units in a year. */
struct total {
    const char *office; /* whose they are; "" while they are everybody's */
    uint32_t year, region;
    uint32_t units, marked[JD_REPORT_MARKS];
    int64_t sums[JD_REPORT_COLUMNS];
    size_t first, last; /* numbers, from 1, of its rows that carry a mark; 0 none */
};

/* A row that carries a mark. Their numbers follow their arrival. */
struct marked {
    struct jd_row row;
    size_t next; /* of its total */
};

struct bulletin {
    const struct jd_report *report;
    unsigned columns, marks;
    struct total *totals; /* by office, year, region */
    size_t n_totals, totals_room;
    struct marked *rows;
    size_t n_rows, rows_room;
    struct output_copy *copies;
    size_t n_copies, copies_room;
};

/* One reader's part of a bulletin, or one year of it. */
struct part {
    const struct bulletin *b;
    const struct bulletin_view *view;
    const struct total *totals;
    size_t n_totals;
};

struct bulletin *bulletin_create(const struct jd_report *report)
{
    struct bulletin *b = memory_zeroed(1, sizeof *b, "a report");
    b->report = report;
    while (b->columns < JD_REPORT_COLUMNS && report->columns[b->columns].unit != JD_UNIT_NONE)
        b->columns++;
    while (b->marks < JD_REPORT_MARKS && report->marks[b->marks].name)
        b->marks++;
    return b;
}

/* The room for a bulletin is given back: it is needed once a day. */
void bulletin_clear(struct bulletin *b)
{
    for (size_t i = 0; i < b->n_copies; i++)
        free((char *)(uintptr_t)b->copies[i].data);
    free(b->copies);
    free(b->totals);
    free(b->rows);
    b->copies = NULL;
    b->totals = NULL;
    b->rows = NULL;
    b->n_totals = b->totals_room = b->n_rows = b->rows_room = b->n_copies = b->copies_room = 0;
}

void bulletin_destroy(struct bulletin *b)
{
    if (!b)
        return;
    bulletin_clear(b);
    free(b);
}

/* ---- adding up ---- */

/* Input can be any number up to 10^12, any number of times: a sum stops at the end of the range. */
static int64_t sum(int64_t a, int64_t b)
{
    int64_t result;
    return __builtin_add_overflow(a, b, &result) ? (a < 0 ? INT64_MIN : INT64_MAX) : result;
}

static struct total *total_of(struct bulletin *b, uint32_t year, uint32_t region)
{
    size_t low = 0, high = b->n_totals;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct total *t = &b->totals[middle];
        if (t->year < year || (t->year == year && t->region < region))
            low = middle + 1;
        else
            high = middle;
    }
    if (low < b->n_totals && b->totals[low].year == year && b->totals[low].region == region)
        return &b->totals[low];
    b->totals = memory_grow(b->totals, &b->totals_room, b->n_totals + 1, sizeof *b->totals);
    memmove(b->totals + low + 1, b->totals + low, (b->n_totals++ - low) * sizeof *b->totals);
    b->totals[low] = (struct total){.office = "", .year = year, .region = region};
    return &b->totals[low];
}

static void add_total(struct total *t, const struct total *more)
{
    t->units += more->units;
    for (unsigned m = 0; m < JD_REPORT_MARKS; m++)
        t->marked[m] += more->marked[m];
    for (unsigned c = 0; c < JD_REPORT_COLUMNS; c++)
        t->sums[c] = sum(t->sums[c], more->sums[c]);
}

static void keep_row(struct bulletin *b, struct total *t, const struct jd_row *row)
{
    b->rows = memory_grow(b->rows, &b->rows_room, b->n_rows + 1, sizeof *b->rows);
    b->rows[b->n_rows++] = (struct marked){.row = *row};
    if (t->last)
        b->rows[t->last - 1].next = b->n_rows;
    else
        t->first = b->n_rows;
    t->last = b->n_rows;
}

void bulletin_add(struct bulletin *b, const struct jd_row *row)
{
    struct total *t = total_of(b, row->year, row->region);
    t->units++;
    for (unsigned m = 0; m < b->marks; m++)
        t->marked[m] += row->marks >> m & 1;
    for (unsigned c = 0; c < b->columns; c++)
        if (b->report->columns[c].unit != JD_UNIT_PERCENT)
            t->sums[c] = sum(t->sums[c], row->values[c]);
    if (row->marks & ((1u << b->marks) - 1))
        keep_row(b, t, row);
}

/* ---- writing down ---- */

static void put_total(const struct bulletin *b, struct json_writer *out, const struct total *t)
{
    json_put_integer(out, "units", t->units);
    for (unsigned c = 0; c < b->columns; c++)
        if (b->report->columns[c].unit != JD_UNIT_PERCENT)
            json_put_integer(out, b->report->columns[c].name, t->sums[c]);
    json_open_object(out, "marked");
    for (unsigned m = 0; m < b->marks; m++)
        json_put_integer(out, b->report->marks[m].name, t->marked[m]);
    json_close_object(out);
}

/* Province, city and county: the first 2, 4 and 6 digits. */
static const uint32_t levels[] = {10000, 100, 1};
enum { LEVELS = sizeof levels / sizeof levels[0] };

/* The division of one level that begins at total `i`; its county's sums, or those of all counties in it. */
static void put_division(const struct part *p, struct json_writer *out, size_t i, unsigned level)
{
    struct total t = {0};
    char code[16];
    uint32_t prefix = p->totals[i].region / levels[level];
    for (size_t k = i; k < p->n_totals && p->totals[k].region / levels[level] == prefix; k++)
        add_total(&t, &p->totals[k]);
    snprintf(code, sizeof code, "%0*u", 2 * (int)(level + 1), (unsigned)prefix);
    json_open_object(out, NULL);
    json_put_text(out, "region", code);
    put_total(p->b, out, &t);
    json_close_object(out);
}

static void put_regions(const struct part *p, struct json_writer *out)
{
    json_open_array(out, "regions");
    for (size_t i = 0; i < p->n_totals; i++) {
        uint32_t region = p->totals[i].region, before = i ? p->totals[i - 1].region : 0;
        for (unsigned level = 0; region && level < LEVELS; level++)
            if (region / levels[level] != before / levels[level])
                put_division(p, out, i, level);
    }
    json_close_array(out);
}

static void put_unit(const struct part *p, struct json_writer *out, const struct jd_row *row)
{
    char code[16];
    snprintf(code, sizeof code, "%06u", (unsigned)row->region);
    json_open_object(out, NULL);
    json_put_text(out, "unit", names_of(p->view->names, row->unit, p->view->now));
    json_put_text(out, "region", code);
    for (unsigned c = 0; c < p->b->columns; c++)
        if (p->b->report->columns[c].unit != JD_UNIT_PERCENT || row->values[c] >= 0)
            json_put_integer(out, p->b->report->columns[c].name, row->values[c]);
    json_close_object(out);
}

/* Those with most first, then those that came first, which lie in front. */
static bool comes_before(const struct marked *a, const struct marked *b, unsigned column)
{
    if (a->row.values[column] != b->row.values[column])
        return a->row.values[column] > b->row.values[column];
    return a < b;
}

/* Keeps the first `most` rows in order; returns how many there are with one more. */
static size_t keep_first(
    const struct marked **first, size_t n, size_t most, const struct marked *row, unsigned column)
{
    size_t at = n;
    while (at && comes_before(row, first[at - 1], column))
        at--;
    if (at == most)
        return n;
    if (n == most)
        n--;
    memmove(first + at + 1, first + at, (n - at) * sizeof *first);
    first[at] = row;
    return n + 1;
}

static void put_listed(const struct part *p, struct json_writer *out, unsigned m)
{
    const struct jd_report_mark *mark = &p->b->report->marks[m];
    const struct marked **first = memory_zeroed(mark->listed, sizeof *first, "a report");
    size_t n = 0;
    for (size_t i = 0; i < p->n_totals; i++)
        for (size_t k = p->totals[i].first; k; k = p->b->rows[k - 1].next)
            if (p->b->rows[k - 1].row.marks >> m & 1)
                n = keep_first(first, n, mark->listed, &p->b->rows[k - 1], mark->column);
    json_open_array(out, mark->name);
    for (size_t i = 0; i < n; i++)
        put_unit(p, out, &first[i]->row);
    json_close_array(out);
    free(first);
}

static void put_year(const struct part *p, struct json_writer *out)
{
    struct total whole = {0};
    for (size_t i = 0; i < p->n_totals; i++)
        add_total(&whole, &p->totals[i]);
    json_open_object(out, NULL);
    json_put_integer(out, "year", p->totals[0].year);
    put_total(p->b, out, &whole);
    put_regions(p, out);
    json_open_object(out, "listed");
    for (unsigned m = 0; m < p->b->marks; m++)
        put_listed(p, out, m);
    json_close_object(out);
    json_close_object(out);
}

static void put_years(const struct part *p, struct json_writer *out)
{
    json_open_array(out, "years");
    for (size_t i = 0; i < p->n_totals;) {
        struct part one = {p->b, p->view, p->totals + i, 0};
        while (i < p->n_totals && p->totals[i].year == one.totals[0].year)
            i++, one.n_totals++;
        put_year(&one, out);
    }
    json_close_array(out);
}

static char *render(const struct part *p)
{
    const struct bulletin_view *v = p->view;
    const struct jd_detector *d = v->instance->detector;
    struct json_writer out;
    char date[32];
    wording_date(v->day, date, sizeof date);
    json_begin(&out);
    json_open_object(&out, NULL);
    json_put_text(&out, "kind", "report");
    json_put_text(&out, "detector", d->name);
    json_put_text(&out, "detector_version", d->version);
    json_put_hash(&out, "config_generation", v->settings->config_hash);
    json_put_text(&out, "date", date);
    json_put_integer(&out, "time", v->now);
    json_put_text(&out, "office", p->totals[0].office);
    json_put_boolean(&out, "warmup", v->warmup);
    json_put_boolean(&out, "incomplete", v->incomplete);
    put_years(p, &out);
    json_close_object(&out);
    return json_end(&out);
}

/* ---- for whom ---- */

static int total_order(const void *a, const void *b)
{
    const struct total *x = a, *y = b;
    int order = strcmp(x->office, y->office);
    if (order == 0)
        order = (x->year > y->year) - (x->year < y->year);
    return order ? order : (x->region > y->region) - (x->region < y->region);
}

static const char *office_of(const struct engine_settings *s, uint32_t region)
{
    uint32_t route = region ? routes_of(s->routes, s->n_routes, region) : ROUTE_NONE;
    return route == ROUTE_NONE ? "" : s->routes[route].office;
}

static void add_copy(struct bulletin *b, const struct part *p)
{
    b->copies = memory_grow(b->copies, &b->copies_room, b->n_copies + 1, sizeof *b->copies);
    b->copies[b->n_copies++] = (struct output_copy){p->totals[0].office, render(p)};
}

static void add_offices(struct bulletin *b, const struct bulletin_view *v)
{
    for (size_t i = 0; i < b->n_totals; i++)
        b->totals[i].office = office_of(v->settings, b->totals[i].region);
    qsort(b->totals, b->n_totals, sizeof *b->totals, total_order);
    for (size_t i = 0; i < b->n_totals;) {
        struct part p = {b, v, b->totals + i, 0};
        const char *office = b->totals[i].office;
        while (i < b->n_totals && strcmp(b->totals[i].office, office) == 0)
            i++, p.n_totals++;
        if (office[0])
            add_copy(b, &p);
    }
}

void bulletin_publish(struct bulletin *b, const struct bulletin_view *v, output_sink sink, void *context)
{
    if (!b->n_totals)
        return;
    const struct part whole = {b, v, b->totals, b->n_totals};
    add_copy(b, &whole);
    add_offices(b, v);
    struct output out = {
        .id_ms = (int64_t)v->at.ms,
        .id_seq = v->at.seq,
        .index = v->index,
        .revision = 1,
        .shadow = v->instance->shadow != 0,
        .report = 1,
        .kind = "report",
        .severity = "",
        .detector = v->instance->detector->name,
        .copies = b->copies,
        .n_copies = b->n_copies,
    };
    sink(context, &out);
}
