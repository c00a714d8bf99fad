/* The n-th allocation of the real daemon fails, n = 1, 2, ... until a run is through without having met the
 * fault: it ends with 71 and a clear line, or goes on. The runs share one simulated month, each takes a
 * piece, and in the end the alerts are those of an undisturbed replay. In CI n grows by about a sixteenth;
 * JIANDU_FAULTS=long takes them all. */
#include "tests/support/check.h"
#include "tests/support/month.h"
#include "tests/support/process.h"

#include <errno.h>
#include <signal.h>

#define LOOPS_MAX 200000 /* an office's report alone takes thousands */
#define EVENTS 40        /* a run */

struct scene {
    struct redis_server server;
    redisContext *client;
    struct month month;
    struct process daemon;
    bool clean; /* the run before has saved its state */
    int survived, ended, refused;
};

/* The daemon's exit code, once it has committed what was sent or ended before. */
static int run(struct scene *s, size_t events)
{
    int code = -1;
    CHECK(
        redis_ok(s->client, "DEL jiandu:{main}:owner")); /* of the one that ended: nobody is to wait for it */
    process_start(&s->daemon, &s->server, NULL);
    if (s->clean) /* else there is enough to do */
        month_send(&s->month, s->client, events);
    for (int i = 0; i < 4000 && code < 0; i++) {
        code = process_wait(&s->daemon, 0);
        if (code < 0 && month_committed(&s->month, s->client))
            return process_stop(&s->daemon);
        if (code < 0)
            process_pause(2);
    }
    return code;
}

static bool fail_nth(struct scene *s, int64_t n, size_t events)
{
    shim_arm(s->daemon.shim, SHIM_MALLOC, n, ENOMEM);
    int code = run(s, events), said = process_logged(&s->daemon, "out of memory for ");
    bool hit = atomic_load(&s->daemon.shim->hits) == 1;
    s->ended += code == 71;
    s->clean = code == 0;
    s->survived += hit && code == 0;
    if (code == 78 && hit) { /* the loader of shared objects does not always say why it could not load one */
        int loader = process_logged(&s->daemon, "detectors/") && process_logged(&s->daemon, ".so: cannot ");
        s->refused++;
        CHECK(loader && process_logged(&s->daemon, "\"error\"") == s->refused);
        return true;
    }
    if (code != 0 && (code != 71 || !hit || said != s->ended))
        check_fail(__FILE__, __LINE__, "allocation %lld: exit code %d, said so %d times, not %d",
            (long long)n, code, said, s->ended);
    if (check_failures)
        process_complaints(&s->daemon);
    return hit;
}

static void test_malloc(void)
{
    struct scene s;
    const char *length = getenv("JIANDU_FAULTS");
    bool whole = length && strcmp(length, "long") == 0;
    uint64_t random = check_seed;
    memset(&s, 0, sizeof s);
    redis_start(&s.server, NULL);
    s.client = redis_client(&s.server);
    month_init(&s.month, check_seed);
    process_init(&s.daemon);
    s.clean = true;
    s.daemon.shim->under[0] = '\0';
    int64_t n = 1, runs = 0;
    while (n < LOOPS_MAX && fail_nth(&s, n, EVENTS) && !check_failures) {
        n += whole ? 1 : 1 + (int64_t)(check_random(&random) % (uint64_t)(n / 8 + 8));
        runs++;
    }
    printf("# seed %llu: %lld runs up to allocation %lld: %d ended, %d went on\n",
        (unsigned long long)check_seed, (long long)runs, (long long)n, s.ended, s.survived);
    CHECK(n < LOOPS_MAX);
    CHECK(s.ended > 10);
    shim_arm(s.daemon.shim, SHIM_NOTHING, 0, 0);
    s.clean = true;
    CHECK_INT(run(&s, s.month.count), 0);
    month_compare(&s.month, s.client);
    process_fini(&s.daemon);
    month_fini(&s.month);
    redisFree(s.client);
    redis_remove(&s.server);
}

static const struct check_test tests[] = {{"each allocation of the daemon fails once", test_malloc}};
CHECK_MAIN(tests)
