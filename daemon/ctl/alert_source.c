#include "daemon/ctl/alert_source.h"

#include "daemon/ctl/client.h"
#include "daemon/ctl/lines.h"
#include "daemon/picture/alert_json.h"
#include "daemon/stream/keys.h"

#include <string.h>

#define PAGE "200"
#define WAIT_MS "1000"

const struct option_row alert_source_options[] = {
    {OPTION_TEXT, 'c', "config", "FILE", "the main configuration file; alerts come from its Redis, or",
        .at = offsetof(struct alert_source, config_asked.file)},
    {OPTION_TEXT, 0, "file", "FILE", "from a file that `jianductl replay` wrote; - is standard input",
        .at = offsetof(struct alert_source, file)},
    {OPTION_TEXTS, 0, "set", "PATH=VALUE", "overrides one value of the configuration",
        .at = offsetof(struct alert_source, config_asked.sets)},
    {OPTION_TEXT, 0, "office", "NAME", "the copies of one office, from Redis",
        .at = offsetof(struct alert_source, office)},
    {OPTION_FLAG, 0, "shadow", NULL, "what shadow detectors found, from Redis",
        .at = offsetof(struct alert_source, shadow)},
    {0},
};

int alert_source_open(struct alert_source *s, const struct command *self)
{
    s->self = self;
    if (s->file && (s->office || s->shadow))
        return command_wrong(self, "--office and --shadow pick a stream in Redis, not lines of a file");
    if (!s->config_asked.file)
        return 0;
    s->config = command_config(self, &s->config_asked);
    return s->config ? 0 : EX_CONFIG;
}

void alert_source_close(struct alert_source *s)
{
    config_destroy(s->config);
    s->config = NULL;
}

struct walk {
    const struct alert_source *source;
    alert_source_visit visit;
    void *context;
};

static void show(void *context, const char *data, size_t length)
{
    const struct walk *w = context;
    json_t *alert = json_loadb(data, length, 0, NULL);
    if (json_is_object(alert)) {
        alert_json_clean(alert);
        w->visit(w->context, alert, data, length);
    }
    json_decref(alert);
}

/* Shows what one XREAD brings and moves `position` on. -1: failed; 0: nothing more; 1: there may be more. */
static int read_page(
    struct walk *w, struct client *redis, const char *key, char *position, size_t size, struct error *err)
{
    bool follow = w->source->follow;
    redisReply *reply =
        follow ? client_words(
                     redis, err, "XREAD", "COUNT", PAGE, "BLOCK", WAIT_MS, "STREAMS", key, position, NULL)
               : client_words(redis, err, "XREAD", "COUNT", PAGE, "STREAMS", key, position, NULL);
    if (!reply)
        return -1;
    int more = follow;
    if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 1 && reply->element[0]->elements == 2) {
        const redisReply *entries = reply->element[0]->element[1];
        for (size_t i = 0; i < entries->elements; i++) {
            const redisReply *data = client_field(entries->element[i], "data");
            if (data)
                show(w, data->str, data->len);
            snprintf(position, size, "%s", entries->element[i]->element[0]->str);
        }
        more = more || entries->elements > 0;
    }
    freeReplyObject(reply);
    fflush(stdout);
    return more;
}

static int from_redis(struct walk *w)
{
    const struct alert_source *s = w->source;
    struct error err;
    char suffix[128], key[KEY_MAX], position[64] = "0-0";
    snprintf(suffix, sizeof suffix, "%s%s%s", s->shadow ? "shadow" : "alerts", s->office ? ":" : "",
        s->office ? s->office : "");
    stream_keys_write(key, s->config->name, suffix);
    struct client *redis = client_open(s->config, &err);
    if (!redis)
        return command_fail(s->self, EX_UNAVAILABLE, "%s", err.text);
    int more;
    do
        more = read_page(w, redis, key, position, sizeof position, &err);
    while (more > 0);
    client_close(redis);
    return more < 0 ? command_fail(s->self, EX_UNAVAILABLE, "%s", err.text) : 0;
}

static int from_file(struct walk *w)
{
    struct error err;
    int code = lines_read(w->source->file, show, w, &err);
    return code ? command_fail(w->source->self, code, "%s", err.text) : 0;
}

int alert_source_read(const struct alert_source *source, alert_source_visit visit, void *context)
{
    struct walk w = {source, visit, context};
    return source->file ? from_file(&w) : from_redis(&w);
}

struct wanted {
    const char *id;
    json_t *latest;
};

static void keep_latest(void *context, const json_t *alert, const char *data, size_t length)
{
    struct wanted *w = context;
    (void)data;
    (void)length;
    if (!alert_json_is(alert, "id", w->id))
        return;
    if (w->latest && alert_json_number(alert, "revision") < alert_json_number(w->latest, "revision"))
        return;
    json_decref(w->latest);
    w->latest = json_deep_copy(alert);
}

int alert_source_find(const struct alert_source *source, const char *id, json_t **alert)
{
    struct wanted w = {.id = id};
    int code = alert_source_read(source, keep_latest, &w);
    *alert = w.latest;
    if (code || w.latest)
        return code;
    return command_fail(
        source->self, EX_NOINPUT, "%s: no alert %s", source->file ? source->file : "Redis", id);
}
