#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/progress.h"
#include "daemon/sim/sim.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PIPELINE 500 /* events sent before the answers are read */

struct request {
    const struct command *self;
    struct sim_options sim;
    struct command_config config;
    const char *out, *truth, *start;
    int64_t seed;
    int params, illicit;
};

/* ---- into Redis ---- */

struct feed {
    struct client *redis;
    const char *key, *truth;
    uint64_t sent;
    int open; /* answers not read yet */
};

static int read_answers(struct feed *f, struct error *err)
{
    f->open = 0;
    return client_settle(f->redis, err) == 0 ? 0 : error_wrap(err, "XADD %s", f->key);
}

static int write_truth(const char *path, const char *text, size_t length, struct error *err)
{
    FILE *f = fopen(path, "we");

    if (!f)
        return error_set(err, "cannot write %s: %s", path, strerror(errno));
    if (fwrite(text, 1, length, f) != length || fflush(f) != 0) {
        fclose(f);
        return error_set(err, "cannot write %s: %s", path, strerror(errno));
    }
    return fclose(f) == 0 ? 0 : error_set(err, "cannot write %s: %s", path, strerror(errno));
}

/* Each event under its own entry id, as one JSON object in the field `data`. */
static int send_part(void *context, const struct sim_output *out, struct error *err)
{
    struct feed *f = context;
    char id[64];

    if (out->part == SIM_TRUTH)
        return f->truth ? write_truth(f->truth, out->text, out->length, err) : 0;
    snprintf(id, sizeof id, "%" PRId64 "-%" PRIu64, out->id_ms, out->id_seq);
    const char *argv[] = {"XADD", f->key, id, "data", out->text};
    const size_t lengths[] = {4, strlen(f->key), strlen(id), 4, out->length};
    if (client_queue(f->redis, err, 5, argv, lengths) != 0)
        return -1;
    f->sent++;
    return ++f->open < PIPELINE ? 0 : read_answers(f, err);
}

static int into_redis(const struct request *q)
{
    struct config *config = command_config(q->self, &q->config);
    struct feed f = {.truth = q->truth};
    struct error err = {{0}};
    int code = 0;

    if (!config)
        return EX_CONFIG;
    if (config->input.n_fields > 0) {
        code = command_fail(q->self, EX_CONFIG,
            "%s: input.fields renames fields; simulated events have the canonical names", q->config.file);
        goto out;
    }
    f.key = config->input.key;
    f.redis = client_open(config, &err);
    if (!f.redis) {
        code = command_fail(q->self, EX_UNAVAILABLE, "%s", err.text);
        goto out;
    }
    if (sim_run(&q->sim, send_part, &f, &err) != 0 || read_answers(&f, &err) != 0)
        code = command_fail(q->self, EX_UNAVAILABLE, "%s", err.text);
    else
        printf("%" PRIu64 " events sent to %s\n", f.sent, f.key);
out:
    client_close(f.redis);
    config_destroy(config);
    return code;
}

/* ---- into files ---- */

static int into_files(const struct request *q)
{
    struct error err = {{0}};
    uint64_t count = 0;

    if (sim_write(&q->sim, q->out, q->truth, &count, &err) != 0)
        return command_fail(q->self, EX_IOERR, "%s", err.text);
    printf("%" PRIu64 " events in %s/events.ndjson\n", count, q->out);
    return 0;
}

/* ---- the call ---- */

static void show_progress(void *context, uint64_t done, uint64_t total)
{
    struct progress *bar = context;

    bar->total = total;
    bar->calls = UINT64_MAX; /* a day is long enough to look at the clock every time */
    progress_update(bar, done);
}

static const char *const params[] = {"tune", "test", NULL};
static const char *const shares[] = {"dense", "high", "low", NULL}; /* enum sim_illicit */

static int run(const struct command *self, void *request, char *const *operands)
{
    struct request *q = request;
    struct progress bar;
    struct error err;
    (void)operands;
    q->self = self;
    if (!q->out == !q->config.file)
        return command_wrong(self, "--out DIR or --config FILE, one of the two, is needed");
    q->sim.start = sim_start(q->start, &err);
    if (q->sim.start < 0)
        return command_wrong(self, "--start: %s", err.text);
    q->sim.seed = (uint64_t)q->seed;
    q->sim.params = params[q->params];
    q->sim.illicit = (enum sim_illicit)q->illicit;
    progress_init(&bar, "simulate", (uint64_t)q->sim.days);
    q->sim.progress = show_progress;
    q->sim.progress_context = &bar;
    int code = q->out ? into_files(q) : into_redis(q);
    progress_end(&bar);
    return code;
}

static const struct option_row options[] = {
    {OPTION_TEXT, 0, "out", "DIR", "writes DIR/events.ndjson and DIR/truth.json, or",
        .at = offsetof(struct request, out)},
    {OPTION_TEXT, 'c', "config", "FILE", "sends the events into the input stream of this configuration",
        .at = offsetof(struct request, config.file)},
    {OPTION_TEXTS, 0, "set", "PATH=VALUE", "overrides one value of it",
        .at = offsetof(struct request, config.sets)},
    {OPTION_TEXT, 0, "truth", "FILE", "where the truth goes", .at = offsetof(struct request, truth)},
    {OPTION_NUMBER, 0, "seed", "N", "another world (1)", .at = offsetof(struct request, seed),
        .max = INT64_MAX},
    {OPTION_NUMBER, 0, "units", "N", "buying units (2000)", .at = offsetof(struct request, sim.units),
        .min = 1, .max = SIM_UNITS_MAX},
    {OPTION_NUMBER, 0, "days", "N", "days (30)", .at = offsetof(struct request, sim.days), .min = 1,
        .max = SIM_DAYS_MAX},
    {OPTION_TEXT, 0, "start", "YYYY-MM-DD", "first day (2025-11-12); December is lively",
        .at = offsetof(struct request, start)},
    {OPTION_WORD, 0, "params", "tune|test",
        "two sets of rates, sizes and delays (tune): tune on one, judge on the other",
        .at = offsetof(struct request, params), .words = params},
    {OPTION_WORD, 0, "illicit", "WORD",
        "dense: every kind of campaign in every grade; high: one order in\n"
        "1,000 is part of one; low: one in 2,000 (dense)",
        .at = offsetof(struct request, illicit), .words = shares},
    {OPTION_FLAG, 0, "no-campaigns", NULL, "honest trade and look-alikes only",
        .at = offsetof(struct request, sim.no_campaigns)},
    {0},
};

const struct command command_simulate = {
    .name = "simulate",
    .summary = "Makes up a month of a procurement platform, with labelled campaigns and legal look-alikes.",
    .notes =
        "Same options, same bytes. Registry entries come in the hour before the first day. Sent into Redis,\n"
        "events keep their entry ids, so the stream must hold nothing later than the first day.\n",
    .options = options,
    .asked_size = sizeof(struct request),
    .asked_defaults =
        &(const struct request){.sim = {.units = SIM_UNITS, .days = SIM_DAYS}, .seed = 1, .start = SIM_START},
    .run = run,
};
