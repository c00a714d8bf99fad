/* The decoder alone, in memory: ns an event of 16 fields and 400 bytes of JSON, as flat fields, as JSON with
 * the scanner and through Jansson alone, and of the lines of a file where one is named.
 *
 *   decode [EVENTS.ndjson]
 *   decode --count flat|json      decodes COUNTED orders once, for a profiler to count instructions in
 * decode_all */
#include "daemon/event/decoder.h"
#include "daemon/ops/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS 1024
#define BATCH 256
#define ROUNDS 100 /* the fastest counts: the machine is not ours alone */
#define COUNTED (20 * EVENTS)
#define FIELDS 16
#define ID_MS INT64_C(1762904403893)

struct text {
    const char *bytes;
    size_t length;
};

struct sample {
    struct text json, name[FIELDS], value[FIELDS];
};

typedef enum event_reason form(struct decoder *, struct jd_event *, const struct sample *);

static uint64_t random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* An order as the platform sends it. */
static int write_json(char *out, size_t size, uint64_t *random)
{
    static const char *const categories[] = {"noodles", "rice", "cooking_oil", "tea", "mushrooms"};
    unsigned r[8];
    for (int i = 0; i < 8; i++)
        r[i] = (unsigned)(random_next(random) & 0xffffff);
    return snprintf(out, size,
        "{\"type\":\"order\",\"time\":%lld,\"account\":\"83247020%011u\",\"account_unit\":"
        "\"12330108252600440R\","
        "\"unit\":\"1233010825%07uR\",\"region\":\"330108\",\"device\":\"fp%08x4c688ad1\",\"ip\":\"183.%u.%u."
        "119\","
        "\"channel\":\"web\",\"order\":\"20913357%011u\",\"supplier\":\"10968866%011u\",\"category\":\"%s\","
        "\"unit_price\":%u,\"amount\":%u,\"address\":\"杭州市学府路%u号7栋314\",\"consignee_phone\":\"188%"
        "08u\"}",
        (long long)ID_MS - r[0] % 60000, r[0], r[1] % 10000000, r[2], r[3] % 256, r[4] % 256, r[5], r[6],
        categories[r[7] % 5], r[3] % 10000, r[4], r[5] % 1000, r[6]);
}

static char *need(char *pointer)
{
    if (!pointer)
        abort();
    return pointer;
}

/* The members of the flat object that write_json() wrote. */
static void split(struct sample *s)
{
    const char *p = s->json.bytes + 1;
    for (int i = 0; i < FIELDS; i++) {
        const char *end = need(strchr(p + 1, '"'));
        s->name[i] = (struct text){p + 1, (size_t)(end - p - 1)};
        p = end + 2;
        bool quoted = *p == '"';
        p += quoted;
        end = p + strcspn(p, quoted ? "\"" : ",}");
        s->value[i] = (struct text){p, (size_t)(end - p)};
        p = end + quoted + 1;
    }
}

static enum event_reason as_json(struct decoder *d, struct jd_event *e, const struct sample *s)
{
    return event_from_json(d, e, ID_MS, 0, s->json.bytes, s->json.length);
}

static enum event_reason as_flat(struct decoder *d, struct jd_event *e, const struct sample *s)
{
    event_begin(d, e, ID_MS, 0);
    for (int i = 0; i < FIELDS; i++)
        event_field(d, s->name[i].bytes, s->name[i].length, s->value[i].bytes, s->value[i].length);
    return event_end(d);
}

static enum event_reason as_line(struct decoder *d, struct jd_event *e, const struct sample *s)
{
    return event_from_line(d, e, s->json.bytes, s->json.length);
}

static struct decoder *need_decoder(bool only_jansson)
{
    const struct decoder_options options = {.seed = {1, 2}};
    struct decoder *d = decoder_create(&options, NULL);
    if (!d)
        abort();
    d->only_jansson = only_jansson;
    return d;
}

/* How many were not usable. */
__attribute__((noinline)) static size_t decode_all(
    form *decode, struct decoder *d, const struct sample *samples, size_t n)
{
    static struct jd_event events[BATCH];
    size_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        bad += decode(d, &events[i % BATCH], &samples[i]) != EVENT_OK;
        if (i % BATCH == BATCH - 1)
            decoder_reset(d);
    }
    return bad;
}

/* Prints a line: what, ns an event, bytes of JSON an event. */
static void measure(const char *what, form *decode, bool only_jansson, const struct sample *samples, size_t n)
{
    struct decoder *d = need_decoder(only_jansson);
    int64_t best = INT64_MAX;
    size_t bytes = 0, bad = 0;
    for (size_t i = 0; i < n; i++)
        bytes += samples[i].json.length;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t started = clock_monotonic_ns();
        bad += decode_all(decode, d, samples, n);
        int64_t taken = clock_monotonic_ns() - started;
        best = taken < best ? taken : best;
    }
    printf("%s %.0f %.0f\n", what, (double)best / (double)n, (double)bytes / (double)n);
    if (bad)
        fprintf(stderr, "decode: %zu of %s not usable\n", bad / ROUNDS, what);
    decoder_destroy(d);
}

static void make_orders(struct sample *samples)
{
    uint64_t random = 1;
    for (int i = 0; i < EVENTS; i++) {
        char text[512];
        int length = write_json(text, sizeof text, &random);
        samples[i].json = (struct text){need(strdup(text)), (size_t)length};
        split(&samples[i]);
    }
}

/* The number of lines read into `samples`. */
static size_t read_lines(const char *path, struct sample *samples, size_t max)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t size = 0, n = 0;
    ssize_t length;
    if (!file) {
        perror(path);
        exit(66);
    }
    while (n < max && (length = getline(&line, &size, file)) > 0) {
        samples[n++].json = (struct text){line, (size_t)length};
        line = NULL;
    }
    free(line);
    fclose(file);
    return n;
}

static int count(const char *word, const struct sample *samples)
{
    struct decoder *d = need_decoder(false);
    size_t bad = 0;
    for (size_t i = 0; i < COUNTED; i += EVENTS)
        bad += decode_all(word[0] == 'f' ? as_flat : as_json, d, samples, EVENTS);
    decoder_destroy(d);
    printf("%d\n", COUNTED);
    return bad != 0;
}

int main(int argc, char **argv)
{
    static struct sample samples[40 * EVENTS];
    make_orders(samples);
    if (argc > 2)
        return count(argv[2], samples);
    measure("flat", as_flat, false, samples, EVENTS);
    measure("json", as_json, false, samples, EVENTS);
    measure("jansson", as_json, true, samples, EVENTS);
    if (argc > 1) {
        size_t n = read_lines(argv[1], samples, sizeof samples / sizeof samples[0]);
        measure("lines", as_line, false, samples, n);
        measure("lines_jansson", as_line, true, samples, n);
    }
    return 0;
}
