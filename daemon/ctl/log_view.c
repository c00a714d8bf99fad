/* `jianductl log tail` and `grep`. */
#include "daemon/base/memory.h"
#include "daemon/ctl/log_line.h"
#include "daemon/ctl/log_lines.h"
#include "daemon/ctl/log_options.h"
#include "daemon/ops/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define LOOK_EVERY 200 /* ms, while following */

struct view {
    const struct log_options *options;
    struct log_filter filter;
    char since[LOG_SINCE_TEXT];
    char **last; /* a ring of the last lines wanted; NULL: they are shown at once */
    size_t *lengths, room, count;
    size_t open; /* bytes of a line that has not ended, at the end of what was read */
};

static void take(void *context, const char *bytes, size_t length, bool ended)
{
    struct view *v = context;
    v->open = ended ? 0 : length;
    if ((!ended && v->options->follow && length < LOG_SEALED_MAX) ||
        !log_line_wanted(&v->filter, bytes, length))
        return;
    if (!v->last) {
        log_line_show(stdout, bytes, length, v->options->json);
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
        log_line_show(stdout, v->last[at], v->lengths[at], v->options->json);
        free(v->last[at]);
    }
    free(v->last);
    free(v->lengths);
    v->last = NULL;
}

static int make_filter(struct view *v)
{
    const struct log_options *o = v->options;
    v->filter = (struct log_filter){.event = o->event, .alert = o->alert, .text = o->text};
    if (o->since) {
        if (log_filter_since(o->since, clock_wall(), v->since) != 0)
            return command_fail(
                o->self, EX_USAGE, "--since %s: expected a day, a time or a duration", o->since);
        v->filter.since = v->since;
    }
    if (!o->level)
        return 0;
    while (log_levels[v->filter.level] && strcmp(log_levels[v->filter.level], o->level) != 0)
        v->filter.level++;
    return log_levels[v->filter.level]
               ? 0
               : command_fail(o->self, EX_USAGE, "--level %s: expected debug, info, warn or error", o->level);
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
    const struct log_options *o = v->options;
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (!in)
        return command_fail(o->self, EX_NOINPUT, "%s: %s", path, strerror(errno));
    int failed = log_lines_read(in, take, v);
    if (!failed && last) {
        show_last(v);
        if (o->follow && in != stdin)
            in = follow(v, in, path);
    }
    if (in != stdin)
        fclose(in);
    return failed ? command_fail(o->self, EX_IOERR, "%s: %s", path, strerror(errno)) : 0;
}

int log_view(struct log_options *o, bool all)
{
    struct view v = {.options = o};
    int code = make_filter(&v);
    if (code)
        return code;
    if (!all) {
        v.room = (size_t)o->lines;
        v.last = memory_zeroed(v.room + 1, sizeof *v.last, "the last lines");
        v.lengths = memory_zeroed(v.room + 1, sizeof *v.lengths, "the last lines");
    }
    for (size_t i = 0; i < o->n_files && !code; i++)
        code = view_file(&v, o->files[i], i + 1 == o->n_files);
    if (v.last)
        show_last(&v);
    return code ? code : fflush(stdout) == 0 ? 0 : EX_IOERR;
}
