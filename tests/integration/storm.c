/* Everything at once: two real daemons, a real Redis, a simulated month, and one fault after the other,
 * chosen by a seed: killed and frozen processes, failing disk and memory, a jumping clock, cut connections,
 * refused commands. In the end the alerts are those of an undisturbed replay, byte for byte. A few seconds in
 * CI; JIANDU_STORM=SECONDS makes it longer. */
#include "tests/support/check.h"
#include "tests/support/month.h"
#include "tests/support/process.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#define DAEMONS 2
#define SECONDS 8
#define DAY INT64_C(86400)
#define SLICES 120 /* pieces of the month */

struct storm {
    struct redis_server server;
    redisContext *client;
    struct month month;
    struct process daemons[DAEMONS];
    unsigned failing[DAEMONS]; /* kinds of calls that have been made to fail since the start: bits */
    uint64_t random;
    int faults, months;
};

static uint64_t any(struct storm *s, uint64_t below)
{
    return check_random(&s->random) % below;
}

static struct process *any_daemon(struct storm *s)
{
    return &s->daemons[any(s, DAEMONS)];
}

static void pause_for(struct storm *s, uint64_t most)
{
    process_pause((int)any(s, most));
}

/* A daemon ends by itself only where it had no memory, or could not read its state at a start. */
static bool may_end_with(unsigned failing, int code)
{
    return (code == 71 && failing & 1U << SHIM_MALLOC) || (code == 74 && failing & 1U << SHIM_OPEN);
}

/* ---- faults; each is over when its function returns, or passes by itself ---- */

static void kill_daemon(struct storm *s)
{
    struct process *p = any_daemon(s);
    if (!p->pid)
        return;
    process_signal(p, SIGKILL);
    process_wait(p, 5000); /* it may have ended before, without memory */
}

static void stop_daemon(struct storm *s)
{
    struct process *p = any_daemon(s);
    if (!p->pid)
        return;
    int code = process_stop(p);
    CHECK(code == 0 || may_end_with(s->failing[p - s->daemons], code));
}

static void freeze_daemon(struct storm *s)
{
    struct process *p = any_daemon(s);
    if (!p->pid)
        return;
    process_signal(p, SIGSTOP);
    pause_for(s, any(s, 3) ? 200 : 1500);
    process_signal(p, SIGCONT);
}

/* Refused or not. */
static void hand_over(struct storm *s)
{
    redis_ok(s->client,
        "FCALL jiandu_handover 4 jiandu:{main}:owner jiandu:{main}:progress jiandu:{main}:standby "
        "jiandu:{main}:handover operator 2000");
    pause_for(s, 300);
}

static void heal_append_only_file(struct storm *s)
{
    const char *busy = "aof_rewrite_in_progress:1", *waits = "aof_rewrite_scheduled:1";
    CHECK(redis_ok(s->client, "BGREWRITEAOF"));
    for (;;) {
        redisReply *reply = redis_do(s->client, "INFO persistence");
        bool done = !strstr(reply->str, busy) && !strstr(reply->str, waits);
        freeReplyObject(reply);
        if (done)
            return;
        process_pause(5);
    }
}

static void kill_redis(struct storm *s)
{
    redisFree(s->client);
    redis_kill(&s->server);
    pause_for(s, 200);
    redis_again(&s->server);
    s->client = redis_client(&s->server);
    heal_append_only_file(s); /* Redis 7.0.15 needs it after a crash: see README, Limits */
}

static void freeze_redis(struct storm *s)
{
    redis_freeze(&s->server);
    pause_for(s, any(s, 3) ? 100 : 900);
    redis_thaw(&s->server);
}

static void arm(struct storm *s, enum shim_call call, uint64_t within, int error)
{
    size_t i = any(s, DAEMONS);
    s->failing[i] |= 1U << call;
    shim_arm(s->daemons[i].shim, call, 1 + (int64_t)any(s, within), error);
}

static void fail_disk(struct storm *s)
{
    static const struct {
        enum shim_call call;
        int error;
    } ways[] = {{SHIM_OPEN, EMFILE}, {SHIM_WRITE, ENOSPC}, {SHIM_WRITE, EIO}, {SHIM_SHORT, 0},
        {SHIM_FSYNC, EIO}, {SHIM_RENAME, EIO}, {SHIM_CLOSE, EIO}, {SHIM_FORK, EAGAIN}, {SHIM_PIPE, EMFILE},
        {SHIM_READ, EIO}};
    size_t i = any(s, sizeof ways / sizeof *ways);
    arm(s, ways[i].call, 3, ways[i].error);
}

static void fail_memory(struct storm *s)
{
    arm(s, SHIM_MALLOC, 3000, ENOMEM);
}

static void move_clock(struct storm *s)
{
    atomic_store(&any_daemon(s)->shim->wall_offset, ((int64_t)any(s, 5) - 2) * DAY);
}

static void cut_connections(struct storm *s)
{
    CHECK(redis_ok(s->client, "CLIENT KILL TYPE normal SKIPME yes"));
}

static void refuse_writes(struct storm *s)
{
    bool memory = any(s, 2);
    CHECK(redis_ok(s->client, memory ? "CONFIG SET maxmemory 100kb" : "CONFIG SET min-replicas-to-write 1"));
    pause_for(s, 300);
    CHECK(redis_ok(s->client, memory ? "CONFIG SET maxmemory 0" : "CONFIG SET min-replicas-to-write 0"));
}

static void pause_clients(struct storm *s)
{
    CHECK(redis_ok(s->client, "CLIENT PAUSE %d %s", (int)any(s, 700), any(s, 2) ? "ALL" : "WRITE"));
}

static void change_setup(struct storm *s)
{
    if (any(s, 2))
        CHECK(redis_ok(s->client, "FUNCTION FLUSH"));
    else
        redis_ok(s->client, "XGROUP DESTROY jiandu:{main}:events jiandu");
}

static void (*const faults[])(struct storm *) = {kill_daemon, kill_daemon, stop_daemon, freeze_daemon,
    hand_over, hand_over, kill_redis, freeze_redis, fail_disk, fail_disk, fail_memory, move_clock,
    cut_connections, refuse_writes, pause_clients, change_setup};

/* ---- the run ---- */

/* Starts what has ended. */
static void revive(struct storm *s)
{
    static const char *const names[DAEMONS][2] = {{"instance=a", NULL}, {"instance=b", NULL}};
    for (int i = 0; i < DAEMONS; i++) {
        struct process *p = &s->daemons[i];
        int code = p->pid ? process_wait(p, 0) : 0;
        if (code > 0 && !may_end_with(s->failing[i], code)) {
            check_fail(__FILE__, __LINE__, "seed %llu: a daemon ended with %d",
                (unsigned long long)check_seed, code);
            process_complaints(p);
        }
        if (p->pid)
            continue;
        s->failing[i] = 1U << atomic_load(&p->shim->call);
        process_start(p, &s->server, names[i]);
    }
}

static void come_to_rest(struct storm *s)
{
    for (int i = 0; i < DAEMONS; i++) {
        shim_arm(s->daemons[i].shim, SHIM_NOTHING, 0, 0);
        atomic_store(&s->daemons[i].shim->wall_offset, 0);
    }
    month_send(&s->month, s->client, s->month.count);
    for (int i = 0; i < 2000 && !month_committed(&s->month, s->client); i++) {
        revive(s);
        process_pause(10);
    }
    CHECK(month_committed(&s->month, s->client));
}

static void check_alerts(struct storm *s)
{
    char *published = month_published(s->client);
    long long lines = 0;
    for (const char *c = published; *c; c++)
        lines += *c == '\n';
    month_compare(&s->month, s->client);
    CHECK_INT(redis_int(s->client, "XLEN jiandu:{main}:alerts"), lines); /* none of the daemon about itself */
    free(published);
}

static void test_storm(void)
{
    static const char *const options[] = {"--appendonly", "yes", "--appendfsync", "always", NULL};
    struct storm s = {.random = check_seed};
    const char *wanted = getenv("JIANDU_STORM");
    time_t end = time(NULL) + (wanted ? atoi(wanted) : SECONDS);
    redis_start(&s.server, options);
    s.client = redis_client(&s.server);
    for (int i = 0; i < DAEMONS; i++)
        process_init(&s.daemons[i]);
    while (time(NULL) < end && !check_failures) {
        month_init(&s.month, check_seed + (uint64_t)s.months++);
        while (s.month.sent < s.month.count && !check_failures) {
            revive(&s);
            month_send(&s.month, s.client, s.month.count / SLICES + 1);
            pause_for(&s, 100);
            faults[any(&s, sizeof faults / sizeof *faults)](&s);
            s.faults++;
            if (time(NULL) >= end)
                break;
        }
        come_to_rest(&s);
        check_alerts(&s);
        month_fini(&s.month);
        for (int i = 0; i < DAEMONS; i++) {
            CHECK_INT(s.daemons[i].pid ? process_stop(&s.daemons[i]) : 0, 0);
            process_fini(&s.daemons[i]);
            process_init(&s.daemons[i]);
        }
        CHECK(redis_ok(s.client, "FLUSHALL"));
    }
    printf("# seed %llu: %d faults in %d months\n", (unsigned long long)check_seed, s.faults, s.months);
    for (int i = 0; i < DAEMONS; i++)
        process_fini(&s.daemons[i]);
    redisFree(s.client);
    redis_remove(&s.server);
}

static const struct check_test tests[] = {{"all faults at random", test_storm}};
CHECK_MAIN(tests)
