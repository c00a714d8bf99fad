/* The engine with a small detector of its own: cases, alerts, revisions, routing, registries, snapshots. */
#include "daemon/engine/engine.h"
#include "daemon/event/decode.h"
#include "tests/support/check.h"

#include <jansson.h>

#define START INT64_C(1762900000000)

/* Raises SOFT on each order, HARD on each refund; both about the order's supplier. SILENT needs nothing. */
enum { SOFT, HARD, OTHER };

static void on_event(struct jd_host *h, const struct jd_event *e)
{
    uint64_t *record = jd_get(h, 0, jd_key(e, JD_F_SUPPLIER));
    if (!record)
        return;
    ++*record;
    jd_remember(h, e, JD_F_SUPPLIER);
    jd_remember(h, e, JD_F_UNIT);
    jd_remember(h, e, JD_F_ORDER);
    uint64_t unit = jd_key(e, JD_F_UNIT);
    const struct jd_ref ref = jd_ref_of(e);
    const struct jd_member members[] = {
        {JD_KIND_UNIT, JD_ROLE_BUYER, unit, unit, 0},
        {JD_KIND_ORDER, JD_ROLE_ORDER, jd_key(e, JD_F_ORDER), unit, jd_num(e, JD_F_AMOUNT)},
    };
    struct jd_emit emit = {
        .signal = e->type == JD_TYPE_REFUND   ? HARD
                  : e->type == JD_TYPE_REVIEW ? OTHER
                                              : SOFT,
        .strength = e->type == JD_TYPE_REFUND ? JD_DB(26) : JD_DB(16),
        .flags = e->type == JD_TYPE_REFUND ? JD_HARD : 0,
        .subject = {JD_KIND_SUPPLIER, jd_key(e, JD_F_SUPPLIER)},
        .value = (int64_t)*record,
        .threshold = 1,
        .facts = {(int64_t)unit},
        .refs = &ref,
        .n_refs = 1,
        .members = members,
        .n_members = 2,
    };
    if (e->type != JD_TYPE_CANCEL)
        jd_emit(h, &emit);
    else
        jd_retract(h, SOFT, emit.subject);
}

static const struct jd_table tables[] = {{"suppliers", 8, 1, 100, 400 * JD_DAY, JD_FIELD_BIT(SUPPLIER)}};
static const struct jd_signal signals[] = {
    {.name = "S",
        .group = "soft",
        .zh = "软{value}（{unit}）",
        .en = "soft {value} ({unit})",
        .value_unit = JD_UNIT_NUMBER,
        .facts = {{"unit", JD_ENTITY(UNIT)}},
        .half_life_days = 90},
    {.name = "H", .group = "hard", .zh = "硬", .en = "hard", .value_unit = JD_UNIT_NUMBER},
    {.name = "O",
        .group = "other",
        .zh = "另",
        .en = "other",
        .value_unit = JD_UNIT_NUMBER,
        .registries = JD_LIST_BIT(PARENT)},
};
static const struct jd_detector detector = {
    .abi_major = JD_ABI_MAJOR,
    .abi_minor = JD_ABI_MINOR,
    .size = sizeof(struct jd_detector),
    .event_schema = JD_EVENT_SCHEMA,
    .name = "probe",
    .version = "1.0.0",
    .summary = "probe",
    .title_zh = "疑似：{subject}",
    .title_en = "suspected: {subject}",
    .clause_zh = "规则",
    .clause_en = "rule",
    .wants = JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(REFUND) | JD_TYPE_BIT(REVIEW) | JD_TYPE_BIT(CANCEL),
    .tables = tables,
    .n_tables = 1,
    .signals = signals,
    .n_signals = 3,
    .on_event = on_event,
};

static const struct route routes[] = {
    {"", "national"}, {"44", "guangdong"}, {"4403", "shenzhen"}, {"33", "zhejiang"}};

struct world {
    struct engine_settings settings;
    struct detector_instance instance;
    struct decoder *decoder;
    struct engine *engine;
    struct sip_key seed;
    char log[1 << 22]; /* every copy that was published: "office data\n" */
    size_t used;
    unsigned outputs;
    json_t *last; /* the whole of the latest output */
    int64_t ms;
};

static void collect(void *context, const struct output *out)
{
    struct world *w = context;
    w->outputs++;
    for (size_t i = 0; i < out->n_copies; i++)
        w->used += (size_t)snprintf(
            w->log + w->used, sizeof w->log - w->used, "%s %s\n", out->copies[i].office, out->copies[i].data);
    json_decref(w->last);
    w->last = json_loads(out->copies[0].data, 0, NULL);
}

static struct world *world_open(uint64_t seed)
{
    struct world *w = calloc(1, sizeof *w);
    struct error err;
    w->seed = (struct sip_key){seed, 7};
    w->ms = START;
    w->instance.detector = &detector;
    engine_settings_defaults(&w->settings);
    w->settings.detectors = &w->instance;
    w->settings.n_detectors = 1;
    w->settings.routes = routes;
    w->settings.n_routes = sizeof routes / sizeof routes[0];
    w->settings.names_short = w->settings.names_long = w->settings.registry_bound = 1000;
    w->settings.members_bound = w->settings.timers_bound = w->settings.dedup_bound = 5000;
    w->settings.cases_bound = 200;
    const struct decoder_options options = {.seed = w->seed, .max_ahead = 60000, .max_behind = 90 * JD_DAY};
    w->decoder = decoder_create(&options, &err);
    w->engine = engine_create(&w->settings, &w->seed, collect, w, &err);
    return w;
}

static void world_close(struct world *w)
{
    json_decref(w->last);
    engine_destroy(w->engine);
    decoder_destroy(w->decoder);
    free(w);
}

static void feed(struct world *w, int64_t after, const char *json)
{
    struct jd_event e;
    w->ms += after;
    enum event_reason reason = event_from_json(w->decoder, &e, w->ms, 0, json, strlen(json));
    if (reason != EVENT_OK)
        check_fail(__FILE__, __LINE__, "%s: %s", event_reason_word(reason), json);
    else
        engine_process(w->engine, &e);
    decoder_reset(w->decoder);
}

static void trade(struct world *w, int64_t after, const char *type, int unit, int order, int region)
{
    char json[512];
    snprintf(json, sizeof json,
        "{\"type\":\"%s\",\"supplier\":\"s1\",\"unit\":\"unit%d\",\"region\":%d,\"order\":\"o%d\",\"amount\":"
        "100}",
        type, unit, region, order);
    feed(w, after, json);
}

static int64_t number(const struct world *w, const char *name)
{
    return json_integer_value(json_object_get(w->last, name));
}

static void soft_evidence_needs_two_groups(void)
{
    struct world *w = world_open(1);
    trade(w, 0, "order", 1, 1, 440304);
    trade(w, 1, "order", 1, 2, 440304);
    CHECK_INT(w->outputs, 0);
    trade(w, 1, "review", 1, 2, 440304);
    REQUIRE(w->outputs == 1);
    CHECK_INT(number(w, "revision"), 1);
    CHECK_INT(number(w, "amount"), 200);
    CHECK_INT(json_array_size(json_object_get(w->last, "evidence")), 3);
    CHECK_INT(json_array_size(json_object_get(w->last, "subjects")), 4);
    CHECK_TEXT(
        json_string_value(json_array_get(json_object_get(w->last, "missing_registries"), 0)), "parent");
    CHECK_TEXT(json_string_value(json_object_get(json_object_get(w->last, "title"), "en")), "suspected: s1");
    CHECK_TEXT(json_string_value(json_object_get(json_object_get(w->last, "explanation"), "zh")),
        "软2（unit1）；另。");
    world_close(w);
}

static void a_retracted_signal_no_longer_counts(void)
{
    struct world *w = world_open(1);
    trade(w, 0, "order", 1, 1, 440304);
    trade(w, 1, "cancel", 1, 1, 440304);
    trade(w, 1, "review", 1, 1, 440304);
    CHECK_INT(w->outputs, 0);
    world_close(w);
}

static void later_signals_are_folded_in(void)
{
    struct world *w = world_open(1);
    trade(w, 0, "refund", 1, 1, 440304);
    CHECK_INT(w->outputs, 1);
    CHECK_TEXT(json_string_value(json_object_get(w->last, "severity")), "high");
    for (int i = 2; i < 6; i++)
        trade(w, 1000, "refund", i, i, 440304);
    CHECK_INT(w->outputs, 1);
    feed(w, JD_DAY - 4000 - 1, "{\"type\":\"tick\"}");
    CHECK_INT(w->outputs, 1);
    feed(w, 1, "{\"type\":\"tick\"}");
    REQUIRE(w->outputs == 2);
    CHECK_INT(number(w, "revision"), 2);
    CHECK_INT(number(w, "folded"), 4);
    trade(w, 1000, "order", 1, 9, 440304); /* a second group: critical, with five units, at once */
    REQUIRE(w->outputs == 3);
    CHECK_TEXT(json_string_value(json_object_get(w->last, "severity")), "critical");
    CHECK_INT(number(w, "folded"), 4);
    world_close(w);
}

static void a_quiet_alert_closes(void)
{
    struct world *w = world_open(1);
    trade(w, 0, "refund", 1, 1, 440304);
    const char *first = json_string_value(json_object_get(w->last, "id"));
    char id[20];
    snprintf(id, sizeof id, "%s", first ? first : "");
    trade(w, 31 * JD_DAY, "refund", 1, 2, 440304);
    REQUIRE(w->outputs == 2);
    CHECK_INT(number(w, "revision"), 1);
    CHECK(strcmp(json_string_value(json_object_get(w->last, "id")), id) != 0);
    world_close(w);
}

static void cleared_by_its_office(void)
{
    struct world *w = world_open(1);
    char verdict[128];
    trade(w, 0, "refund", 1, 1, 440304);
    snprintf(verdict, sizeof verdict, "{\"type\":\"verdict\",\"alert\":\"%s\",\"verdict\":\"cleared\"}",
        json_string_value(json_object_get(w->last, "id")));
    feed(w, 1000, verdict);
    trade(w, 1000, "refund", 2, 2, 440304);
    feed(w, 3 * JD_DAY, "{\"type\":\"tick\"}");
    CHECK_INT(w->outputs, 1);
    for (int i = 3; i < 8; i++)
        trade(w, 1000, "order", i, i, 440304);
    trade(w, 1000, "review", 8, 8, 440304); /* much more than the cleared evidence */
    REQUIRE(w->outputs == 3);
    CHECK_TEXT(json_string_value(json_object_get(w->last, "verdict")), "cleared");
    CHECK_TEXT(json_string_value(json_object_get(w->last, "severity")), "critical");
    world_close(w);
}

static void an_event_id_counts_once(void)
{
    struct world *w = world_open(1);
    const char *refund =
        "{\"type\":\"refund\",\"order\":\"o1\",\"supplier\":\"s1\",\"unit\":\"u1\",\"event_id\":\"E1\"}";
    feed(w, 0, refund);
    feed(w, 1000, refund);
    feed(w, 2 * JD_DAY, "{\"type\":\"tick\"}");
    CHECK_INT(w->outputs, 1);
    world_close(w);
}

/* No copy of an office may hold a unit that is another's. */
static void offices_see_their_own_units_only(void)
{
    static const int regions[] = {440304, 440305, 440106, 330106};
    static const struct {
        const char *office;
        int own[4];
    } expected[] = {{"shenzhen", {1, 1, 0, 0}}, {"guangdong", {0, 0, 1, 0}}, {"zhejiang", {0, 0, 0, 1}}};
    struct world *w = world_open(1);
    for (int i = 0; i < 4; i++)
        trade(w, 1000, "order", i, i, regions[i]);
    trade(w, 1000, "review", 0, 0, regions[0]);
    CHECK_INT(w->outputs, 1);
    unsigned seen = 0;
    for (char *line = strtok(w->log, "\n"); line; line = strtok(NULL, "\n")) {
        for (size_t k = 0; k < sizeof expected / sizeof expected[0]; k++) {
            if (strncmp(line, expected[k].office, strlen(expected[k].office)) != 0)
                continue;
            seen++;
            for (int u = 0; u < 4; u++) {
                char unit[24], order[24];
                snprintf(unit, sizeof unit, "\"unit%d\"", u);
                snprintf(order, sizeof order, "\"o%d\"", u);
                CHECK_INT(strstr(line, unit) != NULL, expected[k].own[u]);
                CHECK_INT(strstr(line, order) != NULL, expected[k].own[u]);
            }
        }
        if (strncmp(line, "national", 8) == 0) {
            seen++;
            CHECK(strstr(line, "\"unit0\"") && strstr(line, "\"unit3\""));
        }
    }
    CHECK_INT(seen, 4);
    world_close(w);
}

struct file {
    unsigned char bytes[1 << 22];
    size_t used, at;
};

static int file_write(void *context, const void *data, size_t length)
{
    struct file *f = context;
    memcpy(f->bytes + f->used, data, length);
    f->used += length;
    return 0;
}

static long file_read(void *context, void *data, size_t length)
{
    struct file *f = context;
    size_t left = f->used - f->at;
    if (length > left)
        length = left;
    memcpy(data, f->bytes + f->at, length);
    f->at += length;
    return (long)length;
}

static void play(struct world *w, uint64_t *random, int from, int to)
{
    static const char *const types[] = {"order", "order", "refund", "review", "cancel"};
    static const int regions[] = {440304, 440106, 330106, 110105};
    for (int i = from; i < to; i++) {
        uint64_t r = check_random(random);
        char json[512];
        snprintf(json, sizeof json,
            "{\"type\":\"%s\",\"supplier\":\"s%d\",\"unit\":\"unit%d\",\"region\":%d,\"order\":\"o%d\","
            "\"amount\":%d}",
            types[r % 5], (int)(r >> 8) % 5, (int)(r >> 16) % 20, regions[r >> 24 & 3], i, i);
        feed(w, (int64_t)(r >> 32) % (6 * 3600000), json);
    }
}

/* Saving and loading at any point changes nothing of what comes after; nor does the seed of the keys. */
static void a_snapshot_goes_on_where_it_was_taken(void)
{
    struct file *file = calloc(1, sizeof *file);
    struct error err;
    for (int cut = 0; cut <= 300; cut += 60) {
        uint64_t random_a = check_seed, random_b = check_seed;
        struct world *whole = world_open(1), *before = world_open(99), *after = world_open(99);
        play(whole, &random_a, 0, 300);
        play(before, &random_b, 0, cut);
        file->used = file->at = 0;
        REQUIRE(engine_save(
                    before->engine, file_write, file, (struct snapshot_header){.pos_ms = before->ms}) == 0);
        struct snapshot_header header;
        int loaded = engine_load(after->engine, file_read, file, &header, &err);
        if (loaded != 0)
            check_fail(__FILE__, __LINE__, "%s", err.text);
        CHECK_INT(header.pos_ms, before->ms);
        after->ms = before->ms;
        play(after, &random_b, cut, 300);
        CHECK_INT(before->used + after->used, whole->used);
        CHECK(memcmp(whole->log, before->log, before->used) == 0);
        CHECK(memcmp(whole->log + before->used, after->log, after->used) == 0);
        CHECK(whole->outputs > 3);
        world_close(whole);
        world_close(before);
        world_close(after);
    }
    free(file);
}

static const struct check_test tests[] = {
    {"soft evidence needs two groups", soft_evidence_needs_two_groups},
    {"a retracted signal no longer counts", a_retracted_signal_no_longer_counts},
    {"later signals are folded in and counted", later_signals_are_folded_in},
    {"a quiet alert closes, the next is a new one", a_quiet_alert_closes},
    {"cleared by its office", cleared_by_its_office},
    {"an event id counts once", an_event_id_counts_once},
    {"offices see their own units only", offices_see_their_own_units_only},
    {"a snapshot goes on where it was taken, whatever the seed", a_snapshot_goes_on_where_it_was_taken},
};
CHECK_MAIN(tests)
