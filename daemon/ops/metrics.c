#include "daemon/ops/metrics.h"

#include "daemon/base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct collector {
    metrics_collect collect;
    void *source;
};

struct metrics {
    struct collector *collectors;
    size_t count;
};

struct sample {
    char *name, *labels, *help;
    uint64_t value;
    size_t order;
    bool counter;
};

struct samples {
    struct sample *all;
    size_t count, room;
};

struct metrics *metrics_create(void)
{
    return memory_zeroed(1, sizeof(struct metrics), "the metrics");
}

void metrics_destroy(struct metrics *m)
{
    if (!m)
        return;
    free(m->collectors);
    free(m);
}

void metrics_add(struct metrics *m, metrics_collect collect, void *source)
{
    m->collectors = memory_resize(m->collectors, m->count + 1, sizeof m->collectors[0]);
    m->collectors[m->count++] = (struct collector){collect, source};
}

static void take(
    void *context, const char *name, const char *labels, const char *help, uint64_t value, bool counter)
{
    struct samples *s = context;
    size_t n = strlen(name);
    bool ended = n >= 6 && strcmp(name + n - 6, "_total") == 0;
    s->all = memory_grow(s->all, &s->room, s->count + 1, sizeof s->all[0]);
    s->all[s->count] = (struct sample){
        .name = memory_format("jiandu_%s%s", name, counter && !ended ? "_total" : ""),
        .labels = memory_text(labels),
        .help = memory_text(help),
        .value = value,
        .order = s->count,
        .counter = counter,
    };
    s->count++;
}

/* The format wants a family's samples together. */
static int by_family(const void *a, const void *b)
{
    const struct sample *left = a, *right = b;
    int names = strcmp(left->name, right->name);
    return names ? names : (left->order > right->order) - (left->order < right->order);
}

static void write_family(FILE *out, const struct sample *s)
{
    fprintf(out, "# HELP %s ", s->name);
    for (const char *at = s->help; *at; at++) {
        if (*at == '\\' || *at == '\n')
            fputc('\\', out);
        fputc(*at == '\n' ? 'n' : *at, out);
    }
    fprintf(out, "\n# TYPE %s %s\n", s->name, s->counter ? "counter" : "gauge");
}

static void write_samples(FILE *out, const struct samples *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct sample *sample = &s->all[i];
        if (i == 0 || strcmp(sample->name, s->all[i - 1].name) != 0)
            write_family(out, sample);
        bool labelled = *sample->labels != 0;
        fprintf(out, "%s%s%s%s %" PRIu64 "\n", sample->name, labelled ? "{" : "", sample->labels,
            labelled ? "}" : "", sample->value);
    }
}

char *metrics_render(const struct metrics *m, size_t *length)
{
    struct samples samples = {0};
    char *text = NULL;
    size_t size = 0;
    for (size_t i = 0; i < m->count; i++)
        m->collectors[i].collect(m->collectors[i].source, take, &samples);
    if (samples.count)
        qsort(samples.all, samples.count, sizeof samples.all[0], by_family);
    FILE *out = open_memstream(&text, &size);
    if (out) {
        write_samples(out, &samples);
        fclose(out);
    }
    for (size_t i = 0; i < samples.count; i++) {
        free(samples.all[i].name);
        free(samples.all[i].labels);
        free(samples.all[i].help);
    }
    free(samples.all);
    if (!text)
        text = memory_text("");
    if (length)
        *length = size;
    return text;
}

void metrics_label(char *labels, size_t size, const char *name, const char *value)
{
    size_t before = strlen(labels), used = before;
    int n = snprintf(labels + used, size - used, "%s%s=\"", before ? "," : "", name);
    used += (size_t)(n < 0 ? 0 : n);
    for (; *value && used + 4 <= size; value++) {
        if (*value == '\\' || *value == '"' || *value == '\n')
            labels[used++] = '\\';
        labels[used++] = *value == '\n' ? 'n' : *value;
    }
    if (*value || used + 2 > size) {
        labels[before] = 0;
        return;
    }
    memcpy(labels + used, "\"", 2);
}
