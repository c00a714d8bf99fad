#include "daemon/sim/writer.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/sim/calendar.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 2048
enum { OUTAGES = 32 };

struct pending {
    int64_t id_ms;
    uint64_t serial; /* order of making: breaks ties, so that the order never depends on the heap */
    int label;
    enum writer_what what;
    int64_t fen;
    size_t length;
    char body[]; /* the line after its id */
};

/* The event being made. */
struct making {
    int64_t time, arrives, fen;
    enum writer_what what;
    int anonymous;
    char carrier[8];
    size_t length;
    char body[LINE_MAX_BYTES];
};

struct writer {
    const struct sim_params *params;
    struct random random;
    struct pending **heap;
    size_t used, room;
    uint64_t serial, event_ids;
    int64_t floor; /* everything before this has left */
    int64_t last_ms;
    uint64_t last_seq;
    int label, twice;
    struct outage {
        int64_t from, to;
        char carrier[8];
    } outage[OUTAGES];
    size_t n_outages;
    struct making now;
};

struct writer *writer_create(const struct sim_params *params, uint64_t seed)
{
    struct writer *w = memory_zeroed(1, sizeof(*w), "the writer");

    w->params = params;
    w->last_ms = -1;
    random_init(&w->random, seed, UINT64_C(0x77726974));
    return w;
}

void writer_destroy(struct writer *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->used; i++)
        free(w->heap[i]);
    free(w->heap);
    free(w);
}

static int before(const struct pending *a, const struct pending *b)
{
    return a->id_ms != b->id_ms ? a->id_ms < b->id_ms : a->serial < b->serial;
}

static void heap_push(struct writer *w, struct pending *p)
{
    size_t i = w->used;

    w->heap = memory_grow(w->heap, &w->room, w->used + 1, sizeof(*w->heap));
    w->used++;
    for (; i > 0 && before(p, w->heap[(i - 1) / 2]); i = (i - 1) / 2)
        w->heap[i] = w->heap[(i - 1) / 2];
    w->heap[i] = p;
}

static struct pending *heap_pop(struct writer *w)
{
    struct pending *top = w->heap[0];
    struct pending *last = w->heap[--w->used];
    size_t i = 0;

    for (size_t child; (child = 2 * i + 1) < w->used; i = child) {
        if (child + 1 < w->used && before(w->heap[child + 1], w->heap[child]))
            child++;
        if (!before(w->heap[child], last))
            break;
        w->heap[i] = w->heap[child];
    }
    w->heap[i] = last;
    return top;
}

static void add(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct writer *w, const char *format, ...)
{
    size_t room = sizeof(w->now.body) - w->now.length;
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(w->now.body + w->now.length, room, format, args);
    va_end(args);
    invariant(n >= 0 && (size_t)n < room);
    w->now.length += (size_t)n;
}

void writer_begin(struct writer *w, const char *type, int64_t time)
{
    w->now = (struct making){.time = time, .arrives = -1};
    add(w, "\"type\":\"%s\",\"time\":%" PRId64, type, time);
}

void writer_text(struct writer *w, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    add(w, ",\"%s\":\"%s\"", name, value);
    if (!strcmp(name, "carrier"))
        snprintf(w->now.carrier, sizeof(w->now.carrier), "%s", value);
}

void writer_number(struct writer *w, const char *name, int64_t value)
{
    add(w, ",\"%s\":%" PRId64, name, value);
}

void writer_division(struct writer *w, const char *name, uint32_t code)
{
    if (code)
        add(w, ",\"%s\":\"%06u\"", name, (unsigned)code);
}

void writer_money(struct writer *w, const char *name, int64_t fen)
{
    add(w, ",\"%s\":\"%" PRId64 "\"", name, fen);
}

void writer_label(struct writer *w, int label)
{
    w->label = label;
}

void writer_worth(struct writer *w, enum writer_what what, int64_t fen)
{
    w->now.what = what;
    w->now.fen = fen;
}

void writer_anonymous(struct writer *w)
{
    w->now.anonymous = 1;
}

void writer_outage(struct writer *w, int64_t from, int64_t to, const char *carrier)
{
    struct outage *o = &w->outage[w->n_outages < OUTAGES ? w->n_outages++ : OUTAGES - 1];

    o->from = from;
    o->to = to;
    snprintf(o->carrier, sizeof(o->carrier), "%s", carrier);
}

/* When the carrier reports what it would have reported at `id_ms`. */
static int64_t after_outages(struct writer *w, int64_t id_ms)
{
    for (size_t i = 0; i < w->n_outages; i++) {
        const struct outage *o = &w->outage[i];

        if (id_ms >= o->from && id_ms < o->to && !strcmp(o->carrier, w->now.carrier))
            id_ms = o->to + random_between(&w->random, 0, 6 * HOUR);
    }
    return id_ms;
}

void writer_arrives(struct writer *w, int64_t id_ms)
{
    w->now.arrives = id_ms;
}

void writer_twice(struct writer *w, int twice)
{
    w->twice = twice;
}

static int64_t lag_of(struct writer *w, enum writer_lag lag)
{
    const struct sim_params *p = w->params;
    struct random *r = &w->random;

    switch (lag) {
    case LAG_NONE:
        return 0;
    case LAG_ONLINE:
        if (random_chance(r, p->clock_ahead))
            return -random_between(r, 100, 5 * SECOND);
        return random_between(r, 40, 700);
    case LAG_PAYMENT:
        if (random_chance(r, p->payment_late))
            return random_between(r, 4 * HOUR, p->payment_late_days * DAY);
        return random_skewed(r, MINUTE, p->payment_lag * MINUTE);
    case LAG_SHIPMENT:
        return random_skewed(r, SECOND, 30 * MINUTE);
    case LAG_TRACKING:
        if (random_chance(r, p->tracking_late))
            return random_between(r, HOUR, p->tracking_late_hours * HOUR);
        return random_skewed(r, MINUTE, p->tracking_lag * MINUTE);
    case LAG_INVOICE:
        return random_skewed(r, 10 * MINUTE, 12 * HOUR);
    case LAG_TRANSFER:
        return random_skewed(r, 2 * HOUR, 30 * HOUR);
    }
    return 0;
}

static void queue(struct writer *w, int64_t id_ms)
{
    struct pending *p = memory_need(malloc(sizeof(*p) + w->now.length + 1), "an event");

    p->id_ms = id_ms < w->floor ? w->floor : id_ms;
    p->serial = w->serial++;
    p->label = w->label;
    p->what = w->now.what;
    p->fen = w->now.fen;
    p->length = w->now.length;
    memcpy(p->body, w->now.body, w->now.length + 1);
    heap_push(w, p);
}

void writer_end(struct writer *w, enum writer_lag lag)
{
    int64_t id_ms = w->now.arrives >= 0 ? w->now.arrives : w->now.time + lag_of(w, lag);
    int twice = lag != LAG_NONE && (random_chance(&w->random, w->params->duplicated) || w->twice);

    if (lag == LAG_TRACKING)
        id_ms = after_outages(w, id_ms);
    if (!w->now.anonymous)
        add(w, ",\"event_id\":\"E%08" PRIu64 "\"", ++w->event_ids);
    add(w, "}");
    queue(w, id_ms);
    if (!twice)
        return;
    w->now.what = WROTE_OTHER;
    w->now.fen = 0;
    queue(w, id_ms + random_skewed(&w->random, 200, 2 * HOUR));
}

static int leave(
    struct writer *w, const struct pending *p, writer_sink sink, void *context, struct error *err)
{
    char line[LINE_MAX_BYTES + 64];
    struct writer_entry e = {
        .id_ms = p->id_ms, .label = p->label, .what = p->what, .fen = p->fen, .line = line};
    int n;

    w->last_seq = p->id_ms == w->last_ms ? w->last_seq + 1 : 0;
    w->last_ms = p->id_ms;
    e.id_seq = w->last_seq;
    n = snprintf(line, sizeof(line), "{\"id\":\"%" PRId64 "-%" PRIu64 "\",%s", e.id_ms, e.id_seq, p->body);
    invariant(n > 0 && (size_t)n < sizeof(line));
    e.length = (size_t)n;
    return sink(context, &e, err);
}

int writer_flush(struct writer *w, int64_t until, writer_sink sink, void *context, struct error *err)
{
    while (w->used > 0 && w->heap[0]->id_ms < until) {
        struct pending *p = heap_pop(w);
        int status = leave(w, p, sink, context, err);

        free(p);
        if (status != 0)
            return -1;
    }
    w->floor = until;
    return 0;
}
