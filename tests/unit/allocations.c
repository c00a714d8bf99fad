/* Nothing on the path of an event that raises no signal allocates: counted over 100,000 events of a simulated
 * month, decoded from JSON and from flat fields, all detectors, after a warm-up in which the arenas
 * grow. */
#include "daemon/engine/engine.h"
#include "daemon/event/decode.h"
#include "daemon/sim/sim.h"
#include "tests/support/builtin.h"
#include "tests/support/check.h"

#include <jansson.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED
#endif

static uint64_t allocations;

#ifndef SANITIZED
/* glibc's own, under the names that the standard ones are made of. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size)
{
    allocations++;
    return __libc_realloc(pointer, size);
}
#endif

#define WARM_UP 20000
#define MEASURED 100000
#define FIELDS_MAX 64

struct run {
    struct engine *engine;
    struct decoder *decoder;
    uint64_t events, quiet, noisy, in_quiet;
    uint64_t signals; /* raised so far */
};

static void ignore_output(void *context, const struct output *output)
{
    (void)context;
    (void)output;
}

static void count_signals(
    void *context, const char *name, const char *labels, const char *help, uint64_t value, bool counter)
{
    (void)labels;
    (void)help;
    (void)counter;
    if (strcmp(name, "detector_signals_total") == 0 || strcmp(name, "alerts_made_total") == 0 ||
        strcmp(name, "reports_made_total") == 0)
        *(uint64_t *)context += value;
}

/* One event as a line of JSON, and as the stream's reader feeds it, field by field. Texts of numbers are made
 * before counting begins. */
static void feed(struct run *r, const struct sim_output *line)
{
    static char numbers[FIELDS_MAX][24];
    const char *names[FIELDS_MAX], *values[FIELDS_MAX], *name;
    size_t n = 0;
    json_t *fields = json_loadb(line->text, line->length, 0, NULL), *value;
    json_object_foreach(fields, name, value)
    {
        names[n] = name;
        values[n] = json_string_value(value);
        if (!values[n]) {
            snprintf(numbers[n], sizeof numbers[n], "%lld", (long long)json_integer_value(value));
            values[n] = numbers[n];
        }
        n++;
    }
    struct jd_event event;
    uint64_t before = allocations, signals = 0;
    decoder_reset(r->decoder);
    CHECK_INT(event_from_line(r->decoder, &event, line->text, line->length), EVENT_OK);
    event_begin(r->decoder, &event, line->id_ms, line->id_seq);
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], "id") != 0)
            event_field(r->decoder, names[i], strlen(names[i]), values[i], strlen(values[i]));
    if (event_end(r->decoder) == EVENT_OK)
        engine_process(r->engine, &event);
    uint64_t made = allocations - before;
    engine_stats(r->engine, count_signals, &signals);
    bool quiet = signals == r->signals;
    r->signals = signals;
    json_decref(fields);
    if (++r->events <= WARM_UP)
        return;
    r->quiet += quiet;
    r->noisy += !quiet;
    if (quiet)
        r->in_quiet += made;
}

static int take(void *context, const struct sim_output *line, struct error *err)
{
    struct run *r = context;
    (void)err;
    if (line->part == SIM_EVENT && r->quiet < MEASURED)
        feed(r, line);
    return 0;
}

static void quiet_events_allocate_nothing(void)
{
    struct error err;
    struct engine_settings settings;
    struct detector_instance instances[BUILTIN_DETECTORS];
    builtin_init(&settings, instances);
    const struct sip_key seed = {1, 2};
    const struct decoder_options decoding = {.seed = seed};
    struct run run = {.decoder = decoder_create(&decoding, &err)};
    run.engine = engine_create(&settings, &seed, ignore_output, NULL, &err);
    REQUIRE(run.engine && run.decoder);
    struct sim_options world;
    sim_defaults(&world);
    world.units = 3000;
    world.days = 60;
    CHECK_INT(sim_run(&world, take, &run, &err), 0);
    CHECK_INT(run.quiet, MEASURED);
    CHECK(run.noisy > 10);
    CHECK_INT(run.in_quiet, 0);
    printf("# %llu quiet events, %llu allocations; %llu that raised something\n",
        (unsigned long long)run.quiet, (unsigned long long)run.in_quiet, (unsigned long long)run.noisy);
#ifndef SANITIZED
    CHECK(allocations > 0);
#endif
    engine_destroy(run.engine);
    decoder_destroy(run.decoder);
    builtin_fini(instances);
}

static const struct check_test tests[] = {{"quiet events allocate nothing", quiet_events_allocate_nothing}};
CHECK_MAIN(tests)
