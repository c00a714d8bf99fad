#include "daemon/ctl/csv.h"
#include "tests/support/check.h"

/* Reads all of a text; cells are joined by |, rows by a newline; a fault ends it with !text. */
static const char *read_all(const char *text)
{
    static char out[512];
    struct error err;
    struct csv_row row = {0};
    FILE *in = tmpfile();
    int got;
    size_t used = 0;
    out[0] = '\0';
    fputs(text, in);
    rewind(in);
    while ((got = csv_read(in, &row, &err)) == 1) {
        used += (size_t)snprintf(out + used, sizeof out - used, "%lu:", row.line);
        for (size_t i = 0; i < row.count; i++)
            used += (size_t)snprintf(out + used, sizeof out - used, "%s%s", i ? "|" : "", row.cell[i]);
        used += (size_t)snprintf(out + used, sizeof out - used, "\n");
    }
    if (got < 0)
        snprintf(out + used, sizeof out - used, "!%s", err.text);
    csv_row_fini(&row);
    fclose(in);
    return out;
}

static void rows_and_cells(void)
{
    CHECK_TEXT(read_all("a,b\nc,,d\n"), "1:a|b\n2:c||d\n");
    CHECK_TEXT(read_all("a,b\r\n\r\nc"), "1:a|b\n3:c\n");
    CHECK_TEXT(read_all(""), "");
    CHECK_TEXT(read_all("\xef\xbb\xbf"
                        "a,b\n"),
        "1:a|b\n");
}

static void quotes(void)
{
    CHECK_TEXT(read_all("\"a,\"\"b\"\"\",c\n"), "1:a,\"b\"|c\n");
    CHECK_TEXT(read_all("\"a\nb\",c\nd\n"), "1:a\nb|c\n3:d\n");
    CHECK_TEXT(read_all("a\"b\n"), "!line 1: a quote stands in the middle of a cell");
    CHECK_TEXT(read_all("x\n\"ab\n"), "1:x\n!line 2: a quote is not closed");
}

static void limits(void)
{
    char wide[64] = "";
    for (int i = 0; i < CSV_CELLS; i++)
        strcat(wide, ",");
    CHECK_TEXT(read_all(wide), "!line 1: more than 16 columns");
    char *longest = malloc(CSV_ROW_MAX + 8);
    memset(longest, 'a', CSV_ROW_MAX + 7);
    longest[CSV_ROW_MAX + 7] = '\0';
    CHECK_TEXT(read_all(longest), "!line 1: longer than 8192 bytes");
    free(longest);
}

static const struct check_test tests[] = {
    {"rows and cells", rows_and_cells},
    {"quotes", quotes},
    {"limits", limits},
};
CHECK_MAIN(tests)
