/* Knowing when we are blind: entries lost unread, a stream deleted, made anew or gone back, and wrong
 * set-ups. */
#include "daemon/stream/checks.h"

#include "daemon/stream/function_library.h"
#include "tests/support/scene.h"

#include <time.h>

static void add_ticks(struct scene *s, int from, int to)
{
    for (int i = from; i <= to; i++)
        CHECK(redis_ok(s->client, "XADD " EVENTS " %d-0 type tick", i));
}

static long long progress_read(struct scene *s)
{
    redisReply *reply = redis_do(s->client, "HGET jiandu:{t}:progress read");
    long long n = reply->type == REDIS_REPLY_STRING ? atoll(reply->str) : -1;
    freeReplyObject(reply);
    return n;
}

/* How many system alerts of this name there are; *data gets the last one's object. */
static int notices(struct scene *s, const char *name, char *data, size_t size)
{
    int n = 0;
    redisReply *reply = redis_do(s->client, "XRANGE jiandu:{t}:alerts - +");
    for (size_t i = 0; i < reply->elements; i++) {
        redisReply **field = reply->element[i]->element[1]->element;
        if (strcmp(field[11]->str, name) != 0)
            continue;
        n++;
        snprintf(data, size, "%s", field[15]->str);
    }
    freeReplyObject(reply);
    return n;
}

/* With the ticks 1 to 10 committed. */
static void run_ticks(struct scene *s)
{
    add_ticks(s, 1, 10);
    instance_start(&s->a);
    scene_wait(s, 10);
}

static void check_lost(struct scene *s, long long n, long long read)
{
    char data[4096] = "", count[32];
    LOOP_UNTIL(s->base, notices(s, "events_lost", data, sizeof data) == 1);
    snprintf(count, sizeof count, "\"count\":%lld,", n);
    if (!strstr(data, count))
        printf("# %s\n", data);
    CHECK(strstr(data, count));
    LOOP_UNTIL(s->base, progress_read(s) == read);
    loop_for(s->base, 120); /* several checks: it is told once */
    CHECK_INT(notices(s, "events_lost", data, sizeof data), 1);
}

/* Trimmed and deleted while nobody was there; some is left. */
static void test_trimmed_while_away(void)
{
    struct scene s;
    scene_open(&s, NULL);
    run_ticks(&s);
    instance_stop(&s.a);
    add_ticks(&s, 11, 60);
    CHECK(redis_ok(s.client, "XTRIM " EVENTS " MINID 41"));
    CHECK_INT(redis_int(s.client, "XDEL " EVENTS " 50-0 51-0"), 2);
    instance_start(&s.a);
    scene_wait(&s, 60);
    check_lost(&s, 32, 60);
    scene_close(&s);
}

static void test_everything_trimmed(void)
{
    struct scene s;
    scene_open(&s, NULL);
    run_ticks(&s);
    instance_stop(&s.a);
    add_ticks(&s, 11, 30);
    CHECK(redis_ok(s.client, "XTRIM " EVENTS " MAXLEN 0"));
    instance_start(&s.a);
    check_lost(&s, 20, 30);
    add_ticks(&s, 31, 33);
    scene_wait(&s, 33);
    CHECK_INT(progress_read(&s), 33);
    scene_close(&s);
}

/* While it runs: added and removed again in one transaction, so that no read can have seen it. */
static void test_trimmed_under_our_hands(void)
{
    struct scene s;
    scene_open(&s, NULL);
    run_ticks(&s);
    CHECK(redis_ok(s.client, "EVAL %s 1 " EVENTS,
        "for i = 11, 15 do redis.call('XADD', KEYS[1], i .. '-0', 'type', 'tick') end "
        "for i = 11, 13 do redis.call('XDEL', KEYS[1], i .. '-0') end"));
    scene_wait(&s, 15);
    check_lost(&s, 3, 15);
    scene_close(&s);
}

/* What was taken may be trimmed: that is no loss. */
static void test_trimming_what_was_taken(void)
{
    struct scene s;
    char data[4096];
    scene_open(&s, NULL);
    run_ticks(&s);
    for (int i = 11; i < 200; i++) {
        CHECK(redis_ok(s.client, "XADD " EVENTS " %d-0 type tick", i));
        if (i % 10 == 0) {
            scene_wait(&s, i);
            CHECK(redis_ok(s.client, "XTRIM " EVENTS " MAXLEN 0"));
        }
        event_base_loop(s.base, EVLOOP_NONBLOCK);
    }
    scene_wait(&s, 199);
    loop_for(s.base, 120);
    CHECK_INT(notices(&s, "events_lost", data, sizeof data), 0);
    CHECK_INT(progress_read(&s), 199);
    scene_close(&s);
}

static void break_while_running(const char *command)
{
    struct scene s;
    scene_open(&s, NULL);
    run_ticks(&s);
    CHECK(redis_ok(s.client, command));
    scene_check_ends(&s, SERVICE_EXIT_DATA, "--accept-rollback");
    CHECK(instance_committed(s.client, "10-0"));
    scene_close(&s);
}

static void test_stream_gone_while_running(void)
{
    break_while_running("DEL " EVENTS);
    break_while_running("RENAME " EVENTS " {t}elsewhere");
}

static void test_stream_made_anew(void)
{
    struct scene s;
    scene_open(&s, NULL);
    run_ticks(&s);
    instance_stop(&s.a);
    CHECK(redis_ok(s.client, "DEL " EVENTS));
    add_ticks(&s, 1, 9);
    CHECK(redis_ok(s.client, "XADD " EVENTS " 10-0 type tick time 5"));
    instance_start(&s.a); /* as many entries up to the same position, and yet another history */
    scene_check_ends(&s, SERVICE_EXIT_DATA, "another entry stands");
    scene_close(&s);
}

static void test_accepted_rollback(void)
{
    struct scene s;
    char data[4096] = "";
    scene_open(&s, NULL);
    run_ticks(&s);
    instance_stop(&s.a);
    CHECK(redis_ok(s.client, "DEL " EVENTS));
    add_ticks(&s, 100, 104);
    instance_abandon(&s.a);
    instance_start(&s.a);
    scene_check_ends(&s, SERVICE_EXIT_DATA, "--accept-rollback");
    instance_abandon(&s.a);
    s.a.settings.accept_rollback = true;
    instance_start(&s.a);
    scene_wait(&s, 104);
    CHECK_INT(progress_read(&s), 5);
    CHECK_INT(notices(&s, "stream_replaced", data, sizeof data), 1);
    CHECK(strstr(data, "\"from\":\"10-0\",\"to\":\"0-0\""));
    CHECK_INT(s.a.host.events, 5);
    CHECK_INT(s.a.host.n_snapshots, 0); /* that of the old history is gone */
    scene_close(&s);
}

static void test_group_destroyed(void)
{
    struct scene s;
    scene_open(&s, NULL);
    run_ticks(&s);
    CHECK(redis_ok(s.client, "XGROUP DESTROY " EVENTS " jiandu"));
    add_ticks(&s, 11, 20);
    scene_wait(&s, 20);
    redisReply *groups = redis_do(s.client, "XINFO GROUPS " EVENTS);
    CHECK_INT(groups->elements, 1);
    CHECK_TEXT(groups->element[0]->element[7]->str, "20-0");
    freeReplyObject(groups);
    CHECK_INT(s.a.host.fresh, 1);
    scene_close(&s);
}

static void test_lag_silence_and_future(void)
{
    struct scene s;
    char data[4096];
    scene_open(&s, NULL);
    s.a.settings.silence_limit = 1000;
    s.a.settings.lag_limit = 100;
    run_ticks(&s);
    LOOP_UNTIL(s.base, notices(&s, "silence", data, sizeof data) == 1);
    loop_for(s.base, 100);
    CHECK_INT(notices(&s, "silence", data, sizeof data), 1);
    CHECK(redis_ok(s.client, "XADD " EVENTS " %lld-0 type tick", (long long)(time(NULL) + 86400) * 1000));
    LOOP_UNTIL(s.base, notices(&s, "id_ahead", data, sizeof data) == 1);
    loop_for(s.base, 100);
    CHECK_INT(notices(&s, "id_ahead", data, sizeof data), 1);
    scene_close(&s);
}

static void test_lag(void)
{
    struct stream_facts f = {.exists = true,
        .length = 50,
        .added = 90,
        .last = {90, 0},
        .has_entries = true,
        .first_entry = {41, 0},
        .last_entry = {90, 0}};
    CHECK_INT(stream_lag(&f, (struct stream_place){{60, 0}, 60}), 30);
    CHECK_INT(stream_lag(&f, (struct stream_place){{90, 0}, 90}), 0);
    bool exact;
    CHECK_INT(stream_lost(&f, (struct stream_place){{30, 0}, 30}, &exact), 10);
    CHECK(exact);
    CHECK_INT(stream_lost(&f, (struct stream_place){{60, 0}, 50}, &exact), 0);
    CHECK(!exact);
    CHECK_INT(stream_lost(&f, (struct stream_place){{90, 0}, 80}, &exact), 10);
    CHECK(exact);
}

static void test_quiet_stream_gets_ticks(void)
{
    struct scene s;
    scene_open(&s, NULL);
    s.a.settings.tick = 50;
    instance_start(&s.a);
    LOOP_UNTIL(s.base, redis_int(s.client, "XLEN " EVENTS) >= 3);
    scene_close(&s);
}

static void test_wrong_key_types(void)
{
    static const char *const keys[] = {EVENTS, "jiandu:{t}:progress", "jiandu:{t}:owner"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct scene s;
        scene_open(&s, NULL);
        CHECK(redis_ok(s.client, i == 2 ? "LPUSH %s x" : "SET %s x", keys[i]));
        instance_start(&s.a);
        if (i == 2) { /* looks like a lease that somebody holds for ever */
            LOOP_UNTIL(s.base, service_phase(s.a.service) == SERVICE_STANDBY);
        } else {
            scene_check_ends(&s, SERVICE_EXIT_CONFIG, "WRONGTYPE");
        }
        scene_close(&s);
    }
}

static void test_wrong_output_key(void)
{
    struct scene s;
    scene_open(&s, NULL);
    CHECK(redis_ok(s.client, "SET jiandu:{t}:dead x"));
    CHECK(redis_ok(s.client, "XADD " EVENTS " 1-0 type nonsense"));
    instance_start(&s.a);
    scene_check_ends(&s, SERVICE_EXIT_CONFIG, "jiandu:{t}:dead is a string");
    scene_close(&s);
}

static void test_dead_letter_stream(void)
{
    struct scene s;
    scene_open(&s, NULL);
    CHECK(redis_ok(s.client, "XADD " EVENTS " 1-5 type nonsense"));
    CHECK(redis_ok(s.client, "XADD " EVENTS " 2-0 type tick"));
    instance_start(&s.a);
    scene_wait(&s, 2);
    redisReply *reply = redis_do(s.client, "XRANGE jiandu:{t}:dead - +");
    CHECK_INT(reply->elements, 1);
    CHECK_TEXT(reply->element[0]->element[0]->str, "1-5");
    redisReply **field = reply->element[0]->element[1]->element;
    CHECK_TEXT(field[1]->str, "1-5");
    CHECK_TEXT(field[3]->str, "unknown_type");
    CHECK_TEXT(field[11]->str, "[\"type\",\"nonsense\"]");
    freeReplyObject(reply);
    scene_close(&s);
}

/* Without the right to load functions: enough once somebody else has loaded them. integration/rights tries
 * config/acl/users.acl itself. */
static void test_rights(void)
{
    static const char *const options[] = {"--user", "detector", "on", ">right", "resetkeys", "resetchannels",
        "-@all", "+ping", "(%R~jiandu:{t}:events +xread +xrange +xinfo|stream +xinfo|groups)",
        "(~jiandu:{t}:events +xgroup|setid +xgroup|create)", "(~jiandu:{t}:* +xadd +xrange +type)",
        "(~jiandu:{t}:progress +hget +hgetall +hset +hsetnx +hincrby)",
        "(~jiandu:{t}:owner +get +set +exists +pexpire +pttl +del)",
        "(~jiandu:{t}:standby ~jiandu:{t}:handover +get +del +hdel)", "(~jiandu:{t}:* +fcall +fcall_ro)",
        NULL};
    struct scene s;
    scene_open(&s, options);
    s.a.settings.link.user = "detector";
    s.a.settings.link.password = "right";
    add_ticks(&s, 1, 10);
    instance_start(&s.a);
    scene_check_ends(&s, SERVICE_EXIT_CONFIG, "FUNCTION LOAD");
    instance_abandon(&s.a);
    CHECK(redis_ok(s.client, "FUNCTION LOAD %s", function_library_text));
    instance_start(&s.a);
    scene_wait(&s, 10);
    instance_stop(&s.a);
    CHECK_INT(redis_int(s.client, "EXISTS jiandu:{t}:owner"), 0);
    s.a.settings.link.password = "wrong";
    instance_start(&s.a);
    scene_check_ends(&s, SERVICE_EXIT_CONFIG, "WRONGPASS");
    scene_close(&s);
}

/* Redis refuses writes for a while: nothing is lost, nothing stops. */
static void test_writes_refused_for_a_while(void)
{
    struct scene s;
    scene_open(&s, NULL);
    run_ticks(&s);
    CHECK(redis_ok(s.client, "XADD " EVENTS " 11-0 type tick"));
    CHECK(redis_ok(s.client, "CONFIG SET min-replicas-to-write 1"));
    loop_for(s.base, 300);
    CHECK(!s.a.stopped);
    CHECK(redis_ok(s.client, "CONFIG SET min-replicas-to-write 0"));
    scene_wait(&s, 11);
    scene_close(&s);
}

static void test_nobody_answers(void)
{
    struct scene s;
    scene_open(&s, NULL);
    s.a.settings.lease = 60000;
    run_ticks(&s);
    redis_freeze(&s.server);
    const char *why;
    LOOP_UNTIL(s.base, !service_ready(s.a.service, &why));
    CHECK_TEXT(why, "the connection to Redis is down");
    redis_thaw(&s.server);
    LOOP_UNTIL(s.base, service_ready(s.a.service, &why));
    add_ticks(&s, 11, 12);
    scene_wait(&s, 12);
    redis_freeze(&s.server);
    service_stop(s.a.service);
    LOOP_UNTIL(s.base, s.a.stopped); /* within its five seconds, whatever Redis does */
    CHECK_INT(s.a.exit_code, 0);
    redis_thaw(&s.server);
    scene_close(&s);
}

static const struct check_test tests[] = {
    {"trimmed while away", test_trimmed_while_away},
    {"everything trimmed", test_everything_trimmed},
    {"trimmed under our hands", test_trimmed_under_our_hands},
    {"trimming what was taken", test_trimming_what_was_taken},
    {"stream gone while running", test_stream_gone_while_running},
    {"stream made anew", test_stream_made_anew},
    {"accepted rollback", test_accepted_rollback},
    {"group destroyed", test_group_destroyed},
    {"lag and lost, in numbers", test_lag},
    {"silence and future", test_lag_silence_and_future},
    {"quiet stream gets ticks", test_quiet_stream_gets_ticks},
    {"wrong key types", test_wrong_key_types},
    {"wrong output key", test_wrong_output_key},
    {"dead letter stream", test_dead_letter_stream},
    {"rights", test_rights},
    {"writes refused for a while", test_writes_refused_for_a_while},
    {"nobody answers", test_nobody_answers},
};

CHECK_MAIN(tests)
