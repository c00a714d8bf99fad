#include "tests/support/check.h"

#include "daemon/ctl/log_line.h"
#include "daemon/ops/complain.h"
#include "daemon/ops/log.h"
#include "daemon/ops/pseudonym.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <unistd.h>

#define TIME INT64_C(1795507200123) /* 2026-11-24T08:00:00.123Z */

static const char *format(const char *message, const char *value)
{
    static char out[LOG_LINE_MAX + 1];
    const struct log_field fields[] = {LOG_TEXT("key", value), LOG_INT("n", -5)};
    size_t n = log_format(out, TIME, LOG_LEVEL_WARN, "word", message, fields, 2);
    out[n] = 0;
    return out;
}

static void test_line(void)
{
    CHECK_TEXT(format("a message", "value"),
        "{\"ts\":\"2026-11-24T08:00:00.123Z\",\"level\":\"warn\",\"event\":\"word\","
        "\"msg\":\"a message\",\"key\":\"value\",\"n\":-5}\n");
}

static void check_escaped(const char *text, const char *escaped)
{
    char part[256];
    snprintf(part, sizeof part, "\"key\":\"%s\",\"n\":", escaped);
    const char *line = format("m", text);
    if (!strstr(line, part))
        check_fail(__FILE__, __LINE__, "%s is not in %s", part, line);
    json_t *json = json_loads(line, 0, NULL);
    CHECK(json != NULL);
    json_decref(json);
}

static void test_escapes(void)
{
    check_escaped("a\"b\\c", "a\\\"b\\\\c");
    check_escaped("line\nbreak\r\t\x01\x7f", "line\\u000abreak\\u000d\\u0009\\u0001\\u007f");
    check_escaped("采购 \xf0\x9f\x9a\x80", "采购 \xf0\x9f\x9a\x80");
    /* The direction marks are what is tested. NOLINTNEXTLINE(misc-misleading-bidirectional) */
    check_escaped("\xe2\x80\xa8|\xe2\x80\xa9|\xe2\x80\xae|\xe2\x81\xa6|\xe2\x80\x8f|\xc2\x9b",
        "\\u2028|\\u2029|\\u202e|\\u2066|\\u200f|\\u009b");
    check_escaped(
        "\xff|\xc0\xaf|\xed\xa0\x80|\xe9\x87", "\\ufffd|\\ufffd\\ufffd|\\ufffd\\ufffd\\ufffd|\\ufffd\\ufffd");
    check_escaped("\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd");
}

/* Whatever the length, a line is one JSON object within its limit. */
static void test_long_texts(void)
{
    static char text[2 * LOG_LINE_MAX];
    for (size_t n = LOG_LINE_MAX - 220; n < LOG_LINE_MAX + 40; n++) {
        memset(text, n % 3 ? 'x' : '\n', n);
        text[n] = 0;
        const char *line = format("m", text);
        json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        if (!json || strlen(line) > LOG_LINE_MAX || line[strlen(line) - 1] != '\n')
            check_fail(__FILE__, __LINE__, "%zu bytes make a broken line", n);
        json_decref(json);
        json = json_loads(format(text, text), JSON_REJECT_DUPLICATES, NULL);
        CHECK(json != NULL);
        json_decref(json);
    }
}

/* What the calls write to stderr, caught in a pipe. */
static void test_write(void)
{
    int ends[2], saved = dup(STDERR_FILENO);
    char text[1024] = "";
    REQUIRE(pipe2(ends, O_NONBLOCK) == 0);
    dup2(ends[1], STDERR_FILENO);
    errno = E2BIG;
    log_debug("hidden", "below the level");
    log_info("plain", "without a field");
    log_set_level(LOG_LEVEL_WARN);
    log_info("hidden", "below the level", LOG_INT("n", 1));
    log_error("bad", "with fields", LOG_INT("n", 1), LOG_TEXT("t", "x"));
    log_set_level(LOG_LEVEL_INFO);
    log_libevent(2, "from libevent");
    log_libevent(2, "from libevent"); /* not again so soon */
    CHECK_INT(errno, E2BIG);
    dup2(saved, STDERR_FILENO);
    CHECK(read(ends[0], text, sizeof text - 1) > 0);
    CHECK(strstr(text, "hidden") == NULL);
    CHECK(strstr(text, "\"level\":\"info\",\"event\":\"plain\",\"msg\":\"without a field\"}\n") != NULL);
    CHECK(
        strstr(text,
            "\"level\":\"error\",\"event\":\"bad\",\"msg\":\"with fields\",\"n\":1,\"t\":\"x\"}\n") != NULL);
    static const char said[] = "\"level\":\"warn\",\"event\":\"libevent\",\"msg\":\"from libevent\"}\n";
    const char *found = strstr(text, said);
    CHECK(found && !strstr(found + 1, said));
    close(ends[0]);
    close(ends[1]);
    close(saved);
}

/* Failing once a second for a day: at once, then after 10 s, 20 s, ... and at last once an hour. */
static void test_complain(void)
{
    struct complaint c = {0};
    int64_t last = -1, gap = 0;
    int lines = 0;
    for (int64_t s = 0; s < 86400; s++) {
        if (!complain_due(&c, s * 1000))
            continue;
        if (lines == 1)
            CHECK_INT(s, 10);
        if (lines > 1)
            CHECK(s - last >= gap);
        gap = last < 0 ? 0 : s - last;
        last = s;
        lines++;
    }
    CHECK_INT(c.times, 86400);
    CHECK_INT(gap, 3600);
    CHECK(lines > 24 && lines < 40);
    c = (struct complaint){0};
    CHECK(complain_due(&c, 86400000));
}

static void test_pseudonyms(void)
{
    static const struct sip_key key = {0x0011223344556677, 0x8899aabbccddeeff};
    struct pseudonyms none = {.set = false}, some;
    char out[PSEUDONYM_TEXT], other[PSEUDONYM_TEXT];
    CHECK_TEXT(pseudonym_write(&none, "operator", "somebody", 8, out), "");
    pseudonyms_init(&some, &key);
    CHECK_TEXT(pseudonym_write(&some, "operator", "", 0, out), "");
    /* openssl dgst -sha256 -mac HMAC -macopt hexkey:00112233445566778899aabbccddeeff */
    CHECK_TEXT(pseudonym_write(&some, "operator", "zhang.san-13912345678", 21, out),
        "86f68425:314875600481bc8cfb6e02d4fa4a1b7a");
    CHECK(strcmp(out, pseudonym_write(&some, "phone", "zhang.san-13912345678", 21, other)) != 0);
    CHECK_INT(strlen(other), PSEUDONYM_TEXT - 1);
}

/* What `jianductl log` picks, and what it shows to a terminal. */
static void test_shown(void)
{
    static const char line[] =
        "{\"seq\":1,\"ts\":\"2026-11-24T08:00:00.123Z\",\"level\":\"warn\",\"event\":\"word\",\"msg\":"
        "\"a \\u202etext\\u001b[2J\",\"alert\":\"ab\",\"n\":3,\"mac\":\"x\"}";
    char *shown = NULL, since[LOG_SINCE_TEXT];
    size_t length;
    FILE *out = open_memstream(&shown, &length);
    log_line_show(out, line, strlen(line), false);
    log_line_show(out, "no \033 line", 9, false);
    fclose(out);
    CHECK_TEXT(shown,
        "2026-11-24T08:00:00.123Z warn  word: a \\u202etext\\u001b[2J  alert=ab  n=3\n? no \\u001b line\n");
    free(shown);
    CHECK(log_line_wanted(
        &(struct log_filter){.event = "word", .alert = "ab", .level = LOG_LEVEL_WARN}, line, strlen(line)));
    CHECK(!log_line_wanted(&(struct log_filter){.event = "wor"}, line, strlen(line)));
    CHECK(!log_line_wanted(&(struct log_filter){.level = LOG_LEVEL_ERROR}, line, strlen(line)));
    CHECK(!log_line_wanted(&(struct log_filter){.text = "none"}, line, strlen(line)));
    static const struct {
        const char *since;
        bool wanted;
    } times[] = {{"2026-11-24", true}, {"2026-11-25", false}, {"2026-11-24T08:00", true},
        {"2026-11-24 08:00:01", false}, {"10s", true}, {"5ms", false}};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        CHECK_INT(log_filter_since(times[i].since, TIME + 1000, since), 0);
        if (log_line_wanted(&(struct log_filter){.since = since}, line, strlen(line)) != times[i].wanted)
            check_fail(__FILE__, __LINE__, "since %s (%s)", times[i].since, since);
    }
    CHECK(log_filter_since("yesterday", TIME, since) != 0);
    CHECK(log_filter_since("2026-11", TIME, since) != 0);
    CHECK(log_filter_since("2026-11-24T08:00:00.000Zx", TIME, since) != 0);
}

static const struct check_test tests[] = {
    {"a line", test_line},
    {"texts are escaped", test_escapes},
    {"long texts are cut, the line stays whole", test_long_texts},
    {"levels, errno and libevent", test_write},
    {"pseudonyms", test_pseudonyms},
    {"what is shown, and to whom", test_shown},
    {"complaints come at growing intervals", test_complain},
};
CHECK_MAIN(tests)
