/* The real daemon, alone and two at a time, while its disk, its clock and its processes misbehave: a
 * simulated month gives the alerts of an undisturbed replay, byte for byte. */
#include "tests/support/check.h"
#include "tests/support/month.h"
#include "tests/support/process.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DAY 86400

struct scene {
    struct redis_server server;
    redisContext *client;
    struct month month;
    struct process a, b;
};

static void open_scene(struct scene *s)
{
    memset(s, 0, sizeof *s);
    redis_start(&s->server, NULL);
    s->client = redis_client(&s->server);
    month_init(&s->month, check_seed);
    process_init(&s->a);
    process_init(&s->b);
}

static void close_scene(struct scene *s)
{
    process_fini(&s->a);
    process_fini(&s->b);
    month_fini(&s->month);
    redisFree(s->client);
    redis_remove(&s->server);
}

static void send_part(struct scene *s, size_t parts)
{
    month_send(&s->month, s->client, s->month.count / parts + 1);
}

static bool leads(struct scene *s, const struct process *p, const char *instance)
{
    redisReply *reply = redis_do(s->client, "HGET jiandu:{main}:progress holder");
    bool ours = reply->type == REDIS_REPLY_STRING && strcmp(reply->str, instance) == 0;
    freeReplyObject(reply);
    return ours && process_logged(p, "\"running\"");
}

/* ---- the disk ---- */

static int snapshots(const struct process *p)
{
    char path[96];
    int n = 0;
    snprintf(path, sizeof path, "%s/state/snapshots", p->dir);
    DIR *folder = opendir(path);
    for (struct dirent *e; folder && (e = readdir(folder));)
        n += strncmp(e->d_name, "snapshot-", 9) == 0;
    if (folder)
        closedir(folder);
    return n;
}

static void test_disk(void)
{
    static const struct {
        enum shim_call call;
        int error;
        const char *says;
    } faults[] = {
        {SHIM_FSYNC, EIO, "snapshot not written: fsync: Input/output error"},
        {SHIM_WRITE, ENOSPC, "snapshot not written: write: No space left on device"},
        {SHIM_RENAME, EIO, "snapshot not written: rename: Input/output error"},
        {SHIM_FORK, EAGAIN, "snapshot not written: fork: Resource temporarily unavailable"},
    };
    struct scene s;
    open_scene(&s);
    process_start(&s.a, &s.server, NULL);
    send_part(&s, 10);
    WAIT_UNTIL(snapshots(&s.a) > 0);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        int failed = process_logged(&s.a, "snapshot_failed"), before = snapshots(&s.a);
        shim_arm(s.a.shim, faults[i].call, 1, faults[i].error);
        send_part(&s, 10);
        WAIT_UNTIL(process_logged(&s.a, faults[i].says) == 1);
        CHECK_INT(process_logged(&s.a, "snapshot_failed"), failed + 1);
        CHECK_INT(atomic_load(&s.a.shim->hits), 1);
        CHECK_INT(snapshots(&s.a), before);
        WAIT_UNTIL(process_logged(&s.a, "snapshot_back") == (int)i + 1);
    }
    send_part(&s, 10); /* and once more while it stops */
    WAIT_UNTIL(month_committed(&s.month, s.client));
    shim_arm(s.a.shim, SHIM_FSYNC, 1, EIO);
    CHECK_INT(process_stop(&s.a), 0);
    CHECK_INT(process_logged(&s.a, "\"error\""), 0);
    shim_arm(s.a.shim, SHIM_NOTHING, 0, 0);
    process_start(&s.a, &s.server, NULL);
    month_check(&s.month, s.client);
    CHECK_INT(process_logged(&s.a, "snapshot_refused"), 0);
    CHECK_INT(process_stop(&s.a), 0);
    close_scene(&s);
}

static void cut_newest_snapshot(const struct process *p)
{
    char path[96], newest[NAME_MAX + 1] = "", file[NAME_MAX + 128];
    struct stat st;
    snprintf(path, sizeof path, "%s/state/snapshots", p->dir);
    DIR *folder = opendir(path);
    for (struct dirent *e; folder && (e = readdir(folder));)
        if (e->d_name[0] != '.' && strcmp(e->d_name, newest) > 0) /* their ids are of one length */
            snprintf(newest, sizeof newest, "%s", e->d_name);
    if (folder)
        closedir(folder);
    snprintf(file, sizeof file, "%s/%s", path, newest);
    CHECK(stat(file, &st) == 0 && truncate(file, st.st_size - 1) == 0);
}

/* The newest snapshot is damaged: the one before, and the same alerts. */
static void test_damaged_snapshot(void)
{
    struct scene s;
    open_scene(&s);
    for (int i = 0; i < 2; i++) {
        process_start(&s.a, &s.server, NULL);
        send_part(&s, 4);
        WAIT_UNTIL(month_committed(&s.month, s.client));
        CHECK_INT(process_stop(&s.a), 0);
    }
    cut_newest_snapshot(&s.a);
    process_start(&s.a, &s.server, NULL);
    month_check(&s.month, s.client);
    CHECK_INT(process_logged(&s.a, "snapshot_refused"), 1);
    CHECK_INT(process_logged(&s.a, "state_degraded"), 0);
    CHECK_INT(process_stop(&s.a), 0);
    close_scene(&s);
}

/* ---- the clock ---- */

static void test_wall_clock_jumps(void)
{
    static const int64_t jumps[] = {DAY, -DAY, 0, -3 * DAY, 365 * DAY, 0};
    struct scene s;
    open_scene(&s);
    process_start(&s.a, &s.server, NULL);
    for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
        atomic_store(&s.a.shim->wall_offset, jumps[i]);
        send_part(&s, 10);
        WAIT_UNTIL(month_committed(&s.month, s.client));
    }
    month_check(&s.month, s.client);
    CHECK_INT(process_logged(&s.a, "fenced"), 0);
    CHECK_INT(process_logged(&s.a, "\"warn\""), 0);
    char day[16]; /* it did see another clock */
    time_t then = time(NULL) + 400 * DAY;
    strftime(day, sizeof day, "%Y-%m-%d", gmtime(&then));
    CHECK_INT(process_logged(&s.a, day), 0);
    atomic_store(&s.a.shim->wall_offset, 400 * DAY);
    CHECK_INT(process_stop(&s.a), 0);
    CHECK(process_logged(&s.a, day) > 0);
    close_scene(&s);
}

/* ---- frozen ---- */

static void test_frozen_daemon_is_fenced(void)
{
    static const char *const first[] = {"instance=a", NULL}, *const second[] = {"instance=b", NULL};
    struct scene s;
    open_scene(&s);
    process_start(&s.a, &s.server, first);
    send_part(&s, 8);
    WAIT_UNTIL(leads(&s, &s.a, "a"));
    process_start(&s.b, &s.server, second);
    WAIT_UNTIL(process_logged(&s.b, "\"standby\""));
    struct process *leader = &s.a, *other = &s.b;
    for (int i = 0; i < 4; i++) {
        process_signal(leader, SIGSTOP);
        send_part(&s, 8);
        WAIT_UNTIL(leads(&s, other, i % 2 ? "a" : "b"));
        int fenced = process_logged(leader, "\"fenced\"");
        process_signal(leader, SIGCONT);
        WAIT_UNTIL(process_logged(leader, "\"fenced\"") == fenced + 1);
        struct process *swap = leader;
        leader = other;
        other = swap;
    }
    month_check(&s.month, s.client);
    CHECK_INT(process_stop(&s.a), 0);
    CHECK_INT(process_stop(&s.b), 0);
    close_scene(&s);
}

static void test_frozen_redis(void)
{
    struct scene s;
    open_scene(&s);
    process_start(&s.a, &s.server, NULL);
    for (int i = 1; i <= 3; i++) {
        send_part(&s, 8);
        redis_freeze(&s.server); /* maybe in the middle of a batch */
        WAIT_UNTIL(process_logged(&s.a, "did not answer in time") >= i);
        redis_thaw(&s.server);
        WAIT_UNTIL(month_committed(&s.month, s.client));
    }
    month_check(&s.month, s.client);
    CHECK_INT(process_stop(&s.a), 0);
    close_scene(&s);
}

/* ---- signals ---- */

static void test_hangup_changes_nothing(void)
{
    struct scene s;
    open_scene(&s);
    process_start(&s.a, &s.server, NULL);
    send_part(&s, 4);
    WAIT_UNTIL(month_committed(&s.month, s.client));
    process_signal(&s.a, SIGHUP);
    WAIT_UNTIL(process_logged(&s.a, "\"hangup\"") == 1);
    month_check(&s.month, s.client);
    CHECK_INT(process_logged(&s.a, "\"running\""), 1);
    process_signal(&s.a, SIGINT);
    CHECK_INT(process_wait(&s.a, 6000), 0);
    close_scene(&s);
}

static const struct check_test tests[] = {
    {"the disk fails under snapshots", test_disk},
    {"a damaged snapshot is passed over", test_damaged_snapshot},
    {"the wall clock jumps", test_wall_clock_jumps},
    {"a frozen daemon is fenced", test_frozen_daemon_is_fenced},
    {"a frozen Redis", test_frozen_redis},
    {"a hangup changes nothing", test_hangup_changes_nothing},
};

CHECK_MAIN(tests)
