/* The simulated Redis of tests/simulation against a real one: the same commands in random order, and the same
 * replies; so that what is found over there holds here. */
#include "tests/simulation/server.h"

#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdarg.h>

#include "daemon/event/entry_id.h"
#include "daemon/stream/function_library.h"
#include "tests/support/check.h"
#include "tests/support/redis.h"

#define STEPS 4000
#define WORDS_MAX 64
#define WORD_MAX 80
#define EVENTS "jiandu:{t}:events"
#define PROGRESS "jiandu:{t}:progress"
#define OWNER "jiandu:{t}:owner"
#define STANDBY "jiandu:{t}:standby"
#define HANDOVER "jiandu:{t}:handover"

struct command {
    char words[WORDS_MAX][WORD_MAX];
    size_t count;
};

struct scene {
    struct redis_server server;
    redisContext *client;
    struct server *model;
    uint64_t random;
    char token[WORD_MAX]; /* that was taken last */
};

static uint64_t any(struct scene *s, uint64_t below)
{
    return check_random(&s->random) % below;
}

__attribute__((format(printf, 2, 3))) static void add(struct command *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(c->words[c->count++], WORD_MAX, format, args);
    va_end(args);
}

static redisReply *ask_real(struct scene *s, const struct command *c)
{
    const char *argv[WORDS_MAX];
    for (size_t i = 0; i < c->count; i++)
        argv[i] = c->words[i];
    return redisCommandArgv(s->client, (int)c->count, argv, NULL);
}

static redisReply *ask_model(struct scene *s, struct command *c)
{
    redisReply words[WORDS_MAX], *elements[WORDS_MAX];
    redisReply command = {.type = REDIS_REPLY_ARRAY, .elements = c->count, .element = elements};
    size_t length;
    void *reply = NULL;
    for (size_t i = 0; i < c->count; i++) {
        words[i] = (redisReply){.type = REDIS_REPLY_STRING, .str = c->words[i], .len = strlen(c->words[i])};
        elements[i] = &words[i];
    }
    const char *bytes = server_command(s->model, &command, &length);
    redisReader *reader = redisReaderCreate();
    redisReaderFeed(reader, bytes, length);
    redisReaderGetReply(reader, &reply);
    redisReaderFree(reader);
    return reply;
}

/* ---- what is the same ---- */

static const redisReply *member(const redisReply *list, const char *name)
{
    for (size_t i = 0; list->type == REDIS_REPLY_ARRAY && i + 1 < list->elements; i += 2)
        if (list->element[i]->str && strcmp(list->element[i]->str, name) == 0)
            return list->element[i + 1];
    return NULL;
}

static bool same(const redisReply *a, const redisReply *b)
{
    if (!a || !b || a->type != b->type)
        return false;
    if (a->type == REDIS_REPLY_ERROR) /* the words after the first are for people, but for a position */
        return strcspn(a->str, " ") == strcspn(b->str, " ") &&
               strncmp(a->str, b->str, strcspn(a->str, " ")) == 0 &&
               (strncmp(a->str, "POSMISMATCH", 11) != 0 || strcmp(a->str, b->str) == 0);
    if (a->type == REDIS_REPLY_INTEGER)
        return a->integer == b->integer;
    if (a->type == REDIS_REPLY_STRING || a->type == REDIS_REPLY_STATUS)
        return a->len == b->len && memcmp(a->str, b->str, a->len) == 0;
    bool equal = a->elements == b->elements;
    for (size_t i = 0; equal && i < a->elements; i++)
        equal = same(a->element[i], b->element[i]);
    return equal;
}

/* Everything that the model says stands in the real reply, which may say more. */
static bool covers(const redisReply *real, const redisReply *model)
{
    if (model->type != REDIS_REPLY_ARRAY)
        return same(real, model);
    for (size_t i = 0; i + 1 < model->elements; i += 2) {
        const redisReply *theirs = member(real, model->element[i]->str);
        bool nothing = model->element[i + 1]->type == REDIS_REPLY_NIL;
        if (nothing ? theirs && theirs->type != REDIS_REPLY_NIL : !same(theirs, model->element[i + 1]))
            return false;
    }
    return true;
}

static void compare(struct scene *s, struct command *c)
{
    redisReply *real = ask_real(s, c), *model = ask_model(s, c);
    bool map = strcmp(c->words[0], "HGETALL") == 0 || strcmp(c->words[0], "XINFO") == 0;
    bool good = real && model && (map ? covers(real, model) : same(real, model));
    if (good && strcmp(c->words[1], "jiandu_acquire") == 0 && real->type == REDIS_REPLY_STRING)
        snprintf(s->token, sizeof s->token, "%s", real->str);
    if (!good) {
        check_fail(__FILE__, __LINE__, "seed %" PRIu64 ": %s %s: Redis says %s, the model %s", check_seed,
            c->words[0], c->words[1], real && real->str ? real->str : "something",
            model && model->str ? model->str : "something else");
        for (size_t i = 2; i < c->count; i++)
            printf("# %s\n", c->words[i]);
    }
    freeReplyObject(real);
    freeReplyObject(model);
}

/* ---- what is asked ---- */

static void add_events(struct scene *s)
{
    uint64_t n = 1 + any(s, 3), from = server_data(s->model)->added + 1;
    for (uint64_t i = from; i < from + n; i++)
        CHECK(redis_ok(s->client,
            "XADD " EVENTS
            " %llu-0 type order account a unit u supplier s sku k quantity 1 time %llu order o%llu "
            "amount %llu",
            (unsigned long long)i, (unsigned long long)i, (unsigned long long)i,
            (unsigned long long)(i * 7 % 13)));
    server_add(s->model, n);
}

static void add_token(struct scene *s, struct command *c)
{
    if (any(s, 8) == 0)
        add(c, "%s", "0:bogus");
    else
        add(c, "%s", s->token[0] ? s->token : "none");
}

static void lease(struct scene *s)
{
    struct command c = {.count = 0};
    uint64_t what = any(s, 4);
    add(&c, "FCALL");
    if (what == 0) {
        add(&c, "jiandu_release");
        add(&c, "1");
        add(&c, OWNER);
        add_token(s, &c);
    } else if (what == 1) {
        add(&c, "jiandu_renew");
        add(&c, "1");
        add(&c, OWNER);
        add_token(s, &c);
        add(&c, "1000000");
    } else {
        static const char *const words[] = {
            "jiandu_acquire", "4", OWNER, PROGRESS, STANDBY, HANDOVER, "me", "1000000"};
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            add(&c, "%s", words[i]);
        add(&c, "%016" PRIx64, any(s, 1000));
        add(&c, "0-0");
        add(&c, "0");
        add(&c, "%016" PRIx64, 6 + any(s, 2));
    }
    compare(s, &c);
}

static void stand_by_or_hand_over(struct scene *s)
{
    static const char *const handover[] = {
        "FCALL", "jiandu_handover", "4", OWNER, PROGRESS, STANDBY, HANDOVER, "operator", "1000000"};
    struct command c = {.count = 0};
    uint64_t what = any(s, 3);
    if (what == 0) {
        add(&c, "FCALL");
        add(&c, "jiandu_stand_by");
        add(&c, "1");
        add(&c, STANDBY);
        add(&c, "%s", any(s, 2) ? "me" : "you");
        add(&c, "1000000");
        add(&c, "{\"state\":\"%s\",\"config\":\"%016" PRIx64 "\"}", any(s, 2) ? "warm" : "cold",
            6 + any(s, 2));
    } else if (what == 1) {
        for (size_t i = 0; i < sizeof handover / sizeof *handover; i++)
            add(&c, "%s", handover[i]);
    } else {
        add(&c, "GET");
        add(&c, HANDOVER);
    }
    compare(s, &c);
}

static void add_output(struct scene *s, struct command *c, uint64_t to)
{
    add(c, "%d", 4 + (int)any(s, 2));
    add(c, "%" PRIu64 "-%" PRIu64, to, 1 + any(s, 3));
    add(c, "0");
    add(c, "4");
    add(c, "id");
    add(c, "%" PRIu64, to);
    add(c, "data");
    add(c, "%s", any(s, 10) ? "content" : "other content");
}

static void commit(struct scene *s)
{
    static const char *const keys[] = {"jiandu_commit", "5", EVENTS, PROGRESS, OWNER, "jiandu:{t}:alerts",
        "jiandu:{t}:alerts:north", "jiandu"};
    const struct server_data *d = server_data(s->model);
    struct command c = {.count = 0};
    uint64_t pos = strtoull(d->pos, NULL, 10), old = any(s, 6) ? pos : any(s, pos + 2);
    uint64_t to = old + any(s, 3), outputs = any(s, 4);
    add(&c, "FCALL");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        add(&c, "%s", keys[i]);
    add_token(s, &c);
    add(&c, "%" PRIu64 "-0", old);
    add(&c, "%" PRIu64 "-0", to);
    add(&c, "%" PRIu64, to);
    add(&c, "1000000");
    uint64_t pairs = any(s, 3);
    add(&c, "%" PRIu64, pairs);
    for (uint64_t i = 0; i < pairs; i++) {
        add(&c, "%s", i ? "system" : "print");
        add(&c, "%" PRIu64 "-0 %" PRIu64, to, any(s, 100));
    }
    add(&c, "%" PRIu64, outputs);
    for (uint64_t i = 0; i < outputs; i++)
        add_output(s, &c, to - any(s, to < 2 ? 1 : 2));
    compare(s, &c);
}

static void look(struct scene *s)
{
    struct command c = {.count = 0};
    uint64_t added = server_data(s->model)->added, i = any(s, added + 2);
    switch (any(s, 6)) {
    case 0:
        add(&c, "HGETALL");
        add(&c, PROGRESS);
        break;
    case 1:
        add(&c, "XINFO");
        add(&c, "STREAM");
        add(&c, EVENTS);
        break;
    case 2:
        add(&c, "XRANGE");
        add(&c, EVENTS);
        add(&c, "%" PRIu64 "-0", i ? i : 1);
        add(&c, "%" PRIu64 "-0", i ? i : 1);
        break;
    case 3:
        add(&c, "XRANGE");
        add(&c, EVENTS);
        add(&c, "(%" PRIu64 "-0", i);
        add(&c, "%" PRIu64 "-0", i + any(s, 5));
        add(&c, "COUNT");
        add(&c, "%d", 1 + (int)any(s, 5));
        break;
    case 4:
        if (i >= added)
            return; /* would wait */
        add(&c, "XREAD");
        add(&c, "COUNT");
        add(&c, "%d", 1 + (int)any(s, 5));
        add(&c, "BLOCK");
        add(&c, "100");
        add(&c, "STREAMS");
        add(&c, EVENTS);
        add(&c, "%" PRIu64 "-0", i);
        break;
    default:
        add(&c, "FCALL_RO");
        add(&c, "jiandu_version");
        add(&c, "0");
        break;
    }
    compare(s, &c);
}

static void change_setup(struct scene *s)
{
    struct command c = {.count = 0};
    static const char *const group[] = {
        "XGROUP", "CREATE", EVENTS, "jiandu", "0-0", "MKSTREAM", "ENTRIESREAD", "0"};
    uint64_t what = any(s, 12);
    if (what == 0 && server_data(s->model)->exists) {
        CHECK(redis_ok(s->client, "XGROUP DESTROY " EVENTS " jiandu"));
        server_data(s->model)->group = false;
    } else if (what == 1) {
        CHECK(redis_ok(s->client, "FUNCTION FLUSH"));
        server_data(s->model)->functions_loaded = false;
    } else if (what < 7) {
        for (size_t i = 0; i < sizeof group / sizeof *group; i++)
            add(&c, "%s", group[i]);
        compare(s, &c);
    } else if (!server_data(s->model)->functions_loaded) {
        CHECK(redis_ok(s->client, "FUNCTION LOAD REPLACE %s", function_library_text));
        server_data(s->model)->functions_loaded = true;
    }
}

static void check_outputs(struct scene *s)
{
    for (size_t i = 0; i < SERVER_OUTPUTS; i++) {
        const struct server_stream *o = &server_data(s->model)->outputs[i];
        if (!o->key[0])
            continue;
        redisReply *reply = redis_do(s->client, "XRANGE %s - +", o->key);
        CHECK_INT(reply->elements, o->count);
        for (size_t k = 0; k < reply->elements && k < o->count; k++) {
            char id[ENTRY_ID_TEXT];
            CHECK_TEXT(reply->element[k]->element[0]->str,
                entry_id_format(id, (struct entry_id){o->entries[k].ms, o->entries[k].seq}));
        }
        freeReplyObject(reply);
    }
}

static void test_model(void)
{
    struct scene s = {.random = check_seed};
    redis_start(&s.server, NULL);
    s.client = redis_client(&s.server);
    sim_begin(check_seed, &server_network);
    s.model = server_create(SERVER_SOUND);
    int commits = 0;
    for (int i = 0; i < STEPS && check_failures < 3; i++) {
        uint64_t what = any(&s, 12);
        commits += what >= 4 && what < 10;
        if (what == 0)
            add_events(&s);
        else if (what == 1)
            lease(&s);
        else if (what == 2)
            look(&s);
        else if (what == 3)
            change_setup(&s);
        else if (what < 10)
            commit(&s);
        else
            stand_by_or_hand_over(&s);
    }
    check_outputs(&s);
    printf("# seed %" PRIu64 ": %d commits, the position at %s, %" PRIu64 " outputs there already\n",
        check_seed, commits, server_data(s.model)->pos, server_data(s.model)->republished);
    CHECK(server_data(s.model)->republished > 0 && strtoull(server_data(s.model)->pos, NULL, 10) > 10);
    sim_end();
    server_destroy(s.model);
    redisFree(s.client);
    redis_remove(&s.server);
}

static const struct check_test tests[] = {{"the simulated Redis answers like the real one", test_model}};
CHECK_MAIN(tests)
