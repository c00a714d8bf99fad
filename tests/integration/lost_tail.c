/* Redis loses the end of what it had acknowledged: its append-only file cut at every byte of the last commit
 * and loaded twice, and a fail-over to a replica that was behind. The producer sends again what was lost; the
 * alerts are those of an undisturbed run, each once. */
#include "tests/support/check.h"
#include "tests/support/files.h"
#include "tests/support/instance.h"
#include "tests/support/loop.h"
#include "tests/support/orders.h"
#include "tests/support/proxy.h"

#include <sys/stat.h>

#define BEFORE 10
#define ALL 15
#define SHORT_CUTS 20
#define AOF "appendonlydir/appendonly.aof.1.incr.aof"

/* Whatever of the orders is not there any more. */
static void send_again(redisContext *client, int n)
{
    redisReply *last = redis_do(client, "XREVRANGE jiandu:{t}:events + - COUNT 1");
    int from = last->elements ? atoi(last->element[0]->element[0]->str) + 1 : 1;
    freeReplyObject(last);
    orders_add(client, from, n);
}

/* ---- the append-only file ---- */

struct scene {
    struct redis_server server;
    redisContext *client;
    struct event_base *base;
    struct instance a;
    struct fake_host host; /* its snapshots as they were in the end */
    char *file, *bytes;
    size_t length, from; /* of the file; where the last part begins */
};

static size_t file_size(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (size_t)st.st_size : 0;
}

static void restart_redis(struct scene *s)
{
    redisFree(s->client);
    redis_kill(&s->server);
    redis_again(&s->server);
    s->client = redis_client(&s->server);
}

static void open_scene(struct scene *s)
{
    static const char *const options[] = {"--appendonly", "yes", "--appendfsync", "always", NULL};
    memset(s, 0, sizeof *s);
    redis_start(&s->server, options);
    s->client = redis_client(&s->server);
    s->base = event_base_new();
    s->file = files_path(s->server.dir, AOF);
    instance_init(&s->a, s->base, &s->server, "a");
    orders_add(s->client, 1, BEFORE);
    instance_start(&s->a);
    instance_wait(s->base, s->client, BEFORE);
    instance_stop(&s->a);
    orders_add(s->client, BEFORE + 1, ALL);
    s->from = file_size(s->file);
    instance_start(&s->a);
    instance_wait(s->base, s->client, ALL);
    instance_stop(&s->a);
    orders_check(s->client, ALL);
    redis_kill(&s->server);
    s->bytes = files_read(s->file, &s->length);
    s->host = s->a.host;
    CHECK(s->length > s->from + 500);
    CHECK_INT(s->host.n_snapshots, 2);
}

static void close_scene(struct scene *s)
{
    instance_fini(&s->a);
    event_base_free(s->base);
    redisFree(s->client);
    redis_remove(&s->server);
    free(s->file);
    free(s->bytes);
}

static void put_file(struct scene *s, size_t length)
{
    FILE *file = fopen(s->file, "we");
    CHECK(file && fwrite(s->bytes, 1, length, file) == length && fclose(file) == 0);
}

/* The file of the scene, cut; the server's folder otherwise as it is. */
static void try_cut(struct scene *s, size_t length)
{
    int before = check_failures;
    put_file(s, length);
    redis_again(&s->server);
    redisFree(s->client);
    s->client = redis_client(&s->server);
    memcpy(s->a.host.snapshots, s->host.snapshots, sizeof s->host.snapshots);
    s->a.host.n_snapshots = s->host.n_snapshots;
    CHECK(redis_ok(s->client, "DEL jiandu:{t}:owner"));
    send_again(s->client, ALL);
    instance_start(&s->a);
    instance_wait(s->base, s->client, ALL);
    orders_check(s->client, ALL);
    restart_redis(s); /* where Redis 7.0.15 may lose what was written behind the cut */
    send_again(s->client, ALL);
    instance_wait(s->base, s->client, ALL);
    LOOP_UNTIL(s->base, instance_running(&s->a));
    orders_check(s->client, ALL);
    CHECK_INT(s->a.stopped, 0);
    instance_abandon(&s->a);
    redis_kill(&s->server);
    if (check_failures > before)
        check_fail(__FILE__, __LINE__, "cut at byte %zu of %zu", length, s->length);
}

static void test_append_only_file_cut(void)
{
    struct scene s;
    const char *wanted = getenv("JIANDU_FAULTS");
    bool whole = wanted && strcmp(wanted, "long") == 0;
    uint64_t random = check_seed, cuts = 0;
    open_scene(&s);
    size_t step = whole ? 1 : (s.length - s.from) / SHORT_CUTS;
    for (size_t at = s.from; at < s.length && check_failures < 3; cuts++) {
        try_cut(&s, at);
        at += 1 + check_random(&random) % (2 * step - 1);
    }
    printf("# seed %llu: %llu cuts in the last %zu bytes\n", (unsigned long long)check_seed,
        (unsigned long long)cuts, s.length - s.from);
    redis_again(&s.server);
    close_scene(&s);
}

/* ---- fail-over ---- */

static bool has_synced(redisContext *replica)
{
    redisReply *reply = redis_do(replica, "INFO replication");
    bool up = strstr(reply->str, "master_link_status:up") != NULL;
    freeReplyObject(reply);
    return up;
}

static void test_failover_with_a_lost_tail(void)
{
    struct redis_server first, second;
    struct proxy proxy;
    struct instance a;
    redis_start_tcp(&first, NULL);
    redis_start_tcp(&second, NULL);
    redisContext *one = redis_client(&first), *two = redis_client(&second);
    struct event_base *base = event_base_new();
    proxy_init(&proxy, base, &first);
    instance_init(&a, base, &proxy.face, "a");
    CHECK(redis_ok(two, "REPLICAOF 127.0.0.1 %d", first.port));
    orders_add(one, 1, 30);
    instance_start(&a);
    instance_wait(base, one, 30);
    LOOP_UNTIL(base, has_synced(two) && instance_committed(two, "30-0"));
    CHECK(redis_ok(two, "REPLICAOF NO ONE"));
    orders_add(one, 31, 60); /* acknowledged, published, and lost */
    instance_wait(base, one, 60);
    service_snapshot(a.service);
    LOOP_UNTIL(base, a.host.n_snapshots > 0);
    redis_kill(&first);
    proxy_lead(&proxy, &second);
    orders_add(two, 31, 70);
    instance_wait(base, two, 70);
    orders_check(two, 70);
    CHECK_INT(a.stopped, 0);
    CHECK_INT(a.host.dropped, 1); /* the state was of a history that is gone */
    CHECK_INT(a.host.discarded, 1);
    instance_stop(&a);
    instance_fini(&a);
    proxy_fini(&proxy);
    event_base_free(base);
    redisFree(one);
    redisFree(two);
    redis_remove(&first);
    redis_remove(&second);
}

static const struct check_test tests[] = {
    {"append-only file cut, loaded twice", test_append_only_file_cut},
    {"fail-over with a lost tail", test_failover_with_a_lost_tail},
};

CHECK_MAIN(tests)
