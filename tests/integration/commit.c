/* Commits against a real server: what is published, and what happens when the outcome is not known. */
#include "daemon/stream/committer.h"

#include "daemon/stream/function_library.h"
#include "tests/support/check.h"
#include "tests/support/loop.h"
#include "tests/support/redis.h"

#define TOKEN "1:abc"

struct witness {
    struct redis_server server;
    redisContext *client;
    struct event_base *base;
    struct link *link;
    struct committer *committer;
    struct outbox box;
    int ready, lost, committed, refused, room;
    char why[256];
};

static void on_ready(void *context)
{
    ((struct witness *)context)->ready++;
}

static void on_lost(void *context, const char *why)
{
    struct witness *w = context;
    w->lost++;
    snprintf(w->why, sizeof w->why, "%s", why);
}

static void on_committed(void *context)
{
    ((struct witness *)context)->committed++;
}

static void on_room(void *context)
{
    ((struct witness *)context)->room++;
}

static void on_refused(void *context, const char *why)
{
    struct witness *w = context;
    w->refused++;
    snprintf(w->why, sizeof w->why, "%s", why);
}

static void open_witness(struct witness *w)
{
    struct error err;
    struct link_settings link;
    struct committer_settings settings;
    memset(w, 0, sizeof *w);
    redis_start(&w->server, NULL);
    w->client = redis_client(&w->server);
    w->base = event_base_new();
    link_settings_defaults(&link);
    link.backoff_max = 50;
    CHECK_INT(redis_url_parse(&link.url, w->server.url, &err), 0);
    w->link = link_create(w->base, &link,
        &(struct link_handlers){.ready = on_ready, .lost = on_lost, .fatal = on_lost, .context = w}, &err);
    committer_settings_defaults(&settings);
    settings.events = "{t}:events";
    settings.progress = "{t}:progress";
    settings.owner = "{t}:owner";
    settings.group = "jiandu";
    settings.interval = 30;
    settings.commits_max = 4;
    w->committer = committer_create(w->base, w->link, &settings,
        &(struct committer_handlers){
            .committed = on_committed, .room = on_room, .refused = on_refused, .context = w});
    outbox_init(&w->box);
    CHECK(redis_ok(w->client, "FUNCTION LOAD %s", function_library_text));
    CHECK(redis_ok(w->client, "SET {t}:owner " TOKEN));
    CHECK(redis_ok(w->client, "HSET {t}:progress pos 0-0 read 0"));
    CHECK(redis_ok(w->client, "XGROUP CREATE {t}:events jiandu 0 MKSTREAM ENTRIESREAD 0"));
    for (int i = 1; i <= 10; i++)
        CHECK(redis_ok(w->client, "XADD {t}:events %d-0 type tick", i));
    link_start(w->link);
    LOOP_UNTIL(w->base, w->ready);
    committer_start(w->committer, TOKEN, (struct stream_place){0}, 0);
}

static void close_witness(struct witness *w)
{
    outbox_fini(&w->box);
    committer_destroy(w->committer);
    link_destroy(w->link);
    event_base_free(w->base);
    redisFree(w->client);
    redis_remove(&w->server);
}

static struct stream_place at(uint64_t i)
{
    return (struct stream_place){.position = {i, 0}, .read = i};
}

static void put_alert(struct witness *w, uint64_t i, unsigned k, const char *key, const char *text)
{
    outbox_at(&w->box, (struct entry_id){i, 0}, i);
    outbox_begin(&w->box, key, (struct entry_id){i, k + 1}, 0);
    outbox_text(&w->box, "data", text);
}

/* The alert "one" of the first entry, and that entry. */
static void commit_one(struct witness *w)
{
    put_alert(w, 1, 0, "{t}:alerts", "one");
    committer_add(w->committer, &w->box, at(1), 0);
}

/* The commit arrives, as it makes the alerts so many; its reply is never read. */
static void lose_reply(struct witness *w, long long alerts)
{
    for (int i = 0; i < 100000 && redis_int(w->client, "XLEN {t}:alerts") != alerts; i++)
        ;
    CHECK_INT(redis_int(w->client, "XLEN {t}:alerts"), alerts);
    link_reset(w->link, "test");
}

/* Once more connected, with Redis at this entry: what is not committed yet goes out again. */
static void resume(struct witness *w, uint64_t position)
{
    LOOP_UNTIL(w->base, w->ready == 2);
    committer_resume(w->committer, (struct entry_id){position, 0});
    LOOP_UNTIL(w->base, committer_idle(w->committer));
}

static void check_progress(struct witness *w, const char *pos, const char *read)
{
    redisReply *reply = redis_do(w->client, "HMGET {t}:progress pos read");
    CHECK_TEXT(reply->element[0]->str, pos);
    CHECK_TEXT(reply->element[1]->str, read);
    freeReplyObject(reply);
}

static void check_text(struct witness *w, const char *expected, const char *command)
{
    redisReply *reply = redis_do(w->client, command);
    const redisReply *r = reply;
    while (r->type == REDIS_REPLY_ARRAY && r->elements > 0)
        r = r->element[r->elements - 1];
    CHECK_TEXT(r->str, expected);
    freeReplyObject(reply);
}

static void test_publishes(void)
{
    struct witness w;
    open_witness(&w);
    put_alert(&w, 3, 0, "{t}:alerts", "one");
    put_alert(&w, 3, 0, "{t}:alerts:north", "one, north");
    put_alert(&w, 3, 1, "{t}:alerts", "two");
    put_alert(&w, 4, 0, "{t}:alerts:north", "three");
    committer_add(w.committer, &w.box, at(5), 0xabc);
    CHECK_INT(w.box.count, 0);
    LOOP_UNTIL(w.base, w.committed == 1);
    CHECK(committer_idle(w.committer));
    check_progress(&w, "5-0", "5");
    CHECK_INT(redis_int(w.client, "XLEN {t}:alerts"), 2);
    CHECK_INT(redis_int(w.client, "XLEN {t}:alerts:north"), 2);
    check_text(&w, "two", "XRANGE {t}:alerts 3-2 3-2");
    check_text(&w, "three", "XRANGE {t}:alerts:north 4-1 4-1");
    check_text(&w, "5-0 0000000000000abc", "HGET {t}:progress print");
    redisReply *groups = redis_do(w.client, "XINFO GROUPS {t}:events");
    CHECK_TEXT(groups->element[0]->element[7]->str, "5-0");
    CHECK_INT(groups->element[0]->element[9]->integer, 5);
    freeReplyObject(groups);
    CHECK(redis_int(w.client, "PTTL {t}:owner") > 0);
    close_witness(&w);
}

static void test_position_alone_is_committed_in_time(void)
{
    struct witness w;
    open_witness(&w);
    committer_add(w.committer, &w.box, at(2), 0);
    committer_add(w.committer, &w.box, at(7), 0);
    CHECK(!committer_idle(w.committer));
    LOOP_UNTIL(w.base, w.committed == 1);
    check_progress(&w, "7-0", "7");
    close_witness(&w);
}

/* The commit arrives, its reply does not. */
static void test_reply_lost(void)
{
    struct witness w;
    open_witness(&w);
    commit_one(&w);
    lose_reply(&w, 1);
    put_alert(&w, 2, 0, "{t}:alerts", "two");
    committer_add(w.committer, &w.box, at(2), 0);
    CHECK_INT(w.committed, 0);
    resume(&w, 1);
    CHECK_INT(redis_int(w.client, "XLEN {t}:alerts"), 2);
    check_progress(&w, "2-0", "2");
    close_witness(&w);
}

/* The same, but asked again blindly: Redis says DUP. */
static void test_repeated_commit_is_a_dup(void)
{
    struct witness w;
    open_witness(&w);
    commit_one(&w);
    lose_reply(&w, 1);
    resume(&w, 0);
    CHECK_INT(w.refused, 0);
    CHECK_INT(redis_int(w.client, "XLEN {t}:alerts"), 1);
    close_witness(&w);
}

/* Redis lost the position but not the alerts: the same ids with the same content are the same alerts. */
static void test_published_before(void)
{
    struct witness w;
    open_witness(&w);
    CHECK(redis_ok(w.client, "XADD {t}:alerts 1-1 data one"));
    CHECK(redis_ok(w.client, "XADD {t}:alerts 2-1 data two"));
    put_alert(&w, 1, 0, "{t}:alerts", "one");
    put_alert(&w, 2, 0, "{t}:alerts", "two");
    put_alert(&w, 3, 0, "{t}:alerts", "three");
    committer_add(w.committer, &w.box, at(3), 0);
    LOOP_UNTIL(w.base, committer_idle(w.committer));
    CHECK_INT(redis_int(w.client, "XLEN {t}:alerts"), 3);
    check_text(&w, "2", "HGET {t}:progress republished");
    close_witness(&w);
}

static void check_refused(struct witness *w, const char *word)
{
    commit_one(w);
    LOOP_UNTIL(w->base, w->refused);
    CHECK(strncmp(w->why, word, strlen(word)) == 0);
    check_progress(w, "0-0", "0");
    close_witness(w);
}

static void test_fenced(void)
{
    struct witness w;
    open_witness(&w);
    CHECK(redis_ok(w.client, "SET {t}:owner 2:other"));
    check_refused(&w, "FENCED");
}

static void test_position_moved(void)
{
    struct witness w;
    open_witness(&w);
    CHECK(redis_ok(w.client, "HSET {t}:progress pos 9-0"));
    commit_one(&w);
    LOOP_UNTIL(w.base, w.refused);
    CHECK_TEXT(w.why, "POSMISMATCH 9-0");
    CHECK_INT(redis_int(w.client, "EXISTS {t}:alerts"), 0);
    close_witness(&w);
}

static void test_clash(void)
{
    struct witness w;
    open_witness(&w);
    CHECK(redis_ok(w.client, "XADD {t}:alerts 1-1 data other"));
    check_refused(&w, "ALERTCLASH");
}

static void test_wrong_key(void)
{
    struct witness w;
    open_witness(&w);
    CHECK(redis_ok(w.client, "SET {t}:alerts text"));
    check_refused(&w, "WRONGKEY");
}

static void test_group_gone_resets_the_link(void)
{
    struct witness w;
    open_witness(&w);
    CHECK(redis_ok(w.client, "XGROUP DESTROY {t}:events jiandu"));
    commit_one(&w);
    LOOP_UNTIL(w.base, w.lost);
    CHECK(strstr(w.why, "NOGRP"));
    CHECK(redis_ok(w.client, "XGROUP CREATE {t}:events jiandu 0"));
    resume(&w, 0);
    CHECK_INT(redis_int(w.client, "XLEN {t}:alerts"), 1);
    close_witness(&w);
}

/* A batch with many outputs goes in several commits, cut between entries only. */
static void test_chunks(void)
{
    struct witness w;
    open_witness(&w);
    for (unsigned k = 0; k < 200; k++)
        put_alert(&w, 1, k, "{t}:alerts", "a");
    for (unsigned k = 0; k < 700; k++)
        put_alert(&w, 2, k, "{t}:alerts", "b");
    for (unsigned k = 0; k < 100; k++)
        put_alert(&w, 3, k, "{t}:alerts", "c");
    for (unsigned k = 0; k < 100; k++)
        put_alert(&w, 4, k, "{t}:alerts", "d");
    committer_add(w.committer, &w.box, at(9), 0);
    LOOP_UNTIL(w.base, committer_idle(w.committer));
    CHECK_INT(w.committed, 3);
    CHECK_INT(redis_int(w.client, "XLEN {t}:alerts"), 1100);
    check_progress(&w, "9-0", "9");
    close_witness(&w);
}

static void test_full_and_room(void)
{
    struct witness w;
    open_witness(&w);
    for (uint64_t i = 1; i <= 4; i++) {
        put_alert(&w, i, 0, "{t}:alerts", "x");
        committer_add(w.committer, &w.box, at(i), 0);
    }
    CHECK(committer_full(w.committer));
    LOOP_UNTIL(w.base, committer_idle(w.committer));
    CHECK_INT(w.room, 1);
    check_progress(&w, "4-0", "4");
    close_witness(&w);
}

static void put_system(struct witness *w, const char *text)
{
    struct entry_id id;
    struct stream_place last = committer_last(w->committer);
    CHECK(committer_system_id(w->committer, &id));
    outbox_at(&w->box, last.position, last.read);
    outbox_begin(&w->box, "{t}:alerts", id, 0);
    outbox_text(&w->box, "data", text);
    committer_add(w->committer, &w->box, last, 0);
}

/* Alerts of the daemon itself stand at the position, and do not move it; asking again changes nothing. */
static void test_system_alerts(void)
{
    struct witness w;
    open_witness(&w);
    committer_add(w.committer, &w.box, at(5), 0);
    put_system(&w, "first");
    put_system(&w, "second");
    LOOP_UNTIL(w.base, committer_idle(w.committer));
    check_text(&w, "first", "XRANGE {t}:alerts 5-900 5-900");
    check_text(&w, "second", "XRANGE {t}:alerts 5-901 5-901");
    check_text(&w, "5-0 2", "HGET {t}:progress system");
    put_system(&w, "third");
    lose_reply(&w, 3);
    resume(&w, 5);
    CHECK_INT(redis_int(w.client, "XLEN {t}:alerts"), 3);
    CHECK_INT(w.refused, 0);
    close_witness(&w);
}

/* Alerts go out while Redis refuses its producers for want of memory. */
static void test_out_of_memory_in_redis(void)
{
    struct witness w;
    open_witness(&w);
    CHECK(redis_ok(w.client, "CONFIG SET maxmemory 100kb"));
    redisReply *reply = redis_do(w.client, "XADD {t}:events 11-0 type tick");
    CHECK_INT(reply->type, REDIS_REPLY_ERROR);
    freeReplyObject(reply);
    commit_one(&w);
    LOOP_UNTIL(w.base, committer_idle(w.committer));
    CHECK_INT(redis_int(w.client, "XLEN {t}:alerts"), 1);
    close_witness(&w);
}

static const struct check_test tests[] = {
    {"publishes", test_publishes},
    {"position alone is committed in time", test_position_alone_is_committed_in_time},
    {"reply lost", test_reply_lost},
    {"repeated commit is a DUP", test_repeated_commit_is_a_dup},
    {"published before", test_published_before},
    {"fenced", test_fenced},
    {"position moved", test_position_moved},
    {"clash", test_clash},
    {"wrong key", test_wrong_key},
    {"group gone resets the link", test_group_gone_resets_the_link},
    {"chunks", test_chunks},
    {"full and room", test_full_and_room},
    {"system alerts", test_system_alerts},
    {"out of memory in redis", test_out_of_memory_in_redis},
};

CHECK_MAIN(tests)
