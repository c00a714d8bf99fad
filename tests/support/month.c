#include "tests/support/month.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/memory.h"
#include "tests/support/check.h"
#include "tests/support/files.h"
#include "tests/support/process.h"
#include "tests/support/redis.h"

#define KEY "jiandu:{main}:events"

void month_init(struct month *m, unsigned long long seed)
{
    memset(m, 0, sizeof *m);
    char number[24];
    m->folder = files_temp();
    char *events = files_path(m->folder, "events.ndjson"), *alerts = files_path(m->folder, "alerts.ndjson");
    snprintf(number, sizeof number, "%llu", seed);
    process_run((const char *const[]){"jianductl", "simulate", "--out", m->folder, "--units", "150", "--seed",
                    number, NULL},
        "/dev/null");
    process_run(
        (const char *const[]){"jianductl", "replay", "--config", "config/jiandu.json", events, NULL}, alerts);
    m->text = files_read(events, NULL);
    m->expected = files_read(alerts, NULL);
    for (char *line = m->text, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        if (m->count % 1024 == 0)
            m->lines = memory_resize(m->lines, m->count + 1024, sizeof *m->lines);
        m->lines[m->count++] = line;
    }
    free(events);
    free(alerts);
}

void month_fini(struct month *m)
{
    files_remove(m->folder);
    free(m->text);
    free(m->lines);
    free(m->expected);
}

/* `{"id":"5-1","type":...}`: the id, and the object without it. */
static void split(const char *line, char *id, size_t room, char **data)
{
    const char *first = line + strlen("{\"id\":\""), *end = strchr(first, '"');
    snprintf(id, room, "%.*s", (int)(end - first), first);
    *data = memory_text(end + 1);
    (*data)[0] = '{';
}

void month_send(struct month *m, redisContext *c, size_t n)
{
    if (n > m->count - m->sent)
        n = m->count - m->sent;
    CHECK(redis_ok(c, "MULTI"));
    for (size_t i = 0; i < n; i++) {
        char id[64], *data;
        split(m->lines[m->sent + i], id, sizeof id, &data);
        CHECK(redis_ok(c, "XADD " KEY " %s data %s", id, data));
        free(data);
    }
    CHECK(redis_ok(c, "EXEC"));
    m->sent += n;
}

bool month_committed(const struct month *m, redisContext *c)
{
    char id[64], *data;
    split(m->lines[m->sent - 1], id, sizeof id, &data);
    free(data);
    redisReply *reply = redis_do(c, "HGET jiandu:{main}:progress pos");
    bool there = reply->type == REDIS_REPLY_STRING && strcmp(reply->str, id) == 0;
    freeReplyObject(reply);
    return there;
}

char *month_published(redisContext *c)
{
    size_t used = 0;
    redisReply *reply = redis_do(c, "XRANGE jiandu:{main}:alerts - +");
    char *text = memory_zeroed(1, 1, "the alerts");
    for (size_t i = 0; i < reply->elements; i++) {
        const redisReply *fields = reply->element[i]->element[1],
                         *data = fields->element[fields->elements - 1];
        if (strcmp(fields->element[5]->str, "system") == 0)
            continue;
        text = memory_resize(text, used + data->len + 2, 1);
        used += (size_t)snprintf(text + used, data->len + 2, "%s\n", data->str);
    }
    freeReplyObject(reply);
    return text;
}

void month_check(struct month *m, redisContext *c)
{
    month_send(m, c, m->count);
    WAIT_UNTIL(month_committed(m, c));
    month_compare(m, c);
}

void month_compare(const struct month *m, redisContext *c)
{
    char *published = month_published(c);
    CHECK(strlen(published) > 1000);
    if (strcmp(published, m->expected) != 0)
        check_fail(__FILE__, __LINE__, "seed %llu: the alerts differ from those of a replay",
            (unsigned long long)check_seed);
    free(published);
}
