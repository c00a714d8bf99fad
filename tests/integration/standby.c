/* Standing by with a warm state, taking over, handing over; and when not to. */
#include "tests/support/orders.h"
#include "tests/support/scene.h"

#include "daemon/stream/service_parts.h"

#define K "jiandu:{t}:"
#define WARM "\"state\":\"warm\""
#define HANDOVER "FCALL jiandu_handover 4 " K "owner " K "progress " K "standby " K "handover operator 2000"

static bool warm(const struct instance *i)
{
    return i->service && service_phase(i->service) == SERVICE_STANDBY && i->service->warm;
}

/* Following, and with everything up to the entry n-0. */
static bool follows(const struct instance *i, uint64_t n)
{
    return warm(i) && i->service->state == STATE_THERE && i->host.events == n;
}

static void set_config(struct instance *i, uint64_t config)
{
    i->settings.config_hash = i->host.config = config;
}

/* a leads over n orders, b follows. */
static void open_pair(struct scene *s, int n)
{
    scene_open(s, NULL);
    set_config(&s->a, 7);
    set_config(&s->b, 7);
    scene_run(s, n);
    instance_start(&s->b);
    LOOP_UNTIL(s->base, follows(&s->b, (uint64_t)n));
}

/* What one who stands by says of itself holds this text. */
static bool says(struct scene *s, const struct instance *i, const char *text)
{
    redisReply *reply = redis_do(s->client, "HGET " K "standby %s", i->settings.instance);
    bool there = reply->type == REDIS_REPLY_STRING && strstr(reply->str, text);
    freeReplyObject(reply);
    return there;
}

static void check_refused(struct scene *s, const char *text)
{
    redisReply *reply = redis_do(s->client, HANDOVER);
    CHECK(reply->type == REDIS_REPLY_ERROR && strstr(reply->str, text));
    if (reply->str)
        printf("# %s\n", reply->str);
    freeReplyObject(reply);
}

/* ---- following ---- */

static void test_takes_over_warm(void)
{
    struct scene s;
    open_pair(&s, 33);
    orders_add(s.client, 34, 52);
    LOOP_UNTIL(s.base, follows(&s.b, 52));
    CHECK(s.b.host.state == orders_state(52));
    CHECK_INT(s.b.service->commits, 0);
    instance_abandon(&s.a);
    orders_add(s.client, 53, 90);
    scene_wait(&s, 90);
    CHECK(instance_running(&s.b));
    CHECK_INT(s.b.host.fresh + s.b.host.loaded, 1); /* not begun again */
    orders_check(s.client, 90);
    CHECK_INT(redis_int(s.client, "EXISTS " K "standby"), 0);
    scene_close(&s);
}

/* A leader that is nothing but its keys in Redis: its position can be set. */
static void open_puppet(struct scene *s, int orders, int position)
{
    scene_open(s, NULL);
    set_config(&s->b, 7);
    orders_add(s->client, 1, orders);
    CHECK(redis_ok(s->client, "SET " K "owner 99:other PX 600000"));
    CHECK(redis_ok(s->client, "HSET " K "progress pos %d-0 read %d config 0000000000000007 config_from 0-0",
        position, position));
    instance_start(&s->b);
    LOOP_UNTIL(s->base, follows(&s->b, (uint64_t)position));
}

static void test_never_ahead(void)
{
    struct scene s;
    open_puppet(&s, 40, 20);
    loop_for(s.base, 300);
    CHECK(follows(&s.b, 20));
    CHECK(redis_ok(s.client, "HSET " K "progress pos 33-0 read 33"));
    LOOP_UNTIL(s.base, s.b.host.events == 33);
    loop_for(s.base, 300);
    CHECK(follows(&s.b, 33));
    CHECK(redis_ok(s.client, "DEL " K "owner"));
    scene_wait(&s, 40);
    CHECK_INT(redis_int(s.client, "XLEN " K "alerts"), 2); /* over 35 and 40: those before were the other's */
    CHECK_INT(s.b.host.fresh, 1);
    scene_close(&s);
}

static void test_position_goes_back(void)
{
    struct scene s;
    open_puppet(&s, 40, 20);
    CHECK(redis_ok(s.client, "HSET " K "progress pos 12-0 read 12"));
    LOOP_UNTIL(s.base, follows(&s.b, 12));
    CHECK(s.b.host.state == orders_state(12));
    CHECK_INT(s.b.host.fresh, 2);
    scene_close(&s);
}

/* Entries are gone before the standby could follow: its state is not the leader's, and it says so. */
static void test_behind_a_trim(void)
{
    struct scene s;
    open_puppet(&s, 40, 20);
    CHECK(redis_ok(s.client, "XTRIM " EVENTS " MINID 31"));
    CHECK(redis_ok(s.client, "HSET " K "progress pos 40-0 read 40"));
    LOOP_UNTIL(s.base, says(&s, &s.b, "\"state\":\"degraded\""));
    check_refused(&s, "NOSTANDBY b stands by, but is degraded");
    service_snapshot(s.b.service);
    CHECK_INT(s.b.host.saves, 0); /* it would look whole after a restart */
    CHECK(redis_ok(s.client, "DEL " K "owner"));
    LOOP_UNTIL(s.base, instance_running(&s.b));
    LOOP_UNTIL(s.base, redis_int(s.client, "XLEN " K "alerts") == 1); /* it says so as a leader, too */
    scene_close(&s);
}

/* What the leader could not read either is nothing that the standby lacks. */
static void test_leader_has_lost_entries(void)
{
    struct scene s;
    open_puppet(&s, 40, 20);
    for (int i = 21; i <= 30; i++)
        CHECK(redis_ok(s.client, "XDEL " EVENTS " %d-0", i));
    CHECK(redis_ok(s.client, "HSET " K "progress pos 40-0 read 40 lost 10"));
    LOOP_UNTIL(s.base, follows(&s.b, 30));
    CHECK_INT(s.b.service->taken.read, 40);
    CHECK_INT(s.b.host.fresh, 1);
    scene_close(&s);
}

/* ---- handing over ---- */

static void test_hand_over_and_back(void)
{
    struct scene s;
    open_pair(&s, 20);
    for (int i = 0; i < 4; i++) {
        struct instance *from = i % 2 ? &s.b : &s.a, *to = i % 2 ? &s.a : &s.b;
        orders_add(s.client, 21 + 13 * i, 33 + 13 * i); /* maybe in the midst of them */
        LOOP_UNTIL(s.base, says(&s, to, WARM));
        CHECK(redis_ok(s.client, HANDOVER));
        LOOP_UNTIL(s.base, instance_running(to));
        LOOP_UNTIL(s.base, warm(from));
    }
    scene_wait(&s, 72);
    orders_check(s.client, 72);
    CHECK_INT(s.a.host.dropped + s.b.host.dropped, 0);
    CHECK_INT(s.a.service->fenced + s.b.service->fenced, 0);
    CHECK_INT(s.a.service->handed_over + s.b.service->handed_over, 4);
    CHECK_INT(redis_int(s.client, "HGET " K "progress republished"), -1);
    scene_close(&s);
}

/* The standby goes in the very moment: the leader takes back what it gave. */
static void test_nobody_takes_it(void)
{
    struct scene s;
    open_pair(&s, 20);
    LOOP_UNTIL(s.base, says(&s, &s.b, WARM));
    CHECK(redis_ok(s.client, HANDOVER));
    instance_abandon(&s.b);
    LOOP_UNTIL(s.base, warm(&s.a));
    orders_add(s.client, 21, 40);
    scene_wait(&s, 40);
    CHECK(instance_running(&s.a));
    CHECK_INT(s.a.host.dropped, 0);
    orders_check(s.client, 40);
    scene_close(&s);
}

static void test_hand_over_refused(void)
{
    struct scene s;
    scene_open(&s, NULL);
    check_refused(&s, "Function not found");
    scene_run(&s, 10);
    check_refused(&s, "NOSTANDBY no instance stands by");
    instance_stop(&s.a);
    check_refused(&s, "NOLEADER nobody holds the lease");
    scene_close(&s);
}

/* ---- other settings ---- */

static void test_config_differs(void)
{
    struct scene s;
    open_pair(&s, 20);
    instance_abandon(&s.b);
    set_config(&s.b, 8);
    instance_start(&s.b);
    LOOP_UNTIL(s.base, says(&s, &s.b, "of another configuration"));
    check_refused(&s, "NOSTANDBY b stands by with another configuration");
    instance_abandon(&s.a);
    LOOP_UNTIL(s.base, redis_int(s.client, "EXISTS " K "owner") == 0);
    loop_for(s.base, 500);
    CHECK_INT(redis_int(s.client, "EXISTS " K "owner"), 0); /* nobody leads rather than b */
    set_config(&s.a, 8);
    orders_add(s.client, 21, 40);
    instance_start(&s.a);
    scene_wait(&s, 40);
    LOOP_UNTIL(s.base, warm(&s.b)); /* now the same; but what was looked at with other settings is missing */
    LOOP_UNTIL(s.base, says(&s, &s.b, "\"state\":\"degraded\""));
    orders_check(s.client, 40);
    scene_close(&s);
}

/* ---- kills ---- */

static void test_both_at_once(void)
{
    struct scene s;
    scene_open(&s, NULL);
    orders_add(s.client, 1, 40);
    instance_start(&s.a);
    instance_start(&s.b);
    LOOP_UNTIL(s.base, (instance_running(&s.a) && warm(&s.b)) || (instance_running(&s.b) && warm(&s.a)));
    scene_wait(&s, 40);
    orders_check(s.client, 40);
    scene_close(&s);
}

static void test_standby_killed(void)
{
    struct scene s;
    open_pair(&s, 20);
    service_snapshot(s.b.service);
    LOOP_UNTIL(s.base, s.b.host.n_snapshots == 1);
    instance_abandon(&s.b);
    CHECK(redis_ok(s.client, "XTRIM " EVENTS " MINID 15")); /* its own snapshot is all it has */
    orders_add(s.client, 21, 40);
    scene_wait(&s, 40);
    instance_start(&s.b);
    LOOP_UNTIL(s.base, follows(&s.b, 40));
    CHECK_INT(s.b.host.loaded, 1);
    CHECK(s.b.host.state == orders_state(40));
    CHECK(instance_running(&s.a));
    instance_stop(&s.b); /* saves at the end, too */
    CHECK_INT(s.b.host.snapshots[0].header.read, 40);
    orders_check(s.client, 40);
    scene_close(&s);
}

/* Either is killed in turn, a hand-over now and then, orders all the time. */
static void test_killed_in_turn(void)
{
    struct scene s;
    uint64_t random = check_seed;
    int added = 20;
    open_pair(&s, added);
    s.a.settings.lease = s.b.settings.lease = 60;
    for (int i = 0; i < 40; i++) {
        struct instance *who = check_random(&random) % 2 ? &s.a : &s.b;
        orders_add(s.client, added + 1, added + 15);
        added += 15;
        if (check_random(&random) % 3 == 0)
            freeReplyObject(redis_do(s.client, HANDOVER));
        loop_for(s.base, (int)(check_random(&random) % 60));
        instance_abandon(who);
        loop_for(s.base, (int)(check_random(&random) % 150));
        instance_start(who);
    }
    scene_wait(&s, added);
    orders_check(s.client, added);
    scene_close(&s);
}

static const struct check_test tests[] = {
    {"takes over with a warm state", test_takes_over_warm},
    {"is never ahead of the committed position", test_never_ahead},
    {"the committed position goes back", test_position_goes_back},
    {"behind a trim", test_behind_a_trim},
    {"the leader has lost entries", test_leader_has_lost_entries},
    {"hand-over and back", test_hand_over_and_back},
    {"nobody takes what was handed over", test_nobody_takes_it},
    {"a hand-over is refused", test_hand_over_refused},
    {"another configuration", test_config_differs},
    {"both started at once", test_both_at_once},
    {"the standby is killed", test_standby_killed},
    {"killed in turn", test_killed_in_turn},
};

CHECK_MAIN(tests)
