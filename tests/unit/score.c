#include "daemon/ctl/score_lord.h"
#include "daemon/ctl/score_summary.h"

#include "tests/support/check.h"

#include <unistd.h>

/* Two campaigns and a trap. The first moves money in steps; the second has no units and a second detector. */
static const char truth_text[] =
    "{\"units\":1000,\"days\":30,\"sizes\":{\"small\":[\"U8\",\"U9\"],\"medium\":[\"U7\"],\"large\":[\"U2\"]}"
    ","
    "\"campaigns\":["
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

/* What comes of these alerts. */
static void judge(struct score *s, struct summary *m, const char *const *lines, size_t n)
{
    begin(s);
    feed(s, lines, n);
    summary_make(m, s, 1, 0, 0);
}

static const struct summary_detector *of(const struct summary *m, const char *name)
{
    for (size_t i = 0; i < m->n_detectors; i++) {
        if (!strcmp(m->detector[i].name, name))
            return &m->detector[i];
    }
    return NULL;
}

static void near(double actual, double expected)
{
    double off = actual > expected ? actual - expected : expected - actual;

    if (off > 0.001 + expected / 1000)
        check_fail(__FILE__, __LINE__, "%f is not %f", actual, expected);
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

    judge(&s, &m, lines, sizeof lines / sizeof lines[0]);
    CHECK_INT(s.lines, 9);
    CHECK_INT(s.system, 1);
    CHECK_INT(s.bad, 1);
    CHECK_INT(s.n_alerts, 6);
    CHECK_INT(m.all.medium.good, 3);
    CHECK_INT(m.all.medium.of, 5);
    CHECK_INT(m.all.high.good, 3);
    CHECK_INT(m.all.high.of, 3);
    CHECK_INT(m.all.own.found.good, 1);
    CHECK_INT(m.all.own.found.of, 2);
    CHECK_INT(m.all.own.grade[0].good, 1);
    CHECK_INT(m.all.own.grade[1].good, 0);
    CHECK_INT(m.all.own.grade[1].of, 1);
    CHECK_INT(m.all.own.grade[2].of, 0);
    CHECK_INT(m.traps.of, 1);
    CHECK_INT(m.traps.good, 1);
    near(m.false_alerts.per_thousand.value, 2);
    near(m.false_alerts.per_thousand.low, 0.224);
    near(m.false_alerts.per_thousand.high, 7.22);
    CHECK_INT(m.by_size[0].count, 1); /* U8; U1 is not in the world's list */
    CHECK_INT(m.by_size[2].count, 0);
    REQUIRE(of(&m, "proxy_purchasing") && of(&m, "fake_trade") && of(&m, "account_sharing"));
    CHECK_INT(of(&m, "proxy_purchasing")->medium.good, 1);
    CHECK_INT(of(&m, "proxy_purchasing")->medium.of, 3);
    CHECK_INT(of(&m, "fake_trade")->medium.of, 2);
    CHECK_INT(of(&m, "fake_trade")->own.found.good, 0);
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

    judge(&s, &m, lines, 3);
    d = of(&m, "proxy_purchasing");
    REQUIRE(d != NULL);
    CHECK_INT(d->own.found.good, 1);
    near(d->own.hours.value * 3600000, 1600);
    near(d->own.events.value, 3);
    near(d->own.orders.value, 1);
    near(d->own.paid_before.value, 0.5);
    near(d->own.paid_before.low, 0.5); /* one campaign can only be drawn again */
    CHECK_INT(of(&m, "fake_trade")->own.alerted.good, 0);
    near(m.all.any.paid_before.value, 0.5);
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

    judge(&s, &m, lines, 2);
    CHECK_INT(m.all.own.found.good, 0);
    CHECK_INT(m.all.own.in_parts.good, 1);
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

    judge(&s, &m, lines, 2);
    CHECK_INT(s.n_alerts, 1);
    CHECK_INT(m.all.medium.of, 1); /* somebody has read of it as high */
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
        summary_make(&m, &s, 1, 0, 0);
        CHECK_INT(m.all.medium.good, !strict);
        CHECK_INT(m.all.medium.of, 1);
        CHECK_INT(m.all.own.found.good, 0);
        score_fini(&s);
    }
}

/* Against published tables of Wilson's interval. */
static void intervals_are_wilsons(void)
{
    struct score_rate r = score_rate(3, 5);

    near(r.rate, 0.6);
    near(r.low, 0.2307);
    near(r.high, 0.8824);
    r = score_rate(10, 10);
    near(r.rate, 1);
    near(r.low, 0.7225);
    near(r.high, 1);
    r = score_rate(0, 20);
    near(r.low, 0);
    near(r.high, 0.1611);
    r = score_rate(500000, 1000000);
    near(r.low, 0.499);
    near(r.high, 0.501);
    r = score_rate(0, 0);
    CHECK_INT(r.of, 0);
    near(r.high, 1);
}

/* Against exact Poisson limits, which Byar's approximation is within a few hundredths of. */
static void counts_have_intervals(void)
{
    struct score_value v = score_count(10);

    CHECK(v.low > 4.77 && v.low < 4.81);
    CHECK(v.high > 18.37 && v.high < 18.41);
    v = score_count(0);
    near(v.low, 0);
    CHECK(v.high > 3.4 && v.high < 3.8);
}

static double mean(const void *sample, const size_t *pick, size_t n)
{
    const double *x = sample;
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[pick[i]];
    return sum / (double)n;
}

/* The mean of 100 numbers from 0 to 99 has a standard error of 2.9. */
static void bootstrap_covers_the_mean(void)
{
    struct score_value v, again;
    double x[100];

    for (int i = 0; i < 100; i++)
        x[i] = i;
    v = score_bootstrap(x, 100, mean);
    again = score_bootstrap(x, 100, mean);
    near(v.value, 49.5);
    CHECK(v.low > 41.5 && v.low < 46);
    CHECK(v.high > 53 && v.high < 57.5);
    near(v.low, again.low);
    v = score_bootstrap(x, 0, mean);
    near(v.high, 0);
}

/* The second detector finds the campaign too, though it is not the one that has to. */
static void any_that_is_right_may_find(void)
{
    static const char *const lines[] = {
        ALERT("a1", 1, "account_sharing", "medium", 1500, SUBJECT("account", "A9", "subject")),
        ALERT("a2", 1, "single_rules", "medium", 2500,
            SUBJECT("unit", "U1", "subject") "," SUBJECT("unit", "U3", "buyer"))};

    for (int any = 0; any < 2; any++) {
        struct summary m;
        struct score s;

        begin(&s);
        s.any = any;
        feed(&s, lines, 2);
        summary_make(&m, &s, 1, 0, 0);
        CHECK_INT(m.all.any.found.good, any ? 2 : 1);
        CHECK_INT(m.all.own.found.good, any ? 2 : 0);
        CHECK_INT(m.all.medium.good, any ? 2 : 1);
        score_fini(&s);
    }
}

/* One alert holds three of four units and a stranger, a second one the last. */
static void rings_are_judged_by_their_units(void)
{
    static const char *const lines[] = {
        ALERT("a1", 1, "proxy_purchasing", "medium", 2100,
            SUBJECT("unit", "U1", "subject") "," SUBJECT("unit", "U2", "buyer") "," SUBJECT(
                "unit", "U3", "buyer") "," SUBJECT("unit", "X", "buyer")),
        ALERT("a2", 1, "proxy_purchasing", "medium", 2200,
            SUBJECT("unit", "U4", "subject") "," SUBJECT("unit", "Y", "buyer")),
    };
    struct summary m;
    struct score s;

    judge(&s, &m, lines, 2);
    CHECK_INT(m.rings.rings, 1);
    CHECK_INT(m.rings.alerts, 2);
    near(m.rings.purity.value, (3 * 0.75 + 0.25 + 0.5 + 0.5) / 6);
    near(m.rings.completeness.value, (3 * 0.75 + 0.25) / 4);
    CHECK_INT(m.rings.one_id.good, 0);
    score_fini(&s);
}

/* Orders of both campaigns are O1, O2 and O5; two are named, and one that is nobody's. Scores are 50
 * throughout. */
static void orders_and_scores_are_judged(void)
{
    static const char *const lines[] = {
        ALERT("a1", 1, "proxy_purchasing", "medium", 2100,
            SUBJECT("unit", "U1", "subject") "," SUBJECT("order", "O1", "order") "," SUBJECT(
                "order", "O9", "order")),
        ALERT("a2", 1, "fake_trade", "high", 1500, SUBJECT("order", "O5", "subject")),
        ALERT("a3", 1, "fake_trade", "low", 1500, SUBJECT("order", "O2", "subject")),
    };
    struct summary m;
    struct score s;

    judge(&s, &m, lines, 3);
    CHECK_INT(m.ranking.order_precision.good, 2);
    CHECK_INT(m.ranking.order_precision.of, 3);
    CHECK_INT(m.ranking.order_recall.of, 3);
    near(m.ranking.order_f1, 0.6667);
    CHECK_INT(m.ranking.bin[5].alerts, 3);
    CHECK_INT(m.ranking.bin[5].right, 2); /* O2 is not of fake_trade's campaign */
    near(m.ranking.calibration, (2 - 1.5) / 3);
    score_fini(&s);
}

#define RANKED(id, detector, score, amount, time, office, subjects)                                          \
    "{\"id\":\"" id "\",\"revision\":1,\"kind\":\"detection\",\"detector\":\"" detector                      \
    "\",\"severity\":\"medium\",\"score\":" #score ",\"amount\":" #amount ",\"time\":" #time                 \
    ",\"offices\":[\"" office "\"],\"subjects\":[" subjects "]}"

/* By score: O1 right, O9 wrong, O5 right; O2 is not named. Precision is 1, 1/2 and 2/3 there. */
static void curves_fall_with_the_score(void)
{
    static const char *const lines[] = {
        RANKED("a1", "proxy_purchasing", 90, 100, 2100, "north",
            SUBJECT("unit", "U1", "subject") "," SUBJECT("order", "O1", "order")),
        RANKED("a2", "proxy_purchasing", 80, 100, 2100, "north", SUBJECT("order", "O9", "subject")),
        RANKED("a3", "fake_trade", 70, 100, 1500, "north", SUBJECT("order", "O5", "subject")),
        /* a lower score of the same order does not count */
        RANKED("a4", "proxy_purchasing", 60, 100, 2100, "north",
            SUBJECT("unit", "U2", "subject") "," SUBJECT("order", "O1", "order")),
    };
    struct summary m;
    struct score s;

    judge(&s, &m, lines, 4);
    near(m.ranking.order_area, 1.0 / 3 * 1 + 1.0 / 3 * 2 / 3);
    near(m.ranking.campaign_area, 0.5 * 1 + 0.5 * 2 / 3);
    score_fini(&s);
}

/* Eleven alerts of one office's day, the wrong one at the end for its money, and one of another office. */
static void an_office_reads_ten(void)
{
    struct summary m;
    struct score s;
    char line[512];
    static const int amounts[] = {1, 100000};

    for (int k = 0; k < 2; k++) {
        int wrong_amount = amounts[k];
        begin(&s);
        for (int i = 0; i < 10; i++) {
            snprintf(line, sizeof line,
                RANKED("a%d", "proxy_purchasing", 60, 1000, 2100, "north", SUBJECT("unit", "U1", "subject")),
                i);
            score_line(&s, line, strlen(line));
        }
        snprintf(line, sizeof line,
            RANKED("b", "proxy_purchasing", 60, % d, 2100, "north", SUBJECT("unit", "X", "subject")),
            wrong_amount);
        score_line(&s, line, strlen(line));
        snprintf(line, sizeof line, "%s",
            RANKED("c", "proxy_purchasing", 60, 1, 2100, "south", SUBJECT("unit", "X", "subject")));
        score_line(&s, line, strlen(line));
        summary_make(&m, &s, 1, 0, 0);
        CHECK_INT(m.ranking.office_days, 2);
        CHECK_INT(m.ranking.at_ten.of, 11);
        CHECK_INT(m.ranking.at_ten.good, wrong_amount == 1 ? 10 : 9);
        score_fini(&s);
    }
}

/* Ten thousand honest tests make hardly a discovery; a stream that is half signal lets each earn the next,
 * and no level is spent that alpha does not cover. */
static void lord_spends_what_it_has(void)
{
    struct lord l;

    lord_init(&l, 0.1);
    for (int i = 0; i < 10000; i++)
        lord_test(&l, (double)(i * 7919 % 10000 + 1) / 10000);
    CHECK(l.discoveries <= 1);
    CHECK(l.spent <= 0.1 * (double)(l.discoveries + 1));
    lord_init(&l, 0.1);
    near(lord_estimate(&l), 0);
    for (int i = 0; i < 1000; i++)
        CHECK_INT(lord_test(&l, i % 2 ? 1e-9 : 1), i % 2);
    CHECK_INT(l.discoveries, 500);
    CHECK(lord_estimate(&l) > 0 && lord_estimate(&l) <= 0.1);
}

/* The levels of the first tests by hand: gamma_1 = 0.07720838 log 2, gamma_2 = the same over 2 exp(sqrt(log
 * 2)). */
static void lord_starts_as_published(void)
{
    struct lord l;

    lord_init(&l, 0.1);
    CHECK(!lord_test(&l, 0.0026760));
    near(l.spent * 1000, 2.67582);
    CHECK(lord_test(&l, 0.0005));
    near(l.spent * 1000, 2.67582 + 0.58189);
}

/* Four weeks of 400 units, of which V0 is in a campaign; two are alerted in the third week, V0 and V1. */
static void false_discoveries_are_watched(void)
{
    static const char *const lines[] = {
        RANKED("a1", "proxy_purchasing", 90, 100, 1500000000, "north", SUBJECT("unit", "V0", "subject")),
        RANKED("a2", "proxy_purchasing", 90, 100, 1500000000, "north", SUBJECT("unit", "V1", "subject"))};
    char path[] = "/tmp/jiandu-score-XXXXXX";
    FILE *f = fdopen(mkstemp(path), "w");
    struct error err = {{0}};
    struct summary m;
    struct score s;

    REQUIRE(f != NULL);
    fputs(
        "{\"units\":400,\"days\":28,\"traps\":[],\"campaigns\":[{\"id\":\"C1\",\"detector\":"
        "\"proxy_purchasing\",\"kind\":\"device_ring\",\"grade\":\"naive\",\"members\":{\"units\":[\"V0\"]},"
        "\"start_id\":\"1000-0\",\"end_id\":\"2000000000-0\"}],\"sizes\":{\"small\":[\"V0\"",
        f);
    for (int i = 1; i < 400; i++)
        fprintf(f, ",\"V%d\"", i);
    fputs("]}}", f);
    fclose(f);
    CHECK_INT(score_init(&s, path, &err), 0);
    unlink(path);
    feed(&s, lines, 2);
    summary_make(&m, &s, 1, 0, 0);
    CHECK_INT(m.fdr.tests, 2);
    CHECK_INT(m.fdr.calibration, 3 * 2 * 399);
    CHECK_INT(m.fdr.measured.of, 2);
    CHECK_INT(m.fdr.measured.good, 1);
    near(m.fdr.estimated * 1000, (2.67582 + 2.67582 + 0.58189) / 2);
    score_fini(&s);
}

/* Two worlds with the same alerts: twice of everything, and the rates stay. */
static void worlds_add_up(void)
{
    static const char *const lines[] = {
        ALERT("a1", 1, "proxy_purchasing", "medium", 2100,
            SUBJECT("unit", "U1", "subject") "," SUBJECT("unit", "U2", "buyer")),
        ALERT("a2", 1, "fake_trade", "high", 2200, SUBJECT("unit", "U8", "subject")),
    };
    struct summary m;
    struct score s[2];

    for (int i = 0; i < 2; i++) {
        begin(&s[i]);
        feed(&s[i], lines, 2);
    }
    summary_make(&m, s, 2, 0, 0);
    CHECK_INT(m.all.medium.good, 2);
    CHECK_INT(m.all.medium.of, 4);
    CHECK_INT(m.all.own.found.good, 2);
    CHECK_INT(m.all.own.found.of, 4);
    CHECK_INT(m.traps.good, 2);
    near(m.false_alerts.per_thousand.value, 1);
    for (int i = 0; i < 2; i++)
        score_fini(&s[i]);
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
    judge(&s, &m, lines, 1);
    CHECK_INT(summary_print_json(&m, f, NULL), 0);
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
    {"any detector that is right may find", any_that_is_right_may_find},
    {"rings are judged by their units", rings_are_judged_by_their_units},
    {"orders and scores are judged", orders_and_scores_are_judged},
    {"curves fall with the score", curves_fall_with_the_score},
    {"an office reads ten", an_office_reads_ten},
    {"LORD++ spends what it has", lord_spends_what_it_has},
    {"LORD++ starts as published", lord_starts_as_published},
    {"false discoveries are watched", false_discoveries_are_watched},
    {"worlds add up", worlds_add_up},
    {"intervals are Wilson's", intervals_are_wilsons},
    {"counts have intervals", counts_have_intervals},
    {"bootstrap covers the mean", bootstrap_covers_the_mean},
    {"bad truth is told", bad_truth_is_told},
    {"report is JSON", report_is_json},
};

CHECK_MAIN(tests)
