#include "tests/simulation/server.h"

#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/memory.h"
#include "daemon/base/siphash.h"
#include "daemon/event/entry_id.h"
#include "daemon/stream/function_library.h"

#define EVENTS "jiandu:{t}:events"
#define NO_WAIT (-1)

struct session {
    struct session *next;
    struct connection *connection;
    redisReader *reader;
    uint64_t after, count; /* the XREAD that waits */
    int64_t waits_until;   /* NO_WAIT: none does */
    bool dead;             /* of a server that has gone */
};

struct server {
    enum server_bug bug;
    struct server_data data, remembered;
    struct session *sessions;
    struct event_base *base;
    struct event *wake; /* the next waiting read that runs out */
    const char *error;
    bool writes_only, down;
    const char *violation;
    char *reply;
    size_t used, room;
};

static struct server *the_server;

/* ---- replies ---- */

static void say_bytes(struct server *s, const char *bytes, size_t length)
{
    s->reply = memory_grow(s->reply, &s->room, s->used + length, 1);
    memcpy(s->reply + s->used, bytes, length);
    s->used += length;
}

__attribute__((format(printf, 2, 3))) static void say(struct server *s, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    say_bytes(s, line, (size_t)n);
}

static void say_text(struct server *s, const char *text)
{
    say(s, "$%zu\r\n%s\r\n", strlen(text), text);
}

static void say_id(struct server *s, uint64_t ms)
{
    char id[ENTRY_ID_TEXT];
    say_text(s, entry_id_format(id, (struct entry_id){ms, 0}));
}

static void say_entry(struct server *s, uint64_t i)
{
    char text[24];
    static const char *const fields[] = {
        "type", "order", "account", "a", "unit", "u", "supplier", "s", "sku", "k", "quantity", "1"};
    say(s, "*2\r\n");
    say_id(s, i);
    say(s, "*18\r\n");
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
        say_text(s, fields[k]);
    say_text(s, "time");
    snprintf(text, sizeof text, "%" PRIu64, i);
    say_text(s, text);
    say_text(s, "order");
    snprintf(text, sizeof text, "o%" PRIu64, i);
    say_text(s, text);
    say_text(s, "amount");
    snprintf(text, sizeof text, "%" PRIu64, i * 7 % 13);
    say_text(s, text);
}

/* ---- arguments ---- */

static const char *word(const redisReply *command, size_t i)
{
    return i < command->elements ? command->element[i]->str : "";
}

static uint64_t number(const redisReply *command, size_t i)
{
    return strtoull(word(command, i), NULL, 10);
}

static bool is(const redisReply *command, size_t i, const char *text)
{
    return strcmp(word(command, i), text) == 0;
}

static void keep(char *to, size_t room, const char *text)
{
    snprintf(to, room, "%s", text);
}

/* ---- the lease ---- */

static const char *owner(struct server *s)
{
    if (sim_now() >= s->data.owner_until)
        s->data.owner[0] = '\0';
    return s->data.owner;
}

static void acquire(struct server *s, const redisReply *c)
{
    struct server_data *d = &s->data;
    if (*owner(s)) {
        say(s, "-HELD %" PRId64 "\r\n", d->owner_until - sim_now());
        return;
    }
    if (!d->pos[0])
        keep(d->pos, sizeof d->pos, word(c, 8));
    if (!d->read[0])
        keep(d->read, sizeof d->read, word(c, 9));
    snprintf(d->owner, sizeof d->owner, "%" PRIu64 ":%s", ++d->epoch, word(c, 7));
    keep(d->holder, sizeof d->holder, word(c, 5));
    d->owner_until = sim_now() + (int64_t)number(c, 6);
    say_text(s, d->owner);
}

static void renew(struct server *s, const redisReply *c)
{
    if (strcmp(owner(s), word(c, 4)) != 0) {
        say(s, "-FENCED another instance holds the lease\r\n");
        return;
    }
    s->data.owner_until = sim_now() + (int64_t)number(c, 5);
    say(s, ":1\r\n");
}

static void release(struct server *s, const redisReply *c)
{
    bool ours = strcmp(owner(s), word(c, 4)) == 0;
    if (ours)
        s->data.owner[0] = '\0';
    say(s, ":%d\r\n", ours);
}

/* ---- commits ---- */

static struct server_stream *output(struct server *s, const char *key)
{
    for (size_t i = 0; i < SERVER_OUTPUTS; i++) {
        struct server_stream *o = &s->data.outputs[i];
        if (!o->key[0])
            keep(o->key, sizeof o->key, key);
        if (strcmp(o->key, key) == 0)
            return o;
    }
    abort();
}

static uint64_t hash_of(const redisReply *c, size_t first, size_t count)
{
    static const struct sip_key key = {1, 2};
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        const redisReply *text = c->element[first + i];
        hash = hash * 31 + siphash24(&key, text->str, (size_t)text->len);
    }
    return hash;
}

static const struct server_entry *find(const struct server_stream *o, struct entry_id id)
{
    for (size_t i = o->count; i-- > 0;)
        if (o->entries[i].ms == id.ms && o->entries[i].seq == id.seq)
            return &o->entries[i];
    return NULL;
}

static void append(struct server_stream *o, struct entry_id id, uint64_t hash)
{
    o->entries = memory_grow(o->entries, &o->room, o->count + 1, sizeof *o->entries);
    o->entries[o->count++] = (struct server_entry){id.ms, id.seq, hash};
}

/* False: another alert stands there. */
static bool publish(struct server *s, const char *key, struct entry_id id, uint64_t hash)
{
    struct server_stream *o = output(s, key);
    const struct server_entry *last = o->count ? &o->entries[o->count - 1] : NULL;
    if (!last || id.ms > last->ms || (id.ms == last->ms && id.seq > last->seq)) {
        append(o, id, hash);
        return true;
    }
    const struct server_entry *there = find(o, id);
    if (!there || there->hash != hash)
        return false;
    s->data.republished++;
    if (s->bug == SERVER_APPENDS_AGAIN)
        append(o, id, hash);
    return true;
}

static bool publish_all(struct server *s, const redisReply *c, size_t i, size_t n)
{
    while (n--) {
        const char *key = word(c, 2 + number(c, i));
        struct entry_id id = {0, 0};
        size_t count = number(c, i + 3);
        entry_id_parse(&id, word(c, i + 1), strlen(word(c, i + 1)));
        if (!publish(s, key, id, hash_of(c, i + 4, count))) {
            say(s, "-ALERTCLASH %s %s\r\n", key, word(c, i + 1));
            return false;
        }
        i += 4 + count;
    }
    return true;
}

static void note_violations(struct server *s, const char *token, const char *new)
{
    struct entry_id from = {0, 0}, to = {0, 0};
    entry_id_parse(&from, s->data.pos, strlen(s->data.pos));
    entry_id_parse(&to, new, strlen(new));
    if (strcmp(token, owner(s)) != 0)
        s->violation = "a commit took effect whose sender did not hold the lease";
    else if (entry_id_compare(to, from) < 0)
        s->violation = "a commit took the position back";
    else if (to.ms > s->data.added)
        s->violation = "a commit is ahead of the input";
}

static void commit(struct server *s, const redisReply *c)
{
    struct server_data *d = &s->data;
    size_t a = 3 + number(c, 2); /* the first argument after the keys */
    const char *token = word(c, a + 1), *old = word(c, a + 2), *new = word(c, a + 3);
    if (s->bug != SERVER_NO_TOKEN_CHECK && strcmp(owner(s), token) != 0) {
        say(s, "-FENCED another instance holds the lease\r\n");
        return;
    }
    if (s->bug != SERVER_NO_POSITION_CHECK && strcmp(d->pos, old) != 0) {
        if (strcmp(d->pos, new) == 0)
            say(s, "+DUP\r\n");
        else
            say(s, "-POSMISMATCH %s\r\n", d->pos);
        return;
    }
    if (!d->group) {
        say(s, "-NOGRP %s\r\n", word(c, a));
        return;
    }
    size_t pairs = number(c, a + 6), outputs = a + 7 + 2 * pairs;
    note_violations(s, token, new);
    uint64_t before = d->republished;
    if (!publish_all(s, c, outputs + 1, number(c, outputs))) {
        d->republished = before;
        return;
    }
    keep(d->pos, sizeof d->pos, new);
    keep(d->read, sizeof d->read, word(c, a + 4));
    for (size_t i = 0; i < pairs; i++) {
        bool print = is(c, a + 7 + 2 * i, "print");
        keep(print ? d->print : d->system, sizeof d->print, word(c, a + 8 + 2 * i));
    }
    d->owner_until = sim_now() + (int64_t)number(c, a + 5);
    say(s, "+OK\r\n");
}

/* ---- the other commands ---- */

static void fcall(struct server *s, const redisReply *c)
{
    static const struct {
        const char *name;
        void (*run)(struct server *, const redisReply *);
    } functions[] = {{"jiandu_acquire", acquire}, {"jiandu_renew", renew}, {"jiandu_release", release},
        {"jiandu_commit", commit}};
    for (size_t i = 0; s->data.library && i < sizeof functions / sizeof *functions; i++)
        if (is(c, 1, functions[i].name)) {
            functions[i].run(s, c);
            return;
        }
    if (s->data.library && is(c, 1, "jiandu_version"))
        say(s, ":%d\r\n", FUNCTION_LIBRARY_VERSION);
    else
        say(s, "-ERR Function not found\r\n");
}

static void hgetall(struct server *s)
{
    const struct server_data *d = &s->data;
    char epoch[24], republished[24];
    snprintf(epoch, sizeof epoch, "%" PRIu64, d->epoch);
    snprintf(republished, sizeof republished, "%" PRIu64, d->republished);
    const char *pairs[][2] = {{"pos", d->pos}, {"read", d->read}, {"epoch", d->epoch ? epoch : ""},
        {"holder", d->holder}, {"print", d->print}, {"system", d->system},
        {"republished", d->republished ? republished : ""}};
    size_t n = 0, all = sizeof pairs / sizeof *pairs;
    for (size_t i = 0; i < all; i++)
        n += pairs[i][1][0] != '\0';
    say(s, "*%zu\r\n", 2 * n);
    for (size_t i = 0; i < all; i++)
        if (pairs[i][1][0]) {
            say_text(s, pairs[i][0]);
            say_text(s, pairs[i][1]);
        }
}

static void xinfo_stream(struct server *s)
{
    uint64_t n = s->data.added;
    if (!s->data.exists) {
        say(s, "-ERR no such key\r\n");
        return;
    }
    say(s, "*10\r\n$6\r\nlength\r\n:%" PRIu64 "\r\n$13\r\nentries-added\r\n:%" PRIu64 "\r\n", n, n);
    say(s, "$17\r\nlast-generated-id\r\n");
    say_id(s, n);
    say(s, "$11\r\nfirst-entry\r\n");
    if (n)
        say_entry(s, 1);
    else
        say(s, "*-1\r\n");
    say(s, "$10\r\nlast-entry\r\n");
    if (n)
        say_entry(s, n);
    else
        say(s, "*-1\r\n");
}

static void xgroup_create(struct server *s)
{
    if (s->data.group)
        say(s, "-BUSYGROUP Consumer Group name already exists\r\n");
    else
        say(s, "+OK\r\n");
    s->data.exists = s->data.group = true;
}

static void xrange_one(struct server *s, const redisReply *c)
{
    uint64_t i = number(c, 2);
    bool there = i >= 1 && i <= s->data.added;
    say(s, "*%d\r\n", there);
    if (there)
        say_entry(s, i);
}

static bool say_read(struct server *s, uint64_t after, uint64_t count)
{
    uint64_t n = s->data.added > after ? s->data.added - after : 0;
    if (n == 0)
        return false;
    n = n < count ? n : count;
    say(s, "*1\r\n*2\r\n");
    say_text(s, EVENTS);
    say(s, "*%" PRIu64 "\r\n", n);
    for (uint64_t i = 1; i <= n; i++)
        say_entry(s, after + i);
    return true;
}

/* XREAD COUNT n BLOCK ms STREAMS key id */
static void xread(struct server *s, struct session *session, const redisReply *c)
{
    if (say_read(s, number(c, 7), number(c, 2)))
        return;
    session->after = number(c, 7);
    session->count = number(c, 2);
    session->waits_until = sim_now() + (int64_t)number(c, 4);
}

static bool refused(struct server *s, const redisReply *c)
{
    bool writes = is(c, 0, "FCALL") || is(c, 0, "XGROUP") || is(c, 0, "FUNCTION") || is(c, 0, "XADD");
    if (!s->error || (s->writes_only && !writes))
        return false;
    say(s, "-%s\r\n", s->error);
    return true;
}

static void run(struct server *s, struct session *session, const redisReply *c)
{
    s->used = 0;
    if (refused(s, c))
        return;
    if (is(c, 0, "PING"))
        say(s, "+PONG\r\n");
    else if (is(c, 0, "FCALL") || is(c, 0, "FCALL_RO"))
        fcall(s, c);
    else if (is(c, 0, "HGETALL"))
        hgetall(s);
    else if (is(c, 0, "XINFO"))
        xinfo_stream(s);
    else if (is(c, 0, "XGROUP"))
        xgroup_create(s);
    else if (is(c, 0, "XRANGE"))
        xrange_one(s, c);
    else if (is(c, 0, "XREAD"))
        xread(s, session, c);
    else if (is(c, 0, "FUNCTION")) {
        s->data.library = true;
        say_text(s, "jiandu");
    } else
        abort();
}

const char *server_command(struct server *s, const struct redisReply *command, size_t *length)
{
    struct session nobody = {.waits_until = NO_WAIT};
    run(s, &nobody, command);
    *length = s->used;
    return s->reply;
}

/* ---- sessions ---- */

static void answer(struct server *s, struct session *session)
{
    if (s->used > 0)
        sim_send(session->connection, s->reply, s->used);
}

static void work(struct server *s, struct session *session)
{
    void *command = NULL;
    while (session->waits_until == NO_WAIT && redisReaderGetReply(session->reader, &command) == REDIS_OK &&
           command) {
        run(s, session, command);
        freeReplyObject(command);
        answer(s, session);
    }
}

/* Reads that wait are answered when there is something, or when their time is over. */
static void look_at_waiting(struct server *s)
{
    int64_t next = INT64_MAX;
    for (struct session *session = s->sessions; session; session = session->next) {
        if (session->waits_until == NO_WAIT)
            continue;
        s->used = 0;
        bool read = say_read(s, session->after, session->count);
        if (!read && sim_now() < session->waits_until) {
            next = session->waits_until < next ? session->waits_until : next;
            continue;
        }
        if (!read)
            say(s, "*-1\r\n");
        session->waits_until = NO_WAIT;
        answer(s, session);
        work(s, session);
    }
    event_del(s->wake);
    if (next != INT64_MAX)
        event_add(s->wake, &(struct timeval){.tv_sec = (next - sim_now()) / 1000,
                               .tv_usec = (next - sim_now()) % 1000 * 1000});
}

static void on_wake(evutil_socket_t fd, short what, void *server)
{
    (void)fd;
    (void)what;
    look_at_waiting(server);
}

static void *on_accept(struct connection *c)
{
    struct server *s = the_server;
    if (s->down)
        return NULL;
    struct session *session = memory_zeroed(1, sizeof *session, "a session");
    session->connection = c;
    session->reader = memory_need(redisReaderCreate(), "a reader");
    session->waits_until = NO_WAIT;
    session->next = s->sessions;
    s->sessions = session;
    return session;
}

static void on_receive(void *context, const char *bytes, size_t length)
{
    struct session *session = context;
    if (session->dead)
        return;
    redisReaderFeed(session->reader, bytes, length);
    work(the_server, session);
    look_at_waiting(the_server);
}

static void on_closed(void *context)
{
    struct session *session = context, **link = &the_server->sessions;
    while (*link != session)
        link = &(*link)->next;
    *link = session->next;
    redisReaderFree(session->reader);
    free(session);
}

const struct sim_server server_network = {on_accept, on_receive, on_closed};

/* ---- the public face ---- */

struct server *server_create(enum server_bug bug)
{
    struct server *s = memory_zeroed(1, sizeof *s, "a server");
    s->bug = bug;
    s->base = sim_base();
    s->wake = event_new(s->base, -1, 0, on_wake, s);
    the_server = s;
    return s;
}

static void data_free(struct server_data *d)
{
    for (size_t i = 0; i < SERVER_OUTPUTS; i++)
        free(d->outputs[i].entries);
}

static void data_copy(struct server_data *to, const struct server_data *from)
{
    data_free(to);
    *to = *from;
    for (size_t i = 0; i < SERVER_OUTPUTS; i++) {
        struct server_stream *o = &to->outputs[i];
        o->room = o->count;
        o->entries = memory_resize(NULL, o->count, sizeof *o->entries);
        if (o->count)
            memcpy(o->entries, from->outputs[i].entries, o->count * sizeof *o->entries);
    }
}

void server_destroy(struct server *s)
{
    event_free(s->wake);
    data_free(&s->data);
    data_free(&s->remembered);
    free(s->reply);
    free(s);
    the_server = NULL;
}

struct server_data *server_data(struct server *s)
{
    return &s->data;
}

void server_add(struct server *s, uint64_t n)
{
    s->data.added += n;
    s->data.exists |= n > 0;
    if (!s->down)
        look_at_waiting(s);
}

void server_refuse(struct server *s, const char *error, bool writes_only)
{
    s->error = error;
    s->writes_only = writes_only;
}

void server_down(struct server *s)
{
    s->down = true;
    for (struct session *session = s->sessions; session; session = session->next) {
        session->dead = true;
        session->waits_until = NO_WAIT;
    }
    sim_cut_all();
}

void server_up(struct server *s)
{
    s->down = false;
}

void server_remember(struct server *s)
{
    data_copy(&s->remembered, &s->data);
}

void server_restore(struct server *s, bool keep_outputs)
{
    struct server_data now = {0};
    data_copy(&now, &s->data);
    data_copy(&s->data, &s->remembered);
    for (size_t i = 0; i < SERVER_OUTPUTS && keep_outputs; i++) {
        struct server_stream swap = s->data.outputs[i];
        s->data.outputs[i] = now.outputs[i];
        now.outputs[i] = swap;
    }
    data_free(&now);
}

void server_freeze(struct server *s, int64_t ms)
{
    sim_freeze_server(ms);
    sim_freeze(s->base, ms);
}

void server_babble(struct server *s)
{
    static const char nonsense[] = "?what\r\n";
    size_t n = 0;
    for (struct session *session = s->sessions; session; session = session->next)
        n++;
    n = n ? sim_random(n) : 0;
    for (struct session *session = s->sessions; session; session = session->next)
        if (n-- == 0)
            sim_send(session->connection, nonsense, sizeof nonsense - 1);
}

const char *server_violation(const struct server *s)
{
    return s->violation;
}
