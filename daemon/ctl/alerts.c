#include "daemon/ctl/alert_source.h"
#include "daemon/ctl/alert_text.h"
#include "daemon/ctl/alerts_show.h"
#include "daemon/picture/alert_json.h"

#include <string.h>

struct alerts {
    const char *detector, *severity, *id;
    struct alert_source source;
    bool json, brief;
};

static int rank(const char *severity)
{
    static const char *const order[] = {"low", "medium", "high", "critical"};
    for (int i = 0; i < 4; i++)
        if (strcmp(severity, order[i]) == 0)
            return i;
    return -1;
}

static bool wanted(const struct alerts *a, const json_t *alert)
{
    if (a->detector && !alert_json_is(alert, "detector", a->detector))
        return false;
    if (a->id && !alert_json_is(alert, "id", a->id))
        return false;
    return !a->severity || rank(alert_json_text(alert, "severity")) >= rank(a->severity);
}

static void show(void *context, const json_t *alert, const char *data, size_t length)
{
    const struct alerts *a = context;
    if (!wanted(a, alert))
        return;
    if (a->json)
        printf("%.*s\n", (int)length, data);
    else
        alert_text_print(stdout, alert, a->brief ? ALERT_TEXT_TITLE : ALERT_TEXT_USUAL);
}

static const struct option options[] = {
    ALERT_SOURCE_OPTIONS,
    {"office", required_argument, NULL, 'o'},
    {"follow", no_argument, NULL, 'f'},
    {"json", no_argument, NULL, 'j'},
    {"brief", no_argument, NULL, 'b'},
    {"detector", required_argument, NULL, 'd'},
    {"severity", required_argument, NULL, 'l'},
    {"id", required_argument, NULL, 'i'},
    {"help", no_argument, NULL, 'h'},
    {0},
};

static int parse(struct alerts *a, int argc, char **argv, bool *help)
{
    int c;
    while ((c = getopt_long(argc, argv, "c:fjbh", options, NULL)) != -1) {
        switch (c) {
        case 'f':
            a->source.follow = true;
            break;
        case 'j':
            a->json = true;
            break;
        case 'b':
            a->brief = true;
            break;
        case 'd':
            a->detector = optarg;
            break;
        case 'l':
            a->severity = optarg;
            break;
        case 'i':
            a->id = optarg;
            break;
        case 'h':
            *help = true;
            return 0;
        default:
            if (!alert_source_option(&a->source, c, optarg))
                return -1;
        }
    }
    bool severity_ok = !a->severity || rank(a->severity) >= 0;
    return severity_ok && optind == argc && (!a->source.config_file) != (!a->source.file) ? 0 : -1;
}

static int run(const struct command *self, int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "show") == 0)
        return alerts_show(self, argc - 1, argv + 1);
    struct alerts a = {.source = {.self = self}};
    bool help = false;
    if (parse(&a, argc, argv, &help) != 0)
        return command_usage(self);
    if (help)
        return command_help(self);
    int code = alert_source_open(&a.source);
    if (code)
        return code;
    code = alert_source_read(&a.source, show, &a);
    alert_source_close(&a.source);
    return code;
}

const struct command command_alerts = {
    .name = "alerts",
    .arguments = "--config FILE|--file ALERTS.ndjson [--follow] [--detector NAME] [--severity LEVEL] "
                 "[--office NAME] [--id ID] [--json|--brief]\n"
                 "       jianductl alerts show ID --config FILE|--file ALERTS.ndjson [--svg FILE|--json]",
    .summary = "Shows alerts with their evidence, in Chinese and English, from Redis or from a file.",
    .help =
        "  --config FILE      the main configuration file; alerts come from its Redis\n"
        "  --set PATH=VALUE   overrides one value of it\n"
        "  --file FILE        alerts come from a file that `jianductl replay` wrote; - is standard input\n"
        "  --follow           waits for more (ends with Ctrl-C)\n"
        "  --detector NAME    only those of one detector\n"
        "  --severity LEVEL   only those of at least low, medium, high or critical\n"
        "  --office NAME      the copies of one office\n"
        "  --shadow           what shadow detectors found\n"
        "  --id ID            only one alert, in all its revisions\n"
        "  --json             the JSON lines as they are\n"
        "  --brief            titles only\n"
        "\n"
        "`show ID` shows the latest revision of one alert with all of its evidence.\n"
        "  --svg FILE         draws it instead, for print: who is tied to whom, its orders in time, an "
        "account's\n"
        "                     acts in turn, or the circle that its money makes; - is standard output\n",
    .run = run,
};
