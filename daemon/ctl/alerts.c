#include "daemon/ctl/alert_text.h"
#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PAGE "200"
#define WAIT_MS "1000"

struct alerts {
    const struct command *self;
    const char *config, *detector, *severity, *office, *id, *input;
    struct command_list sets;
    bool json, brief, follow, shadow;
    uint64_t shown;
};

static int rank(const char *severity)
{
    static const char *const order[] = {"low", "medium", "high", "critical"};
    for (int i = 0; i < 4; i++)
        if (severity && strcmp(severity, order[i]) == 0)
            return i;
    return -1;
}

static bool wanted(const struct alerts *a, const json_t *alert)
{
    const char *detector = json_string_value(json_object_get(alert, "detector"));
    const char *id = json_string_value(json_object_get(alert, "id"));
    const char *severity = json_string_value(json_object_get(alert, "severity"));
    if (a->detector && (!detector || strcmp(detector, a->detector) != 0))
        return false;
    if (a->id && (!id || strcmp(id, a->id) != 0))
        return false;
    return !a->severity || rank(severity) >= rank(a->severity);
}

static void show(struct alerts *a, const char *data, size_t length)
{
    json_t *alert = json_loadb(data, length, 0, NULL);
    if (!alert || !wanted(a, alert)) {
        json_decref(alert);
        return;
    }
    a->shown++;
    if (a->json)
        printf("%.*s\n", (int)length, data);
    else
        alert_text_print(stdout, alert, a->brief);
    json_decref(alert);
}

/* The value of the field `data` of one entry. */
static void show_entry(struct alerts *a, const redisReply *entry)
{
    if (entry->elements != 2 || entry->element[1]->type != REDIS_REPLY_ARRAY)
        return;
    const redisReply *fields = entry->element[1];
    for (size_t i = 0; i + 1 < fields->elements; i += 2)
        if (strcmp(fields->element[i]->str, "data") == 0)
            show(a, fields->element[i + 1]->str, fields->element[i + 1]->len);
}

/* Shows what one XREAD brings and moves `position` on. -1: failed; 0: nothing more; 1: there may be more. */
static int read_page(
    struct alerts *a, redisContext *redis, const char *key, char *position, size_t size, struct error *err)
{
    redisReply *reply =
        a->follow ? client_words(
                        redis, err, "XREAD", "COUNT", PAGE, "BLOCK", WAIT_MS, "STREAMS", key, position, NULL)
                  : client_words(redis, err, "XREAD", "COUNT", PAGE, "STREAMS", key, position, NULL);
    if (!reply)
        return -1;
    int more = a->follow;
    if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 1 && reply->element[0]->elements == 2) {
        const redisReply *entries = reply->element[0]->element[1];
        for (size_t i = 0; i < entries->elements; i++) {
            show_entry(a, entries->element[i]);
            snprintf(position, size, "%s", entries->element[i]->element[0]->str);
        }
        more = more || entries->elements > 0;
    }
    freeReplyObject(reply);
    fflush(stdout);
    return more;
}

static int from_redis(struct alerts *a, const struct config *config)
{
    struct error err;
    char suffix[128], key[256], position[64] = "0-0";
    snprintf(suffix, sizeof suffix, "%s%s%s", a->shadow ? "shadow" : "alerts", a->office ? ":" : "",
        a->office ? a->office : "");
    client_key(config, suffix, key, sizeof key);
    redisContext *redis = client_open(config, &err);
    if (!redis)
        return command_fail(a->self, EX_UNAVAILABLE, "%s", err.text);
    int more;
    do
        more = read_page(a, redis, key, position, sizeof position, &err);
    while (more > 0);
    redisFree(redis);
    return more < 0 ? command_fail(a->self, EX_UNAVAILABLE, "%s", err.text) : 0;
}

static int from_file(struct alerts *a)
{
    FILE *in = strcmp(a->input, "-") == 0 ? stdin : fopen(a->input, "re");
    if (!in)
        return command_fail(a->self, EX_NOINPUT, "%s: %s", a->input, strerror(errno));
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    while ((length = getline(&line, &size, in)) > 0)
        show(a, line, (size_t)(line[length - 1] == '\n' ? length - 1 : length));
    free(line);
    if (in != stdin)
        fclose(in);
    return 0;
}

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"set", required_argument, NULL, 's'},
    {"file", required_argument, NULL, 'F'},
    {"follow", no_argument, NULL, 'f'},
    {"json", no_argument, NULL, 'j'},
    {"brief", no_argument, NULL, 'b'},
    {"shadow", no_argument, NULL, 'w'},
    {"detector", required_argument, NULL, 'd'},
    {"severity", required_argument, NULL, 'l'},
    {"office", required_argument, NULL, 'o'},
    {"id", required_argument, NULL, 'i'},
    {"help", no_argument, NULL, 'h'},
    {0},
};

static int parse(struct alerts *a, int argc, char **argv, bool *help)
{
    int c;
    while ((c = getopt_long(argc, argv, "c:fjbh", options, NULL)) != -1) {
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
        case 'f':
            a->follow = true;
            break;
        case 'j':
            a->json = true;
            break;
        case 'b':
            a->brief = true;
            break;
        case 'w':
            a->shadow = true;
            break;
        case 'd':
            a->detector = optarg;
            break;
        case 'l':
            a->severity = optarg;
            break;
        case 'o':
            a->office = optarg;
            break;
        case 'i':
            a->id = optarg;
            break;
        case 'h':
            *help = true;
            return 0;
        default:
            return -1;
        }
    }
    bool severity_ok = !a->severity || rank(a->severity) >= 0;
    return severity_ok && optind == argc && (!a->config) != (!a->input) ? 0 : -1;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct alerts a = {.self = self};
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

const struct command command_alerts = {
    .name = "alerts",
    .arguments = "--config FILE|--file ALERTS.ndjson [--follow] [--detector NAME] [--severity LEVEL] "
                 "[--office NAME] [--id ID] [--json|--brief]",
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
        "  --brief            titles only\n",
    .run = run,
};
