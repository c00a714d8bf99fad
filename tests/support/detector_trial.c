#include "tests/support/detector_trial.h"

#include "daemon/base/memory.h"
#include "daemon/engine/engine.h"
#include "daemon/event/decode.h"
#include "tests/support/builtin.h"
#include "tests/support/event_script.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLES_MAX 32
#define RESTARTS_MAX 8 /* of a script: more find nothing more, and take most of the time */

static const struct route routes[] = {
    {"", "national"}, {"33", "zhejiang"}, {"3301", "hangzhou"}, {"44", "guangdong"}};
static const struct target targets[] = {{0, 0, 0, 10}, {4403, 4, 2024, 20}};

struct bytes {
    char *at;
    size_t used, size, read;
};

/* One of the two engines. `out` is what it has published for the event at hand. */
struct side {
    struct sip_key seed;
    struct decoder *decoder;
    struct engine *engine;
    struct bytes out;
};

struct trial {
    struct engine_settings settings;
    struct detector_instance instance;
    uint32_t bounds[TABLES_MAX];
    struct side whole, restarted;
    struct bytes file;
    struct script script;
    uint32_t alerts_of_entry, reports_of_entry;
    unsigned published, restarts;
};

#define EXPECT(condition)                                                                                    \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            fail(__LINE__, #condition);                                                                      \
    } while (0)

static void fail(int line, const char *what)
{
    fprintf(stderr, "detector_trial.c:%d: not so: %s\n", line, what);
    abort();
}

static void append(struct bytes *b, const void *data, size_t length)
{
    if (b->used + length > b->size)
        b->at = memory_grow(b->at, &b->size, b->used + length, 1);
    memcpy(b->at + b->used, data, length);
    b->used += length;
}

static int put(void *context, const void *data, size_t length)
{
    append(context, data, length);
    return 0;
}

static long get(void *context, void *data, size_t length)
{
    struct bytes *b = context;
    if (length > b->used - b->read)
        length = b->used - b->read;
    memcpy(data, b->at + b->read, length);
    b->read += length;
    return (long)length;
}

/* ---- what is published ---- */

static bool is_one_of(const char *word, const char *const *words)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void check_alert(const struct output *out, const json_t *alert)
{
    static const char *const severities[] = {"low", "medium", "high", "critical", NULL};
    const json_t *part;
    size_t i;
    EXPECT(strlen(out->id) == 16 && strspn(out->id, "0123456789abcdef") == 16);
    EXPECT(strcmp(text_of(alert, "id"), out->id) == 0);
    EXPECT(json_integer_value(json_object_get(alert, "revision")) == out->revision && out->revision > 0);
    EXPECT(json_integer_value(json_object_get(alert, "score")) == out->score && out->score <= 100);
    EXPECT(strcmp(text_of(alert, "severity"), out->severity) == 0 && is_one_of(out->severity, severities));
    EXPECT(strcmp(text_of(alert, "detector"), out->detector) == 0);
    EXPECT(json_integer_value(json_object_get(alert, "amount")) >= 0);
    EXPECT(json_integer_value(json_object_get(alert, "folded")) >= 0);
    EXPECT(json_is_object(json_object_get(alert, "title")) &&
           json_is_object(json_object_get(alert, "explanation")));
    EXPECT(json_is_array(json_object_get(alert, "subjects")) &&
           json_is_array(json_object_get(alert, "signals")));
    json_array_foreach(json_object_get(alert, "evidence"), i, part)
        EXPECT(json_is_string(json_object_get(part, "entry")));
}

static void check_copy(const struct output *out, const struct output_copy *copy)
{
    json_error_t error;
    json_t *object = json_loads(copy->data, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(object))
        fprintf(stderr, "%s\n%s\n", error.text, copy->data);
    EXPECT(json_is_object(object));
    EXPECT(!strchr(copy->data, '\n'));
    if (script_is_told(copy->data))
        fprintf(stderr, "%s\n", copy->data);
    EXPECT(!script_is_told(copy->data));
    EXPECT(strcmp(text_of(object, "kind"), out->kind) == 0);
    if (strcmp(out->kind, "detection") == 0)
        check_alert(out, object);
    json_decref(object);
}

static void check_output(struct trial *t, const struct output *out)
{
    uint32_t *index = out->report ? &t->reports_of_entry : &t->alerts_of_entry;
    EXPECT(out->id_ms == t->script.id_ms && out->id_seq == t->script.id_seq);
    EXPECT(out->index == (*index)++ && out->index < OUTPUTS_PER_ENTRY);
    EXPECT(!out->report || strcmp(out->kind, "report") == 0);
    EXPECT(out->n_copies > 0);
    for (size_t i = 0; i < out->n_copies; i++)
        check_copy(out, &out->copies[i]);
    if (!out->report)
        script_alert(&t->script, out->id);
    t->published++;
}

static void collect(struct side *side, const struct output *out)
{
    for (size_t i = 0; i < out->n_copies; i++) {
        append(&side->out, out->copies[i].office, strlen(out->copies[i].office) + 1);
        append(&side->out, out->copies[i].data, strlen(out->copies[i].data) + 1);
    }
}

static void on_whole(void *context, const struct output *out)
{
    struct trial *t = context;
    collect(&t->whole, out);
    check_output(t, out);
}

static void on_restarted(void *context, const struct output *out)
{
    struct trial *t = context;
    collect(&t->restarted, out);
}

/* ---- the run ---- */

static void side_init(struct trial *t, struct side *side, struct sip_key seed, output_sink sink)
{
    struct error err;
    side->seed = seed;
    side->decoder = decoder_create(&(struct decoder_options){.seed = seed}, &err);
    side->engine = engine_create(&t->settings, &side->seed, sink, t, &err);
    EXPECT(side->decoder && side->engine);
}

static void side_fini(struct side *side)
{
    engine_destroy(side->engine);
    decoder_destroy(side->decoder);
    free(side->out.at);
}

static void process(struct trial *t)
{
    struct jd_event event, again;
    enum event_reason reason = script_decode(&t->script, t->whole.decoder, &event);
    EXPECT(script_decode(&t->script, t->restarted.decoder, &again) == reason);
    t->alerts_of_entry = t->reports_of_entry = 0;
    t->whole.out.used = t->restarted.out.used = 0;
    if (reason == EVENT_OK) {
        engine_process(t->whole.engine, &event);
        engine_prefetch(t->restarted.engine, &again);
        engine_process(t->restarted.engine, &again);
    }
    decoder_reset(t->whole.decoder);
    decoder_reset(t->restarted.decoder);
    EXPECT(t->whole.out.used == t->restarted.out.used);
    EXPECT(t->whole.out.used == 0 || memcmp(t->whole.out.at, t->restarted.out.at, t->whole.out.used) == 0);
}

static void restart(struct trial *t)
{
    struct error err;
    struct snapshot_header header;
    struct side *side = &t->restarted;
    t->file.used = t->file.read = 0;
    EXPECT(engine_save(side->engine, put, &t->file, (struct snapshot_header){.read = 1}) == 0);
    engine_destroy(side->engine);
    side->engine = engine_create(&t->settings, &side->seed, on_restarted, t, &err);
    EXPECT(side->engine);
    if (engine_load(side->engine, get, &t->file, &header, &err) != 0)
        fail(__LINE__, err.text);
}

/* Bits 0 to 2: records of each table; 3: few cases and members; 4: pseudonyms; 5: an office is shown one
 * alert a day; 6: money at stake makes critical at once. */
static void configure(struct trial *t, const struct jd_detector *detector, uint8_t how)
{
    bool few = how & 8;
    engine_settings_defaults(&t->settings);
    t->instance.detector = detector;
    t->instance.config = memory_zeroed(1, detector->config_size, "a detector");
    t->instance.bounds = t->bounds;
    builtin_defaults(detector, t->instance.config);
    EXPECT(detector->n_tables <= TABLES_MAX);
    for (size_t i = 0; i < detector->n_tables; i++)
        t->bounds[i] = 4u << 2 * (how & 7);
    t->settings.detectors = &t->instance;
    t->settings.n_detectors = 1;
    t->settings.routes = routes;
    t->settings.n_routes = sizeof routes / sizeof routes[0];
    t->settings.targets = targets;
    t->settings.n_targets = sizeof targets / sizeof targets[0];
    t->settings.security_office = "security";
    t->settings.cases_bound = few ? 3 : 4096;
    t->settings.members_bound = few ? 16 : 16384;
    t->settings.names_short = t->settings.names_long = few ? 32 : 4096;
    t->settings.dedup_bound = t->settings.registry_bound = few ? 8 : 4096;
    t->settings.timers_bound = 65536;
    t->settings.has_pseudonym_key = how >> 4 & 1;
    t->settings.pseudonym_key = (struct sip_key){5, 6};
    t->settings.office_budget = how & 32 ? 1 : 10;
    t->settings.critical_money = how & 64 ? 1 : 5000000;
}

unsigned trial_run(const struct jd_detector *detector, const uint8_t *data, size_t size)
{
    struct trial *t = memory_zeroed(1, sizeof *t, "a trial");
    configure(t, detector, size ? data[0] : 0);
    script_init(&t->script, data + (size > 0), size - (size > 0));
    side_init(t, &t->whole, (struct sip_key){1, 2}, on_whole);
    side_init(t, &t->restarted, (struct sip_key){77, 88}, on_restarted);
    for (enum script_step step; (step = script_next(&t->script)) != SCRIPT_END;) {
        if (step == SCRIPT_EVENT)
            process(t);
        else if (t->restarts++ < RESTARTS_MAX)
            restart(t);
    }
    unsigned published = t->published;
    side_fini(&t->whole);
    side_fini(&t->restarted);
    free(t->file.at);
    free(t->instance.config);
    free(t);
    return published;
}
