/* The reader against a real server: what arrives, what becomes a dead letter, pausing, coming back. */
#include "daemon/stream/reader.h"

#include "tests/support/check.h"
#include "tests/support/loop.h"
#include "tests/support/redis.h"

struct witness {
    struct redis_server server;
    redisContext *client;
    struct event_base *base;
    struct decoder *decoder;
    struct reader *reader;
    size_t events, dead, batches, idle, quiet, lost;
    struct entry_id last;
    uint64_t fingerprint;
    int64_t amounts;
    enum event_reason reason;
    char text[RAW_ENTRY_TEXT_MAX + 1], account[80], why[256];
    int failed;
    bool pause_each;
};

static void on_batch(void *context, const struct batch *b)
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
        reader_pause(w->reader);
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
    w->reader = reader_create(w->base, &settings,
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
    reader_destroy(w->reader);
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
    reader_start(w.reader, w.decoder, (struct entry_id){0, 0});
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
    reader_start(w.reader, w.decoder, (struct entry_id){0, 0});
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
    reader_start(w.reader, w.decoder, (struct entry_id){0, 0});
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
    reader_start(w.reader, w.decoder, (struct entry_id){0, 0});
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
    reader_start(w.reader, w.decoder, (struct entry_id){0, 0});
    LOOP_UNTIL(w.base, w.quiet > 0);
    CHECK_INT(w.batches, 2); /* the second was under way */
    loop_for(w.base, 50);
    CHECK_INT(w.batches, 2);
    w.pause_each = false;
    reader_resume(w.reader);
    LOOP_UNTIL(w.base, w.events == 50);
    close_witness(&w);
}

static void test_wrong_type(void)
{
    struct witness w;
    open_witness(&w, NULL, 10);
    CHECK(redis_ok(w.client, "SET events x"));
    reader_start(w.reader, w.decoder, (struct entry_id){0, 0});
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
    reader_start(w.reader, w.decoder, (struct entry_id){0, 0});
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

static const struct check_test tests[] = {
    {"reads all in order", test_reads_all_in_order},
    {"json entry", test_json_entry},
    {"dead letters do not stop the stream", test_dead_letters},
    {"dead letter text", test_dead_letter_text},
    {"pause", test_pause},
    {"wrong type", test_wrong_type},
    {"server comes back", test_server_comes_back},
};

CHECK_MAIN(tests)
