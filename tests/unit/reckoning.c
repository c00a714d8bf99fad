/* An alert's score reckoned again from its JSON. */
#include "daemon/ctl/reckoning.h"

#include "tests/support/builtin.h"
#include "tests/support/check.h"

#include <glob.h>

#define DAY INT64_C(86400000)
#define NOW (20000 * DAY)

static json_t *alert_of(const char *kind, int score)
{
    return json_pack("{s:s,s:I,s:i,s:[{s:s,s:s}],s:[]}", "kind", "detection", "time", (json_int_t)NOW,
        "score", score, "subjects", "kind", kind, "id", "x", "signals");
}

static void add(json_t *alert, const char *name, const char *group, int strength, int hard, int64_t time)
{
    json_array_append_new(
        json_object_get(alert, "signals"), json_pack("{s:s,s:s,s:i,s:b,s:I}", "name", name, "group", group,
                                               "strength", strength, "hard", hard, "time", (json_int_t)time));
}

static struct reckoning made(json_t *alert, const struct jd_detector *detector)
{
    struct reckoning r;
    struct error err = {{0}};
    CHECK_INT(reckoning_make(&r, alert, detector, &err), 0);
    json_decref(alert);
    return r;
}

static void groups_add_up(void)
{
    json_t *alert = alert_of("supplier", 94);
    add(alert, "F4", "time", 240, 0, NOW);
    add(alert, "F13.scan", "time", 60, 0, NOW);
    add(alert, "F1", "logistics", 65, 0, NOW);
    struct reckoning r = made(alert, NULL);
    CHECK_INT(r.n_groups, 2);
    CHECK_INT(reckoning_share(&r, 0), 240 + 60 / 4);
    CHECK_INT(reckoning_share(&r, 1), 65);
    CHECK_INT(r.prior, FUSION_PRIOR);
    CHECK_INT(r.weight, -200 + 255 + 65);
    CHECK_INT(r.score, 94);
    CHECK(r.agrees);
}

static void gates_and_verdicts_count(void)
{
    json_t *alert = alert_of("supplier", 85);
    add(alert, "F4", "time", 400, 1, NOW);
    struct reckoning r = made(alert, NULL);
    CHECK_INT(r.ungated, 99);
    CHECK_INT(r.score, FUSION_HARD);
    CHECK(r.agrees);

    alert = alert_of("device", 72);
    add(alert, "P1", "device", 140, 0, NOW);
    add(alert, "P10", "area", 140, 0, NOW);
    json_object_set_new(alert, "exculpation", json_integer(FUSION_CLEARED));
    r = made(alert, NULL);
    CHECK_INT(r.prior, FUSION_PRIOR_SHARED);
    CHECK_INT(r.weight, -120 - 120 + 280);
    CHECK(r.agrees);
}

static void what_waits_for_a_registry_is_held(void)
{
    json_t *alert = alert_of("ring", FUSION_OPEN);
    add(alert, "P1", "device", 140, 0, NOW);
    add(alert, "P10", "area", 140, 0, NOW);
    json_object_set_new(alert, "missing_registries", json_pack("[s]", "parent"));
    struct reckoning r = made(alert, NULL);
    CHECK(r.agrees);
    CHECK(r.waits);
}

static void several_cases_are_held_at_the_strongest(void)
{
    json_t *alert = alert_of("ring", 72);
    add(alert, "P1", "device", 140, 0, NOW);
    add(alert, "P10", "area", 140, 0, NOW);
    json_t *other = json_deep_copy(alert);
    struct reckoning r = made(alert, NULL);
    CHECK(!r.agrees);
    json_object_set_new(other, "ceiling", json_integer(72));
    r = made(other, NULL);
    CHECK(r.agrees);
    CHECK(r.held);
}

static void signals_decay(void)
{
    const struct jd_signal signals[] = {{.name = "S", .group = "g", .half_life_days = 90}};
    const struct jd_detector detector = {.name = "test", .signals = signals, .n_signals = 1};
    json_t *alert = alert_of("device", 40);
    add(alert, "S", "g", 200, 0, NOW - 90 * DAY);
    struct reckoning r = made(alert, &detector);
    CHECK_INT(r.signal[0].strength, 200);
    CHECK_INT(r.signal[0].now, 100);
    CHECK_INT(r.weight, -20);
    CHECK_INT(r.score, 39);
    CHECK(!r.agrees);
}

static void the_prior_of_a_case_is_tried(void)
{
    json_t *alert = alert_of("account", 83);
    add(alert, "A5", "device", 120, 0, NOW);
    add(alert, "A1", "place", 70, 0, NOW);
    struct reckoning r = made(alert, NULL);
    CHECK(r.agrees);
    CHECK(r.other_prior);
    CHECK_INT(r.prior, FUSION_PRIOR_SHARED);
}

static void nonsense_is_refused(void)
{
    struct reckoning r;
    struct error err = {{0}};
    json_t *alert = alert_of("device", 1);
    char group[32];
    for (int i = 0; i < FUSION_GROUPS + 1; i++) {
        snprintf(group, sizeof group, "g%d", i);
        add(alert, "S", group, INT32_MAX, 0, INT64_MAX);
    }
    CHECK_INT(reckoning_make(&r, alert, NULL, &err), -1);
    json_array_remove(json_object_get(alert, "signals"), 0);
    CHECK_INT(reckoning_make(&r, alert, NULL, &err), 0);
    CHECK_INT(r.weight, FUSION_LIMIT);
    json_object_set_new(alert, "kind", json_string("system"));
    CHECK_INT(reckoning_make(&r, alert, NULL, &err), -1);
    json_decref(alert);
}

/* Alerts that the engine has made: each comes out exactly. */
static void check_golden(const char *path, const struct jd_detector *detector, int *agree)
{
    char *line = NULL;
    size_t size = 0;
    FILE *in = fopen(path, "re");
    REQUIRE(in);
    while (getline(&line, &size, in) > 0) {
        struct reckoning r;
        struct error err;
        json_t *alert = json_loads(line, 0, NULL);
        const char *name = json_string_value(json_object_get(alert, "detector"));
        json_int_t said = json_integer_value(json_object_get(alert, "score"));
        if (name && strcmp(name, detector->name) == 0 && reckoning_make(&r, alert, detector, &err) == 0) {
            *agree += r.agrees;
            if (!r.agrees)
                check_fail(__FILE__, __LINE__, "%s: %u is not %lld", path, r.score, (long long)said);
        }
        json_decref(alert);
    }
    free(line);
    fclose(in);
}

static void alerts_of_the_engine_come_out(void)
{
    const struct jd_detector *const detectors[] = {
        jd_detector_account_sharing(), jd_detector_fake_trade(), jd_detector_proxy_purchasing()};
    int agree = 0;
    for (unsigned d = 0; d < 3; d++) {
        char pattern[128];
        glob_t found;
        snprintf(pattern, sizeof pattern, "detectors/%s/cases/*/expected.ndjson", detectors[d]->name);
        REQUIRE(glob(pattern, 0, NULL, &found) == 0);
        for (size_t i = 0; i < found.gl_pathc; i++)
            check_golden(found.gl_pathv[i], detectors[d], &agree);
        globfree(&found);
    }
    printf("# %d agree\n", agree);
    CHECK(agree > 100);
}

static const struct check_test tests[] = {
    {"groups add up to a prior", groups_add_up},
    {"gates and verdicts count", gates_and_verdicts_count},
    {"what waits for a registry is held at 79", what_waits_for_a_registry_is_held},
    {"several cases are held at the strongest", several_cases_are_held_at_the_strongest},
    {"signals decay", signals_decay},
    {"the prior of one of its cases is tried", the_prior_of_a_case_is_tried},
    {"nonsense is refused", nonsense_is_refused},
    {"alerts of the engine come out as they say", alerts_of_the_engine_come_out},
};
CHECK_MAIN(tests)
