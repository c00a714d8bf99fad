#include "daemon/ctl/csv.h"

#include "daemon/base/memory.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    FILE *in;
    struct csv_row *row;
    size_t used;
    bool quoted, was_quoted;
};

static int put(struct scan *s, char c, struct error *err)
{
    if (s->used + 1 >= CSV_ROW_MAX)
        return error_set(err, "line %lu: longer than %d bytes", s->row->line, CSV_ROW_MAX);
    s->row->text[s->used++] = c;
    return 0;
}

static int refuse_nul(const struct scan *s, struct error *err)
{
    return error_set(err, "line %lu: a NUL byte", s->row->line);
}

static int begin_cell(struct scan *s, struct error *err)
{
    if (s->row->count == CSV_CELLS)
        return error_set(err, "line %lu: more than %d columns", s->row->line, CSV_CELLS);
    s->row->cell[s->row->count++] = s->row->text + s->used;
    s->was_quoted = false;
    return 0;
}

/* Inside quotes: -1 on a fault, 0 to go on. */
static int take_quoted(struct scan *s, int c, struct error *err)
{
    if (c == '\n')
        s->row->next_line++;
    if (c == '\0')
        return refuse_nul(s, err);
    if (c != '"')
        return put(s, (char)c, err);
    int next = getc(s->in);
    if (next == '"')
        return put(s, '"', err);
    if (next != EOF)
        ungetc(next, s->in);
    s->quoted = false;
    return 0;
}

static int take_plain(struct scan *s, int c, struct error *err)
{
    if (c == ',')
        return put(s, '\0', err) != 0 || begin_cell(s, err) != 0 ? -1 : 0;
    if (c == '"' && !s->was_quoted && s->row->cell[s->row->count - 1] == s->row->text + s->used) {
        s->quoted = s->was_quoted = true;
        return 0;
    }
    if (c == '"')
        return error_set(err, "line %lu: a quote stands in the middle of a cell", s->row->line);
    if (c == '\0')
        return refuse_nul(s, err);
    return c == '\r' ? 0 : put(s, (char)c, err);
}

static int scan_row(struct scan *s, struct error *err)
{
    int c = getc(s->in);
    if (c == EOF)
        return ferror(s->in) ? error_set(err, "%s", strerror(errno)) : 0;
    if (begin_cell(s, err) != 0)
        return -1;
    for (; c != EOF && (s->quoted || c != '\n'); c = getc(s->in))
        if ((s->quoted ? take_quoted(s, c, err) : take_plain(s, c, err)) != 0)
            return -1;
    if (s->quoted)
        return error_set(err, "line %lu: a quote is not closed", s->row->line);
    s->row->next_line++;
    return put(s, '\0', err) == 0 ? 1 : -1;
}

/* Spreadsheets put a byte order mark before UTF-8. */
static void skip_mark(FILE *in)
{
    static const unsigned char mark[] = {0xef, 0xbb, 0xbf};
    for (size_t i = 0; i < sizeof mark; i++) {
        int c = getc(in);
        if (c == mark[i])
            continue;
        if (c != EOF)
            ungetc(c, in);
        return;
    }
}

int csv_read(FILE *in, struct csv_row *row, struct error *err)
{
    if (!row->text)
        row->text = memory_need(malloc(CSV_ROW_MAX), "a row");
    if (!row->next_line) {
        row->next_line = 1;
        skip_mark(in);
    }
    int got;
    do {
        row->count = 0;
        row->line = row->next_line;
        struct scan s = {.in = in, .row = row};
        got = scan_row(&s, err);
    } while (got == 1 && row->count == 1 && !row->cell[0][0]);
    return got;
}

void csv_row_fini(struct csv_row *row)
{
    free(row->text);
    *row = (struct csv_row){0};
}
