/* The live daemon over a whole stream: starts it, watches the progress hash until everything is committed,
 * and ends it. Prints one line: ms from start to end, events a second over all of it, events a second between
 * two positions of the progress hash (from a tenth of the stream to nine tenths), percent of a core that the
 * daemon and Redis used, the daemon's peak memory in KiB.
 *
 *   live URL NAME LAST-ID EVENTS COMMAND... */
#include "daemon/ops/clock.h"
#include "tests/bench/stopwatch.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GLANCE 2000000 /* ns between two looks */
#define PATIENCE_S 600 /* for the whole stream */

struct mark {
    int64_t ns;
    uint64_t read;
};

struct run {
    redisContext *redis;
    char key[128];
    const char *last;
    uint64_t events;
    pid_t pid;
    struct mark from, to; /* a tenth of the stream is read, and nine tenths */
};

static pid_t start(char **command)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execv(command[0], command);
    _exit(127);
}

static void take_mark(struct run *r, uint64_t read, int64_t now)
{
    if (!r->from.ns && read >= r->events / 10)
        r->from = (struct mark){now, read};
    if (read <= r->events * 9 / 10 || !r->to.ns)
        r->to = (struct mark){now, read};
}

/* Whether everything is committed. */
static bool look(struct run *r)
{
    redisReply *reply = redisCommand(r->redis, "HMGET %s pos read", r->key);
    bool done = false;
    if (reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 && reply->element[1]->str) {
        take_mark(r, strtoull(reply->element[1]->str, NULL, 10), clock_monotonic_ns());
        done = strcmp(reply->element[0]->str, r->last) == 0;
    }
    freeReplyObject(reply);
    return done;
}

static bool follow(struct run *r)
{
    const struct timespec pause = {0, GLANCE};
    int64_t until = clock_monotonic() + PATIENCE_S * INT64_C(1000);
    while (!look(r)) {
        if (clock_monotonic() > until || waitpid(r->pid, NULL, WNOHANG) != 0)
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

/* 0: not known. */
static double rate(uint64_t events, int64_t ns)
{
    return ns > 0 ? (double)events * 1e9 / (double)ns : 0;
}

static int64_t cpu_ns(pid_t pid)
{
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
        return 0;
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

int main(int argc, char **argv)
{
    struct run r = {0};
    struct stopwatch watch;
    struct rusage u;
    if (argc < 6) {
        fprintf(stderr, "usage: live URL NAME LAST-ID EVENTS COMMAND...\n");
        return 64;
    }
    r.redis = stopwatch_client(argv[1]);
    snprintf(r.key, sizeof r.key, "jiandu:{%s}:progress", argv[2]);
    r.last = argv[3];
    r.events = strtoull(argv[4], NULL, 10);
    stopwatch_start(&watch, r.redis);
    r.pid = start(argv + 5);
    bool done = follow(&r);
    struct lap lap = stopwatch_stop(&watch);
    int64_t spent = cpu_ns(r.pid); /* without what the end costs: the last snapshot */
    kill(r.pid, SIGTERM);
    if (wait4(r.pid, NULL, 0, &u) != r.pid || !done) {
        fprintf(stderr, "live: %s ended before the stream did\n", argv[5]);
        return 70;
    }
    printf("%lld %.0f %.0f %lld %d %ld\n", (long long)(lap.ns / 1000000), rate(r.events, lap.ns),
        rate(r.to.read - r.from.read, r.to.ns - r.from.ns), (long long)(spent * 100 / lap.ns), lap.redis,
        u.ru_maxrss);
    redisFree(r.redis);
    return 0;
}
