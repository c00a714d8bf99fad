#include "daemon/ops/log.h"

#include "daemon/ops/clock.h"
#include "daemon/ops/complain.h"
#include "daemon/ops/log_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROOM_TO_CLOSE 8 /* for what ends a line that is full */

const char *const log_levels[] = {"debug", "info", "warn", "error", NULL};

#define SAME_MAX 160 /* bytes by which messages of libevent are told apart */

struct process_log {
    enum log_level least;
    struct log_file *file;
    bool busy;               /* the file itself has something to say: that goes to stderr alone */
    char libevent[SAME_MAX]; /* what it said last, and how often in a row */
    struct complaint repeated;
};

/* Whoever logs has no handle of the log at hand: the process has one.
 * NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables) */
static struct process_log process_log = {.least = LOG_LEVEL_INFO};

struct line {
    char *at;
    size_t used, room;
};

/* All or nothing. */
static int put(struct line *line, const char *text, size_t n)
{
    if (line->used + n > line->room)
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

static void put_characters(struct line *line, const char *text)
{
    size_t n;
    for (; *text && put_character(line, text, &n) == 0; text += n)
        ;
}

static void put_text(struct line *line, const char *text)
{
    if (put(line, "\"", 1) != 0)
        return;
    put_characters(line, text);
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
    struct line line = {out, 0, LOG_LINE_MAX - ROOM_TO_CLOSE};
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

size_t log_escape(char *out, size_t room, const char *text)
{
    struct line line = {out, 0, room - 1};
    put_characters(&line, text);
    out[line.used] = 0;
    return line.used;
}

void log_set_level(enum log_level level)
{
    process_log.least = level;
}

void log_set_file(struct log_file *file)
{
    process_log.file = file;
}

bool log_get_head(struct log_head *out)
{
    if (process_log.file)
        *out = log_file_head(process_log.file);
    return process_log.file && out->seq > 0;
}

bool log_is_cut(const struct log_head *had)
{
    return process_log.file && had->seq > 0 && log_file_misses(process_log.file, had);
}

static void write_stderr(const char *line, size_t length)
{
    ssize_t written = write(STDERR_FILENO, line, length);
    (void)written; /* a log that cannot be written has nowhere to say so */
}

static void write_file(enum log_level level, const char *line, size_t length)
{
    if (!process_log.file || process_log.busy)
        return;
    process_log.busy = true;
    log_file_append(process_log.file, line, length);
    if (level >= LOG_LEVEL_WARN)
        log_file_sync(process_log.file);
    process_log.busy = false;
}

void log_write(
    enum log_level level, const char *event, const char *message, const struct log_field *fields, size_t n)
{
    bool said = level >= process_log.least, kept = said || level >= LOG_LEVEL_INFO;
    if (!said && !(kept && process_log.file))
        return;
    int saved = errno;
    char line[LOG_LINE_MAX];
    size_t length = log_format(line, clock_wall(), level, event, message, fields, n);
    if (said)
        write_stderr(line, length);
    if (kept)
        write_file(level, line, length);
    errno = saved;
}

void log_tell_head(void)
{
    struct log_head head;
    char text[LOG_ANCHOR_TEXT], line[LOG_LINE_MAX];
    if (!log_get_head(&head))
        return;
    write_stderr(
        line, log_format(line, clock_wall(), LOG_LEVEL_INFO, "log_head", "the log file has come to here",
                  &LOG_TEXT("anchor", log_head_format(&head, text)), 1));
}

/* It has no complaints of its own: what it says again and again comes at growing intervals. */
void log_libevent(int severity, const char *message)
{
    static const enum log_level levels[] = {LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR};
    struct process_log *p = &process_log;
    if (strncmp(p->libevent, message, SAME_MAX - 1) != 0) {
        snprintf(p->libevent, sizeof p->libevent, "%s", message);
        p->repeated = (struct complaint){0};
    }
    if (!complain_due(&p->repeated, clock_monotonic()))
        return;
    if (p->repeated.times == 1)
        log_write(levels[severity & 3], "libevent", message, NULL, 0);
    else
        log_write(levels[severity & 3], "libevent", message, &LOG_INT("times", p->repeated.times), 1);
}
