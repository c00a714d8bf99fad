#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/lines.h"
#include "daemon/ctl/progress_table.h"
#include "daemon/picture/alert_json.h"
#include "daemon/stream/keys.h"

#include <stdlib.h>
#include <string.h>

struct asked {
    const struct command *self;
    const char *config, *input, *office, *date;
    struct command_list sets;
    int64_t year;
    size_t digits;
    bool json;
};

/* The report that a line holds if it is the one that was asked for, NULL otherwise. */
static json_t *wanted(const struct asked *a, const char *data, size_t length)
{
    json_t *report = json_loadb(data, length, 0, NULL);
    if (alert_json_is(report, "detector", "procurement_progress") &&
        alert_json_is(report, "office", a->office) && *alert_json_text(report, "date") &&
        (!a->date || alert_json_is(report, "date", a->date)))
        return report;
    json_decref(report);
    return NULL;
}

static int show(const struct asked *a, json_t *report)
{
    if (!report)
        return command_fail(a->self, EX_NOINPUT, "there is no such report%s",
            a->date ? "; a day on which nothing changed has none" : " yet");
    if (a->json)
        json_dumpf(report, stdout, JSON_COMPACT);
    else
        progress_table_print(stdout, report, a->year, a->digits);
    if (a->json)
        putchar('\n');
    json_decref(report);
    return 0;
}

/* From the newest back, one at a time: they can be long. -1: Redis failed. */
static int find(
    const struct asked *a, struct client *redis, const char *key, json_t **found, struct error *err)
{
    char from[64] = "+";
    bool more = true;
    while (more && !*found) {
        redisReply *reply = client_words(redis, err, "XREVRANGE", key, from, "-", "COUNT", "1", NULL);
        if (!reply)
            return -1;
        more = reply->type == REDIS_REPLY_ARRAY && reply->elements == 1 && reply->element[0]->elements == 2;
        if (more) {
            const redisReply *data = client_field(reply->element[0], "data");
            *found = data ? wanted(a, data->str, data->len) : NULL;
            snprintf(from, sizeof from, "(%s", reply->element[0]->element[0]->str);
        }
        freeReplyObject(reply);
    }
    return 0;
}

static int from_redis(const struct asked *a, const struct config *config)
{
    struct error err;
    char suffix[128], key[KEY_MAX];
    json_t *report = NULL;
    snprintf(suffix, sizeof suffix, "reports%s%s", *a->office ? ":" : "", a->office);
    stream_keys_write(key, config->name, suffix);
    struct client *redis = client_open(config, &err);
    if (!redis)
        return command_fail(a->self, EX_UNAVAILABLE, "%s", err.text);
    int failed = find(a, redis, key, &report, &err);
    client_close(redis);
    return failed ? command_fail(a->self, EX_UNAVAILABLE, "%s", err.text) : show(a, report);
}

struct newest {
    const struct asked *asked;
    json_t *report;
};

static void keep_newest(void *context, const char *line, size_t length)
{
    struct newest *n = context;
    json_t *report = wanted(n->asked, line, length);
    if (!report)
        return;
    json_decref(n->report);
    n->report = report;
}

static int from_file(const struct asked *a)
{
    struct newest n = {.asked = a};
    struct error err;
    int code = lines_read(a->input, keep_newest, &n, &err);
    if (code == 0)
        return show(a, n.report);
    json_decref(n.report);
    return command_fail(a->self, code, "%s", err.text);
}

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"set", required_argument, NULL, 's'},
    {"file", required_argument, NULL, 'F'},
    {"office", required_argument, NULL, 'o'},
    {"date", required_argument, NULL, 'd'},
    {"year", required_argument, NULL, 'y'},
    {"level", required_argument, NULL, 'l'},
    {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
    {0},
};

/* How many digits of a division's code a level has; 0: no such level. */
static size_t digits_of(const char *level)
{
    static const char *const names[] = {"province", "city", "county"};
    for (size_t i = 0; i < 3; i++)
        if (strcmp(level, names[i]) == 0)
            return 2 * (i + 1);
    return 0;
}

static int parse(struct asked *a, int argc, char **argv, bool *help)
{
    int c;
    while ((c = getopt_long(argc, argv, "c:jh", options, NULL)) != -1) {
        switch (c) {
        case 'c':
            a->config = optarg;
            break;
        case 's':
            command_list_add(&a->sets, optarg);
            break;
        case 'F':
            a->input = optarg;
            break;
        case 'o':
            a->office = optarg;
            break;
        case 'd':
            a->date = optarg;
            break;
        case 'y':
            a->year = strtol(optarg, NULL, 10);
            break;
        case 'l':
            a->digits = digits_of(optarg);
            break;
        case 'j':
            a->json = true;
            break;
        case 'h':
            *help = true;
            return 0;
        default:
            return -1;
        }
    }
    return a->digits && a->year >= 0 && optind == argc && (!a->config) != (!a->input) ? 0 : -1;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct asked a = {.self = self, .office = "", .digits = 6};
    bool help = false;
    if (parse(&a, argc, argv, &help) != 0)
        return command_usage(self);
    if (help)
        return command_help(self);
    if (a.input)
        return from_file(&a);
    struct config *config = command_config(self, a.config, a.sets.item, a.sets.count);
    if (!config)
        return EX_CONFIG;
    int code = from_redis(&a, config);
    config_destroy(config);
    return code;
}

const struct command command_progress = {
    .name = "progress",
    .arguments = "--config FILE|--file REPORTS.ndjson [--office NAME] [--date DATE] [--year YEAR] "
                 "[--level LEVEL] [--json]",
    .summary = "Shows what units bought against what they reserved, from the newest daily report.",
    .help = "  --config FILE      the main configuration file; reports come from its Redis\n"
            "  --set PATH=VALUE   overrides one value of it\n"
            "  --file FILE        reports come from a file that `jianductl replay --reports` wrote; - is "
            "standard "
            "input\n"
            "  --office NAME      the report of one office, on its own units\n"
            "  --date YYYY-MM-DD  the report of that day instead of the newest\n"
            "  --year YEAR        only that budget year\n"
            "  --level LEVEL      divisions down to province, city or county (the default)\n"
            "  --json             the report as it is, money in fen\n",
    .run = run,
};
