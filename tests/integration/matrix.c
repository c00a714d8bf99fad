/* The rest of the fault matrix: what Redis refuses, delays, cuts off or loses, against an instance that goes
 * on or ends as it should. */
#include "tests/support/files.h"
#include "tests/support/orders.h"
#include "tests/support/proxy.h"
#include "tests/support/scene.h"

#include "daemon/stream/function_library.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

/* With a lease that lasts: what is tested here is not fencing. */
static void open_scene(struct scene *s, const char *const *options)
{
    scene_open(s, options);
    s->a.settings.lease = 5000;
}

/* Running, with the orders 1 to 10 committed. */
static void open_running(struct scene *s, const char *const *options)
{
    open_scene(s, options);
    scene_run(s, 10);
}

static bool is_ready(const struct scene *s)
{
    const char *why;
    return service_ready(s->a.service, &why);
}

/* It has gone on: no restart, no other state, the same alerts. */
static void check_went_on(struct scene *s, int n)
{
    scene_wait(s, n);
    orders_check(s->client, n);
    CHECK_INT(s->a.stopped, 0);
    CHECK_INT(s->a.host.fresh, 1);
}

/* ---- replies that are lost ---- */

static void test_reply_of_a_commit_lost(void)
{
    struct scene s;
    struct proxy proxy;
    open_scene(&s, NULL);
    proxy_init(&proxy, s.base, &s.server);
    memcpy(s.a.settings.link.url.path, proxy.face.socket, sizeof proxy.face.socket);
    scene_run(&s, 10);
    for (int i = 1; i <= 5; i++) {
        proxy.lose = "jiandu_commit";
        orders_add(s.client, 10 * i + 1, 10 * i + 10);
        LOOP_UNTIL(s.base, proxy.lost == i);
        scene_wait(&s, 10 * i + 10);
    }
    check_went_on(&s, 60);
    instance_stop(&s.a);
    proxy_fini(&proxy);
    scene_close(&s);
}

/* Of each command of a session once: what was asked is asked again. */
static void test_any_reply_lost(void)
{
    static const char *const commands[] = {"PING", "jiandu_version", "XGROUP", "jiandu_acquire", "HGETALL",
        "XINFO", "XRANGE", "XREAD", "jiandu_renew"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct scene s;
        struct proxy proxy;
        open_scene(&s, NULL);
        s.a.settings.lease = 300; /* an acquired lease whose token was lost is waited for */
        proxy_init(&proxy, s.base, &s.server);
        memcpy(s.a.settings.link.url.path, proxy.face.socket, sizeof proxy.face.socket);
        orders_add(s.client, 1, 10);
        proxy.lose = commands[i];
        instance_start(&s.a);
        scene_wait(&s, 10);
        LOOP_UNTIL(s.base, proxy.lost == 1);
        orders_add(s.client, 11, 20);
        scene_wait(&s, 20);
        orders_check(s.client, 20);
        instance_stop(&s.a);
        proxy_fini(&proxy);
        scene_close(&s);
    }
}

/* ---- Redis refuses for a while ---- */

static bool refused_with(struct scene *s, const char *word)
{
    redisReply *reply = redis_do(s->client, "XADD other * a b");
    bool refused = reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, word, strlen(word)) == 0;
    freeReplyObject(reply);
    return refused;
}

static void test_misconf(void)
{
    struct scene s;
    char path[128];
    open_running(&s, (const char *const[]){"--dbfilename", "taken", NULL});
    snprintf(path, sizeof path, "%s/taken", s.server.dir);
    CHECK_INT(mkdir(path, 0700), 0); /* a snapshot of Redis cannot be put there */
    CHECK(redis_ok(s.client, "CONFIG SET save %s", "3600 100000"));
    CHECK(redis_ok(s.client, "BGSAVE"));
    LOOP_UNTIL(s.base, refused_with(&s, "MISCONF"));
    CHECK(redis_ok(s.client, "CONFIG SET stop-writes-on-bgsave-error no"));
    orders_add(s.client, 11, 20);
    CHECK(redis_ok(s.client, "CONFIG SET stop-writes-on-bgsave-error yes"));
    LOOP_UNTIL(s.base, !is_ready(&s));
    CHECK(!instance_committed(s.client, "20-0"));
    CHECK(redis_ok(s.client, "CONFIG SET stop-writes-on-bgsave-error no"));
    check_went_on(&s, 20);
    scene_close(&s);
}

static bool has_risen(long long now, long long *lowest)
{
    bool risen = now > *lowest;
    *lowest = now < *lowest ? now : *lowest;
    return risen;
}

static void test_maxmemory(void)
{
    struct scene s;
    open_running(&s, NULL);
    orders_add(s.client, 11, 20);
    CHECK(redis_ok(s.client, "CONFIG SET maxmemory 100kb"));
    CHECK(refused_with(&s, "OOM"));
    check_went_on(&s, 20);   /* alerts go out all the same */
    long long lowest = 5000; /* and the lease is renewed */
    LOOP_UNTIL(s.base, has_risen(redis_int(s.client, "PTTL jiandu:{t}:owner"), &lowest));
    CHECK(redis_ok(s.client, "CONFIG SET maxmemory 0"));
    orders_add(s.client, 21, 30);
    check_went_on(&s, 30);
    scene_close(&s);
}

static void test_busy(void)
{
    struct scene s;
    open_running(&s, (const char *const[]){"--busy-reply-threshold", "20", NULL});
    orders_add(s.client, 11, 20);
    redisContext *other = redis_client(&s.server);
    redisAppendCommand(other, "EVAL %s 0", "while true do end");
    int done = 0;
    while (!done)
        redisBufferWrite(other, &done);
    LOOP_UNTIL(s.base, !is_ready(&s));
    CHECK_INT(s.a.stopped, 0);
    CHECK(redis_ok(s.client, "SCRIPT KILL"));
    check_went_on(&s, 20);
    redisFree(other);
    scene_close(&s);
}

static void test_client_pause(void)
{
    struct scene s;
    open_running(&s, NULL);
    orders_add(s.client, 11, 15);
    CHECK(redis_ok(s.client, "CLIENT PAUSE 250 WRITE")); /* shorter than the patience with a command */
    check_went_on(&s, 15);
    orders_add(s.client, 16, 20);
    CHECK(redis_ok(s.client, "CLIENT PAUSE 1200 ALL")); /* longer */
    LOOP_UNTIL(s.base, !is_ready(&s));
    check_went_on(&s, 20);
    scene_close(&s);
}

static void test_loading(void)
{
    struct scene s;
    open_running(&s, (const char *const[]){
                         "--appendonly", "yes", "--appendfsync", "always", "--key-load-delay", "100", NULL});
    CHECK(redis_ok(s.client, "EVAL %s 0", "for i = 1, 4000 do redis.call('SET', 'k' .. i, i) end"));
    redisFree(s.client);
    redis_end(&s.server);
    redis_again_loading(&s.server);
    LOOP_UNTIL(s.base, !is_ready(&s));
    s.client = redis_client(&s.server); /* waits until it has loaded */
    orders_add(s.client, 11, 20);
    scene_wait(&s, 20);
    orders_check(s.client, 20);
    CHECK_INT(s.a.stopped, 0);
    scene_close(&s);
}

static void test_library_flushed(void)
{
    struct scene s;
    open_running(&s, NULL);
    CHECK(redis_ok(s.client, "FUNCTION FLUSH"));
    orders_add(s.client, 11, 20);
    check_went_on(&s, 20);
    scene_close(&s);
}

/* Redis cuts who does not take a large reply in time: fewer entries are asked for. */
static void test_output_buffer_limit(void)
{
    static char big[100000];
    struct scene s;
    open_scene(&s, NULL);
    s.a.settings.count = 500;
    memset(big, 'x', sizeof big - 1);
    for (int i = 1; i <= 100; i++)
        CHECK(redis_ok(s.client, "XADD " EVENTS " %d-0 type nonsense note %s", i, big));
    CHECK(redis_ok(s.client, "CONFIG SET client-output-buffer-limit %s", "normal 1mb 0 0"));
    instance_start(&s.a);
    scene_wait(&s, 100);
    CHECK_INT(redis_int(s.client, "XLEN jiandu:{t}:dead"), 100);
    char *path = files_path(s.server.dir, "redis.log"), *log = files_read(path, NULL);
    CHECK(log && strstr(log, "overcoming of output buffer limits"));
    free(log);
    free(path);
    scene_close(&s);
}

/* ---- rights ---- */

static void test_rights_revoked(void)
{
    static const char *const options[] = {
        "--user", "detector", "on", ">right", "allkeys", "allchannels", "+@all", NULL};
    static const struct {
        const char *command, *says;
    } revoked[] = {{"ACL DELUSER detector", "WRONGPASS"}, {"ACL SETUSER detector -fcall", "NOPERM"},
        {"ACL SETUSER detector -xread", "NOPERM"}, {"ACL SETUSER detector resetkeys", "NOPERM"}};
    for (size_t i = 0; i < sizeof revoked / sizeof *revoked; i++) {
        struct scene s;
        open_scene(&s, options);
        s.a.settings.link.user = "detector";
        s.a.settings.link.password = "right";
        scene_run(&s, 10);
        CHECK(redis_ok(s.client, revoked[i].command));
        orders_add(s.client, 11, 20);
        scene_check_ends(&s, SERVICE_EXIT_CONFIG, revoked[i].says);
        scene_close(&s);
    }
}

/* ---- the stream is not what it was ---- */

static void test_stream_broken_while_waiting(void)
{
    static const char *const commands[] = {"FLUSHALL", "FLUSHDB", "DEL " EVENTS, "UNLINK " EVENTS,
        "RENAME " EVENTS " {t}elsewhere", "SET " EVENTS " x", "EXPIRE " EVENTS " 0"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct scene s;
        open_running(&s, NULL);
        long long alerts = redis_int(s.client, "XLEN jiandu:{t}:alerts");
        CHECK(redis_ok(s.client, commands[i]));
        if (strncmp(commands[i], "SET", 3) == 0)
            scene_check_ends(&s, SERVICE_EXIT_CONFIG, "WRONGTYPE");
        else
            scene_check_ends(&s, SERVICE_EXIT_DATA, "--accept-rollback");
        if (strncmp(commands[i], "FLUSH", 5) != 0)
            CHECK_INT(redis_int(s.client, "XLEN jiandu:{t}:alerts"), alerts);
        scene_close(&s);
    }
}

/* The last id that there is: it is read, told of, and does no harm; Redis itself takes no more. */
static void test_id_poisoned(void)
{
    struct scene s;
    open_running(&s, NULL);
    CHECK(redis_ok(s.client, "XADD " EVENTS " 18446744073709551615-18446744073709551615 type tick"));
    LOOP_UNTIL(s.base, instance_committed(s.client, "18446744073709551615-18446744073709551615"));
    orders_check(s.client, 10);
    CHECK_INT(redis_int(s.client, "XLEN jiandu:{t}:dead"), 1);
    CHECK_INT(s.a.stopped, 0);
    instance_stop(&s.a);
    instance_start(&s.a);
    LOOP_UNTIL(s.base, instance_running(&s.a));
    scene_close(&s);
}

static const struct check_test tests[] = {
    {"the reply of a commit is lost", test_reply_of_a_commit_lost},
    {"any reply is lost", test_any_reply_lost},
    {"MISCONF", test_misconf},
    {"maxmemory", test_maxmemory},
    {"BUSY", test_busy},
    {"CLIENT PAUSE", test_client_pause},
    {"LOADING", test_loading},
    {"the function library is flushed", test_library_flushed},
    {"output buffer limit", test_output_buffer_limit},
    {"rights revoked", test_rights_revoked},
    {"the stream is broken while waiting", test_stream_broken_while_waiting},
    {"an id at the end of time", test_id_poisoned},
};

CHECK_MAIN(tests)
