/* What of events and of what is published gets a line: few lines however many events, and what they say. */
#include "tests/support/check.h"

#include "daemon/ops/log.h"
#include "daemon/stream/chronicle.h"

#include <fcntl.h>
#include <unistd.h>

#define SECOND 1000
#define HOUR (3600 * SECOND)

/* stderr, caught in a pipe; what is read begins anew each time. */
struct caught {
    int ends[2], saved;
    char text[16384];
};

static void catch_begin(struct caught *c)
{
    c->saved = dup(STDERR_FILENO);
    CHECK_INT(pipe2(c->ends, O_NONBLOCK), 0);
    dup2(c->ends[1], STDERR_FILENO);
}

static void catch_end(struct caught *c)
{
    dup2(c->saved, STDERR_FILENO);
    ssize_t n = read(c->ends[0], c->text, sizeof c->text - 1);
    c->text[n > 0 ? n : 0] = 0;
    close(c->ends[0]);
    close(c->ends[1]);
    close(c->saved);
}

static int lines(const struct caught *c, const char *text)
{
    int n = 0;
    for (const char *at = c->text; (at = strstr(at, text)); at++)
        n++;
    return n;
}

static void test_dead_letters(void)
{
    struct chronicle chronicle;
    struct caught c;
    chronicle_init(&chronicle, NULL);
    catch_begin(&c);
    for (int64_t s = 1; s <= 3600; s++) { /* each second for an hour */
        chronicle_dead_letter(&chronicle, (struct entry_id){(uint64_t)s, 0}, EVENT_BAD_NUMBER, s * SECOND);
        chronicle_pause(&chronicle, s * SECOND);
    }
    chronicle_dead_letter(&chronicle, (struct entry_id){1, 0}, EVENT_BAD_JSON, HOUR);
    chronicle_pause(&chronicle, HOUR + 300 * SECOND);
    chronicle_pause(&chronicle, HOUR + 601 * SECOND);
    chronicle_pause(&chronicle, 2 * HOUR);
    catch_end(&c);
    CHECK(lines(&c, "\"dead_letter\"") > 5 && lines(&c, "\"dead_letter\"") < 14);
    CHECK_INT(lines(&c, "\"dead_letters_over\""), 2);
    CHECK_INT(lines(&c, "\"reason\":\"bad_number\",\"times\":3600"), 1);
    CHECK_INT(lines(&c, "\"entry\":\"1-0\",\"times\":1,"), 2);
}

static struct jd_event entry(uint64_t seq, int64_t list, uint64_t who)
{
    struct jd_event e = {.type = JD_TYPE_REGISTRY, .id_ms = 1795507200000, .id_seq = seq};
    e.present = JD_FIELD_BIT(LIST) | JD_FIELD_BIT(ACCOUNT);
    e.field[JD_F_LIST].num = list;
    e.field[JD_F_ACCOUNT] = (struct jd_value){.text = "uid:7", .key = who, .length = 5};
    return e;
}

static void take(struct chronicle *chronicle, uint64_t seq, int64_t list, uint64_t who, int64_t now)
{
    struct jd_event e = entry(seq, list, who);
    chronicle_registry(chronicle, &e, now);
    chronicle_pause(chronicle, now);
}

/* A line a run of one list by one sender, at least every two seconds, and before the end. */
static void test_registries(void)
{
    struct chronicle chronicle;
    struct caught c;
    chronicle_init(&chronicle, NULL);
    catch_begin(&c);
    for (uint64_t i = 0; i < 100; i++)
        take(&chronicle, i, JD_LIST_PARENT, 1, 1);
    take(&chronicle, 100, JD_LIST_CONTRACTOR, 1, 2);
    take(&chronicle, 101, JD_LIST_CONTRACTOR, 2, 3);
    chronicle_pause(&chronicle, 3 * SECOND);
    take(&chronicle, 102, JD_LIST_CONTRACTOR, 2, 4 * SECOND);
    chronicle_flush(&chronicle);
    chronicle_flush(&chronicle);
    catch_end(&c);
    CHECK_INT(lines(&c, "\"event\":\"registry\""), 4);
    CHECK_INT(lines(&c, "\"list\":\"parent\",\"entries\":100,\"account\":\"uid:7\",\"by\":\"\",\"first\":"
                        "\"1795507200000-0\","
                        "\"last\":\"1795507200000-99\""),
        1);
    CHECK_INT(lines(&c, "\"list\":\"contractor\",\"entries\":1,"), 3);
}

static void test_alerts(void)
{
    struct chronicle chronicle;
    struct caught c;
    struct output_copy copies[40] = {{"", "{}"}};
    char names[40][16];
    struct output output = {.id_ms = 5,
        .id_seq = 6,
        .revision = 2,
        .score = 91,
        .id = "0123456789abcdef",
        .kind = "detection",
        .severity = "high",
        .detector = "fake_trade",
        .copies = copies,
        .n_copies = 3};
    for (int i = 1; i < 40; i++) {
        snprintf(names[i], sizeof names[i], "office-%02d", i);
        copies[i] = (struct output_copy){names[i], "{\"phone\":\"13912345678\"}"};
    }
    chronicle_init(&chronicle, NULL);
    catch_begin(&c);
    chronicle_output(&chronicle, &output);
    output.n_copies = 40;
    output.report = 1;
    chronicle_output(&chronicle, &output);
    catch_end(&c);
    CHECK_INT(
        lines(&c,
            "\"event\":\"alert\",\"msg\":\"an alert goes out\",\"alert\":\"0123456789abcdef\",\"revision\":2,"
            "\"kind\":\"detection\",\"severity\":\"high\",\"score\":91,\"detector\":\"fake_trade\","
            "\"entry\":\"5-6\",\"offices\":\"office-01,office-02\"}\n"),
        1);
    CHECK_INT(lines(&c, "\"event\":\"report\""), 1);
    CHECK_INT(lines(&c, ",...\"}\n"), 1);
    CHECK_INT(lines(&c, "139"), 0);
}

static const struct check_test tests[] = {
    {"dead letters come at growing intervals and end", test_dead_letters},
    {"a registry that is loaded takes few lines", test_registries},
    {"an alert's line names it and nobody", test_alerts},
};
CHECK_MAIN(tests)
