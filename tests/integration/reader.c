/* The reader against a real server, on a thread of its own and without: what arrives, what becomes a dead
 * letter, pausing, stopping, coming back. */
#include "daemon/stream/feeder.h"

#include "tests/support/check.h"
#include "tests/support/loop.h"
#include "tests/support/redis.h"

static bool threaded; /* in the test at hand */

struct witness {
    struct redis_server server;
    redisContext *client;
    struct event_base *base;
    struct decoder *decoder;
    struct feeder *feeder;
    size_t events, dead, batches, idle, quiet, lost;
    struct entry_id last;
    uint64_t fingerprint;
    int64_t amounts;
    enum event_reason reason;
    char text[RAW_ENTRY_TEXT_MAX + 1], account[80], why[256];
    int failed;
    bool pause_each, stop_each;
};

static void on_batch(void *context, struct batch *b)
{
    struct witness *w = context;
    w->batches++;
    for (size_t i = 0; i < b->count; i++) {
        const struct batch_entry *e = &b->entries[i];
        CHECK(entry_id_compare(e->id, w->last) > 0);
        w->last = e->id;
        if (!e->event) {
            w->dead++;
            w->reason = e->reason;
            snprintf(w->text, sizeof w->text, "%s", e->text_length ? b->texts + e->text : "");
            continue;
        }
        w->events++;
        w->amounts += jd_num(e->event, JD_F_AMOUNT);
        if (jd_has(e->event, JD_F_ACCOUNT))
            snprintf(w->account, sizeof w->account, "%.*s", (int)e->event->field[JD_F_ACCOUNT].length,
                e->event->field[JD_F_ACCOUNT].text);
    }
    w->fingerprint = batch_fingerprint(b);
    if (w->pause_each)
        feeder_pause(w->feeder);
    if (w->stop_each)
        feeder_stop(w->feeder);
}

static void on_idle(void *context)
{
    ((struct witness *)context)->idle++;
}

static void on_quiet(void *context)
{
    ((struct witness *)context)->quiet++;
}

static void on_lost(void *context, const char *why)
{
    (void)why;
    ((struct witness *)context)->lost++;
}

static void on_failed(void *context, const char *why)
{
    struct witness *w = context;
    w->failed++;
    snprintf(w->why, sizeof w->why, "%s", why);
}

static void open_witness(struct witness *w, const char *const *options, int count)
{
    struct error err;
    struct reader_settings settings = {.key = "events", .count = count, .block = 100};
    memset(w, 0, sizeof *w);
    redis_start(&w->server, options);
    w->client = redis_client(&w->server);
    w->base = event_base_new();
    w->decoder = decoder_create(
        &(struct decoder_options){
            .seed = {1, 2}, .max_ahead = INT64_C(1) << 50, .max_behind = INT64_C(1) << 50},
        &err);
    link_settings_defaults(&settings.link);
    settings.link.backoff_max = 100;
    CHECK_INT(redis_url_parse(&settings.link.url, w->server.url, &err), 0);
    w->feeder = feeder_create(w->base, &settings, threaded,
        &(struct reader_handlers){.batch = on_batch,
            .idle = on_idle,
            .quiet = on_quiet,
            .lost = on_lost,
            .failed = on_failed,
            .context = w},
        &err);
}

static void close_witness(struct witness *w)
{
    feeder_destroy(w->feeder);
    decoder_destroy(w->decoder);
    event_base_free(w->base);
    redisFree(w->client);
    redis_remove(&w->server);
}

static void add_order(struct witness *w, int i)
{
    CHECK(redis_ok(w->client,
        "XADD events %d-0 type order time %d account a%d unit u1 order o%d supplier s1 sku k1 amount %d "
        "quantity 1000",
        i, i, i, i, i));
}

/* The fingerprint that a check of a start would compute. */
static uint64_t fingerprint_in_redis(struct witness *w, const char *id)
{
    struct raw_entry *scratch = malloc(sizeof *scratch);
    redisReply *reply = redis_do(w->client, "XRANGE events %s %s", id, id);
    uint64_t print = reply->elements == 1 ? raw_entry_fingerprint_of(scratch, reply->element[0]) : 0;
    freeReplyObject(reply);
    free(scratch);
    return print;
}

static void test_reads_all_in_order(void)
{
    struct witness w;
    open_witness(&w, NULL, 7);
    for (int i = 1; i <= 100; i++)
        add_order(&w, i);
    feeder_start(w.feeder, w.decoder, (struct entry_id){0, 0}, NULL);
    LOOP_UNTIL(w.base, w.events == 100);
    CHECK_INT(w.amounts, 5050);
    CHECK_INT(w.batches, 15);
    CHECK_TEXT(w.account, "a100");
    CHECK(w.fingerprint == fingerprint_in_redis(&w, "100-0"));
    CHECK(w.fingerprint != fingerprint_in_redis(&w, "99-0"));
    LOOP_UNTIL(w.base, w.idle > 0);
    add_order(&w, 101);
    LOOP_UNTIL(w.base, w.events == 101);
    close_witness(&w);
}

static void test_json_entry(void)
{
    struct witness w;
    open_witness(&w, NULL, 100);
    CHECK(redis_ok(w.client, "XADD events 5-1 data %s",
        "{\"type\":\"order\",\"time\":5,\"account\":\"j1\",\"unit\":\"u\",\"order\":\"o\",\"supplier\":\"s\","
        "\"amount\":7}"));
    feeder_start(w.feeder, w.decoder, (struct entry_id){0, 0}, NULL);
    LOOP_UNTIL(w.base, w.events + w.dead == 1);
    CHECK_INT(w.amounts, 7);
    CHECK_TEXT(w.account, "j1");
    close_witness(&w);
}

static void test_dead_letters(void)
{
    struct witness w;
    open_witness(&w, NULL, 1);
    CHECK(redis_ok(w.client, "XADD events 1-1 type nonsense x %b", "a\\b\"\xff\xe7\x9b\x91", (size_t)8));
    CHECK(redis_ok(w.client, "XADD events 1-9007199254740992 type tick"));
    char big[70000];
    memset(big, 'b', sizeof big);
    CHECK(redis_ok(w.client, "XADD events 2-0 type order address %b", big, sizeof big));
    CHECK(redis_ok(w.client, "XADD events 18446744073709551614-1 type tick"));
    feeder_start(w.feeder, w.decoder, (struct entry_id){0, 0}, NULL);
    LOOP_UNTIL(w.base, w.dead == 4);
    CHECK_INT(w.events, 0);
    CHECK_INT(w.reason, EVENT_BAD_ID);
    close_witness(&w);
}

static void test_dead_letter_text(void)
{
    struct witness w;
    open_witness(&w, NULL, 1);
    CHECK(redis_ok(w.client, "XADD events 1-1 type nonsense x %b", "a\\b\"\xff\xe7\x9b\x91", (size_t)8));
    feeder_start(w.feeder, w.decoder, (struct entry_id){0, 0}, NULL);
    LOOP_UNTIL(w.base, w.dead == 1);
    CHECK_TEXT(w.text, "[\"type\",\"nonsense\",\"x\",\"a\\\\x5cb\\\"\\\\xff\xe7\x9b\x91\"]");
    char big[70000];
    memset(big, 'b', sizeof big);
    CHECK(redis_ok(w.client, "XADD events 2-0 type order address %b", big, sizeof big));
    LOOP_UNTIL(w.base, w.dead == 2);
    CHECK_INT(w.reason, EVENT_TOO_BIG);
    CHECK_TEXT(w.text, "");
    CHECK(w.fingerprint == fingerprint_in_redis(&w, "2-0"));
    close_witness(&w);
}

static void test_pause(void)
{
    struct witness w;
    open_witness(&w, NULL, 10);
    w.pause_each = true;
    for (int i = 1; i <= 50; i++)
        add_order(&w, i);
    feeder_start(w.feeder, w.decoder, (struct entry_id){0, 0}, NULL);
    LOOP_UNTIL(w.base, w.quiet > 0);
    size_t under_way = w.batches;
    CHECK(threaded ? under_way <= 2 + FEEDER_BATCHES : under_way == 2);
    loop_for(w.base, 50);
    CHECK_INT(w.batches, under_way);
    CHECK_INT(w.quiet, 1);
    w.pause_each = false;
    feeder_resume(w.feeder);
    LOOP_UNTIL(w.base, w.events == 50);
    close_witness(&w);
}

static void test_wrong_type(void)
{
    struct witness w;
    open_witness(&w, NULL, 10);
    CHECK(redis_ok(w.client, "SET events x"));
    feeder_start(w.feeder, w.decoder, (struct entry_id){0, 0}, NULL);
    LOOP_UNTIL(w.base, w.failed);
    CHECK(strstr(w.why, "WRONGTYPE"));
    close_witness(&w);
}

static void test_server_comes_back(void)
{
    struct witness w;
    open_witness(&w, (const char *const[]){"--appendonly", "yes", "--appendfsync", "always", NULL}, 10);
    for (int i = 1; i <= 20; i++)
        add_order(&w, i);
    feeder_start(w.feeder, w.decoder, (struct entry_id){0, 0}, NULL);
    LOOP_UNTIL(w.base, w.events == 20);
    redis_kill(&w.server);
    LOOP_UNTIL(w.base, w.lost > 0);
    redis_again(&w.server);
    redisFree(w.client);
    w.client = redis_client(&w.server);
    add_order(&w, 21);
    LOOP_UNTIL(w.base, w.events == 21);
    close_witness(&w);
}

/* Nothing that was read ahead comes after a stop, and a new start begins where it says. */
static void test_stop_in_a_batch(void)
{
    struct witness w;
    open_witness(&w, NULL, 5);
    w.stop_each = true;
    for (int i = 1; i <= 50; i++)
        add_order(&w, i);
    feeder_start(w.feeder, w.decoder, (struct entry_id){0, 0}, NULL);
    LOOP_UNTIL(w.base, w.batches == 1);
    loop_for(w.base, 50);
    CHECK_INT(w.events, 5);
    CHECK(!feeder_running(w.feeder));
    w.stop_each = false;
    feeder_start(w.feeder, w.decoder, (struct entry_id){40, 0}, NULL);
    LOOP_UNTIL(w.base, w.events == 15);
    CHECK_INT(w.amounts, 15 + 455);
    CHECK(feeder_counts(w.feeder)->events >= 15);
    close_witness(&w);
}

/* Who does not take what is read stops the reading, and can stop for good. */
static void test_nobody_takes_it(void)
{
    struct witness w;
    open_witness(&w, NULL, 5);
    for (int i = 1; i <= 50; i++)
        add_order(&w, i);
    feeder_start(w.feeder, w.decoder, (struct entry_id){0, 0}, NULL);
    loop_for(w.base, 20);
    feeder_stop(w.feeder);
    size_t before = w.events;
    loop_for(w.base, 20);
    CHECK_INT(w.events, before);
    feeder_start(w.feeder, w.decoder, (struct entry_id){0, 0}, NULL);
    w.last = (struct entry_id){0, 0};
    close_witness(&w);
}

#define BOTH(test)                                                                                           \
    static void test##_threaded(void)                                                                        \
    {                                                                                                        \
        threaded = true;                                                                                     \
        test();                                                                                              \
        threaded = false;                                                                                    \
    }
BOTH(test_reads_all_in_order)
BOTH(test_json_entry)
BOTH(test_dead_letters)
BOTH(test_dead_letter_text)
BOTH(test_pause)
BOTH(test_wrong_type)
BOTH(test_server_comes_back)
BOTH(test_stop_in_a_batch)
BOTH(test_nobody_takes_it)

#define TESTS(name, test)                                                                                    \
    {name, test},                                                                                            \
    {                                                                                                        \
        name ", on a thread of its own", test##_threaded                                                     \
    }
static const struct check_test tests[] = {
    TESTS("reads all in order", test_reads_all_in_order),
    TESTS("json entry", test_json_entry),
    TESTS("dead letters do not stop the stream", test_dead_letters),
    TESTS("dead letter text", test_dead_letter_text),
    TESTS("pause", test_pause),
    TESTS("wrong type", test_wrong_type),
    TESTS("server comes back", test_server_comes_back),
    TESTS("stop in a batch", test_stop_in_a_batch),
    TESTS("nobody takes what was read", test_nobody_takes_it),
};

CHECK_MAIN(tests)
