/* The log: one JSON object a line on stderr, for journald and for machines.
 *   {"ts":"2026-11-24T08:00:00.123Z","level":"info","event":"started","msg":"reading the
 * input","position":"0-0"} `event` is a stable word to filter by. Levels go by who must act: error = an
 * operator now, warn = soon, info = a change of state, debug = the rest. No line per event of the stream, no
 * personal data. errno is left as it was.
 * With a log file (log_file.h) every line from info on also goes there, numbered and sealed, whatever the
 * level. */
#ifndef JIANDU_OPS_LOG_H
#define JIANDU_OPS_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };
extern const char *const log_levels[]; /* their words, NULL-terminated */

struct log_field {
    const char *key;  /* a lower_case_word */
    const char *text; /* NULL: the number counts */
    int64_t number;
};
#define LOG_TEXT(name, value) ((struct log_field){.key = (name), .text = (value)})
#define LOG_INT(name, value) ((struct log_field){.key = (name), .number = (int64_t)(value)})

/* log_info("started", "reading the input", LOG_TEXT("position", at), LOG_INT("lag", n)); fields may be left
 * out. */
#define log_debug(event, message, ...) LOG_AT_(LOG_LEVEL_DEBUG, event, message, __VA_ARGS__)
#define log_info(event, message, ...) LOG_AT_(LOG_LEVEL_INFO, event, message, __VA_ARGS__)
#define log_warn(event, message, ...) LOG_AT_(LOG_LEVEL_WARN, event, message, __VA_ARGS__)
#define log_error(event, message, ...) LOG_AT_(LOG_LEVEL_ERROR, event, message, __VA_ARGS__)

#define LOG_LINE_MAX 4096 /* bytes of a line: what a pipe takes whole */

struct log_file;

/* Nothing below the level is written to stderr. Info until it is called. */
void log_set_level(enum log_level);
/* Lines go to this file as well; borrowed. NULL, as at first: to stderr alone. */
void log_set_file(struct log_file *);
/* Where the chain of the file has come to. False: there is no file, or nothing in it. */
struct log_head;
bool log_get_head(struct log_head *);
/* Did the file, when it was opened, end before a head that it is known to have had, or with another line? */
bool log_is_cut(const struct log_head *had);
/* Says it in a line that goes to stderr alone: an anchor in the journal. */
void log_tell_head(void);
void log_write(
    enum log_level, const char *event, const char *message, const struct log_field *fields, size_t n);
/* The line itself, with its line break; pure. Texts that do not fit are cut. Returns its length. */
size_t log_format(char out[LOG_LINE_MAX], int64_t wall_ms, enum log_level, const char *event,
    const char *message, const struct log_field *fields, size_t n);
/* `text` as a JSON string's inside: what ends a line, turns text around or is no UTF-8 is escaped. Cut where
 * it does not fit. Returns the length, below `room`. */
size_t log_escape(char *out, size_t room, const char *text);
/* For event_set_log_callback: libevent's own messages become lines like any other. */
void log_libevent(int severity, const char *message);

/* An array of the fields given; its first element is empty and skipped, so that there may be none. */
#define LOG_FIELDS_(...) ((const struct log_field[]){{0}, __VA_ARGS__})
#define LOG_AT_(level, event, message, ...)                                                                  \
    log_write(level, event, message, LOG_FIELDS_(__VA_ARGS__) + 1,                                           \
        sizeof LOG_FIELDS_(__VA_ARGS__) / sizeof(struct log_field) - 1)

#endif
