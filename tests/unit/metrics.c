#include "tests/support/check.h"

#include "daemon/ops/metrics.h"

static void collect_events(void *source, engine_visit visit, void *context)
{
    const uint64_t *n = source;
    visit(context, "events", "", "Events processed.", *n, true);
    visit(context, "records", "table=\"a\"", "Records in use.", 5, false);
}

static void collect_more(void *source, engine_visit visit, void *context)
{
    (void)source;
    char labels[64] = "";
    metrics_label(labels, sizeof labels, "table", "b\"\\\n");
    metrics_label(labels, sizeof labels, "detector", "x");
    visit(context, "records", labels, "Records in use.", UINT64_MAX, false);
    visit(context, "bytes_total", "", "Back\\slash\nand line.", 0, true);
}

static void test_render(void)
{
    struct metrics *m = metrics_create();
    uint64_t events = 7;
    size_t length;
    metrics_add(m, collect_events, &events);
    metrics_add(m, collect_more, NULL);
    char *text = metrics_render(m, &length);
    CHECK_TEXT(text, "# HELP jiandu_bytes_total Back\\\\slash\\nand line.\n"
                     "# TYPE jiandu_bytes_total counter\n"
                     "jiandu_bytes_total 0\n"
                     "# HELP jiandu_events_total Events processed.\n"
                     "# TYPE jiandu_events_total counter\n"
                     "jiandu_events_total 7\n"
                     "# HELP jiandu_records Records in use.\n"
                     "# TYPE jiandu_records gauge\n"
                     "jiandu_records{table=\"a\"} 5\n"
                     "jiandu_records{table=\"b\\\"\\\\\\n\",detector=\"x\"} 18446744073709551615\n");
    CHECK_INT(length, strlen(text));
    free(text);
    events = 8;
    text = metrics_render(m, NULL);
    CHECK(strstr(text, "jiandu_events_total 8\n") != NULL);
    free(text);
    metrics_destroy(m);
}

static void test_nothing(void)
{
    struct metrics *m = metrics_create();
    char *text = metrics_render(m, NULL);
    CHECK_TEXT(text, "");
    free(text);
    metrics_destroy(m);
}

/* Every size gives either the whole label or nothing. */
static void test_labels_that_do_not_fit(void)
{
    const char *whole = "a=\"1\",bc=\"\\\"\\\"x\"";
    for (size_t size = 6; size < 40; size++) {
        char labels[64];
        memset(labels, '#', sizeof labels);
        strcpy(labels, "a=\"1\"");
        metrics_label(labels, size, "bc", "\"\"x");
        CHECK(strcmp(labels, whole) == 0 || strcmp(labels, "a=\"1\"") == 0);
        if (size > strlen(whole) + 4)
            CHECK_TEXT(labels, whole);
        CHECK(labels[size] == '#');
    }
}

static const struct check_test tests[] = {
    {"families are rendered together, with help and type", test_render},
    {"no collector, no text", test_nothing},
    {"labels that do not fit are left out", test_labels_that_do_not_fit},
};
CHECK_MAIN(tests)
