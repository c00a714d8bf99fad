#include "tests/simulation/server_parts.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/base/memory.h"

static struct server *the_server;

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
