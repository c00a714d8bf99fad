/* The commands that jiandud uses, but for its functions. */
#include "tests/simulation/server_parts.h"

#include <inttypes.h>
#include <stdlib.h>

#define EVENTS "jiandu:{t}:events"

static void hgetall(struct server *s)
{
    const struct server_data *d = &s->data;
    char epoch[24], republished[24];
    snprintf(epoch, sizeof epoch, "%" PRIu64, d->epoch);
    snprintf(republished, sizeof republished, "%" PRIu64, d->republished);
    const char *pairs[][2] = {{"pos", d->pos}, {"read", d->read}, {"epoch", d->epoch ? epoch : ""},
        {"holder", d->holder}, {"print", d->print}, {"system", d->system}, {"lost", d->lost},
        {"config", d->config}, {"config_from", d->config_from},
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

/* XRANGE key id id, or XRANGE key (id id COUNT n */
static void xrange(struct server *s, const redisReply *c)
{
    bool after = word(c, 2)[0] == '(';
    uint64_t first = after ? strtoull(word(c, 2) + 1, NULL, 10) + 1 : number(c, 2), last = number(c, 3);
    first = first ? first : 1;
    last = last < s->data.added ? last : s->data.added;
    uint64_t n = last >= first ? last - first + 1 : 0;
    if (after && n > number(c, 5))
        n = number(c, 5);
    say(s, "*%" PRIu64 "\r\n", n);
    for (uint64_t i = 0; i < n; i++) {
        bool other = s->bug == SERVER_SHOWS_OTHER && after && i + 1 < n;
        say_entry_as(s, first + i, other ? first + i + 1 : first + i);
    }
}

static void pttl(struct server *s)
{
    const char *holder = server_owner(s);
    say(s, ":%" PRId64 "\r\n", *holder ? s->data.owner_until - sim_now() : -2);
}

/* GET of the request for a hand-over */
static void get(struct server *s)
{
    if (s->data.handover[0] && sim_now() < s->data.handover_until)
        say_text(s, s->data.handover);
    else
        say(s, "$-1\r\n");
}

bool say_read(struct server *s, uint64_t after, uint64_t count)
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

void run(struct server *s, struct session *session, const redisReply *c)
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
        xrange(s, c);
    else if (is(c, 0, "PTTL"))
        pttl(s);
    else if (is(c, 0, "GET"))
        get(s);
    else if (is(c, 0, "XREAD"))
        xread(s, session, c);
    else if (is(c, 0, "FUNCTION")) {
        s->data.functions_loaded = true;
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
