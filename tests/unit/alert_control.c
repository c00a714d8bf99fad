/* When an alert speaks: at once, once a day, not at all, for the last time; and what verdicts change. */
#include "tests/support/probe.h"

static void later_signals_are_folded_in(void)
{
    static const unsigned outputs[] = {1, 2, 2, 3, 3}; /* twice the money is told at once */
    struct probe *w = probe_open(1);
    for (int i = 0; i < 5; i++) {
        probe_trade(w, 1000, "refund", i, i, 440304);
        CHECK_INT(w->outputs, outputs[i]);
    }
    CHECK_TEXT(probe_word(w, "severity"), "high");
    CHECK_INT(probe_number(w, "folded"), 1);
    probe_tick(w, JD_DAY - 1000 - 1);
    CHECK_INT(w->outputs, 3);
    probe_tick(w, 1);
    REQUIRE(w->outputs == 4);
    CHECK_INT(probe_number(w, "revision"), 4);
    CHECK_INT(probe_number(w, "folded"), 2);
    probe_trade(w, 1000, "order", 1, 9, 440304); /* a second group: critical, with five units, at once */
    REQUIRE(w->outputs == 5);
    CHECK_TEXT(probe_word(w, "severity"), "critical");
    CHECK_INT(probe_number(w, "folded"), 2);
    probe_close(w);
}

/* More of the same, from the same unit and for little more money, waits until the alert closes. */
static void what_is_not_worth_telling_waits(void)
{
    struct probe *w = probe_open(1);
    for (int i = 0; i < 8; i++)
        probe_trade(w, 1000, "refund", 1, i, 440304);
    CHECK_INT(w->outputs, 4);
    probe_trade(w, 2 * JD_DAY, "refund", 1, 9, 440304);
    probe_tick(w, 10 * JD_DAY);
    CHECK_INT(w->outputs, 4);
    probe_tick(w, 20 * JD_DAY);
    REQUIRE(w->outputs == 5);
    CHECK_TEXT(probe_word(w, "state"), "closed");
    CHECK_INT(probe_number(w, "folded"), 5);
    CHECK_INT(probe_number(w, "amount"), 900);
    probe_close(w);
}

static void a_quiet_alert_closes(void)
{
    struct probe *w = probe_open(1);
    char id[20];
    probe_trade(w, 0, "refund", 1, 1, 440304);
    probe_keep_id(w, id);
    probe_trade(w, 20 * JD_DAY, "invoice", 1, 1, 440304);
    probe_trade(w, 11 * JD_DAY, "invoice", 1, 1, 440304); /* nothing new: it has closed, and stays so */
    REQUIRE(w->outputs == 2);
    CHECK_TEXT(probe_word(w, "state"), "closed");
    CHECK_INT(probe_number(w, "folded"), 1);
    probe_trade(w, 1000, "cancel", 1, 1, 440304); /* taken back and said again is nothing new either */
    probe_trade(w, 1000, "invoice", 1, 1, 440304);
    CHECK_INT(w->outputs, 2);
    probe_trade(w, 1000, "refund", 1, 2, 440304);
    REQUIRE(w->outputs == 3);
    CHECK_INT(probe_number(w, "revision"), 1);
    CHECK_INT(json_array_size(json_object_get(w->last, "evidence")), 2);
    CHECK_INT(json_array_size(json_object_get(w->last, "subjects")), 4);
    CHECK(strcmp(probe_word(w, "id"), id) != 0);
    probe_close(w);
}

static void an_alert_whose_evidence_falls_away_closes(void)
{
    struct probe *w = probe_open(1);
    char id[20];
    probe_trade(w, 0, "order", 1, 1, 440304);
    probe_trade(w, 0, "review", 1, 1, 440304);
    probe_keep_id(w, id);
    CHECK_INT(w->outputs, 1);
    probe_trade(w, 1000, "cancel", 1, 1, 440304);
    CHECK_INT(w->outputs, 1);
    probe_tick(w, JD_DAY);
    REQUIRE(w->outputs == 2);
    CHECK_TEXT(probe_word(w, "state"), "closed");
    CHECK_TEXT(probe_word(w, "severity"), "low");
    CHECK_INT(json_array_size(json_object_get(w->last, "signals")), 1);
    probe_trade(w, 1000, "order", 1, 2, 440304);
    REQUIRE(w->outputs == 3);
    CHECK(strcmp(probe_word(w, "id"), id) != 0);
    probe_close(w);
}

/* An alert about supplier 1, and what its office says of it. */
static struct probe *open_with_verdict(char id[20], const char *verdict)
{
    struct probe *w = probe_open(1);
    probe_trade(w, 0, "refund", 1, 1, 440304);
    probe_keep_id(w, id);
    probe_verdict(w, id, verdict);
    return w;
}

static void cleared_by_its_office(void)
{
    char id[20];
    struct probe *w = open_with_verdict(id, "cleared");
    probe_trade(w, 1000, "refund", 2, 2, 440304);
    probe_tick(w, 3 * JD_DAY);
    CHECK_INT(w->outputs, 1);
    CHECK_INT(probe_metric(w, "signals_held_back_total"), 1);
    probe_trade(w, 1000, "order", 3, 3, 440304); /* more than what was cleared */
    REQUIRE(w->outputs == 2);
    CHECK_TEXT(probe_word(w, "id"), id);
    CHECK_TEXT(probe_word(w, "verdict"), "cleared");
    CHECK_INT(probe_number(w, "exculpation"), 120);
    CHECK_INT(probe_number(w, "folded"), 1);
    probe_close(w);
}

/* What was cleared speaks for its subject for 90 days, also after the alert has closed. */
static void clearing_expires(void)
{
    char id[20];
    struct probe *w = open_with_verdict(id, "cleared");
    probe_trade(w, 40 * JD_DAY, "refund", 2, 2, 440304);
    probe_trade(w, 40 * JD_DAY, "refund", 2, 3, 440304);
    CHECK_INT(w->outputs, 1);
    CHECK_INT(probe_metric(w, "signals_held_back_total"), 2);
    probe_trade(w, 10 * JD_DAY, "refund", 2, 4, 440304);
    REQUIRE(w->outputs == 2);
    CHECK_INT(probe_number(w, "revision"), 1);
    CHECK_INT(probe_number(w, "folded"), 2);
    probe_close(w);
}

static void confirmed_by_its_office(void)
{
    char id[20];
    struct probe *w = open_with_verdict(id, "cleared");
    probe_verdict(w, id, "confirmed");
    probe_trade(w, 60 * JD_DAY, "refund", 1, 2, 440304); /* open, so it is told as more money */
    REQUIRE(w->outputs == 2);
    CHECK_TEXT(probe_word(w, "id"), id);
    CHECK_INT(probe_number(w, "score"), 80);
    CHECK_TEXT(probe_word(w, "verdict"), "confirmed");
    probe_tick(w, 91 * JD_DAY);
    CHECK_INT(probe_metric(w, "alerts_closed_total"), 1);
    probe_close(w);
}

/* A unit that orders little is alerted about, and cleared: both are counted among the small ones. */
static void cleared_alerts_are_watched_by_size(void)
{
    static const char small[] = "size=\"small\"";
    struct probe *w = probe_open(1);
    char id[20];
    for (int i = 1; i <= 9; i++)
        probe_deal(w, 1000, &(struct probe_deal){"order", 100 + i, i, i, 440304, i * i * i * 100});
    CHECK_INT(probe_metric_of(w, "size_units", small), 3);
    probe_trade(w, 1000, "refund", 1, 1, 440304);
    probe_keep_id(w, id);
    CHECK_INT(probe_metric_of(w, "size_alerts_total", small), 1);
    CHECK_INT(probe_metric_of(w, "size_alerts_cleared", small), 0);
    probe_verdict(w, id, "cleared");
    CHECK_INT(probe_metric_of(w, "size_alerts_cleared", small), 1);
    probe_verdict(w, id, "confirmed");
    CHECK_INT(probe_metric_of(w, "size_alerts_cleared", small), 0);
    probe_close(w);
}

static const struct check_test tests[] = {
    {"later signals are folded in and counted", later_signals_are_folded_in},
    {"what is not worth telling waits", what_is_not_worth_telling_waits},
    {"a quiet alert closes, the next needs new evidence", a_quiet_alert_closes},
    {"an alert whose evidence falls away closes", an_alert_whose_evidence_falls_away_closes},
    {"cleared by its office", cleared_by_its_office},
    {"clearing expires", clearing_expires},
    {"confirmed by its office", confirmed_by_its_office},
    {"cleared alerts are watched by size", cleared_alerts_are_watched_by_size},
};
CHECK_MAIN(tests)
