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
    struct command_config config;
    const char *input, *office, *date;
    int64_t year;
    int level; /* of divisions: 0 provinces, 1 cities, 2 counties */
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
        progress_table_print(stdout, report, a->year, 2 * (size_t)(a->level + 1));
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

static int run(const struct command *self, void *request, char *const *operands)
{
    struct asked *a = request;
    (void)operands;
    a->self = self;
    if (!a->config.file == !a->input)
        return command_wrong(self, "--config FILE or --file FILE, one of the two, is needed");
    if (a->input)
        return from_file(a);
    struct config *config = command_config(self, &a->config);
    if (!config)
        return EX_CONFIG;
    int code = from_redis(a, config);
    config_destroy(config);
    return code;
}

static const char *const levels[] = {"province", "city", "county", NULL};

static const struct option_row options[] = {
    {OPTION_TEXT, 'c', "config", "FILE", "the main configuration file; reports come from its Redis, or",
        .at = offsetof(struct asked, config.file)},
    {OPTION_TEXT, 0, "file", "FILE",
        "from a file that `jianductl replay --reports` wrote; - is standard input",
        .at = offsetof(struct asked, input)},
    {OPTION_TEXTS, 0, "set", "PATH=VALUE", "overrides one value of the configuration",
        .at = offsetof(struct asked, config.sets)},
    {OPTION_TEXT, 0, "office", "NAME", "the report of one office, on its own units",
        .at = offsetof(struct asked, office)},
    {OPTION_TEXT, 0, "date", "YYYY-MM-DD", "the report of that day instead of the newest",
        .at = offsetof(struct asked, date)},
    {OPTION_NUMBER, 0, "year", "YEAR", "only that budget year", .at = offsetof(struct asked, year),
        .min = 2000, .max = 9999},
    {OPTION_WORD, 0, "level", "LEVEL", "divisions down to province, city or county (the default)",
        .at = offsetof(struct asked, level), .words = levels},
    {OPTION_FLAG, 'j', "json", NULL, "the report as it is, money in fen", .at = offsetof(struct asked, json)},
    {0},
};

const struct command command_progress = {
    .name = "progress",
    .summary = "Shows what units bought against what they reserved, from the newest daily report.",
    .options = options,
    .asked_size = sizeof(struct asked),
    .asked_defaults = &(const struct asked){.office = "", .level = 2},
    .run = run,
};
