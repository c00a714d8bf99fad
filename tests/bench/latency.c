/* From an event's XADD to its alert at a reader that waits for it: a child sends events at an even rate,
 * every hundredth a `redeem`; this process waits for the alerts of those. Whoever makes alerts of the events
 * runs already. Prints p50, p99 and the worst, in us, and how many alerts there were.
 *
 *   latency URL FROM-KEY TO-KEY EVENTS-A-SECOND SECONDS EVERY */
#include "daemon/ops/clock.h"
#include "tests/bench/stopwatch.h"

#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WARM_UP 20   /* alerts that do not count */
#define WAIT_MS 5000 /* for the next alert */

struct run {
    const char *url, *from, *to;
    uint64_t rate, events, every, alerts;
    int64_t *sent;  /* ns, by the entry's sequence number; shared with the child */
    int64_t *delay; /* ns, of each alert */
};

static void wait_until(int64_t ns)
{
    const struct timespec t = {ns / 1000000000, ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) != 0)
        ;
}

static void send_event(redisContext *redis, const struct run *r, uint64_t i)
{
    long long ms = (long long)clock_wall();
    bool redeem = i % r->every == r->every - 1;
    r->sent[i] = clock_monotonic_ns();
    redisReply *reply = redisCommand(redis,
        "XADD %s %lld-%llu type %s time %lld account 83247020%llu account_unit U%llu unit U%llu region "
        "330108 device "
        "fp%llu ip 183.1.1.%llu channel web session s%llu order 2091%llu supplier 1096%llu category tea "
        "amount %llu "
        "address road%llu consignee_phone 139%llu",
        r->from, ms, (unsigned long long)i,
        redeem  ? "redeem"
        : i % 3 ? "login"
                : "order",
        ms, (unsigned long long)(i % 5000), (unsigned long long)(i % 5000), (unsigned long long)(i % 5000),
        (unsigned long long)(i % 5000), (unsigned long long)(i % 250), (unsigned long long)i,
        (unsigned long long)i, (unsigned long long)(i % 100), (unsigned long long)i + 10000,
        (unsigned long long)(i % 5000), (unsigned long long)(i % 5000));
    if (!reply || reply->type == REDIS_REPLY_ERROR) {
        fprintf(stderr, "latency: %s\n", reply ? reply->str : redis->errstr);
        _exit(70);
    }
    freeReplyObject(reply);
}

static _Noreturn void send_all(const struct run *r)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    redisContext *redis = stopwatch_client(r->url);
    int64_t started = clock_monotonic_ns();
    for (uint64_t i = 0; i < r->events; i++) {
        wait_until(started + (int64_t)(i * 1000000000 / r->rate));
        send_event(redis, r, i);
    }
    _exit(0);
}

static void take_alert(struct run *r, const char *id, int64_t now)
{
    const char *dash = strchr(id, '-');
    uint64_t event = dash ? strtoull(dash + 1, NULL, 10) / 1000 : UINT64_MAX;
    if (event < r->events && r->sent[event] && r->alerts < r->events / r->every)
        r->delay[r->alerts++] = now - r->sent[event];
}

/* The last id is kept from the start: `$` would lose what comes between two reads. */
static void take_alerts(struct run *r)
{
    redisContext *redis = stopwatch_client(r->url);
    char last[64] = "0-0";
    while (r->alerts < r->events / r->every) {
        redisReply *reply = redisCommand(redis, "XREAD BLOCK %d STREAMS %s %s", WAIT_MS, r->to, last);
        int64_t now = clock_monotonic_ns();
        if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements == 0) {
            freeReplyObject(reply);
            break;
        }
        const redisReply *entries = reply->element[0]->element[1];
        for (size_t i = 0; i < entries->elements; i++) {
            snprintf(last, sizeof last, "%s", entries->element[i]->element[0]->str);
            take_alert(r, last, now);
        }
        freeReplyObject(reply);
    }
    redisFree(redis);
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fprintf(stderr, "usage: latency URL FROM-KEY TO-KEY EVENTS-A-SECOND SECONDS EVERY\n");
        return 64;
    }
    struct run r = {.url = argv[1], .from = argv[2], .to = argv[3], .rate = strtoull(argv[4], NULL, 10)};
    r.every = strtoull(argv[6], NULL, 10);
    r.events = r.rate * strtoull(argv[5], NULL, 10);
    r.sent = mmap(
        NULL, (r.events + 1) * sizeof *r.sent, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    r.delay = mmap(
        NULL, (r.events + 1) * sizeof *r.delay, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (r.sent == MAP_FAILED || r.delay == MAP_FAILED)
        return 71;
    pid_t child = fork();
    if (child == 0)
        send_all(&r);
    take_alerts(&r);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    if (r.alerts <= WARM_UP + 1) {
        fprintf(stderr, "latency: %" PRIu64 " alerts only\n", r.alerts);
        return 70;
    }
    size_t n = r.alerts - WARM_UP;
    int64_t *counted = r.delay + WARM_UP;
    qsort(counted, n, sizeof *counted, compare);
    printf("%lld %lld %lld %zu\n", (long long)(counted[n / 2] / 1000),
        (long long)(counted[n * 99 / 100] / 1000), (long long)(counted[n - 1] / 1000), n);
    return 0;
}
