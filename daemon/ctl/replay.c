#include "daemon/ctl/command.h"
#include "daemon/ctl/progress.h"

#include "daemon/base/memory.h"
#include "daemon/engine/engine.h"
#include "daemon/ops/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

struct replay {
    const struct command *self;
    struct command_config config;
    const char *events, *stats, *office, *dead, *reports;
    bool no_registry, with_shadow, failed;
    int64_t batch; /* events */
    struct sip_key seed;
    struct decoder *decoder;
    struct engine *engine;
    struct jd_event *records;
    size_t waiting; /* decoded, not yet processed */
    FILE *dead_file, *reports_file;
    uint64_t alerts, lines;
};

static void print_line(struct replay *r, FILE *file, const char *line)
{
    if (fputs(line, file) == EOF || fputc('\n', file) == EOF)
        r->failed = true;
}

/* Reports have a file of their own, with everybody's copy and each office's: a line of standard output is an
 * alert. */
static void print_output(void *context, const struct output *out)
{
    struct replay *r = context;
    if (out->shadow && !r->with_shadow)
        return;
    for (size_t i = 0; out->report && r->reports_file && i < out->n_copies; i++)
        print_line(r, r->reports_file, out->copies[i].data);
    if (out->report)
        return;
    for (size_t i = 0; i < out->n_copies; i++) {
        if (strcmp(out->copies[i].office, r->office) != 0)
            continue;
        r->alerts++;
        print_line(r, stdout, out->copies[i].data);
    }
}

static void prefetch(const struct replay *r, size_t i)
{
    engine_prefetch(r->engine, i < r->waiting ? &r->records[i] : NULL);
}

static void process_waiting(struct replay *r)
{
    for (size_t i = 0; i < LOOKAHEAD_EVENTS; i++)
        prefetch(r, i);
    for (size_t i = 0; i < r->waiting; i++) {
        prefetch(r, i + LOOKAHEAD_EVENTS);
        engine_process(r->engine, &r->records[i]);
    }
    r->waiting = 0;
    decoder_reset(r->decoder);
}

static void take_line(struct replay *r, const char *line, size_t length)
{
    while (length && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        length--;
    if (!length)
        return;
    r->lines++;
    enum event_reason reason = event_from_line(r->decoder, &r->records[r->waiting], line, length);
    if (reason != EVENT_OK) {
        if (r->dead_file)
            fprintf(r->dead_file, "%" PRIu64 "\t%s\t%.*s\n", r->lines, event_reason_word(reason), (int)length,
                line);
        return;
    }
    if (++r->waiting == (size_t)r->batch)
        process_waiting(r);
}

static int read_all(struct replay *r)
{
    FILE *in = strcmp(r->events, "-") == 0 ? stdin : fopen(r->events, "re");
    if (!in)
        return command_fail(r->self, EX_NOINPUT, "%s: %s", r->events, strerror(errno));
    struct stat st;
    uint64_t total = fstat(fileno(in), &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0, done = 0;
    struct progress bar;
    progress_init(&bar, "replay", total);
    setvbuf(in, NULL, _IOFBF, 1 << 20);
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    while ((length = getline(&line, &size, in)) > 0) {
        take_line(r, line, (size_t)length);
        done += (uint64_t)length;
        progress_update(&bar, done);
    }
    process_waiting(r);
    progress_end(&bar);
    int code = ferror(in) ? command_fail(r->self, EX_IOERR, "%s: %s", r->events, strerror(errno)) : 0;
    free(line);
    if (in != stdin)
        fclose(in);
    return code;
}

struct table_list {
    FILE *out;
    const char *separator;
};

static void write_table(void *context, const char *owner, const char *name, const struct table_stats *t)
{
    struct table_list *list = context;
    fprintf(list->out, "%s\"%s.%s\":{\"records\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"evicted\":%" PRIu64 "}",
        list->separator, owner, name, t->records, t->bytes, t->evicted);
    list->separator = ",";
}

static int write_stats(const struct replay *r, int64_t started)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    int64_t ms = clock_monotonic() - started;
    const struct decoder_counts *n = decoder_counts(r->decoder);
    FILE *out = fopen(r->stats, "we");
    if (!out)
        return command_fail(r->self, EX_IOERR, "%s: %s", r->stats, strerror(errno));
    fprintf(out,
        "{\"events\":%" PRIu64 ",\"dead_letters\":%" PRIu64 ",\"alerts\":%" PRIu64
        ",\"seconds\":%lld.%03lld,\"events_per_second\":%llu,\"peak_rss_bytes\":%lld,\"state_bytes\":%" PRIu64
        ",\"tables\":{",
        n->events, n->dead, r->alerts, (long long)(ms / 1000), (long long)(ms % 1000),
        (unsigned long long)(ms > 0 ? n->events * 1000 / (uint64_t)ms : 0), (long long)usage.ru_maxrss * 1024,
        engine_state_bytes(r->engine));
    engine_tables(r->engine, write_table, &(struct table_list){out, ""});
    fputs("}}\n", out);
    if (fclose(out) != 0)
        return command_fail(r->self, EX_IOERR, "%s: %s", r->stats, strerror(errno));
    return 0;
}

static void report_dead(const struct replay *r)
{
    const struct decoder_counts *n = decoder_counts(r->decoder);
    for (int reason = 1; reason < EVENT_REASON_COUNT; reason++)
        if (n->reasons[reason])
            fprintf(stderr, "jianductl replay: %" PRIu64 " dead letters: %s (%s)\n", n->reasons[reason],
                event_reason_word((enum event_reason)reason), event_reason_help((enum event_reason)reason));
}

static int run_with(struct replay *r, struct config *config)
{
    struct error err;
    struct engine_settings settings = *config_engine_settings(config);
    settings.use_registries = !r->no_registry;
    const struct decoder_options decoding = {
        .seed = r->seed,
        .max_ahead = config->input.max_ahead,
        .max_behind = config->input.max_behind,
        .map = config->input.fields,
        .n_map = config->input.n_fields,
    };
    int64_t started = clock_monotonic();
    int code = EX_SOFTWARE;
    r->records = memory_zeroed((size_t)r->batch, sizeof *r->records, "the batch");
    r->decoder = decoder_create(&decoding, &err);
    r->engine = r->decoder ? engine_create(&settings, &r->seed, print_output, r, &err) : NULL;
    if (!r->engine) {
        command_fail(r->self, EX_SOFTWARE, "%s", err.text);
        goto out;
    }
    code = read_all(r);
    if (fflush(stdout) != 0 || (r->reports_file && fflush(r->reports_file) != 0) || r->failed)
        code = command_fail(r->self, EX_IOERR, "alerts or reports: %s", strerror(errno));
    report_dead(r);
    if (code == 0 && r->stats)
        code = write_stats(r, started);
out:
    engine_destroy(r->engine);
    decoder_destroy(r->decoder);
    free(r->records);
    return code;
}

static int open_files(struct replay *r)
{
    if (r->dead && !(r->dead_file = fopen(r->dead, "we")))
        return command_fail(r->self, EX_IOERR, "%s: %s", r->dead, strerror(errno));
    if (r->reports && !(r->reports_file = fopen(r->reports, "we")))
        return command_fail(r->self, EX_IOERR, "%s: %s", r->reports, strerror(errno));
    return 0;
}

static int run(const struct command *self, void *request, char *const *operands)
{
    struct replay *r = request;
    r->self = self;
    r->events = operands[0];
    struct config *config = command_config(self, &r->config);
    int code = !config ? EX_CONFIG : open_files(r) != 0 ? EX_IOERR : run_with(r, config);
    config_destroy(config);
    if (r->dead_file)
        fclose(r->dead_file);
    if (r->reports_file)
        fclose(r->reports_file);
    return code;
}

static const struct option_row options[] = {
    {OPTION_ROWS, .rows = command_config_options, .at = offsetof(struct replay, config)},
    {OPTION_FLAG, 0, "no-registry", NULL,
        "ignores registry events: what would be found without that knowledge",
        .at = offsetof(struct replay, no_registry)},
    {OPTION_TEXT, 0, "stats", "FILE", "writes events, dead letters, alerts, time, rate and memory as JSON",
        .at = offsetof(struct replay, stats)},
    {OPTION_TEXT, 0, "office", "NAME", "prints that office's copies instead of the whole alerts",
        .at = offsetof(struct replay, office)},
    {OPTION_FLAG, 0, "with-shadow", NULL, "prints the alerts of shadow detectors too",
        .at = offsetof(struct replay, with_shadow)},
    {OPTION_TEXT, 0, "dead", "FILE", "writes what could not be used: line number, reason, line",
        .at = offsetof(struct replay, dead)},
    {OPTION_TEXT, 0, "reports", "FILE",
        "writes the detectors' reports, a line each: everybody's and each office's",
        .at = offsetof(struct replay, reports)},
    {OPTION_NUMBER, 0, "batch", "N", "events decoded at a time (256); makes no difference to the alerts",
        .at = offsetof(struct replay, batch), .min = 1, .max = 65536},
    {OPTION_HEX, 0, "hash-seed", "HEX", "seed of the state's keys; makes no difference to the alerts",
        .at = offsetof(struct replay, seed.k0)},
    {0},
};

const struct command command_replay = {
    .name = "replay",
    .summary =
        "Runs a file of events through the same engine as the daemon's and prints its alerts, one a line.",
    .notes = "The file has an event a line, as `jianductl simulate` writes them; - is standard input.\n",
    .options = options,
    .operand = "EVENTS.ndjson",
    .operands_min = 1,
    .operands_max = 1,
    .asked_size = sizeof(struct replay),
    .asked_defaults = &(const struct replay){.office = "", .batch = 256, .seed = {1, 2}},
    .run = run,
};
