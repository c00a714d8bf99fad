/* The office budget: which office is shown what, and what the digest at the end of the day holds. */
#include "tests/support/probe.h"

/* START is 2025-11-12 06:26:40 on the platform's clock. */
#define TO_MIDNIGHT (17 * JD_HOUR + 33 * JD_MINUTE + 20 * JD_SECOND)

static const int regions[] = {440304, 440106, 330106, 110105};

/* Unit 0, 4, 8... are shenzhen's. */
static struct probe *open_with(uint32_t budget)
{
    struct probe *w = probe_new(1);
    w->settings.office_budget = budget;
    probe_start(w);
    for (int i = 0; i < 40; i++)
        probe_place(w, i, regions[i % 4]);
    return w;
}

/* A medium alert about this supplier, for shenzhen alone. */
static void redeem(struct probe *w, int supplier, int amount)
{
    probe_deal(w, 1000, &(struct probe_deal){"redeem", supplier, 4, supplier, 440304, amount});
}

static unsigned copies_to(const struct probe *w, const char *office)
{
    char head[64];
    snprintf(head, sizeof head, "\n%s {", office);
    unsigned n = strncmp(w->log, head + 1, strlen(head + 1)) == 0;
    for (const char *at = w->log; (at = strstr(at, head)); at++)
        n++;
    return n;
}

static const char *item(const struct probe *w, size_t i, const char *name)
{
    return json_string_value(json_object_get(json_array_get(json_object_get(w->last, "alerts"), i), name));
}

static void the_rest_waits_for_the_digest(void)
{
    struct probe *w = open_with(2);
    char ids[6][20];
    static const int amounts[] = {100, 100, 100, 1000000, 5000};
    for (int i = 0; i < 5; i++) {
        redeem(w, i, amounts[i]);
        probe_keep_id(w, ids[i]);
    }
    CHECK_INT(w->outputs, 5); /* everybody's stream waits for nothing */
    CHECK_INT(copies_to(w, "shenzhen"), 2);
    CHECK_TEXT(json_string_value(json_array_get(json_object_get(w->last, "deferred"), 0)), "shenzhen");
    probe_tick(w, TO_MIDNIGHT - 5000 - 1);
    CHECK_INT(w->outputs, 5);
    probe_tick(w, 1);
    REQUIRE(w->outputs == 6);
    CHECK_TEXT(probe_word(w, "kind"), "digest");
    CHECK_INT(copies_to(w, "shenzhen"), 3);
    CHECK_INT(json_array_size(json_object_get(w->last, "alerts")), 3);
    CHECK_TEXT(item(w, 0, "id"), ids[3]);
    CHECK_TEXT(item(w, 1, "id"), ids[4]);
    CHECK_TEXT(item(w, 2, "id"), ids[2]);
    CHECK_TEXT(json_string_value(json_object_get(json_object_get(w->last, "title"), "zh")),
        "2025-11-12汇总：另有3件中等级别提醒（当日已送2件）");
    CHECK_TEXT(json_string_value(json_object_get(json_object_get(w->last, "explanation"), "en")),
        "1. suspected: s3 (score 72); 2. suspected: s4 (score 72); 3. suspected: s2 (score 72).");
    redeem(w, 9, 100); /* a new day */
    CHECK_INT(copies_to(w, "shenzhen"), 4);
    probe_tick(w, 2 * JD_DAY);
    CHECK_INT(w->outputs, 7); /* no digest of nothing, and no other one of the first day */
    probe_close(w);
}

static void without_a_budget_all_are_shown(void)
{
    struct probe *w = open_with(0);
    for (int i = 0; i < 30; i++)
        redeem(w, i, 100);
    CHECK_INT(copies_to(w, "shenzhen"), 30);
    probe_tick(w, 2 * JD_DAY);
    CHECK_INT(w->outputs, 30);
    probe_close(w);
}

static void high_ones_never_wait(void)
{
    struct probe *w = open_with(1);
    for (int i = 0; i < 4; i++)
        redeem(w, i, 100);
    CHECK_INT(copies_to(w, "shenzhen"), 1);
    probe_deal(w, 1000, &(struct probe_deal){"refund", 2, 4, 2, 440304, 100}); /* what waits becomes high */
    probe_deal(w, 1000, &(struct probe_deal){"refund", 7, 8, 7, 440304, 100});
    CHECK_INT(copies_to(w, "shenzhen"), 3);
    CHECK(json_object_get(w->last, "deferred") == NULL);
    probe_tick(w, JD_DAY);
    CHECK_INT(json_array_size(json_object_get(w->last, "alerts")), 2);
    probe_close(w);
}

/* What an office has been shown it goes on being shown, and that takes nothing from the budget. */
static void revisions_of_what_was_shown_do_not_wait(void)
{
    struct probe *w = open_with(1);
    redeem(w, 1, 100);
    redeem(w, 2, 100);
    probe_deal(
        w, 1000, &(struct probe_deal){"redeem", 1, 4, 11, 440304, 300}); /* more than twice the money */
    CHECK_INT(copies_to(w, "shenzhen"), 2);
    probe_deal(w, 1000, &(struct probe_deal){"redeem", 2, 4, 12, 440304, 300});
    CHECK_INT(probe_number(w, "revision"), 2);
    CHECK_INT(copies_to(w, "shenzhen"), 2);
    probe_tick(w, JD_DAY);
    REQUIRE(json_array_size(json_object_get(w->last, "alerts")) == 1);
    const json_t *only = json_array_get(json_object_get(w->last, "alerts"), 0);
    CHECK_INT(json_integer_value(json_object_get(only, "revision")), 2);
    CHECK_INT(json_integer_value(json_object_get(only, "amount")), 400);
    probe_close(w);
}

/* Each office of each alert finds it either in its own stream or in a digest. */
static bool office_reads(const struct probe *w, const char *office, const char *id)
{
    char head[64], name[32];
    snprintf(head, sizeof head, "%s {", office);
    snprintf(name, sizeof name, "\"id\":\"%s\"", id);
    for (const char *line = w->log; *line; line = strchr(line, '\n') + 1) {
        const char *found = strncmp(line, head, strlen(head)) == 0 ? strstr(line, name) : NULL;
        if (found && found < strchr(line, '\n'))
            return true;
    }
    return false;
}

static void nothing_is_lost(void)
{
    struct probe *w = open_with(2);
    uint64_t random = check_seed;
    unsigned looked = 0;
    for (int i = 0; i < 300; i++) {
        uint64_t r = check_random(&random);
        const struct probe_deal deal = {
            r & 7 ? "redeem" : "refund", (int)(r >> 8) % 90, (int)(r >> 16) % 20, i, regions[r >> 24 & 3], i};
        probe_deal(w, (int64_t)(r >> 32) % (20 * JD_MINUTE), &deal);
    }
    probe_tick(w, 2 * JD_DAY);
    CHECK(probe_metric(w, "alerts_deferred_total") > 30);
    for (const char *line = w->log; *line; line = strchr(line, '\n') + 1) {
        json_t *alert = *line == ' ' ? json_loads(line + 1, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
        const json_t *offices = json_object_get(alert, "offices");
        for (size_t i = 0; i < json_array_size(offices); i++, looked++)
            CHECK(office_reads(w, json_string_value(json_array_get(offices, i)),
                json_string_value(json_object_get(alert, "id"))));
        json_decref(alert);
    }
    CHECK(looked > 100);
    probe_close(w);
}

static const struct check_test tests[] = {
    {"the rest waits for the digest", the_rest_waits_for_the_digest},
    {"without a budget all are shown", without_a_budget_all_are_shown},
    {"high ones never wait", high_ones_never_wait},
    {"revisions of what was shown do not wait", revisions_of_what_was_shown_do_not_wait},
    {"nothing is lost", nothing_is_lost},
};
CHECK_MAIN(tests)
