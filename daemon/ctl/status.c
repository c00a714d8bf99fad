#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/scrape.h"

#include "daemon/base/memory.h"
#include "daemon/stream/keys.h"

#include <jansson.h>

#include <stdlib.h>
#include <string.h>

struct request {
    struct command_config config;
    bool json;
};

struct status {
    char position[64], holder[128], epoch[32];
    unsigned long long read, added, length, republished;
    long long lease_ms;
    char last_id[64];
    bool stream;
    json_t *standbys; /* what each says of itself, with its name as `instance` */
    char *blind;      /* lines "detector signal", of those that cannot be evaluated; NULL: not known */
};

/* The value after a name in a reply of name, value, name, value ...; NULL if it is not there. */
static const redisReply *value_of(const redisReply *pairs, const char *name)
{
    for (size_t i = 0; pairs->type == REDIS_REPLY_ARRAY && i + 1 < pairs->elements; i += 2)
        if (pairs->element[i]->str && strcmp(pairs->element[i]->str, name) == 0)
            return pairs->element[i + 1];
    return NULL;
}

static void copy_text(char *out, size_t size, const redisReply *value)
{
    snprintf(out, size, "%s", value && value->str ? value->str : "");
}

static unsigned long long number(const redisReply *value)
{
    if (!value)
        return 0;
    return value->str ? strtoull(value->str, NULL, 10) : (unsigned long long)value->integer;
}

static int read_progress(
    const struct config *config, struct client *redis, struct status *s, struct error *err)
{
    char key[KEY_MAX];
    redisReply *reply =
        client_words(redis, err, "HGETALL", stream_keys_write(key, config->name, "progress"), NULL);
    if (!reply)
        return -1;
    copy_text(s->position, sizeof s->position, value_of(reply, "pos"));
    copy_text(s->holder, sizeof s->holder, value_of(reply, "holder"));
    copy_text(s->epoch, sizeof s->epoch, value_of(reply, "epoch"));
    s->read = number(value_of(reply, "read"));
    s->republished = number(value_of(reply, "republished"));
    freeReplyObject(reply);
    reply = client_words(redis, err, "PTTL", stream_keys_write(key, config->name, "owner"), NULL);
    if (!reply)
        return -1;
    s->lease_ms = reply->integer;
    freeReplyObject(reply);
    return 0;
}

/* A field for each: how long it counts (not our affair, Redis forgets), and a JSON object. */
static int read_standbys(
    const struct config *config, struct client *redis, struct status *s, struct error *err)
{
    char key[KEY_MAX];
    redisReply *reply =
        client_words(redis, err, "HGETALL", stream_keys_write(key, config->name, "standby"), NULL);
    if (!reply)
        return -1;
    for (size_t i = 0; reply->type == REDIS_REPLY_ARRAY && i + 1 < reply->elements; i += 2) {
        const char *text = strchr(reply->element[i + 1]->str, ' ');
        json_t *one = text ? json_loads(text + 1, 0, NULL) : NULL;
        if (one && json_object_set_new(one, "instance", json_string(reply->element[i]->str)) == 0)
            json_array_append_new(s->standbys, one);
    }
    freeReplyObject(reply);
    return 0;
}

static int read_stream(const struct config *config, struct client *redis, struct status *s, struct error *err)
{
    redisReply *reply = client_words(redis, err, "EXISTS", config->input.key, NULL);
    if (!reply)
        return -1;
    s->stream = reply->integer != 0;
    freeReplyObject(reply);
    if (!s->stream)
        return 0;
    reply = client_words(redis, err, "XINFO", "STREAM", config->input.key, NULL);
    if (!reply)
        return -1;
    s->added = number(value_of(reply, "entries-added"));
    s->length = number(value_of(reply, "length"));
    copy_text(s->last_id, sizeof s->last_id, value_of(reply, "last-generated-id"));
    freeReplyObject(reply);
    return 0;
}

static void add_blind(void *context, const char *labels)
{
    FILE *out = context;
    char detector[64], signal[64];
    fprintf(out, "%s %s\n", scrape_label(labels, "detector", detector, sizeof detector),
        scrape_label(labels, "signal", signal, sizeof signal));
}

/* Only the daemon itself knows; one that is not on this host does not answer. */
static void ask_daemon(const struct config *config, struct status *s)
{
    struct error err;
    size_t size;
    char *page = config->http_listen ? scrape_metrics(config->http_listen, &err) : NULL;
    FILE *out = page ? open_memstream(&s->blind, &size) : NULL;
    if (out) {
        scrape_each(page, "jiandu_signal_evaluable", "0", add_blind, out);
        fclose(out);
    }
    free(page);
}

static void print_lines(const char *lines, const char *before, const char *after, const char *between)
{
    for (const char *line = lines; *line; line += strcspn(line, "\n") + 1)
        printf("%s%s%.*s%s", line == lines ? "" : between, before, (int)strcspn(line, "\n"), line, after);
}

static void print_standbys(const struct status *s)
{
    size_t i;
    json_t *one;
    json_array_foreach(s->standbys, i, one)
    {
        const char *name = json_string_value(json_object_get(one, "instance"));
        const char *state = json_string_value(json_object_get(one, "state"));
        const char *host = json_string_value(json_object_get(one, "host"));
        printf("standby    %s on %s (pid %lld): %s, %lld entries behind\n", name ? name : "?",
            host ? host : "?", json_integer_value(json_object_get(one, "pid")), state ? state : "?",
            json_integer_value(json_object_get(one, "behind")));
    }
    if (json_array_size(s->standbys) == 0)
        puts("standby    none");
}

static void print_human(const struct config *config, const struct status *s)
{
    printf("instance   %s\n", config->name);
    if (s->lease_ms > 0)
        printf("leader     %s (epoch %s, lease for another %lld ms)\n", s->holder, s->epoch, s->lease_ms);
    else
        printf(
            "leader     nobody holds the lease%s%s\n", s->holder[0] ? "; the last one was " : "", s->holder);
    print_standbys(s);
    printf("position   %s (%llu entries read)\n", s->position[0] ? s->position : "none yet", s->read);
    if (s->stream)
        printf("input      %s: %llu entries kept, %llu ever added, last %s\n", config->input.key, s->length,
            s->added, s->last_id);
    else
        printf("input      %s: there is no such stream\n", config->input.key);
    printf("lag        %llu entries\n", s->added > s->read ? s->added - s->read : 0);
    if (s->republished)
        printf("absorbed   %llu alerts that had been published before\n", s->republished);
    if (s->blind && *s->blind) {
        fputs("blind      signals that lack a field or registry: ", stdout);
        print_lines(s->blind, "", "", ", ");
        putchar('\n');
    }
}

static void print_json(const struct config *config, const struct status *s)
{
    char *standbys = memory_need(json_dumps(s->standbys, JSON_COMPACT), "those who stand by");
    printf("{\"name\":\"%s\",\"leader\":\"%s\",\"lease_ms\":%lld,\"position\":\"%s\",\"read\":%llu,\"added\":"
           "%llu,"
           "\"length\":%llu,\"lag\":%llu,\"republished\":%llu,\"standby\":%s,\"not_evaluable\":",
        config->name, s->lease_ms > 0 ? s->holder : "", s->lease_ms > 0 ? s->lease_ms : 0, s->position,
        s->read, s->added, s->length, s->added > s->read ? s->added - s->read : 0, s->republished, standbys);
    free(standbys);
    if (s->blind) {
        putchar('[');
        print_lines(s->blind, "\"", "\"", ",");
        puts("]}");
    } else {
        puts("null}");
    }
}

static int show(const struct command *self, const struct config *config, bool json)
{
    struct error err;
    struct status s = {.standbys = memory_need(json_array(), "those who stand by")};
    struct client *redis = client_open(config, &err);
    int failed = !redis || read_progress(config, redis, &s, &err) != 0 ||
                 read_standbys(config, redis, &s, &err) != 0 || read_stream(config, redis, &s, &err) != 0;
    client_close(redis);
    if (!failed) {
        ask_daemon(config, &s);
        if (json)
            print_json(config, &s);
        else
            print_human(config, &s);
    }
    free(s.blind);
    json_decref(s.standbys);
    return failed ? command_fail(self, EX_UNAVAILABLE, "%s", err.text) : 0;
}

static int run(const struct command *self, void *request, char *const *operands)
{
    const struct request *q = request;
    struct config *config = command_config(self, &q->config);
    (void)operands;
    if (!config)
        return EX_CONFIG;
    int code = show(self, config, q->json);
    config_destroy(config);
    return code;
}

static const struct option_row options[] = {
    {OPTION_ROWS, .rows = command_config_options, .at = offsetof(struct request, config)},
    {OPTION_FLAG, 0, "json", NULL, "one JSON object instead of lines for a person",
        .at = offsetof(struct request, json)},
    {0},
};

const struct command command_status = {
    .name = "status",
    .summary = "Shows who leads and who stands by, how far the input has been read, how much is waiting and "
               "which signals are blind.",
    .options = options,
    .asked_size = sizeof(struct request),
    .run = run,
};
