/* The engine with a small detector of its own: cases, alerts, routing, registries, snapshots. */
#include "tests/support/probe.h"

static void soft_evidence_needs_two_groups(void)
{
    struct probe *w = probe_open(1);
    probe_trade(w, 0, "order", 1, 1, 440304);
    probe_trade(w, 1, "order", 1, 2, 440304);
    CHECK_INT(w->outputs, 0);
    probe_trade(w, 1, "review", 1, 2, 440304);
    REQUIRE(w->outputs == 1);
    CHECK_INT(probe_number(w, "revision"), 1);
    CHECK_INT(probe_number(w, "amount"), 200);
    CHECK_INT(json_array_size(json_object_get(w->last, "evidence")), 3);
    CHECK_INT(json_array_size(json_object_get(w->last, "subjects")), 4);
    CHECK_TEXT(
        json_string_value(json_array_get(json_object_get(w->last, "missing_registries"), 0)), "parent");
    CHECK_TEXT(json_string_value(json_object_get(json_object_get(w->last, "title"), "en")), "suspected: s1");
    CHECK_TEXT(json_string_value(json_object_get(json_object_get(w->last, "explanation"), "zh")),
        "软2（unit1）；另。");
    probe_close(w);
}

static void a_retracted_signal_no_longer_counts(void)
{
    struct probe *w = probe_open(1);
    probe_trade(w, 0, "order", 1, 1, 440304);
    probe_trade(w, 1, "cancel", 1, 1, 440304);
    probe_trade(w, 1, "review", 1, 1, 440304);
    CHECK_INT(w->outputs, 0);
    probe_close(w);
}

static void a_signal_switched_off_counts_for_nothing(void)
{
    struct probe *w = probe_new(1);
    w->instances[0].off = 1; /* the first: S */
    probe_start(w);
    probe_trade(w, 0, "order", 1, 1, 440304);
    probe_trade(w, 1, "order", 1, 2, 440304);
    probe_trade(w, 1, "review", 1, 2, 440304);
    CHECK_INT(w->outputs, 0);
    probe_trade(w, 1, "refund", 1, 2, 440304);
    CHECK_INT(w->outputs, 1);
    probe_close(w);
}

static void an_event_id_counts_once(void)
{
    struct probe *w = probe_open(1);
    const char *refund =
        "{\"type\":\"refund\",\"order\":\"o1\",\"supplier\":\"s1\",\"unit\":\"u1\",\"event_id\":\"E1\"}";
    probe_feed(w, 0, refund);
    probe_feed(w, 1000, refund);
    probe_tick(w, 2 * JD_DAY);
    CHECK_INT(w->outputs, 1);
    probe_close(w);
}

static const char *lack(const struct probe *w, size_t i, const char *name)
{
    const char *text = json_string_value(
        json_object_get(json_array_get(json_object_get(w->last, "not_evaluable"), i), name));
    return text ? text : "";
}

static void what_cannot_be_evaluated_is_said(void)
{
    static const char of_other[] = "detector=\"probe\",signal=\"O\"";
    struct probe *w = probe_open(1);
    probe_trade(w, 0, "refund", 1, 1, 440304);
    REQUIRE(json_array_size(json_object_get(w->last, "not_evaluable")) == 3);
    CHECK_TEXT(lack(w, 0, "signal"), "O");
    CHECK_TEXT(lack(w, 0, "field"), "review_hash");
    CHECK_TEXT(lack(w, 1, "registry"), "pairing");
    CHECK_TEXT(lack(w, 2, "registry"), "county");
    CHECK_INT(probe_metric_of(w, "signal_evaluable", of_other), 0);
    CHECK_INT(probe_metric_of(w, "signal_evaluable", "detector=\"probe\",signal=\"S\""), 1);
    probe_feed(w, 1, "{\"type\":\"review\",\"account\":\"a\",\"order\":\"o\",\"review_hash\":\"h\"}");
    probe_feed(w, 1, "{\"type\":\"registry\",\"list\":\"county\",\"key\":\"522628\",\"value\":\"x\"}");
    CHECK_INT(probe_metric_of(w, "signal_evaluable", of_other), 1);
    probe_trade(w, 1, "refund", 1, 2, 440304);
    CHECK_INT(w->outputs, 2);
    CHECK(json_object_get(w->last, "not_evaluable") == NULL);
    probe_tick(w, 41 * JD_DAY); /* the hash has not come for more than 30 days */
    CHECK_INT(probe_metric_of(w, "signal_evaluable", of_other), 0);
    probe_close(w);
}

static const char *related(const struct probe *w)
{
    const char *id = json_string_value(json_array_get(json_object_get(w->last, "related"), 0));
    return id ? id : "";
}

/* Two detectors about one account: the later alert names the earlier one, as long as that is open. */
static void alerts_on_one_account_are_tied(void)
{
    static const char refund[] =
        "{\"type\":\"refund\",\"supplier\":\"%s\",\"unit\":\"u\",\"order\":\"%s\",\"account\":"
        "\"a1\",\"amount\":100}";
    char json[256], first[20] = "";
    struct probe *w = probe_new(1);
    w->settings.n_detectors = 2;
    probe_start(w);
    snprintf(json, sizeof json, refund, "s1", "o1");
    probe_feed(w, 0, json);
    REQUIRE(w->outputs == 2);
    CHECK_TEXT(probe_word(w, "detector"), "second");
    sscanf(w->log, " {\"id\":\"%16[0-9a-f]", first);
    CHECK_TEXT(related(w), first);
    snprintf(json, sizeof json, refund, "s2", "o2");
    probe_feed(w, JD_DAY, json);
    CHECK_INT(w->outputs, 4);
    CHECK_TEXT(related(w), first);
    probe_tick(w, 35 * JD_DAY);
    snprintf(json, sizeof json, refund, "s3", "o3");
    probe_feed(w, JD_DAY, json);
    CHECK(*related(w) && strcmp(related(w), first) != 0);
    probe_close(w);
}

/* No copy of an office may hold a unit that is another's. */
static void offices_see_their_own_units_only(void)
{
    static const int regions[] = {440304, 440305, 440106, 330106};
    static const struct {
        const char *office;
        int own[4];
    } expected[] = {{"shenzhen", {1, 1, 0, 0}}, {"guangdong", {0, 0, 1, 0}}, {"zhejiang", {0, 0, 0, 1}}};
    struct probe *w = probe_open(1);
    for (int i = 0; i < 4; i++)
        probe_trade(w, 1000, "order", i, i, regions[i]);
    probe_trade(w, 1000, "review", 0, 0, regions[0]);
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
    probe_close(w);
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

static void play(struct probe *w, uint64_t *random, int from, int to)
{
    static const char *const types[] = {
        "order", "order", "refund", "review", "cancel", "redeem", "redeem", "invoice"};
    static const int regions[] = {440304, 440106, 330106, 110105};
    for (int i = 0; i < 20 && !from; i++)
        probe_place(w, i, regions[i % 4]);
    for (int i = from; i < to; i++) {
        uint64_t r = check_random(random);
        const struct probe_deal deal = {
            types[r % 8], (int)(r >> 8) % 80, (int)(r >> 16) % 20, i, regions[r >> 24 & 3], i};
        probe_deal(w, (int64_t)(r >> 32) % JD_HOUR, &deal);
    }
}

static struct probe *open_tight(uint64_t seed)
{
    struct probe *w = probe_new(seed);
    w->settings.office_budget = 1;
    return probe_start(w);
}

/* Saving and loading at any point changes nothing of what comes after; nor does the seed of the keys. */
static void a_snapshot_goes_on_where_it_was_taken(void)
{
    struct file *file = calloc(1, sizeof *file);
    struct error err;
    for (int cut = 0; cut <= 300; cut += 60) {
        uint64_t random_a = check_seed, random_b = check_seed;
        struct probe *whole = open_tight(1), *before = open_tight(99), *after = open_tight(99);
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
        CHECK(whole->outputs > 20);
        CHECK(probe_metric(whole, "digests_total") > 0);
        CHECK_INT(probe_metric(after, "digests_total"), probe_metric(whole, "digests_total"));
        CHECK_INT(probe_metric(after, "alerts_closed_total"), probe_metric(whole, "alerts_closed_total"));
        probe_close(whole);
        probe_close(before);
        probe_close(after);
    }
    free(file);
}

static const struct check_test tests[] = {
    {"soft evidence needs two groups", soft_evidence_needs_two_groups},
    {"a retracted signal no longer counts", a_retracted_signal_no_longer_counts},
    {"a signal switched off counts for nothing", a_signal_switched_off_counts_for_nothing},
    {"an event id counts once", an_event_id_counts_once},
    {"what cannot be evaluated is said", what_cannot_be_evaluated_is_said},
    {"alerts on one account are tied", alerts_on_one_account_are_tied},
    {"offices see their own units only", offices_see_their_own_units_only},
    {"a snapshot goes on where it was taken, whatever the seed", a_snapshot_goes_on_where_it_was_taken},
};
CHECK_MAIN(tests)
