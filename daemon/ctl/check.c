#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"

#include <inttypes.h>
#include <stdio.h>

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

static int run(const struct command *self, int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        {"set", required_argument, NULL, 's'},
        {"options", no_argument, NULL, 'o'},
        {"signals", no_argument, NULL, 'g'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    const char *file = NULL;
    struct command_list sets = {0};
    bool list_options = false, signals = false;
    int c;
    while ((c = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
        switch (c) {
        case 'c':
            file = optarg;
            break;
        case 's':
            command_list_add(&sets, optarg);
            break;
        case 'o':
            list_options = true;
            break;
        case 'g':
            signals = true;
            break;
        case 'h':
            return command_help(self);
        default:
            return command_usage(self);
        }
    }
    if (list_options && !file) {
        config_describe(stdout);
        return 0;
    }
    if (!file || optind != argc)
        return command_usage(self);
    struct config *config = command_config(self, file, sets.item, sets.count);
    if (!config)
        return EX_CONFIG;
    struct error err;
    if (client_check(config, &err) != 0) {
        config_destroy(config);
        return command_fail(self, EX_CONFIG, "%s", err.text);
    }
    if (signals)
        list_signals(config);
    else
        describe(config);
    const struct engine_settings *s = config_engine_settings(config);
    for (size_t i = 0; list_options && i < s->n_detectors; i++)
        config_describe_detector(stdout, s->detectors[i].detector);
    config_destroy(config);
    return 0;
}

const struct command command_check = {
    .name = "check",
    .arguments = "--config FILE [--set path=value ...] [--options | --signals]",
    .summary = "Checks a configuration, its detectors, options and routes, and names every fault at once.",
    .help = "  --config FILE      the main file, e.g. config/jiandu.json\n"
            "  --set PATH=VALUE   overrides one value of it\n"
            "  --options          lists all options with their ranges and defaults; with --config the "
            "detectors' too\n"
            "  --signals          lists the detectors' signals instead: detector, name, group\n",
    .run = run,
};
