/* Starting, stopping, being killed, taking over: the published alerts and reports stay those of one
 * undisturbed run. */
#include "tests/support/orders.h"
#include "tests/support/scene.h"

static void test_first_run(void)
{
    struct scene s;
    scene_open(&s, NULL);
    scene_run(&s, 40);
    orders_add(s.client, 41, 63);
    scene_wait(&s, 63);
    orders_check(s.client, 63);
    CHECK_INT(s.a.host.warmup, 0);
    instance_stop(&s.a);
    CHECK_INT(s.a.exit_code, 0);
    CHECK_INT(s.a.host.n_snapshots, 1);
    CHECK_INT(s.a.host.snapshots[0].header.read, 63);
    CHECK_INT(redis_int(s.client, "EXISTS jiandu:{t}:owner"), 0);
    scene_close(&s);
}

static void test_goes_on_from_its_snapshot(void)
{
    struct scene s;
    scene_open(&s, NULL);
    scene_run(&s, 12);
    instance_stop(&s.a);
    CHECK(redis_ok(s.client, "XTRIM jiandu:{t}:events MAXLEN 3")); /* taken already: no harm */
    orders_add(s.client, 13, 27);
    instance_start(&s.a);
    scene_wait(&s, 27);
    orders_check(s.client, 27);
    CHECK_INT(s.a.host.loaded, 1);
    CHECK_INT(s.a.host.fresh, 1);
    scene_close(&s);
}

static void test_replays_after_the_snapshot(void)
{
    struct scene s;
    scene_open(&s, NULL);
    scene_run(&s, 12);
    service_snapshot(s.a.service);
    LOOP_UNTIL(s.base, s.a.host.n_snapshots == 1);
    orders_add(s.client, 13, 33);
    scene_wait(&s, 33);
    instance_abandon(&s.a);
    orders_add(s.client, 34, 50);
    instance_start(&s.a);
    scene_wait(&s, 50);
    orders_check(s.client, 50);
    CHECK_INT(s.a.host.loaded, 1);
    scene_close(&s);
}

static void test_without_snapshot_from_the_beginning(void)
{
    struct scene s;
    scene_open(&s, NULL);
    scene_run(&s, 33);
    instance_abandon(&s.a);
    orders_add(s.client, 34, 50);
    instance_start(&s.b);
    scene_wait(&s, 50);
    orders_check(s.client, 50);
    CHECK_INT(s.b.host.fresh, 1);
    CHECK_INT(s.b.host.warmup, 0); /* all of the stream is there: nothing is missing */
    scene_close(&s);
}

static void test_degraded_when_the_beginning_is_gone(void)
{
    struct scene s;
    scene_open(&s, NULL);
    scene_run(&s, 33);
    instance_abandon(&s.a);
    CHECK(redis_ok(s.client, "XTRIM jiandu:{t}:events MINID 20"));
    instance_start(&s.b);
    LOOP_UNTIL(s.base, instance_running(&s.b));
    CHECK_INT(s.b.host.events, 14);
    CHECK_INT(s.b.host.warmup, 1020);
    LOOP_UNTIL(s.base, redis_int(s.client, "XLEN jiandu:{t}:alerts") == 7);
    redisReply *reply = redis_do(s.client, "XREVRANGE jiandu:{t}:alerts + - COUNT 1");
    CHECK_TEXT(reply->element[0]->element[0]->str, "33-900");
    CHECK(strstr(reply->element[0]->element[1]->element[15]->str, "\"kind\":\"system\""));
    CHECK_TEXT(reply->element[0]->element[1]->element[11]->str, "state_degraded");
    freeReplyObject(reply);
    scene_close(&s);
}

/* Snapshots of a history that Redis has lost, or that do not agree, are passed over for an older one. */
static void test_unusable_snapshots(void)
{
    struct scene s;
    scene_open(&s, NULL);
    scene_run(&s, 30);
    instance_abandon(&s.a);
    struct fake_host *h = &s.a.host;
    h->n_snapshots = 4;
    h->snapshots[0].header = (struct snapshot_header){.pos_ms = 99, .read = 99}; /* ahead */
    h->snapshots[1].header =
        (struct snapshot_header){.pos_ms = 25, .read = 25, .fingerprint = 1};    /* another entry */
    h->snapshots[2].header = (struct snapshot_header){.pos_ms = 20, .read = 21}; /* miscounted */
    h->snapshots[3] = (struct fake_snapshot){.header = {.pos_ms = 10, .read = 10}, .events = 10}; /* good */
    h->snapshots[3].state = orders_state(10);
    h->fresh = 0;
    orders_add(s.client, 31, 50);
    instance_start(&s.a);
    scene_wait(&s, 50);
    orders_check(s.client, 50);
    CHECK_INT(h->discarded, 1);
    CHECK_INT(h->fresh, 0);
    CHECK_INT(h->loaded, 3);
    scene_close(&s);
}

static void test_second_instance_waits_and_takes_over(void)
{
    struct scene s;
    scene_open(&s, NULL);
    orders_add(s.client, 1, 20);
    instance_start(&s.a);
    LOOP_UNTIL(s.base, instance_running(&s.a));
    instance_start(&s.b);
    LOOP_UNTIL(s.base, service_phase(s.b.service) == SERVICE_STANDBY);
    loop_for(s.base, 900); /* longer than a lease: renewals keep it */
    CHECK(instance_running(&s.a));
    CHECK_INT(service_phase(s.b.service), SERVICE_STANDBY);
    instance_abandon(&s.a);
    orders_add(s.client, 21, 40);
    scene_wait(&s, 40);
    CHECK(instance_running(&s.b));
    orders_check(s.client, 40);
    scene_close(&s);
}

static void test_released_lease_is_taken_at_once(void)
{
    struct scene s;
    scene_open(&s, NULL);
    s.a.settings.lease = s.b.settings.lease = 60000;
    instance_start(&s.a);
    LOOP_UNTIL(s.base, instance_running(&s.a));
    instance_start(&s.b);
    LOOP_UNTIL(s.base, service_phase(s.b.service) == SERVICE_STANDBY);
    instance_stop(&s.a);
    LOOP_UNTIL(s.base, instance_running(&s.b));
    scene_close(&s);
}

/* The owner's key is taken away, as when a process sleeps past its lease: the old one drops its state and
 * waits. */
static void test_fenced_instance_starts_over(void)
{
    struct scene s;
    scene_open(&s, NULL);
    scene_run(&s, 20);
    CHECK(redis_ok(s.client, "SET jiandu:{t}:owner 99:other PX 200"));
    orders_add(s.client, 21, 30);
    LOOP_UNTIL(s.base, service_phase(s.a.service) == SERVICE_STANDBY);
    CHECK_INT(s.a.host.dropped, 1);
    CHECK(!instance_committed(s.client, "30-0"));
    scene_wait(&s, 30); /* once the other's lease has run out */
    orders_check(s.client, 30);
    scene_close(&s);
}

static void test_redis_crashes_and_comes_back(void)
{
    struct scene s;
    scene_open(&s, (const char *const[]){"--appendonly", "yes", "--appendfsync", "always", NULL});
    s.a.settings.lease = 5000;
    scene_run(&s, 20);
    for (int i = 0; i < 3; i++) {
        redisFree(s.client);
        redis_kill(&s.server);
        loop_for(s.base, 30);
        redis_again(&s.server);
        s.client = redis_client(&s.server);
        orders_add(s.client, 21 + 10 * i, 30 + 10 * i);
    }
    scene_wait(&s, 50);
    orders_check(s.client, 50);
    /* The lease held, so no state was dropped; unless a kill cut the append-only file inside a transaction:
     * then Redis 7.0.15 loses at its next restart what it had acknowledged since, and the state had to be
     * built anew. */
    CHECK(s.a.host.fresh >= 1 && s.a.host.fresh <= 3);
    scene_close(&s);
}

/* Kills at random moments, a step of the loop apart. */
static void test_killed_at_random_moments(void)
{
    struct scene s;
    uint64_t random = check_seed;
    scene_open(&s, NULL);
    s.a.settings.lease = 40;
    s.a.settings.snapshot_interval = 15;
    int added = 0, kills = 0;
    printf("# seed %llu\n", (unsigned long long)check_seed);
    while (added < 400) {
        instance_start(&s.a);
        orders_add(s.client, added + 1, added + 20);
        added += 20;
        int steps = (int)(check_random(&random) % 60);
        for (int i = 0; i < steps; i++)
            event_base_loop(s.base, EVLOOP_ONCE);
        instance_abandon(&s.a);
        kills++;
    }
    instance_start(&s.a);
    scene_wait(&s, 400);
    orders_check(s.client, 400);
    printf("# %d kills, %d snapshots loaded\n", kills, s.a.host.loaded);
    scene_close(&s);
}

static void test_full_disk_goes_on(void)
{
    struct scene s;
    scene_open(&s, NULL);
    s.a.host.broken_disk = true;
    scene_run(&s, 10);
    service_snapshot(s.a.service);
    orders_add(s.client, 11, 20);
    scene_wait(&s, 20);
    CHECK_INT(s.a.host.n_snapshots, 0);
    orders_check(s.client, 20);
    scene_close(&s);
}

/* Not knowing which snapshots there are is no reason to begin anew. */
static void test_snapshots_cannot_be_listed(void)
{
    struct scene s;
    scene_open(&s, NULL);
    orders_add(s.client, 1, 10);
    s.a.host.unlisted = true;
    instance_start(&s.a);
    LOOP_UNTIL(s.base, s.a.stopped);
    CHECK_INT(s.a.exit_code, SERVICE_EXIT_IO);
    CHECK_TEXT(s.a.why, "the folder cannot be read");
    CHECK_INT(s.a.host.fresh, 0);
    scene_close(&s);
}

/* The child that wrote the snapshot failed, and nothing has happened since: the stop writes it. */
static void test_failed_snapshot_is_written_at_the_stop(void)
{
    struct scene s;
    scene_open(&s, NULL);
    s.a.host.broken_disk = s.a.host.broken_later = true;
    scene_run(&s, 10);
    service_snapshot(s.a.service);
    LOOP_UNTIL(s.base, s.a.host.saves == 1);
    CHECK_INT(s.a.host.n_snapshots, 0);
    s.a.host.broken_disk = false;
    instance_stop(&s.a);
    CHECK_INT(s.a.host.n_snapshots, 1);
    CHECK_INT(s.a.host.snapshots[0].header.read, 10);
    scene_close(&s);
}

static const struct check_test tests[] = {
    {"first run", test_first_run},
    {"goes on from its snapshot", test_goes_on_from_its_snapshot},
    {"replays after the snapshot", test_replays_after_the_snapshot},
    {"without snapshot from the beginning", test_without_snapshot_from_the_beginning},
    {"degraded when the beginning is gone", test_degraded_when_the_beginning_is_gone},
    {"unusable snapshots", test_unusable_snapshots},
    {"second instance waits and takes over", test_second_instance_waits_and_takes_over},
    {"released lease is taken at once", test_released_lease_is_taken_at_once},
    {"fenced instance starts over", test_fenced_instance_starts_over},
    {"redis crashes and comes back", test_redis_crashes_and_comes_back},
    {"killed at random moments", test_killed_at_random_moments},
    {"full disk goes on", test_full_disk_goes_on},
    {"snapshots cannot be listed", test_snapshots_cannot_be_listed},
    {"failed snapshot is written at the stop", test_failed_snapshot_is_written_at_the_stop},
};

CHECK_MAIN(tests)
