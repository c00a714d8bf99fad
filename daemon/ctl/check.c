#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"

#include <inttypes.h>
#include <stdio.h>

struct request {
    struct command_config config;
    bool options, signals;
};

static void describe(const struct config *config)
{
    const struct engine_settings *s = config_engine_settings(config);
    printf("configuration %s is good: name %s, generation %016" PRIx64 "\n", config->file, config->name,
        s->config_hash);
    for (size_t i = 0; i < s->n_detectors; i++) {
        const struct jd_detector *d = s->detectors[i].detector;
        printf("  detector %s %s%s: %zu signals, %zu tables - %s\n", d->name, d->version,
            s->detectors[i].shadow ? " (shadow)" : "", d->n_signals, d->n_tables, d->summary);
    }
    printf("  %zu routes, %zu targets\n", s->n_routes, s->n_targets);
}

static void list_signals(const struct config *config)
{
    const struct engine_settings *s = config_engine_settings(config);
    for (size_t i = 0; i < s->n_detectors; i++) {
        const struct jd_detector *d = s->detectors[i].detector;
        for (size_t k = 0; k < d->n_signals; k++)
            printf("%s %s %s\n", d->name, d->signals[k].name, d->signals[k].group);
    }
}

static int run(const struct command *self, void *request, char *const *operands)
{
    const struct request *q = request;
    (void)operands;
    if (q->options && !q->config.file) {
        config_describe(stdout);
        return 0;
    }
    if (!q->config.file)
        return command_wrong(self, "--config FILE is missing");
    struct config *config = command_config(self, &q->config);
    if (!config)
        return EX_CONFIG;
    struct error err;
    int code = client_check(config, &err) == 0 ? 0 : command_fail(self, EX_CONFIG, "%s", err.text);
    const struct engine_settings *s = config_engine_settings(config);
    if (code == 0 && q->signals)
        list_signals(config);
    else if (code == 0)
        describe(config);
    for (size_t i = 0; code == 0 && q->options && i < s->n_detectors; i++)
        config_describe_detector(stdout, s->detectors[i].detector);
    config_destroy(config);
    return code;
}

static const struct option_row options[] = {
    {OPTION_TEXT, 'c', "config", "FILE", "the main file, e.g. config/jiandu.json",
        .at = offsetof(struct request, config.file)},
    {OPTION_TEXTS, 0, "set", "PATH=VALUE", "overrides one value of it",
        .at = offsetof(struct request, config.sets)},
    {OPTION_FLAG, 0, "options", NULL,
        "lists all options with their ranges and defaults; with --config those of its detectors",
        .at = offsetof(struct request, options)},
    {OPTION_FLAG, 0, "signals", NULL, "lists the detectors' signals: detector, name, group",
        .at = offsetof(struct request, signals)},
    {0},
};

const struct command command_check = {
    .name = "check",
    .summary = "Checks a configuration, its detectors, options and routes, and names every fault at once.",
    .options = options,
    .asked_size = sizeof(struct request),
    .run = run,
};
