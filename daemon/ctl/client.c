#include "daemon/ctl/client.h"

#include "daemon/ops/timer.h"
#include "daemon/stream/url.h"

#include <stdarg.h>
#include <string.h>

#define WORDS_MAX 32

static redisContext *dial(const struct config *config, struct error *err)
{
    struct redis_url url;
    if (redis_url_parse(&url, config->redis.url, err) != 0)
        return NULL;
    if (url.transport == REDIS_TLS) {
        error_set(err,
            "redis.url: this tool does not speak TLS yet; use the unix socket or a plain port on this host");
        return NULL;
    }
    struct timeval patience = timer_span(config->redis.connect_timeout);
    redisContext *c = url.transport == REDIS_UNIX ? redisConnectUnixWithTimeout(url.path, patience)
                                                  : redisConnectWithTimeout(url.host, url.port, patience);
    if (!c) {
        error_set(err, "out of memory for a connection");
        return NULL;
    }
    if (c->err) {
        error_set(err, "%s: %s", config->redis.url, c->errstr);
        redisFree(c);
        return NULL;
    }
    redisSetTimeout(c, timer_span(config->redis.command_timeout));
    return c;
}

redisContext *client_open(const struct config *config, struct error *err)
{
    redisContext *c = dial(config, err);
    if (!c || !config->redis.password)
        return c;
    redisReply *reply = config->redis.user
                            ? client_words(c, err, "AUTH", config->redis.user, config->redis.password, NULL)
                            : client_words(c, err, "AUTH", config->redis.password, NULL);
    if (!reply) {
        error_wrap(err, "%s", config->redis.url);
        redisFree(c);
        return NULL;
    }
    freeReplyObject(reply);
    return c;
}

redisReply *client_call(
    redisContext *c, struct error *err, int argc, const char **argv, const size_t *lengths)
{
    redisReply *reply = redisCommandArgv(c, argc, argv, lengths);
    if (!reply) {
        error_set(err, "%s: %s", argv[0], c->errstr);
        return NULL;
    }
    if (reply->type == REDIS_REPLY_ERROR) {
        error_set(err, "%s: Redis says: %s", argv[0], reply->str);
        freeReplyObject(reply);
        return NULL;
    }
    return reply;
}

redisReply *client_words(redisContext *c, struct error *err, ...)
{
    const char *argv[WORDS_MAX];
    size_t lengths[WORDS_MAX];
    int argc = 0;
    va_list args;
    va_start(args, err);
    const char *word;
    while (argc < WORDS_MAX && (word = va_arg(args, const char *))) {
        argv[argc] = word;
        lengths[argc++] = strlen(word);
    }
    va_end(args);
    return client_call(c, err, argc, argv, lengths);
}

const char *client_key(const struct config *config, const char *suffix, char *out, size_t size)
{
    snprintf(out, size, "jiandu:{%s}:%s", config->name, suffix);
    return out;
}
