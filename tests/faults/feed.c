/* A producer that survives its Redis: reads lines of events, each with its entry id first, and adds them in
 * order, so many a second, each once. After a lost connection it sends the last lines again; those that are
 * there already are refused by their ids. Old entries are trimmed away. Prints "fed N" at the end.
 *
 *   feed SOCKET STREAM RATE KEEP <EVENTS */
#include "daemon/ops/clock.h"

#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH 500
#define LINE_MAX 2048
#define PAUSE_US 50000
#define PATIENCE 1200 /* pauses without a connection: a minute */

struct feed {
    const char *socket, *stream;
    long keep;
    redisContext *redis;
    char line[BATCH][LINE_MAX], id[BATCH][48];
    size_t count;
};

static bool connected(struct feed *f)
{
    if (f->redis && !f->redis->err)
        return true;
    redisFree(f->redis);
    f->redis = redisConnectUnix(f->socket);
    return f->redis && !f->redis->err;
}

/* {"id":"MS-SEQ",... becomes the id and {... */
static bool take_line(struct feed *f)
{
    char *line = f->line[f->count];
    if (!fgets(line, LINE_MAX, stdin))
        return false;
    size_t n = strlen(line);
    char *end = strchr(line, ',');
    if (!end || strncmp(line, "{\"id\":\"", 7) != 0 || line[n - 1] != '\n') {
        fprintf(stderr, "feed: not an event with its id first: %s\n", line);
        exit(65);
    }
    line[n - 1] = '\0';
    size_t length = (size_t)(end - line) - 8;
    if (length >= sizeof f->id[0])
        exit(65);
    memcpy(f->id[f->count], line + 7, length);
    f->id[f->count++][length] = '\0';
    *end = '{';
    memmove(line, end, strlen(end) + 1);
    return true;
}

/* Was the line taken, now or before? false: the connection or Redis failed. */
static bool read_answer(struct feed *f)
{
    redisReply *reply = NULL;
    if (redisGetReply(f->redis, (void **)&reply) != REDIS_OK)
        return false;
    bool taken = reply->type != REDIS_REPLY_ERROR || strstr(reply->str, "equal or smaller");
    if (!taken && strncmp(reply->str, "LOADING", 7) != 0)
        fprintf(stderr, "feed: %s\n", reply->str);
    freeReplyObject(reply);
    return taken;
}

static bool send_batch(struct feed *f)
{
    if (!connected(f))
        return false;
    for (size_t i = 0; i < f->count; i++)
        redisAppendCommand(f->redis, "XADD %s %s data %s", f->stream, f->id[i], f->line[i]);
    redisAppendCommand(f->redis, "XTRIM %s MAXLEN ~ %ld", f->stream, f->keep);
    for (size_t i = 0; i <= f->count; i++)
        if (!read_answer(f)) { /* what Redis has not answered is asked again, on a new connection */
            redisFree(f->redis);
            f->redis = NULL;
            return false;
        }
    return true;
}

static void feed_batch(struct feed *f)
{
    for (int tries = 0; !send_batch(f); tries++) {
        if (tries == PATIENCE) {
            fprintf(stderr, "feed: Redis does not come back\n");
            exit(69);
        }
        usleep(PAUSE_US);
    }
    f->count = 0;
}

int main(int argc, char **argv)
{
    static struct feed f;
    long rate = argc == 5 ? strtol(argv[3], NULL, 10) : 0;
    unsigned long long fed = 0;
    if (rate < 1) {
        fprintf(stderr, "usage: feed SOCKET STREAM RATE KEEP <EVENTS\n");
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    f.socket = argv[1];
    f.stream = argv[2];
    f.keep = strtol(argv[4], NULL, 10);
    int64_t started = clock_monotonic();
    while (take_line(&f)) {
        if (f.count < BATCH)
            continue;
        fed += f.count;
        feed_batch(&f);
        int64_t ahead = (int64_t)fed * 1000 / rate - (clock_monotonic() - started);
        if (ahead > 0)
            usleep((useconds_t)ahead * 1000);
    }
    fed += f.count;
    feed_batch(&f);
    redisFree(f.redis);
    printf("fed %llu\n", fed);
    return 0;
}
