#include "tests/bench/stopwatch.h"

#include "daemon/ops/clock.h"
#include "daemon/stream/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static int64_t own_us(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * INT64_C(1000000) + u.ru_utime.tv_usec +
           u.ru_stime.tv_usec;
}

static int64_t seconds_as_us(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    return at ? (int64_t)(strtod(at + strlen(name), NULL) * 1e6) : 0;
}

int64_t stopwatch_redis_us(redisContext *redis)
{
    redisReply *reply = redisCommand(redis, "INFO cpu");
    int64_t us = 0;
    if (reply && reply->str)
        us = seconds_as_us(reply->str, "used_cpu_sys:") + seconds_as_us(reply->str, "used_cpu_user:");
    freeReplyObject(reply);
    return us;
}

void stopwatch_start(struct stopwatch *s, redisContext *redis)
{
    *s = (struct stopwatch){.redis = redis, .redis_us = redis ? stopwatch_redis_us(redis) : 0};
    s->own_us = own_us();
    s->ns = clock_monotonic_ns();
}

struct lap stopwatch_stop(const struct stopwatch *s)
{
    struct lap lap = {.ns = clock_monotonic_ns() - s->ns};
    int64_t us = lap.ns / 1000 + 1;
    lap.own = (int)((own_us() - s->own_us) * 100 / us);
    lap.redis = s->redis ? (int)((stopwatch_redis_us(s->redis) - s->redis_us) * 100 / us) : 0;
    return lap;
}

redisContext *stopwatch_client(const char *text)
{
    struct redis_url url;
    struct error err;
    if (redis_url_parse(&url, text, &err) != 0) {
        fprintf(stderr, "%s\n", err.text);
        exit(64);
    }
    redisContext *redis = url.path[0] ? redisConnectUnix(url.path) : redisConnect(url.host, url.port);
    if (!redis || redis->err) {
        fprintf(stderr, "%s: no connection\n", text);
        exit(69);
    }
    return redis;
}
