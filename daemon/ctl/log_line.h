/* One line of the log, for a person: which are wanted, and how they are shown. */
#ifndef JIANDU_CTL_LOG_LINE_H
#define JIANDU_CTL_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct log_filter { /* NULL: any; borrowed */
    const char *event, *alert, *text;
    const char *since; /* as log_filter_since makes it */
    int level;         /* at least; enum log_level */
};

#define LOG_SINCE_TEXT 32

/* "2026-11-24", "2026-11-24T08:00[:00]" (UTC), or a duration before `now`, ms since the epoch: "15m". -1: it
 * is none of these. */
int log_filter_since(const char *text, long long now, char out[LOG_SINCE_TEXT]);

/* Also of a line that is no JSON: no member is there then. */
bool log_line_wanted(const struct log_filter *, const char *line, size_t length);
/* `json`: as it is. Otherwise time, level, event, message and the other members; what a terminal might obey
 * is escaped. */
void log_line_show(FILE *out, const char *line, size_t length, bool json);

#endif
