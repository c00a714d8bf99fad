#include "daemon/ops/log.h"

#include "daemon/ops/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROOM_TO_CLOSE 8 /* for what ends a line that is full */

const char *const log_levels[] = {"debug", "info", "warn", "error", NULL};

/* Whoever logs has no handle of the log at hand: the process has one level.
 * NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables) */
static enum log_level least = LOG_LEVEL_INFO;

struct line {
    char *at;
    size_t used;
};

/* All or nothing. */
static int put(struct line *line, const char *text, size_t n)
{
    if (line->used + n > LOG_LINE_MAX - ROOM_TO_CLOSE)
        return -1;
    memcpy(line->at + line->used, text, n);
    line->used += n;
    return 0;
}

/* The length of the UTF-8 character that begins at `text`, with its code point; 0 if there is none. */
static size_t character(const unsigned char *text, uint32_t *code)
{
    static const uint32_t least_code[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned head = text[0];
    size_t n = head < 0x80 ? 1 : head >> 5 == 6 ? 2 : head >> 4 == 14 ? 3 : head >> 3 == 30 ? 4 : 0;
    if (n < 2) {
        *code = head;
        return n;
    }
    *code = head & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if (text[i] >> 6 != 2)
            return 0; /* the text's end too */
        *code = *code << 6 | (text[i] & 0x3fu);
    }
    return *code < least_code[n] || *code > 0x10ffff || *code >> 11 == 27 ? 0 : n;
}

/* Controls, separators that break lines and marks that turn text around must not reach a terminal. */
static int is_dangerous(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x200e || code == 0x200f ||
           code == 0x061c || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0xfeff;
}

static int put_character(struct line *line, const char *text, size_t *n)
{
    uint32_t code;
    char escaped[8];
    *n = character((const unsigned char *)text, &code);
    if (*n == 0) {
        *n = 1;
        return put(line, "\\ufffd", 6);
    }
    if (code == '"' || code == '\\') {
        escaped[0] = '\\';
        escaped[1] = *text;
        return put(line, escaped, 2);
    }
    if (!is_dangerous(code))
        return put(line, text, *n);
    snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)code & 0xffff);
    return put(line, escaped, 6);
}

static void put_text(struct line *line, const char *text)
{
    size_t n;
    if (put(line, "\"", 1) != 0)
        return;
    for (; *text && put_character(line, text, &n) == 0; text += n)
        ;
    line->at[line->used++] = '"'; /* there is room: see ROOM_TO_CLOSE */
}

/* A member whose key and shortest value do not fit is left out whole. */
static void put_member(struct line *line, const struct log_field *field)
{
    char number[24];
    size_t before = line->used;
    if (put(line, ",\"", 2) != 0 || put(line, field->key, strlen(field->key)) != 0 ||
        put(line, "\":", 2) != 0) {
        line->used = before;
        return;
    }
    size_t key = line->used;
    if (field->text) {
        put_text(line, field->text);
    } else {
        int n = snprintf(number, sizeof number, "%" PRId64, field->number);
        put(line, number, (size_t)n);
    }
    if (line->used == key)
        line->used = before;
}

size_t log_format(char out[LOG_LINE_MAX], int64_t wall_ms, enum log_level level, const char *event,
    const char *message, const struct log_field *fields, size_t n)
{
    struct line line = {out, 0};
    struct tm utc;
    time_t seconds = (time_t)(wall_ms / 1000);
    gmtime_r(&seconds, &utc);
    size_t day = strftime(out, LOG_LINE_MAX, "{\"ts\":\"%Y-%m-%dT%H:%M:%S", &utc);
    int head = snprintf(
        out + day, LOG_LINE_MAX - day, ".%03dZ\",\"level\":\"%s\"", (int)(wall_ms % 1000), log_levels[level]);
    line.used = day + (size_t)head;
    put_member(&line, &LOG_TEXT("event", event));
    put_member(&line, &LOG_TEXT("msg", message));
    for (size_t i = 0; i < n; i++)
        put_member(&line, &fields[i]);
    out[line.used++] = '}';
    out[line.used++] = '\n';
    return line.used;
}

void log_set_level(enum log_level level)
{
    least = level;
}

void log_write(
    enum log_level level, const char *event, const char *message, const struct log_field *fields, size_t n)
{
    if (level < least)
        return;
    int saved = errno;
    char out[LOG_LINE_MAX];
    size_t length = log_format(out, clock_wall(), level, event, message, fields, n);
    ssize_t written = write(STDERR_FILENO, out, length);
    (void)written; /* a log that cannot be written has nowhere to say so */
    errno = saved;
}

void log_libevent(int severity, const char *message)
{
    static const enum log_level levels[] = {LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR};
    log_write(levels[severity & 3], "libevent", message, NULL, 0);
}
