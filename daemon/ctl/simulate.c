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
    const char *out, *truth, *config;
    struct command_list sets;
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
    struct config *config = command_config(q->self, q->config, q->sets.item, q->sets.count);
    struct feed f = {.truth = q->truth};
    struct error err = {{0}};
    int code = 0;

    if (!config)
        return EX_CONFIG;
    if (config->input.n_fields > 0) {
        code = command_fail(q->self, EX_CONFIG,
            "%s: input.fields renames fields; simulated events have the canonical names", q->config);
        goto out;
    }
    f.key = config->input.key;
    f.redis = client_open(config, &err);
    if (!f.redis) {
        code = command_fail(q->self, EX_UNAVAILABLE, "%s", err.text);
        goto out;
    }
    if (sim_run(&q->sim, send_part, &f, &err) != 0 || read_answers(&f, &err) != 0)
        code = command_fail(q->self, EX_IOERR, "%s", err.text);
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

static int number(const char *text, int64_t *out)
{
    char *end;

    errno = 0;
    *out = strtoll(text, &end, 10);
    return errno == 0 && end != text && !*end && *out >= 0 ? 0 : -1;
}

static const struct option options[] = {
    {"seed", required_argument, NULL, 's'},
    {"units", required_argument, NULL, 'u'},
    {"days", required_argument, NULL, 'd'},
    {"start", required_argument, NULL, 'f'},
    {"params", required_argument, NULL, 'p'},
    {"illicit", required_argument, NULL, 'i'},
    {"no-campaigns", no_argument, NULL, 'n'},
    {"out", required_argument, NULL, 'o'},
    {"truth", required_argument, NULL, 't'},
    {"config", required_argument, NULL, 'c'},
    {"set", required_argument, NULL, 'x'},
    {"help", no_argument, NULL, 'h'},
    {0},
};

static int illicit(const char *word, enum sim_illicit *out)
{
    static const char *const words[] = {"dense", "high", "low"};

    for (int i = 0; i < 3; i++) {
        if (!strcmp(word, words[i])) {
            *out = (enum sim_illicit)i;
            return 0;
        }
    }
    return -1;
}

/* 0, or -1 where the value is wrong. */
static int take_option(struct request *q, int c, const char *value)
{
    int64_t n;

    switch (c) {
    case 's':
        if (number(value, &n) != 0)
            return -1;
        q->sim.seed = (uint64_t)n;
        return 0;
    case 'u':
        return number(value, &q->sim.units);
    case 'd':
        return number(value, &q->sim.days);
    case 'f':
        q->sim.start = sim_start(value, NULL);
        return q->sim.start < 0 ? -1 : 0;
    case 'p':
        q->sim.params = value;
        return 0;
    case 'i':
        return illicit(value, &q->sim.illicit);
    case 'n':
        q->sim.no_campaigns = true;
        return 0;
    case 'o':
        q->out = value;
        return 0;
    case 't':
        q->truth = value;
        return 0;
    case 'c':
        q->config = value;
        return 0;
    default:
        command_list_add(&q->sets, value);
        return 0;
    }
}

static int run(const struct command *self, int argc, char **argv)
{
    struct request q = {.self = self};
    struct progress bar;
    int c, code;

    sim_defaults(&q.sim);
    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (c == 'h')
            return command_help(self);
        if (c == '?')
            return command_usage(self);
        if (take_option(&q, c, optarg) != 0)
            return command_fail(self, EX_USAGE, "\"%s\" is no value that this option takes", optarg);
    }
    if (optind != argc || !q.out == !q.config)
        return command_usage(self);
    progress_init(&bar, "simulate", (uint64_t)q.sim.days);
    q.sim.progress = show_progress;
    q.sim.progress_context = &bar;
    code = q.out ? into_files(&q) : into_redis(&q);
    progress_end(&bar);
    return code;
}

const struct command command_simulate = {
    .name = "simulate",
    .arguments = "[--seed N] [--units N] [--days N] --out DIR | --config FILE",
    .summary = "Makes up a month of a procurement platform, with labelled campaigns and legal look-alikes.",
    .help =
        "  --out DIR            writes DIR/events.ndjson and DIR/truth.json, or\n"
        "  --config FILE        sends the events into the input stream of this configuration\n"
        "  --set PATH=VALUE     overrides one value of it\n"
        "  --truth FILE         where the truth goes\n"
        "  --seed N             another world (1)\n"
        "  --units N            buying units (2000)\n"
        "  --days N             days (30)\n"
        "  --start YYYY-MM-DD   first day (2025-11-12); December is lively\n"
        "  --params tune|test   two sets of rates, sizes and delays (tune): tune on one, judge on the other\n"
        "  --illicit WORD       dense: every kind of campaign in every grade; high: one order in 1,000 is "
        "part\n"
        "                       of one; low: one in 2,000 (dense)\n"
        "  --no-campaigns       honest trade and look-alikes only\n"
        "Same options, same bytes. Registry entries come in the hour before the first day. Sent into Redis, "
        "events\n"
        "keep their entry ids, so the stream must hold nothing later than the first day.\n",
    .run = run,
};
