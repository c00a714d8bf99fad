#include "tests/support/probe.h"

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
    bool repeated = e->type == JD_TYPE_INVOICE, weaker = e->type == JD_TYPE_REDEEM;
    bool hard = repeated || weaker || e->type == JD_TYPE_REFUND;
    const struct jd_ref ref = jd_ref_of(e);
    const struct jd_member members[] = {
        {JD_KIND_UNIT, JD_ROLE_BUYER, unit, unit, 0},
        {JD_KIND_ORDER, JD_ROLE_ORDER, jd_key(e, JD_F_ORDER), unit, jd_num(e, JD_F_AMOUNT)},
        {JD_KIND_ACCOUNT, JD_ROLE_ACTOR, jd_key(e, JD_F_ACCOUNT), unit, 0},
    };
    struct jd_emit emit = {
        .signal = hard                        ? HARD
                  : e->type == JD_TYPE_REVIEW ? OTHER
                                              : SOFT,
        .strength = weaker ? JD_DB(24)
                    : hard ? JD_DB(26)
                           : JD_DB(16),
        .flags = hard ? JD_HARD : 0,
        .subject = {JD_KIND_SUPPLIER, jd_key(e, JD_F_SUPPLIER)},
        .value = (int64_t)*record,
        .threshold = 1,
        .facts = {(int64_t)unit},
        .refs = &ref,
        .n_refs = !repeated,
        .members = members,
        .n_members = repeated ? 0 : 3,
    };
    if (e->type != JD_TYPE_CANCEL)
        jd_emit(h, &emit);
    else {
        jd_retract(h, SOFT, emit.subject);
        jd_retract(h, HARD, emit.subject);
    }
}

static const struct jd_table tables[] = {
    {"suppliers", 8, 1, 100, 400 * JD_DAY, JD_FIELD_BIT(SUPPLIER), JD_TYPE_BIT(ORDER)}};
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
static const struct jd_need needs[] = {
    {.signal = SOFT, .events = JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(REFUND), .fields = JD_FIELD_BIT(REGION)},
    {.signal = OTHER, .events = JD_TYPE_BIT(REVIEW), .fields = JD_FIELD_BIT(REVIEW_HASH)},
    {.signal = OTHER, .registries = JD_LIST_BIT(COUNTY) | JD_LIST_BIT(PAIRING)},
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
    .wants = JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(REFUND) | JD_TYPE_BIT(REVIEW) | JD_TYPE_BIT(CANCEL) |
             JD_TYPE_BIT(INVOICE) | JD_TYPE_BIT(REDEEM),
    .tables = tables,
    .n_tables = 1,
    .signals = signals,
    .n_signals = 3,
    .needs = needs,
    .n_needs = 3,
    .on_event = on_event,
};

static const struct route routes[] = {
    {"", "national"}, {"44", "guangdong"}, {"4403", "shenzhen"}, {"33", "zhejiang"}};

static void collect(void *context, const struct output *out)
{
    struct probe *w = context;
    w->outputs++;
    for (size_t i = 0; i < out->n_copies; i++)
        w->used += (size_t)snprintf(
            w->log + w->used, sizeof w->log - w->used, "%s %s\n", out->copies[i].office, out->copies[i].data);
    json_decref(w->last);
    w->last = json_loads(out->copies[0].data, 0, NULL);
}

struct probe *probe_new(uint64_t seed)
{
    struct probe *w = calloc(1, sizeof *w);
    struct error err;
    w->seed = (struct sip_key){seed, 7};
    w->ms = PROBE_START;
    w->second = detector;
    w->second.name = "second";
    w->instances[0].detector = &detector;
    w->instances[1].detector = &w->second;
    engine_settings_defaults(&w->settings);
    w->settings.detectors = w->instances;
    w->settings.n_detectors = 1;
    w->settings.routes = routes;
    w->settings.n_routes = sizeof routes / sizeof routes[0];
    w->settings.names_short = w->settings.names_long = w->settings.registry_bound = 1000;
    w->settings.members_bound = w->settings.timers_bound = w->settings.dedup_bound = 5000;
    w->settings.cases_bound = 200;
    const struct decoder_options options = {.seed = w->seed, .max_ahead = 60000, .max_behind = 90 * JD_DAY};
    w->decoder = decoder_create(&options, &err);
    return w;
}

struct probe *probe_start(struct probe *w)
{
    struct error err;
    w->engine = engine_create(&w->settings, &w->seed, collect, w, &err);
    return w;
}

struct probe *probe_open(uint64_t seed)
{
    return probe_start(probe_new(seed));
}

void probe_close(struct probe *w)
{
    json_decref(w->last);
    engine_destroy(w->engine);
    decoder_destroy(w->decoder);
    free(w);
}

void probe_feed(struct probe *w, int64_t after, const char *json)
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

void probe_place(struct probe *w, int unit, int region)
{
    char json[256];
    snprintf(json, sizeof json,
        "{\"type\":\"login\",\"account\":\"a%d\",\"account_unit\":\"unit%d\",\"region\":%d}", unit, unit,
        region);
    probe_feed(w, 0, json);
}

void probe_deal(struct probe *w, int64_t after, const struct probe_deal *d)
{
    char json[512];
    snprintf(json, sizeof json,
        "{\"type\":\"%s\",\"supplier\":\"s%d\",\"unit\":\"unit%d\",\"region\":%d,\"order\":\"o%d\","
        "\"amount\":%d}",
        d->type, d->supplier, d->unit, d->region, d->order, d->amount);
    probe_feed(w, after, json);
}

void probe_trade(struct probe *w, int64_t after, const char *type, int unit, int order, int region)
{
    probe_deal(w, after, &(struct probe_deal){type, 1, unit, order, region, 100});
}

void probe_tick(struct probe *w, int64_t after)
{
    probe_feed(w, after, "{\"type\":\"tick\"}");
}

int64_t probe_number(const struct probe *w, const char *name)
{
    return json_integer_value(json_object_get(w->last, name));
}

const char *probe_word(const struct probe *w, const char *name)
{
    const char *text = json_string_value(json_object_get(w->last, name));
    return text ? text : "";
}

void probe_keep_id(const struct probe *w, char id[20])
{
    snprintf(id, 20, "%s", probe_word(w, "id"));
}

void probe_verdict(struct probe *w, const char *id, const char *verdict)
{
    char json[128];
    snprintf(json, sizeof json, "{\"type\":\"verdict\",\"alert\":\"%s\",\"verdict\":\"%s\"}", id, verdict);
    probe_feed(w, 1000, json);
}

struct asked {
    const char *name, *labels; /* labels NULL: any */
    uint64_t value;
};

static void take_metric(
    void *context, const char *name, const char *labels, const char *help, uint64_t value, bool counter)
{
    struct asked *a = context;
    (void)help, (void)counter;
    if (a->value == UINT64_MAX && strcmp(name, a->name) == 0 &&
        (!a->labels || strcmp(labels, a->labels) == 0))
        a->value = value;
}

uint64_t probe_metric_of(const struct probe *w, const char *name, const char *labels)
{
    struct asked asked = {name, labels, UINT64_MAX};
    engine_stats(w->engine, take_metric, &asked);
    return asked.value;
}

uint64_t probe_metric(const struct probe *w, const char *name)
{
    return probe_metric_of(w, name, NULL);
}
