#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/progress_table.h"
#include "daemon/stream/keys.h"

#include <errno.h>
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
    const char *detector = json_string_value(json_object_get(report, "detector"));
    const char *office = json_string_value(json_object_get(report, "office"));
    const char *date = json_string_value(json_object_get(report, "date"));
    if (detector && office && date && strcmp(detector, "procurement_progress") == 0 &&
        strcmp(office, a->office) == 0 && (!a->date || strcmp(date, a->date) == 0))
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

/* The report in one stream entry: the value of its field `data`. */
static json_t *report_of(const struct asked *a, const redisReply *entry)
{
    const redisReply *fields = entry->elements == 2 ? entry->element[1] : NULL;
    for (size_t i = 0; fields && i + 1 < fields->elements; i += 2)
        if (strcmp(fields->element[i]->str, "data") == 0)
            return wanted(a, fields->element[i + 1]->str, fields->element[i + 1]->len);
    return NULL;
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
            *found = report_of(a, reply->element[0]);
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

static int from_file(const struct asked *a)
{
    FILE *in = strcmp(a->input, "-") == 0 ? stdin : fopen(a->input, "re");
    if (!in)
        return command_fail(a->self, EX_NOINPUT, "%s: %s", a->input, strerror(errno));
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    json_t *newest = NULL;
    while ((length = getline(&line, &size, in)) > 0) {
        json_t *report = wanted(a, line, (size_t)length);
        if (report) {
            json_decref(newest);
            newest = report;
        }
    }
    free(line);
    if (in != stdin)
        fclose(in);
    return show(a, newest);
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
