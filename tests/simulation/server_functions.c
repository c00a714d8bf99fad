/* The functions of jiandu.lua, in C. */
#include "tests/simulation/server_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/memory.h"
#include "daemon/base/siphash.h"
#include "daemon/event/entry_id.h"
#include "daemon/stream/function_library.h"

static void keep(char *to, size_t room, const char *text)
{
    snprintf(to, room, "%s", text);
}

/* ---- the lease ---- */

const char *server_owner(struct server *s)
{
    if (sim_now() >= s->data.owner_until)
        s->data.owner[0] = '\0';
    return s->data.owner;
}

/* The line of one who stands by, or a free one for "". */
static char *standby_of(struct server_data *d, const char *instance)
{
    size_t n = strlen(instance);
    for (size_t i = 0; i < 2; i++)
        if (n ? strncmp(d->standby[i], instance, n) == 0 && d->standby[i][n] == ' ' : !d->standby[i][0])
            return d->standby[i];
    return NULL;
}

static void acquire(struct server *s, const redisReply *c)
{
    struct server_data *d = &s->data;
    if (*server_owner(s)) {
        say(s, "-HELD %" PRId64 "\r\n", d->owner_until - sim_now());
        return;
    }
    if (!d->pos[0])
        keep(d->pos, sizeof d->pos, word(c, 10));
    if (!d->read[0])
        keep(d->read, sizeof d->read, word(c, 11));
    snprintf(d->owner, sizeof d->owner, "%" PRIu64 ":%s", ++d->epoch, word(c, 9));
    keep(d->holder, sizeof d->holder, word(c, 7));
    if (strcmp(d->config, word(c, 12)) != 0) {
        keep(d->config, sizeof d->config, word(c, 12));
        keep(d->config_from, sizeof d->config_from, d->pos);
    }
    char *gone = standby_of(d, word(c, 7));
    if (gone)
        gone[0] = '\0';
    d->handover[0] = '\0';
    d->owner_until = sim_now() + (int64_t)number(c, 8);
    say_text(s, d->owner);
}

/* ---- standing by, and handing over ---- */

static void stand_by(struct server *s, const redisReply *c)
{
    struct server_data *d = &s->data;
    char *slot = standby_of(d, word(c, 4));
    slot = slot ? slot : standby_of(d, "");
    if (slot)
        snprintf(slot, sizeof d->standby[0], "%s %" PRId64 " %s", word(c, 4),
            sim_now() + (int64_t)number(c, 5), word(c, 6));
    say(s, ":1\r\n");
}

static bool can_take_over(const struct server_data *d, const char *standby)
{
    char config[48];
    const char *till = strchr(standby, ' ');
    snprintf(config, sizeof config, "\"config\":\"%s\"", d->config);
    return till && strtoll(till + 1, NULL, 10) >= sim_now() && strstr(standby, config) &&
           strstr(standby, "\"state\":\"warm\"");
}

static void handover(struct server *s, const redisReply *c)
{
    struct server_data *d = &s->data;
    bool ready = can_take_over(d, d->standby[0]) || can_take_over(d, d->standby[1]);
    if (!*server_owner(s)) {
        say(s, "-NOLEADER nobody holds the lease\r\n");
    } else if (!ready) {
        say(s, "-NOSTANDBY no instance stands by\r\n");
    } else {
        keep(d->handover, sizeof d->handover, word(c, 7));
        d->handover_until = sim_now() + (int64_t)number(c, 8);
        say_text(s, d->holder);
    }
}

bool server_handover(struct server *s, const char *who, int64_t ms)
{
    redisReply words[9] = {{0}}, *elements[9];
    redisReply call = {.elements = 9, .element = elements};
    char until[24];
    snprintf(until, sizeof until, "%" PRId64, ms);
    for (size_t i = 0; i < 9; i++) {
        words[i].str = i == 7 ? (char *)(uintptr_t)who : i == 8 ? until : (char *)(uintptr_t) "";
        elements[i] = &words[i];
    }
    s->used = 0;
    handover(s, &call);
    return s->reply[0] != '-';
}

static void renew(struct server *s, const redisReply *c)
{
    if (strcmp(server_owner(s), word(c, 4)) != 0) {
        say(s, "-FENCED another instance holds the lease\r\n");
        return;
    }
    s->data.owner_until = sim_now() + (int64_t)number(c, 5);
    say(s, ":1\r\n");
}

static void release(struct server *s, const redisReply *c)
{
    bool ours = strcmp(server_owner(s), word(c, 4)) == 0;
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

static void note_violations(struct server *s, const char *token, const char *old, const char *new)
{
    struct entry_id from = {0, 0}, to = {0, 0};
    entry_id_parse(&from, s->data.pos, strlen(s->data.pos));
    entry_id_parse(&to, new, strlen(new));
    if (strcmp(token, server_owner(s)) != 0)
        s->violation = "a commit took effect whose sender did not hold the lease";
    else if (strcmp(old, s->data.pos) != 0)
        s->violation = "a commit took effect that went out from another position";
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
    if (s->bug != SERVER_NO_TOKEN_CHECK && strcmp(server_owner(s), token) != 0) {
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
    note_violations(s, token, old, new);
    uint64_t before = d->republished;
    if (!publish_all(s, c, outputs + 1, number(c, outputs))) {
        d->republished = before;
        return;
    }
    keep(d->pos, sizeof d->pos, new);
    keep(d->read, sizeof d->read, word(c, a + 4));
    for (size_t i = 0; i < pairs; i++) {
        const char *name = word(c, a + 7 + 2 * i), *value = word(c, a + 8 + 2 * i);
        if (strcmp(name, "print") == 0)
            keep(d->print, sizeof d->print, value);
        else if (strcmp(name, "system") == 0)
            keep(d->system, sizeof d->system, value);
        else if (strcmp(name, "lost") == 0)
            keep(d->lost, sizeof d->lost, value);
    }
    d->owner_until = sim_now() + (int64_t)number(c, a + 5);
    say(s, "+OK\r\n");
}

/* ---- calling them ---- */

void fcall(struct server *s, const redisReply *c)
{
    static const struct {
        const char *name;
        void (*run)(struct server *, const redisReply *);
    } functions[] = {{"jiandu_acquire", acquire}, {"jiandu_renew", renew}, {"jiandu_release", release},
        {"jiandu_commit", commit}, {"jiandu_stand_by", stand_by}, {"jiandu_handover", handover}};
    for (size_t i = 0; s->data.functions_loaded && i < sizeof functions / sizeof *functions; i++)
        if (is(c, 1, functions[i].name)) {
            functions[i].run(s, c);
            return;
        }
    if (s->data.functions_loaded && is(c, 1, "jiandu_version"))
        say(s, ":%d\r\n", FUNCTION_LIBRARY_VERSION);
    else
        say(s, "-ERR Function not found\r\n");
}
