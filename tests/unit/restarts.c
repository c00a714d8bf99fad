/* A simulated month through all detectors, saved and loaded again every few hundred events: the same
 * alerts as without. Every third alert gets a verdict. */
#include "daemon/engine/engine.h"
#include "daemon/event/decode.h"
#include "daemon/sim/sim.h"
#include "tests/support/builtin.h"
#include "tests/support/check.h"

static const struct route routes[] = {{"", "national"}, {"44", "guangdong"}, {"33", "zhejiang"}};

struct buffer {
    char *bytes;
    size_t used, size, at;
};

static void append(struct buffer *b, const void *data, size_t length)
{
    if (b->used + length > b->size) {
        b->size = (b->used + length) * 2;
        b->bytes = realloc(b->bytes, b->size);
    }
    memcpy(b->bytes + b->used, data, length);
    b->used += length;
}

static int file_write(void *context, const void *data, size_t length)
{
    append(context, data, length);
    return 0;
}

static long file_read(void *context, void *data, size_t length)
{
    struct buffer *b = context;
    if (length > b->used - b->at)
        length = b->used - b->at;
    memcpy(data, b->bytes + b->at, length);
    b->at += length;
    return (long)length;
}

static void collect(void *context, const struct output *output)
{
    append(context, output->copies[0].data, strlen(output->copies[0].data));
    append(context, "\n", 1);
}

struct run {
    struct engine_settings settings;
    struct detector_instance instances[BUILTIN_DETECTORS];
    struct sip_key seed;
    struct decoder *decoder;
    struct engine *whole, *restarted;
    struct buffer whole_out, restarted_out, file;
    uint64_t events, every, restarts;
    size_t judged; /* bytes of whole_out */
    unsigned judgements;
    bool differs;
};

static void restart(struct run *r)
{
    struct error err;
    struct snapshot_header header;
    r->file.used = r->file.at = 0;
    CHECK_INT(
        engine_save(r->restarted, file_write, &r->file, (struct snapshot_header){.read = r->events}), 0);
    engine_destroy(r->restarted);
    r->restarted = engine_create(&r->settings, &r->seed, collect, &r->restarted_out, &err);
    if (engine_load(r->restarted, file_read, &r->file, &header, &err) != 0)
        check_fail(__FILE__, __LINE__, "%s", err.text);
    r->restarts++;
}

/* The verdict on the next alert published, if it is its turn. */
static void judge(struct run *r, const struct jd_event *last)
{
    static const char *const verdicts[] = {"cleared", "confirmed", "acknowledged", "cleared"};
    if (r->judged == r->whole_out.used)
        return;
    char id[17] = "", json[128];
    bool alert = sscanf(r->whole_out.bytes + r->judged, "{\"id\":\"%16[0-9a-f]", id) == 1;
    r->judged = r->whole_out.used;
    if (!alert || r->judgements++ % 3) /* a report has no id */
        return;
    struct jd_event event;
    snprintf(json, sizeof json, "{\"type\":\"verdict\",\"alert\":\"%s\",\"verdict\":\"%s\"}", id,
        verdicts[r->judgements / 3 % 4]);
    CHECK_INT(
        event_from_json(r->decoder, &event, last->id_ms, last->id_seq + 1, json, strlen(json)), EVENT_OK);
    engine_process(r->whole, &event);
    engine_process(r->restarted, &event);
}

static int take(void *context, const struct sim_output *line, struct error *err)
{
    struct run *r = context;
    struct jd_event event;
    (void)err;
    if (line->part != SIM_EVENT || r->differs)
        return 0;
    if (event_from_line(r->decoder, &event, line->text, line->length) == EVENT_OK) {
        engine_process(r->whole, &event);
        engine_prefetch(r->restarted, &event); /* a wrong guess at what comes next changes nothing, either */
        engine_process(r->restarted, &event);
        judge(r, &event);
    }
    decoder_reset(r->decoder);
    if (++r->events % r->every == 0)
        restart(r);
    size_t n = r->whole_out.used;
    if (n != r->restarted_out.used || (n && memcmp(r->whole_out.bytes, r->restarted_out.bytes, n) != 0)) {
        r->differs = true;
        check_fail(__FILE__, __LINE__, "after event %llu and %llu restarts the alerts differ",
            (unsigned long long)r->events, (unsigned long long)r->restarts);
    }
    return 0;
}

static void run_seed(uint64_t seed, uint64_t every)
{
    struct error err;
    struct run *r = calloc(1, sizeof *r);
    builtin_init(&r->settings, r->instances);
    r->settings.routes = routes;
    r->settings.n_routes = sizeof routes / sizeof routes[0];
    r->settings.office_budget = 1;
    r->seed = (struct sip_key){seed, 3};
    r->every = every;
    const struct decoder_options decoding = {.seed = r->seed};
    r->decoder = decoder_create(&decoding, &err);
    r->whole = engine_create(&r->settings, &r->seed, collect, &r->whole_out, &err);
    r->restarted = engine_create(&r->settings, &r->seed, collect, &r->restarted_out, &err);
    struct sim_options world;
    sim_defaults(&world);
    world.seed = seed;
    world.units = 400;
    CHECK_INT(sim_run(&world, take, r, &err), 0);
    CHECK(r->restarts > 10);
    CHECK(r->whole_out.used > 10000);
    CHECK(r->judgements > 10);
    if (r->differs) {
        size_t i = 0;
        while (i < r->whole_out.used && i < r->restarted_out.used &&
               r->whole_out.bytes[i] == r->restarted_out.bytes[i])
            i++;
        size_t from = i > 300 ? i - 300 : 0;
        printf("# whole:     %.500s\n# restarted: %.500s\n", r->whole_out.bytes + from,
            r->restarted_out.bytes + from);
    }
    engine_destroy(r->whole);
    engine_destroy(r->restarted);
    decoder_destroy(r->decoder);
    free(r->whole_out.bytes);
    free(r->restarted_out.bytes);
    free(r->file.bytes);
    builtin_fini(r->instances);
    free(r);
}

static void restarts_change_nothing(void)
{
    run_seed(202, 97);
    run_seed(check_seed, 211);
}

static const struct check_test tests[] = {{"restarts change nothing", restarts_change_nothing}};
CHECK_MAIN(tests)
