#include "daemon/ops/log_keeper.h"

#include "daemon/base/memory.h"
#include "daemon/ops/log_file.h"
#include "daemon/ops/timer.h"

#include <stdlib.h>

#define BEAT 5000         /* ms; what a power cut may cost, of what is no warning */
#define BEATS_TO_TELL 120 /* ten minutes between two anchors in the journal */

struct log_keeper {
    struct log_file *file;
    struct event *beat;
    unsigned beats;
    struct log_head told;
};

static void tell(struct log_keeper *k)
{
    struct log_head head = log_file_head(k->file);
    if (head.seq != k->told.seq)
        log_tell_head();
    k->told = head;
    k->beats = 0;
}

static void on_beat(evutil_socket_t fd, short what, void *context)
{
    struct log_keeper *k = context;
    (void)fd;
    (void)what;
    log_file_sync(k->file);
    if (++k->beats >= BEATS_TO_TELL)
        tell(k);
}

struct log_keeper *log_keeper_create(struct event_base *base, const struct config *config, struct error *err)
{
    const struct log_file_settings settings = {
        config->log.file, config->log.key, config->log.size, config->log.keep};
    struct log_file *file = log_file_open(&settings, err);
    if (!file)
        return NULL;
    struct log_keeper *k = memory_zeroed(1, sizeof *k, "the log");
    k->file = file;
    k->beat = memory_need(event_new(base, -1, EV_PERSIST, on_beat, k), "a timer");
    timer_in(k->beat, BEAT);
    log_set_file(file);
    return k;
}

void log_keeper_destroy(struct log_keeper *k)
{
    if (!k)
        return;
    tell(k);
    log_set_file(NULL);
    timer_free(k->beat);
    log_file_close(k->file);
    free(k);
}

void log_keeper_reopen(struct log_keeper *k)
{
    log_file_reopen(k->file);
}

void log_keeper_stats(void *keeper, engine_visit visit, void *context)
{
    const struct log_keeper *k = keeper;
    struct log_file_counts n = log_file_counts(k->file);
    visit(context, "log_lines_total", "", "lines written to the log file", n.lines, true);
    visit(context, "log_lines_lost_total", "", "lines that could not be written to it", n.lost, true);
    visit(context, "log_failures_total", "", "calls that failed on it", n.failures, true);
    visit(context, "log_files_total", "", "files begun anew", n.rotations, true);
}
