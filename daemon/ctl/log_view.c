/* `jianductl log tail` and `jianductl log grep`. */
#include "daemon/base/memory.h"
#include "daemon/ctl/log_files.h"
#include "daemon/ctl/log_line.h"
#include "daemon/ctl/log_lines.h"
#include "daemon/ops/clock.h"
#include "daemon/ops/log.h"
#include "daemon/ops/log_chain.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define LOOK_EVERY 200 /* ms, while following */

#define LINES_MAX 10000

struct view {
    struct log_files files;
    struct log_filter filter;
    const char *since;
    char since_text[LOG_SINCE_TEXT];
    int64_t lines;
    bool follow, json;
    char **last; /* a ring of the last lines wanted; NULL: they are shown at once */
    size_t *lengths, room, count;
    size_t open; /* bytes of a line that has not ended, at the end of what was read */
};

static void take(void *context, const char *bytes, size_t length, bool ended)
{
    struct view *v = context;
    v->open = ended ? 0 : length;
    if ((!ended && v->follow && length < LOG_SEALED_MAX) || !log_line_wanted(&v->filter, bytes, length))
        return;
    if (!v->last) {
        log_line_show(stdout, bytes, length, v->json);
        return;
    }
    if (v->room == 0)
        return;
    size_t at = v->count++ % v->room;
    free(v->last[at]);
    v->last[at] = memory_zeroed(length + 1, 1, "a line");
    memcpy(v->last[at], bytes, length);
    v->lengths[at] = length;
}

static void show_last(struct view *v)
{
    size_t kept = v->count < v->room ? v->count : v->room;
    for (size_t i = v->count - kept; i < v->count; i++) {
        size_t at = i % v->room;
        log_line_show(stdout, v->last[at], v->lengths[at], v->json);
        free(v->last[at]);
    }
    free(v->last);
    free(v->lengths);
    v->last = NULL;
}

/* Whether another file has this name now. */
static bool was_replaced(FILE *in, const char *path)
{
    struct stat ours, there;
    return fstat(fileno(in), &ours) == 0 && stat(path, &there) == 0 &&
           (ours.st_ino != there.st_ino || ours.st_dev != there.st_dev || there.st_size < ftello(in));
}

/* Ends when it is interrupted. */
static FILE *follow(struct view *v, FILE *in, const char *path)
{
    while (!ferror(in) && !ferror(stdout)) {
        if (v->open && fseeko(in, -(off_t)v->open, SEEK_CUR) != 0)
            return in;
        bool replaced =
            was_replaced(in, path); /* first, so that the last lines of the old one are not missed */
        clearerr(in);
        log_lines_read(in, take, v);
        fflush(stdout);
        if (replaced) {
            FILE *next = fopen(path, "re");
            if (next) {
                fclose(in);
                in = next;
                v->open = 0;
            }
        }
        nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY * 1000000L}, NULL);
    }
    return in;
}

static int view_file(struct view *v, const char *path, bool last)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (!in)
        return command_fail(v->files.self, EX_NOINPUT, "%s: %s", path, strerror(errno));
    int failed = log_lines_read(in, take, v);
    if (!failed && last) {
        show_last(v);
        if (v->follow && in != stdin)
            in = follow(v, in, path);
    }
    if (in != stdin)
        fclose(in);
    return failed ? command_fail(v->files.self, EX_IOERR, "%s: %s", path, strerror(errno)) : 0;
}

static int view(struct view *v, const struct command *self, char *const *names)
{
    if (v->since && log_filter_since(v->since, clock_wall(), v->since_text) != 0)
        return command_wrong(self, "--since %s: expected a day, a time or a duration", v->since);
    v->filter.since = v->since ? v->since_text : NULL;
    int code = log_files_open(&v->files, self, names);
    for (size_t i = 0; i < v->files.count && !code; i++)
        code = view_file(v, v->files.path[i], i + 1 == v->files.count);
    if (v->last)
        show_last(v);
    log_files_close(&v->files);
    return code ? code : fflush(stdout) == 0 ? 0 : EX_IOERR;
}

static int run_tail(const struct command *self, void *request, char *const *operands)
{
    struct view *v = request;
    v->room = (size_t)v->lines;
    v->last = memory_zeroed(v->room + 1, sizeof *v->last, "the last lines");
    v->lengths = memory_zeroed(v->room + 1, sizeof *v->lengths, "the last lines");
    return view(v, self, operands);
}

static int run_grep(const struct command *self, void *request, char *const *operands)
{
    struct view *v = request;
    if (!v->filter.event && !v->filter.alert && !v->filter.level && !v->since) {
        if (!operands[0])
            return command_wrong(
                self, "what to look for is missing: TEXT, or --event, --alert, --level, --since");
        v->filter.text = *operands++;
    }
    return view(v, self, operands);
}

static const struct option_row filters[] = {
    {OPTION_ROWS, .rows = log_files_options, .at = offsetof(struct view, files)},
    {OPTION_TEXT, 0, "event", "WORD",
        "only lines of this event: alert, verdict, registry, dead_letter,\n"
        "started ...",
        .at = offsetof(struct view, filter.event)},
    {OPTION_TEXT, 0, "alert", "ALERT", "only lines on this alert", .at = offsetof(struct view, filter.alert)},
    {OPTION_WORD, 0, "level", "LEVEL", "only lines of at least debug, info, warn or error",
        .at = offsetof(struct view, filter.level), .words = log_levels},
    {OPTION_TEXT, 0, "since", "TIME", "2026-11-24, 2026-11-24T08:00 (UTC) or as long ago as 15m, 2h, 3d",
        .at = offsetof(struct view, since)},
    {OPTION_FLAG, 'j', "json", NULL, "the lines as they are", .at = offsetof(struct view, json)},
    {0},
};

static const struct option_row tail_options[] = {
    {OPTION_ROWS, .rows = filters},
    {OPTION_NUMBER, 'n', "lines", "N", "so many (10)", .at = offsetof(struct view, lines), .max = LINES_MAX},
    {OPTION_FLAG, 'f', "follow", NULL, "waits for more, also in the file that follows (ends with Ctrl-C)",
        .at = offsetof(struct view, follow)},
    {0},
};

const struct command command_log_tail = {
    .name = "log tail",
    .summary = "Shows the last lines of the daemon's sealed log.",
    .options = tail_options,
    .operand = "FILE",
    .operands_max = UINT_MAX,
    .asked_size = sizeof(struct view),
    .asked_defaults = &(const struct view){.lines = 10},
    .run = run_tail,
};

const struct command command_log_grep = {
    .name = "log grep",
    .summary = "Shows all lines of the sealed log that hold a text, or that the options pick.",
    .notes =
        "The first word is the text, unless an option says which lines are wanted; the others are files.\n",
    .options = filters,
    .operand = "TEXT|FILE",
    .operands_max = UINT_MAX,
    .asked_size = sizeof(struct view),
    .run = run_grep,
};
