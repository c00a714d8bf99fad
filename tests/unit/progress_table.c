#include "daemon/ctl/progress_table.h"
#include "tests/support/check.h"

#include <stdlib.h>

static const char report[] =
    "{\"kind\":\"report\",\"date\":\"2026-05-04\",\"office\":\"shenzhen\",\"warmup\":true,\"incomplete\":"
    "false,"
    "\"years\":[{\"year\":2025,\"units\":1,\"regions\":[]},"
    "{\"year\":2026,\"units\":3,\"reserved\":30000,\"purchased\":25000,\"pending\":100,\"shortfall\":15000,"
    "\"year_end\":5000,\"marked\":{\"laggard\":2},\"regions\":["
    "{\"region\":\"44\",\"units\":3,\"reserved\":30000,\"purchased\":25000,\"shortfall\":15000},"
    "{\"region\":\"4403\",\"units\":3,\"reserved\":30000,\"purchased\":25000,\"shortfall\":15000},"
    "{\"region\":\"440304\",\"units\":3,\"reserved\":0,\"purchased\":0,\"shortfall\":0}],"
    "\"listed\":{\"laggard\":[{\"unit\":\"124403040000000019\",\"region\":\"440304\",\"reserved\":10000,"
    "\"target\":12000,\"purchased\":1000,\"shortfall\":9000,\"peers_done\":80}]}}]}";

static char *printed(int64_t year, size_t digits)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    json_t *json = json_loads(report, 0, NULL);
    progress_table_print(out, json, year, digits);
    json_decref(json);
    fclose(out);
    return text;
}

/* The words of the line that begins with `start`, one blank between them. */
static void words_of(const char *text, const char *start, char *out, size_t size)
{
    const char *line = strstr(text, start);
    size_t used = 0;
    for (; line && *line && *line != '\n' && used + 1 < size; line++)
        if (*line != ' ' || (used && out[used - 1] != ' '))
            out[used++] = *line;
    out[used] = '\0';
}

static void check_line(const char *text, const char *start, const char *words)
{
    char found[256];
    words_of(text, start, found, sizeof found);
    CHECK_TEXT(found, words);
}

static void shows_sums_and_laggards(void)
{
    char *text = printed(2026, 6);
    CHECK(strstr(text, "up to 2026-05-04, office shenzhen (warm-up") != NULL);
    CHECK(strstr(text, "2025") == NULL);
    check_line(text, "44     ", "44 3 300 250 50% 0 150 0% 0 0 0 0");
    check_line(text, "    440304 ", "440304 3 0 0 - 0 0 - 0 0 0 0");
    check_line(text, "合计 all", "合计 all 3 300 250 50% 1 150 20% 2 0 0 0");
    check_line(text, "124403040000000019", "124403040000000019 440304 100 120 10 10% 80% 0 90 0% -");
    CHECK(strstr(text, "... 1 more") != NULL);
    free(text);
}

static void stops_at_a_level(void)
{
    char *text = printed(0, 4);
    CHECK(strstr(text, "2025") != NULL);
    CHECK(strstr(text, "\n  4403 ") != NULL);
    CHECK(strstr(text, "    440304 ") == NULL);
    free(text);
}

/* Each line of a table ends at one column, Chinese characters counted as two. */
static void columns_line_up(void)
{
    char *text = printed(2026, 6);
    int first = 0;
    for (const char *line = strstr(text, "区划"); line && *line != '\n'; line = strchr(line, '\n') + 1) {
        int width = 0;
        for (const char *c = line; *c != '\n'; c++)
            width += ((unsigned char)*c & 0xc0) == 0x80 ? 0 : (unsigned char)*c >= 0xe0 ? 2 : 1;
        first = first ? first : width;
        CHECK_INT(width, first);
    }
    CHECK(first > 80);
    free(text);
}

static const struct check_test tests[] = {
    {"shows sums and laggards", shows_sums_and_laggards},
    {"stops at a level", stops_at_a_level},
    {"columns line up", columns_line_up},
};
CHECK_MAIN(tests)
