#include "daemon/ctl/score_summary.h"

#include "tests/support/check.h"

#include <unistd.h>

/* Two campaigns and a trap. The first moves money in steps; the second has no units and a second detector. */
static const char truth_text[] =
    "{\"units\":1000,\"days\":30,\"campaigns\":["
    "{\"id\":\"C1\",\"detector\":\"proxy_purchasing\",\"kind\":\"device_ring\",\"grade\":\"naive\","
    "\"members\":{"
    "\"units\":[\"U1\",\"U2\",\"U3\",\"U4\"],\"accounts\":[\"A1\"],\"devices\":[\"D1\"],\"suppliers\":[],"
    "\"orders\":[\"O1\",\"O2\"]},\"start_id\":\"1000-0\",\"end_id\":\"5000-0\",\"money\":200,"
    "\"steps\":[[1000,0,0],[2000,100,0],[2500,0,100],[3000,100,0],[4000,0,100]]},"
    "{\"id\":\"C2\",\"detector\":\"fake_trade\",\"also\":[\"account_sharing\"],\"kind\":\"no_goods\","
    "\"grade\":\"careful\",\"members\":{\"units\":[],\"accounts\":[\"A9\"],\"devices\":[],\"suppliers\":["
    "\"S1\"],"
    "\"orders\":[\"O5\"]},\"start_id\":\"1000-0\",\"end_id\":\"2000-0\",\"money\":50}],"
    "\"traps\":[{\"id\":\"T1\",\"kind\":\"compound\",\"members\":{\"units\":[\"U8\",\"U9\"],\"accounts\":[],"
    "\"devices\":[],\"suppliers\":[],\"orders\":[]}}]}";

#define SUBJECT(kind, id, role) "{\"kind\":\"" kind "\",\"id\":\"" id "\",\"role\":\"" role "\"}"
#define ALERT(id, revision, detector, severity, time, subjects)                                              \
    "{\"id\":\"" id "\",\"revision\":" #revision ",\"kind\":\"detection\",\"detector\":\"" detector          \
    "\",\"severity\":\"" severity "\",\"score\":50,\"time\":" #time ",\"subjects\":[" subjects "]}"

static void begin(struct score *s)
{
    char path[] = "/tmp/jiandu-score-XXXXXX";
    struct error err = {{0}};
    int fd = mkstemp(path);

    CHECK(fd >= 0);
    CHECK_INT(write(fd, truth_text, sizeof truth_text - 1), sizeof truth_text - 1);
    close(fd);
    CHECK_INT(score_init(s, path, &err), 0);
    CHECK_TEXT(err.text, "");
    unlink(path);
}

static void feed(struct score *s, const char *const *lines, size_t n)
{
    for (size_t i = 0; i < n; i++)
        score_line(s, lines[i], strlen(lines[i]));
}

static const struct summary_detector *of(const struct summary *m, const char *name)
{
    for (size_t i = 0; i < m->n_detectors; i++) {
        if (!strcmp(m->detector[i].name, name))
            return &m->detector[i];
    }
    return NULL;
}

static void figures_are_right(void)
{
    static const char *const lines[] = {
        /* true at once; names half of the units only in its second revision */
        ALERT("a1", 1, "proxy_purchasing", "medium", 2100, SUBJECT("unit", "U1", "buyer")),
        ALERT("a1", 2, "proxy_purchasing", "high", 3500,
            SUBJECT("unit", "U1", "buyer") "," SUBJECT("unit", "U2", "buyer") "," SUBJECT(
                "unit", "X", "buyer")),
        /* false, and in the trap */
        ALERT("a2", 1, "proxy_purchasing", "medium", 2200,
            SUBJECT("unit", "U8", "buyer") "," SUBJECT("unit", "U9", "buyer") "," SUBJECT(
                "unit", "U7", "buyer")),
        /* true by its supplier and an order of it, though most of what it names is not a member */
        ALERT("a3", 1, "fake_trade", "high", 1800,
            SUBJECT("supplier", "S1", "subject") "," SUBJECT("order", "O5", "order") "," SUBJECT(
                "order", "O8", "order") "," SUBJECT("order", "O9", "order")),
        /* true as the second detector; too low to count */
        ALERT("a4", 1, "account_sharing", "low", 1500, SUBJECT("account", "A9", "subject")),
        /* before the campaign began */
        ALERT("a5", 1, "proxy_purchasing", "medium", 900, SUBJECT("unit", "U1", "subject")),
        /* true, but more than a day after the end: finds nothing */
        ALERT("a6", 1, "fake_trade", "critical", 86402001, SUBJECT("account", "A9", "subject")),
        "{\"id\":\"s1\",\"kind\":\"system\",\"time\":1}",
        "not an alert",
    };
    struct summary m;
    struct score s;

    begin(&s);
    feed(&s, lines, sizeof lines / sizeof lines[0]);
    summary_make(&m, &s, 0, 0);
    CHECK_INT(s.lines, 9);
    CHECK_INT(s.system, 1);
    CHECK_INT(s.bad, 1);
    CHECK_INT(s.n_alerts, 6);
    CHECK_INT(m.all.medium.good, 3);
    CHECK_INT(m.all.medium.of, 5);
    CHECK_INT(m.all.high.good, 3);
    CHECK_INT(m.all.high.of, 3);
    CHECK_INT(m.all.recall.good, 1);
    CHECK_INT(m.all.recall.of, 2);
    CHECK_INT(m.all.grade[0].good, 1);
    CHECK_INT(m.all.grade[1].good, 0);
    CHECK_INT(m.all.grade[1].of, 1);
    CHECK_INT(m.all.grade[2].of, 0);
    CHECK_INT(m.traps, 1);
    CHECK_INT(m.traps_fired, 1);
    CHECK_INT(m.false_per_thousand, 200); /* 2.00 */
    REQUIRE(of(&m, "proxy_purchasing") && of(&m, "fake_trade") && of(&m, "account_sharing"));
    CHECK_INT(of(&m, "proxy_purchasing")->medium.good, 1);
    CHECK_INT(of(&m, "proxy_purchasing")->medium.of, 3);
    CHECK_INT(of(&m, "fake_trade")->medium.of, 2);
    CHECK_INT(of(&m, "fake_trade")->recall.good, 0);
    CHECK_INT(of(&m, "account_sharing")->medium.of, 0);
    score_fini(&s);
}

static void delay_runs_to_the_first_revision(void)
{
    static const char *const lines[] = {
        ALERT("a1", 1, "proxy_purchasing", "low", 1100, SUBJECT("unit", "U1", "buyer")),
        ALERT("a1", 2, "proxy_purchasing", "medium", 2600, SUBJECT("unit", "U1", "buyer")),
        ALERT("a1", 3, "proxy_purchasing", "high", 4500,
            SUBJECT("unit", "U1", "buyer") "," SUBJECT("unit", "U2", "buyer")),
    };
    const struct summary_detector *d;
    struct summary m;
    struct score s;

    begin(&s);
    feed(&s, lines, 3);
    summary_make(&m, &s, 0, 0);
    d = of(&m, "proxy_purchasing");
    REQUIRE(d != NULL);
    CHECK_INT(d->recall.good, 1);
    CHECK_INT(d->delay_ms, 1600);
    CHECK_INT(d->delay_events, 3);
    CHECK_INT(d->delay_orders, 1);
    CHECK_INT(d->paid, 200);
    CHECK_INT(d->paid_before, 100);
    CHECK_INT(of(&m, "fake_trade")->delay_ms, -1);
    score_fini(&s);
}

static void parts_add_up(void)
{
    static const char *const lines[] = {
        ALERT("a1", 1, "proxy_purchasing", "medium", 2100, SUBJECT("unit", "U1", "subject")),
        ALERT("a2", 1, "proxy_purchasing", "medium", 2200, SUBJECT("unit", "U4", "subject")),
    };
    struct summary m;
    struct score s;

    begin(&s);
    feed(&s, lines, 2);
    summary_make(&m, &s, 0, 0);
    CHECK_INT(m.all.recall.good, 0);
    CHECK_INT(m.all.in_parts.good, 1);
    score_fini(&s);
}

/* The last revision decides: one that no longer names a member makes the alert false. */
static void last_revision_decides(void)
{
    static const char *const lines[] = {
        ALERT("a1", 2, "proxy_purchasing", "low", 2200, SUBJECT("unit", "X", "subject")),
        ALERT("a1", 1, "proxy_purchasing", "high", 2100, SUBJECT("unit", "U1", "subject")),
    };
    struct summary m;
    struct score s;

    begin(&s);
    feed(&s, lines, 2);
    summary_make(&m, &s, 0, 0);
    CHECK_INT(s.n_alerts, 1);
    CHECK_INT(m.all.medium.of, 0);
    CHECK_INT(s.alerts[0].is_true, 0);
    score_fini(&s);
}

/* A second detector's alert is right, and wrong where the score is strict. */
static void strict_is_stricter(void)
{
    static const char *const lines[] = {
        ALERT("a1", 1, "account_sharing", "medium", 1500, SUBJECT("account", "A9", "subject"))};

    for (int strict = 0; strict < 2; strict++) {
        struct summary m;
        struct score s;

        begin(&s);
        s.strict = strict;
        feed(&s, lines, 1);
        summary_make(&m, &s, 0, 0);
        CHECK_INT(m.all.medium.good, !strict);
        CHECK_INT(m.all.medium.of, 1);
        CHECK_INT(m.all.recall.good, 0);
        score_fini(&s);
    }
}

static void near(int64_t actual, int64_t expected)
{
    if (actual < expected - 1 || actual > expected + 1)
        check_fail(__FILE__, __LINE__, "%lld is not %lld", (long long)actual, (long long)expected);
}

/* Against published tables of Wilson's interval. */
static void intervals_are_wilsons(void)
{
    struct score_rate r = score_rate(3, 5);

    CHECK_INT(r.rate, 6000);
    near(r.low, 2307);
    near(r.high, 8824);
    r = score_rate(10, 10);
    CHECK_INT(r.rate, 10000);
    near(r.low, 7225);
    CHECK_INT(r.high, 10000);
    r = score_rate(0, 20);
    CHECK_INT(r.low, 0);
    near(r.high, 1611);
    r = score_rate(500000, 1000000);
    near(r.low, 4990);
    near(r.high, 5010);
    r = score_rate(0, 0);
    CHECK_INT(r.of, 0);
}

static void bad_truth_is_told(void)
{
    struct error err = {{0}};
    struct score s;

    CHECK_INT(score_init(&s, "/nonexistent/truth.json", &err), -1);
    CHECK(strstr(err.text, "/nonexistent/truth.json") != NULL);
    score_fini(&s);
}

static void report_is_json(void)
{
    static const char *const lines[] = {
        ALERT("a1", 1, "proxy_purchasing", "medium", 2100, SUBJECT("unit", "U1", "subject"))};
    char *text = NULL;
    size_t length;
    FILE *f = open_memstream(&text, &length);
    struct summary m;
    struct score s;
    json_t *o;

    REQUIRE(f != NULL);
    begin(&s);
    feed(&s, lines, 1);
    summary_make(&m, &s, 0, 0);
    CHECK_INT(summary_print_json(&m, &s, f, NULL), 0);
    fclose(f);
    o = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    CHECK(json_is_object(o));
    CHECK_INT(json_integer_value(json_object_get(
                  json_object_get(json_object_get(json_object_get(o, "all"), "precision"), "medium"), "of")),
        1);
    CHECK(json_is_object(json_object_get(json_object_get(o, "detectors"), "proxy_purchasing")));
    json_decref(o);
    free(text);
    score_fini(&s);
}

static const struct check_test tests[] = {
    {"figures are right", figures_are_right},
    {"delay runs to the first revision", delay_runs_to_the_first_revision},
    {"parts add up", parts_add_up},
    {"last revision decides", last_revision_decides},
    {"strict is stricter", strict_is_stricter},
    {"intervals are Wilson's", intervals_are_wilsons},
    {"bad truth is told", bad_truth_is_told},
    {"report is JSON", report_is_json},
};

CHECK_MAIN(tests)
