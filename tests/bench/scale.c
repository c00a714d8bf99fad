/* The engine on a stream of a shape, made in memory and decoded as lines: warmed up until all entities are
 * known, then measured. Prints one line: events a second, records in all tables, bytes of state, alerts. With
 * a folder it then writes a snapshot while events go on and loads it again, and prints a second line: us that
 * the fork took, ms until the file was whole, bytes of the file, percent of the state's pages that were
 * copied meanwhile, the longest time in us between two events meanwhile, ms for loading.
 *
 *   scale CONFIG SHAPE ENTITIES EVENTS [FOLDER|- [PATH=VALUE...]] */
#include "daemon/engine/engine.h"
#include "daemon/event/decode.h"
#include "daemon/ops/checkpoint.h"
#include "daemon/ops/clock.h"
#include "daemon/ops/config.h"
#include "tests/bench/shape.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define BATCH 256
#define LIFE 8 /* events of an entity */
#define PAGE 4096

struct bench {
    struct config *config;
    struct decoder *decoder;
    struct engine *engine;
    struct sip_key seed;
    struct shape shape;
    struct jd_event *events;
    uint64_t alerts, records;
    int64_t spent;   /* ns in decoding and in the engine: making lines is not counted */
    int64_t longest; /* ns for one event */
};

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "scale: %s\n", why);
    exit(70);
}

static void count_alert(void *context, const struct output *out)
{
    struct bench *b = context;
    b->alerts += !out->report;
}

static void create_engine(struct bench *b)
{
    struct error err;
    b->engine = engine_create(config_engine_settings(b->config), &b->seed, count_alert, b, &err);
    if (!b->engine)
        give_up(err.text);
}

static void prefetch(struct bench *b, size_t i)
{
    engine_prefetch(b->engine, i < BATCH ? &b->events[i] : NULL);
}

static void run_batch(struct bench *b, bool each)
{
    static char lines[BATCH][SHAPE_LINE_MAX];
    size_t length[BATCH];
    for (size_t i = 0; i < BATCH; i++)
        length[i] = shape_next(&b->shape, lines[i]);
    int64_t started = clock_monotonic_ns(), before = started;
    for (size_t i = 0; i < BATCH; i++) {
        if (event_from_line(b->decoder, &b->events[i], lines[i], length[i]) != EVENT_OK)
            give_up(lines[i]);
    }
    for (size_t i = 0; i < LOOKAHEAD_EVENTS; i++)
        prefetch(b, i);
    for (size_t i = 0; i < BATCH; i++) {
        prefetch(b, i + LOOKAHEAD_EVENTS);
        engine_process(b->engine, &b->events[i]);
        if (each) {
            int64_t now = clock_monotonic_ns();
            b->longest = now - before > b->longest ? now - before : b->longest;
            before = now;
        }
    }
    decoder_reset(b->decoder);
    b->spent += clock_monotonic_ns() - started;
}

static void run_events(struct bench *b, uint64_t events)
{
    for (uint64_t done = 0; done < events; done += BATCH)
        run_batch(b, false);
}

static void add_records(void *context, const char *owner, const char *name, const struct table_stats *stats)
{
    struct bench *b = context;
    (void)owner;
    (void)name;
    b->records += stats->records;
}

static void measure(struct bench *b, uint64_t events)
{
    b->spent = 0;
    b->alerts = 0;
    run_events(b, events);
    engine_tables(b->engine, add_records, b);
    printf("%.0f %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", (double)events * 1e9 / (double)b->spent, b->records,
        engine_state_bytes(b->engine), b->alerts);
}

static int save(void *context, snapshot_sink sink, void *sink_context)
{
    const struct bench *b = context;
    return engine_save(b->engine, sink, sink_context, (struct snapshot_header){.pos_ms = 1});
}

static bool is_written(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) > 0;
}

static long faults(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_minflt;
}

static void load(struct bench *b, struct checkpoint *c)
{
    struct error err;
    struct snapshot_header header;
    engine_destroy(b->engine);
    create_engine(b);
    FILE *file = checkpoint_open(c, (struct entry_id){1, 0}, &err);
    int64_t started = clock_monotonic_ns();
    if (!file || engine_load(b->engine, checkpoint_source, file, &header, &err) != 0)
        give_up(err.text);
    printf("%lld\n", (long long)((clock_monotonic_ns() - started) / 1000000));
    fclose(file);
}

static void snapshot(struct bench *b, const char *folder)
{
    struct error err;
    struct stat st;
    char path[4096];
    uint64_t state = engine_state_bytes(b->engine);
    struct checkpoint *c = checkpoint_create(folder, 1, &err);
    if (!c)
        give_up(err.text);
    int64_t started = clock_monotonic_ns();
    int fd = checkpoint_start(c, (struct entry_id){1, 0}, save, b, &err);
    int64_t forked = clock_monotonic_ns();
    if (fd < 0)
        give_up(err.text);
    long before = faults();
    b->longest = 0;
    while (!is_written(fd))
        run_batch(b, true);
    int64_t written = clock_monotonic_ns();
    long copied = faults() - before;
    if (checkpoint_finish(c, &err) != 0)
        give_up(err.text);
    snprintf(path, sizeof path, "%s/snapshots/snapshot-1-0.jd", folder);
    if (stat(path, &st) != 0)
        give_up("no snapshot");
    printf("%lld %lld %lld %" PRIu64 " %lld ", (long long)((forked - started) / 1000),
        (long long)((written - started) / 1000000), (long long)st.st_size,
        (uint64_t)copied * PAGE * 100 / (state + 1), (long long)(b->longest / 1000));
    load(b, c);
    checkpoint_destroy(c);
}

int main(int argc, char **argv)
{
    struct bench b = {.seed = {1, 2}};
    struct config_errors errors = {0};
    const struct decoder_options decoding = {.seed = b.seed};
    if (argc < 5 || !shape_init(&b.shape, argv[2], strtoull(argv[3], NULL, 10)))
        give_up("usage: scale CONFIG SHAPE ENTITIES EVENTS [FOLDER|- [PATH=VALUE...]]");
    const char *const *sets = (const char *const *)(argc > 6 ? argv + 6 : argv + argc);
    b.config = config_load(argv[1], sets, argc > 6 ? (size_t)argc - 6 : 0, &errors);
    if (!b.config)
        give_up(errors.text[0]);
    b.decoder = decoder_create(&decoding, NULL);
    b.events = calloc(BATCH, sizeof *b.events);
    if (!b.decoder || !b.events)
        give_up("out of memory");
    create_engine(&b);
    run_events(&b, (b.shape.entities > b.shape.lives ? b.shape.entities : b.shape.lives) * LIFE);
    measure(&b, strtoull(argv[4], NULL, 10));
    if (argc > 5 && strcmp(argv[5], "-") != 0)
        snapshot(&b, argv[5]);
    engine_destroy(b.engine);
    decoder_destroy(b.decoder);
    config_destroy(b.config);
    free(b.events);
    return 0;
}
