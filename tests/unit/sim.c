#include "daemon/sim/sim.h"

#include "daemon/base/siphash.h"
#include "daemon/event/decode.h"
#include "tests/support/check.h"

#include <jansson.h>

#define SAMPLE "tests/unit/data/sample-events.ndjson"

static const struct sip_key key = {1, 2};

/* What a run leaves behind: a hash over every byte, sets of what was named, the shapes of lines, the truth.
 */
struct outcome {
    struct sip_stream hash;
    uint64_t events, orders;
    json_t *named;  /* "field value" -> true */
    json_t *shapes; /* names of a line's fields, joined -> true */
    json_t *truth;
    int64_t last_ms;
    uint64_t last_seq;
    int disordered;
};

static void shape_of(json_t *event, char *out, size_t size)
{
    const char *name;
    json_t *value;
    size_t n = 0;

    out[0] = '\0';
    json_object_foreach(event, name, value)
    {
        int added = 0;

        if (!strcmp(name, "type"))
            added = snprintf(out + n, size - n, "type=%s ", json_string_value(value));
        else
            added = snprintf(out + n, size - n, "%s ", name);
        n += (size_t)added;
    }
}

static void note_names(struct outcome *o, json_t *event)
{
    static const char *const fields[] = {
        "type", "list", "unit", "account_unit", "account", "device", "supplier", "order"};
    char text[128];

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const char *value = json_string_value(json_object_get(event, fields[i]));

        if (!value)
            continue;
        snprintf(text, sizeof text, "%s %s", fields[i], value);
        json_object_set_new(o->named, text, json_true());
    }
}

static int collect(void *context, const struct sim_output *out, struct error *err)
{
    struct outcome *o = context;
    char shape[1024];
    json_t *event;

    (void)err;
    sip_stream_add(&o->hash, out->text, out->length);
    if (out->part == SIM_TRUTH) {
        o->truth = json_loadb(out->text, out->length, JSON_REJECT_DUPLICATES, NULL);
        return 0;
    }
    if (out->id_ms < o->last_ms || (out->id_ms == o->last_ms && o->events && out->id_seq <= o->last_seq))
        o->disordered++;
    o->last_ms = out->id_ms;
    o->last_seq = out->id_seq;
    o->events++;
    o->orders += strstr(out->text, "\"type\":\"order\"") != NULL;
    if (!o->named)
        return 0;
    event = json_loadb(out->text, out->length, JSON_REJECT_DUPLICATES, NULL);
    CHECK(event != NULL);
    note_names(o, event);
    shape_of(event, shape, sizeof shape);
    json_object_set_new(o->shapes, shape, json_true());
    json_decref(event);
    return 0;
}

static int run(const struct sim_options *options, struct outcome *o, bool names)
{
    struct error err = {{0}};
    int status;

    *o = (struct outcome){.named = names ? json_object() : NULL, .shapes = json_object()};
    sip_stream_init(&o->hash, &key);
    status = sim_run(options, collect, o, &err);
    if (status != 0)
        fprintf(stderr, "# %s\n", err.text);
    return status;
}

static void forget(struct outcome *o)
{
    json_decref(o->named);
    json_decref(o->shapes);
    json_decref(o->truth);
}

static uint64_t bytes_of(uint64_t seed, const char *params, enum sim_illicit illicit)
{
    struct sim_options options;
    struct outcome o;
    uint64_t hash;

    sim_defaults(&options);
    options.seed = seed;
    options.units = 300;
    options.days = 6;
    options.params = params;
    options.illicit = illicit;
    CHECK_INT(run(&options, &o, false), 0);
    CHECK(o.events > 500);
    hash = sip_stream_end(&o.hash);
    forget(&o);
    return hash;
}

static void same_options_same_bytes(void)
{
    uint64_t first = bytes_of(7, "tune", SIM_DENSE);

    CHECK(bytes_of(7, "tune", SIM_DENSE) == first);
    CHECK(bytes_of(8, "tune", SIM_DENSE) != first);
    CHECK(bytes_of(7, "test", SIM_DENSE) != first);
}

static int decode_line(void *context, const struct sim_output *out, struct error *err)
{
    struct decoder *d = context;
    struct jd_event event;
    enum event_reason reason;

    (void)err;
    if (out->part == SIM_TRUTH)
        return 0;
    reason = event_from_line(d, &event, out->text, out->length);
    if (reason != EVENT_OK)
        fprintf(stderr, "# %s: %.*s\n", event_reason_word(reason), (int)out->length, out->text);
    CHECK_INT(reason, EVENT_OK);
    CHECK_INT(event.id_ms, out->id_ms);
    CHECK_INT(event.id_seq, out->id_seq);
    decoder_reset(d);
    return 0;
}

static void every_line_decodes(void)
{
    struct decoder_options settings = {
        .seed = key, .max_ahead = 60000, .max_behind = INT64_C(90) * 24 * 3600 * 1000};
    struct decoder *d = decoder_create(&settings, NULL);
    struct sim_options options;

    REQUIRE(d != NULL);
    sim_defaults(&options);
    options.params = "test";
    CHECK_INT(sim_run(&options, decode_line, d, NULL), 0);
    CHECK(decoder_counts(d)->events > 50000);
    CHECK_INT(decoder_counts(d)->dead, 0);
    CHECK_INT(decoder_counts(d)->unknown_fields, 0);
    CHECK_INT(decoder_counts(d)->unknown_words, 0);
    CHECK_INT(decoder_counts(d)->bad_codes, 0);
    decoder_destroy(d);
}

static void has_kinds(json_t *cases, const char *const *kinds, size_t n, size_t at_least)
{
    for (size_t k = 0; k < n; k++) {
        size_t i, found = 0;
        json_t *one;

        json_array_foreach(cases, i, one) found +=
            !strcmp(json_string_value(json_object_get(one, "kind")), kinds[k]);
        if (found < at_least)
            check_fail(__FILE__, __LINE__, "%zu cases of %s", found, kinds[k]);
    }
}

static bool is_named(const struct outcome *o, const char *field, const char *id)
{
    char text[128];

    snprintf(text, sizeof text, "%s %s", field, id);
    return json_object_get(o->named, text) != NULL;
}

static void members_took_part(const struct outcome *o, json_t *cases)
{
    static const struct {
        const char *list, *field, *other;
    } kinds[] = {
        {"units", "unit", "account_unit"},
        {"accounts", "account", "account"},
        {"devices", "device", "device"},
        {"suppliers", "supplier", "supplier"},
        {"orders", "order", "order"},
    };
    json_t *one, *id;
    size_t i, k;

    json_array_foreach(cases, i, one)
    {
        json_t *members = json_object_get(one, "members");

        for (size_t m = 0; m < sizeof kinds / sizeof kinds[0]; m++) {
            json_array_foreach(json_object_get(members, kinds[m].list), k, id)
            {
                const char *text = json_string_value(id);

                if (!is_named(o, kinds[m].field, text) && !is_named(o, kinds[m].other, text))
                    check_fail(__FILE__, __LINE__, "%s %s is in no event", kinds[m].list, text);
            }
        }
        CHECK(json_array_size(json_object_get(members, "units")) > 0);
    }
}

static void has_sample_shapes(const struct outcome *o)
{
    FILE *f = fopen(SAMPLE, "r");
    char line[4096], shape[1024];

    REQUIRE(f != NULL);
    while (fgets(line, sizeof line, f)) {
        json_t *event = json_loads(line, 0, NULL);

        shape_of(event, shape, sizeof shape);
        if (!strstr(shape, "type=verdict") && !json_object_get(o->shapes, shape))
            check_fail(__FILE__, __LINE__, "no event with the fields %s", shape);
        json_decref(event);
    }
    fclose(f);
}

static void a_month_holds_everything(void)
{
    static const char *const campaigns[] = {"handed_to_agency", "concurrent_use", "phone_takeover",
        "code_relay", "second_base", "many_operators", "device_ring", "resource_ring", "unit_switching",
        "pavilion", "lockstep_ring", "hopping", "no_goods", "waybill_reuse", "fast_receipt", "linked_parties",
        "backfilled", "refund_diversion", "empty_parcels", "impossible_logistics", "round_robin_receipts",
        "money_cycle", "wash_pair", "price_outlier", "splitting", "year_end_burst"};
    static const char *const traps[] = {"desk_resets", "staff_turnover", "phone_and_pc", "roaming",
        "one_clerk", "egress_address", "mistaken_unit", "training_day", "shared_clerk", "business_trip",
        "two_deputies", "overtime", "mobile_gateway", "finance_centre", "contractor", "shared_canteen",
        "treasury_payer", "compound", "group_buy", "paired_county", "personal_payer", "joint_union_purchase",
        "flash_offer", "welfare_packs", "self_pickup", "weekly_canteen", "year_end_rush", "premium_goods",
        "shared_waybill", "own_truck", "regional_warehouse", "bulk_accept", "voucher", "partial_refund",
        "waybill_typo", "late_feed", "out_of_order", "delivered_twice", "default_review", "deposit_return",
        "neighbour_trade", "sample_purchase", "corrected_quantity", "county_hub", "trading_company",
        "batch_scans", "carrier_outage"};
    struct sim_options options;
    struct outcome o;

    sim_defaults(&options);
    options.seed = check_seed;
    REQUIRE(run(&options, &o, true) == 0);
    CHECK_INT(o.disordered, 0);
    has_kinds(json_object_get(o.truth, "campaigns"), campaigns, sizeof campaigns / sizeof campaigns[0], 3);
    has_kinds(json_object_get(o.truth, "traps"), traps, sizeof traps / sizeof traps[0], 1);
    members_took_part(&o, json_object_get(o.truth, "campaigns"));
    members_took_part(&o, json_object_get(o.truth, "traps"));
    has_sample_shapes(&o);
#define X(id, word, k, v, several) CHECK(is_named(&o, "list", word));
    JD_LISTS(X)
#undef X
    forget(&o);
}

/* The truth's cases of a world, and the orders of its campaigns in 1/1,000,000 of all orders. */
struct rates {
    size_t campaigns, traps;
    int64_t illicit;
};

static struct rates rates_of(int64_t units, enum sim_illicit illicit, bool none)
{
    struct sim_options options;
    size_t i, orders = 0;
    struct rates rates;
    struct outcome o;
    json_t *one;

    sim_defaults(&options);
    options.units = units;
    options.illicit = illicit;
    options.no_campaigns = none;
    CHECK_INT(run(&options, &o, false), 0);
    json_array_foreach(json_object_get(o.truth, "campaigns"), i, one) orders +=
        json_array_size(json_object_get(json_object_get(one, "members"), "orders"));
    rates.campaigns = json_array_size(json_object_get(o.truth, "campaigns"));
    rates.traps = json_array_size(json_object_get(o.truth, "traps"));
    rates.illicit = (int64_t)(orders * 1000000 / o.orders);
    forget(&o);
    return rates;
}

static void illicit_rate_is_a_choice(void)
{
    struct rates dense = rates_of(2000, SIM_DENSE, false), none = rates_of(2000, SIM_DENSE, true);
    struct rates high = rates_of(24000, SIM_HIGH, false), low = rates_of(24000, SIM_LOW, false);

    CHECK(dense.campaigns >= 75);
    CHECK(dense.traps >= 120);
    CHECK_INT(none.campaigns, 0);
    CHECK(none.traps >= 120);
    /* few campaigns of very different sizes: the rate is hit on average */
    CHECK(high.illicit > 500 && high.illicit < 2000);
    CHECK(low.illicit > 100 && low.illicit < high.illicit);
    CHECK_INT(low.campaigns, (high.campaigns + 1) / 2);
    CHECK(high.traps + 1 >= high.campaigns && high.traps <= high.campaigns);
}

/* Every unit is in one third, and the thirds are about equal. */
static void units_come_in_thirds(void)
{
    static const char *const thirds[] = {"small", "medium", "large"};
    struct sim_options options;
    struct outcome o;
    size_t all = 0;

    sim_defaults(&options);
    options.days = 2;
    REQUIRE(run(&options, &o, false) == 0);
    for (int i = 0; i < 3; i++) {
        size_t n = json_array_size(json_object_get(json_object_get(o.truth, "sizes"), thirds[i]));

        CHECK(n > 550 && n < 790);
        all += n;
    }
    CHECK_INT(all, 2000);
    forget(&o);
}

static int stop_at_once(void *context, const struct sim_output *out, struct error *err)
{
    (void)context;
    (void)out;
    return error_set(err, "full");
}

static void bad_options_are_told(void)
{
    struct sim_options options;
    struct error err;
    struct outcome o;

    sim_defaults(&options);
    CHECK_INT(sim_run(&options, stop_at_once, NULL, &err), -1);
    CHECK_TEXT(err.text, "full");
    options.params = "other";
    CHECK_INT(sim_run(&options, collect, &o, &err), -1);
    CHECK_TEXT(err.text, "params must be tune or test, not \"other\"");
    sim_defaults(&options);
    options.units = 0;
    CHECK_INT(sim_run(&options, collect, &o, &err), -1);
    sim_defaults(&options);
    options.days = SIM_DAYS_MAX + 1;
    CHECK_INT(sim_run(&options, collect, &o, &err), -1);
    CHECK_INT(sim_start("2025-11-12", &err), INT64_C(1762876800000));
    CHECK_INT(sim_start("2025-13-12", &err), -1);
}

static const struct check_test tests[] = {
    {"same options, same bytes", same_options_same_bytes},
    {"every line decodes", every_line_decodes},
    {"a month holds everything", a_month_holds_everything},
    {"illicit rate is a choice", illicit_rate_is_a_choice},
    {"units come in thirds", units_come_in_thirds},
    {"bad options are told", bad_options_are_told},
};

CHECK_MAIN(tests)
