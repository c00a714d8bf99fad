#include "daemon/sim/truth.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALSO_MAX 2 /* there are three detectors */

struct names {
    char (*id)[32];
    size_t used, room;
};

struct step {
    int64_t ms, fen;
    enum writer_what what;
};

struct labelled {
    struct truth_about about;
    const char *also[ALSO_MAX];
    size_t n_also;
    struct names members[TRUTH_MEMBER_KINDS];
    struct step *steps;
    size_t n_steps, room;
    uint64_t first_seq, last_seq;
    int64_t money;
};

struct truth {
    struct labelled *cases; /* label - 1 */
    size_t used, room;
};

struct truth *truth_create(void)
{
    return memory_zeroed(1, sizeof(struct truth), "the truth");
}

void truth_destroy(struct truth *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->used; i++) {
        for (int k = 0; k < TRUTH_MEMBER_KINDS; k++)
            free(t->cases[i].members[k].id);
        free(t->cases[i].steps);
    }
    free(t->cases);
    free(t);
}

int truth_open(struct truth *t, const struct truth_about *about)
{
    t->cases = memory_grow(t->cases, &t->room, t->used + 1, sizeof(*t->cases));
    t->cases[t->used] = (struct labelled){.about = *about};
    return (int)++t->used;
}

void truth_also(struct truth *t, int label, const char *detector)
{
    struct labelled *c;

    if (label <= 0)
        return;
    c = &t->cases[label - 1];
    for (size_t i = 0; i < c->n_also; i++) {
        if (!strcmp(c->also[i], detector))
            return;
    }
    invariant(c->n_also < ALSO_MAX);
    c->also[c->n_also++] = detector;
}

void truth_add(struct truth *t, int label, enum truth_member kind, const char *id)
{
    struct names *n;

    if (label <= 0)
        return;
    n = &t->cases[label - 1].members[kind];
    for (size_t i = 0; i < n->used; i++) {
        if (!strcmp(n->id[i], id))
            return;
    }
    n->id = memory_grow(n->id, &n->room, n->used + 1, sizeof(*n->id));
    snprintf(n->id[n->used++], sizeof(*n->id), "%s", id);
}

void truth_saw(struct truth *t, const struct writer_entry *e)
{
    struct labelled *c;

    if (e->label <= 0)
        return;
    c = &t->cases[e->label - 1];
    c->steps = memory_grow(c->steps, &c->room, c->n_steps + 1, sizeof(*c->steps));
    if (c->n_steps == 0)
        c->first_seq = e->id_seq;
    c->last_seq = e->id_seq;
    c->steps[c->n_steps++] = (struct step){e->id_ms, e->fen, e->what};
    if (e->what == WROTE_ORDER)
        c->money += e->fen;
}

static void print_members(FILE *f, const struct labelled *c)
{
    static const char *const words[] = {"units", "accounts", "devices", "suppliers", "orders"};

    fputs("\"members\":{", f);
    for (int k = 0; k < TRUTH_MEMBER_KINDS; k++) {
        fprintf(f, "%s\"%s\":[", k ? "," : "", words[k]);
        for (size_t i = 0; i < c->members[k].used; i++)
            fprintf(f, "%s\"%s\"", i ? "," : "", c->members[k].id[i]);
        fputc(']', f);
    }
    fputc('}', f);
}

static void print_span(FILE *f, const struct labelled *c)
{
    fprintf(f,
        ",\"start_id\":\"%" PRId64 "-%" PRIu64 "\",\"end_id\":\"%" PRId64 "-%" PRIu64 "\",\"money\":%" PRId64,
        c->steps[0].ms, c->first_seq, c->steps[c->n_steps - 1].ms, c->last_seq, c->money);
}

static void print_also(FILE *f, const struct labelled *c)
{
    if (c->n_also == 0)
        return;
    fputs("\"also\":[", f);
    for (size_t i = 0; i < c->n_also; i++)
        fprintf(f, "%s\"%s\"", i ? "," : "", c->also[i]);
    fputs("],", f);
}

/* Steps: [entry ms, fen ordered, fen paid] of each event, for delays counted in events, orders and money. */
static void print_steps(FILE *f, const struct labelled *c)
{
    fputs(",\"steps\":[", f);
    for (size_t i = 0; i < c->n_steps; i++) {
        const struct step *s = &c->steps[i];

        fprintf(f, "%s[%" PRId64 ",%" PRId64 ",%" PRId64 "]", i ? "," : "", s->ms,
            s->what == WROTE_ORDER ? s->fen : 0, s->what == WROTE_MONEY ? s->fen : 0);
    }
    fputc(']', f);
}

static void print_campaigns(FILE *f, const struct truth *t)
{
    int n = 0;

    for (size_t i = 0; i < t->used; i++) {
        const struct labelled *c = &t->cases[i];

        if (!c->about.detector || c->n_steps == 0)
            continue;
        fprintf(f, "%s\n  {\"id\":\"C%03d\",\"detector\":\"%s\",", n ? "," : "", n + 1, c->about.detector);
        print_also(f, c);
        fprintf(f, "\"kind\":\"%s\",\"grade\":\"%s\",", c->about.kind, c->about.grade);
        print_members(f, c);
        print_span(f, c);
        print_steps(f, c);
        fputc('}', f);
        n++;
    }
}

static void print_traps(FILE *f, const struct truth *t)
{
    int n = 0;

    for (size_t i = 0; i < t->used; i++) {
        const struct labelled *c = &t->cases[i];

        if (c->about.detector || c->n_steps == 0)
            continue;
        fprintf(f, "%s\n  {\"id\":\"T%03d\",\"kind\":\"%s\",", n ? "," : "", n + 1, c->about.kind);
        print_members(f, c);
        print_span(f, c);
        fputc('}', f);
        n++;
    }
}

/* The thirds of the units by size, so that small ones can be seen to be treated like large ones. */
static void print_sizes(FILE *f, const struct world *w)
{
    static const char *const words[] = {"small", "medium", "large"};

    fputs("\"sizes\":{", f);
    for (int size = 0; size < 3; size++) {
        const char *comma = "";

        fprintf(f, "%s\"%s\":[", size ? "," : "", words[size]);
        for (size_t i = 0; i < w->n_units; i++) {
            if (w->units[i].size != size)
                continue;
            fprintf(f, "%s\"%s\"", comma, w->units[i].code);
            comma = ",";
        }
        fputc(']', f);
    }
    fputc('}', f);
}

char *truth_text(const struct truth *t, const struct world *w, int64_t days, size_t *length)
{
    char *text = NULL;
    FILE *f = memory_need(open_memstream(&text, length), "the truth");

    fprintf(f, "{\"units\":%zu,\"days\":%" PRId64 ",", w->n_units, days);
    print_sizes(f, w);
    fputs(",\n\"campaigns\":[", f);
    print_campaigns(f, t);
    fputs("\n],\"traps\":[", f);
    print_traps(f, t);
    fputs("\n]}\n", f);
    if (fclose(f) != 0)
        memory_exhausted("the truth");
    return text;
}
