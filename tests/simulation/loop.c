#include "tests/simulation/loop.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "daemon/base/memory.h"
#include "daemon/ops/clock.h"
#include "tests/support/check.h"

#define WALL INT64_C(1767225600000) /* ms, when a world begins */
#define NEVER INT64_MAX
#define FIRST_FD 1000
#define LATE_MOST 1000 /* ms */

struct event_base {
    struct event_base *next;
    int64_t frozen_until;
};

struct event {
    struct event *next, **link;
    struct event_base *base;
    event_callback_fn run;
    void *context;
    int64_t due; /* NEVER: not pending */
};

struct piece {
    struct piece *next;
    int64_t at;
    size_t length;
    char bytes[];
};

struct way { /* one direction of a connection */
    struct piece *first, **last;
    int64_t at;     /* when the last piece arrives */
    int64_t end_at; /* when the end is seen; NEVER: open */
};

struct connection {
    struct connection *next;
    struct bufferevent *client; /* NULL: closed there */
    void *session;              /* NULL: not accepted yet, or closed there */
    int64_t connect_at;         /* NEVER: done */
    struct way up, down;
};

struct bufferevent {
    struct event_base *base;
    struct connection *connection;
    bufferevent_data_cb read;
    bufferevent_event_cb happened;
    void *context;
    struct evbuffer *input, *output;
    int fd;
};

static struct {
    struct sim_server server;
    uint64_t random;
    int64_t now, delay, server_frozen_until;
    struct event_base *bases;
    struct event *events;
    struct connection *connections;
    int next_fd;
} world;

/* ---- time and chance ---- */

uint64_t sim_random(uint64_t below)
{
    return check_random(&world.random) % below;
}

bool sim_chance(unsigned percent)
{
    return sim_random(100) < percent;
}

int64_t sim_now(void)
{
    return world.now;
}

int64_t clock_monotonic(void)
{
    return world.now + 1;
}

int64_t clock_monotonic_ns(void)
{
    return clock_monotonic() * 1000000;
}

int64_t clock_wall(void)
{
    return WALL + world.now;
}

ssize_t getrandom(void *bytes, size_t length, unsigned flags)
{
    (void)flags;
    for (size_t i = 0; i < length; i++)
        ((unsigned char *)bytes)[i] = (unsigned char)sim_random(256);
    return (ssize_t)length;
}

uint64_t sim_digest(void)
{
    return world.random ^ (uint64_t)world.now; /* each step draws, or is due at a time that was drawn */
}

void sim_begin(uint64_t seed, const struct sim_server *server)
{
    memset(&world, 0, sizeof world);
    world.server = *server;
    world.random = seed;
    world.delay = 3;
    world.next_fd = FIRST_FD;
}

void sim_delay(int64_t most)
{
    world.delay = most;
}

/* ---- processes and their timers ---- */

struct event_base *sim_base(void)
{
    struct event_base *base = memory_zeroed(1, sizeof *base, "a base");
    base->next = world.bases;
    world.bases = base;
    return base;
}

void sim_freeze(struct event_base *base, int64_t ms)
{
    base->frozen_until = world.now + ms;
}

void sim_freeze_server(int64_t ms)
{
    world.server_frozen_until = world.now + ms;
}

struct event *event_new(
    struct event_base *base, evutil_socket_t fd, short what, event_callback_fn run, void *context)
{
    struct event *e = memory_zeroed(1, sizeof *e, "an event");
    (void)fd;
    (void)what;
    e->base = base;
    e->run = run;
    e->context = context;
    e->due = NEVER;
    e->next = world.events;
    e->link = &world.events;
    if (e->next)
        e->next->link = &e->next;
    world.events = e;
    return e;
}

int event_add(struct event *e, const struct timeval *span)
{
    e->due = world.now + span->tv_sec * 1000 + span->tv_usec / 1000;
    return 0;
}

int event_del(struct event *e)
{
    e->due = NEVER;
    return 0;
}

int event_pending(const struct event *e, short what, struct timeval *due)
{
    (void)what;
    (void)due;
    return e->due != NEVER;
}

void event_free(struct event *e)
{
    *e->link = e->next;
    if (e->next)
        e->next->link = e->link;
    free(e);
}

/* ---- the network ---- */

static void way_init(struct way *w)
{
    *w = (struct way){.last = &w->first, .end_at = NEVER};
}

static void drop_from(struct way *w, struct piece **from)
{
    struct piece *p = *from;
    *from = NULL;
    w->last = from;
    while (p) {
        struct piece *next = p->next;
        free(p);
        p = next;
    }
}

static void put(struct way *w, const char *bytes, size_t length)
{
    while (length > 0 && w->end_at == NEVER) {
        size_t n = sim_chance(20) ? 1 + sim_random(length) : length;
        struct piece *p = memory_need(malloc(sizeof *p + n), "a piece");
        int64_t at = world.now + (int64_t)sim_random((uint64_t)world.delay + 1);
        w->at = at > w->at ? at : w->at;
        *p = (struct piece){.at = w->at, .length = n};
        memcpy(p->bytes, bytes, n);
        *w->last = p;
        w->last = &p->next;
        bytes += n;
        length -= n;
    }
}

/* Nothing more goes this way; of what is under way some first pieces arrive, or all, and maybe late: Redis
 * may read the socket of a connection that is no more after that of the next. */
static void end_way(struct way *w)
{
    struct piece **from = &w->first;
    if (w->end_at != NEVER)
        return;
    int64_t late = sim_chance(30) ? (int64_t)sim_random(LATE_MOST) : 0;
    for (struct piece *p = w->first; p; p = p->next)
        p->at += late;
    w->at += late;
    while (*from && !sim_chance(20))
        from = &(*from)->next;
    if (sim_chance(50))
        drop_from(w, from);
    int64_t at = world.now + (int64_t)sim_random((uint64_t)world.delay * 4 + 1);
    w->end_at = at > w->at ? at : w->at;
}

static void cut(struct connection *c)
{
    end_way(&c->up);
    end_way(&c->down);
}

void sim_cut_all(void)
{
    for (struct connection *c = world.connections; c; c = c->next)
        cut(c);
}

void sim_cut_one(void)
{
    size_t n = 0;
    for (struct connection *c = world.connections; c; c = c->next)
        n++;
    if (n == 0)
        return;
    n = sim_random(n);
    struct connection *c = world.connections;
    while (n--)
        c = c->next;
    cut(c);
}

void sim_send(struct connection *c, const char *bytes, size_t length)
{
    put(&c->down, bytes, length);
}

/* ---- bufferevents ---- */

struct bufferevent *bufferevent_socket_new(struct event_base *base, evutil_socket_t fd, int options)
{
    struct bufferevent *b = memory_zeroed(1, sizeof *b, "a bufferevent");
    (void)fd;
    (void)options;
    b->base = base;
    b->fd = world.next_fd++;
    b->input = memory_need(evbuffer_new(), "a buffer");
    b->output = memory_need(evbuffer_new(), "a buffer");
    return b;
}

void bufferevent_free(struct bufferevent *b)
{
    if (b->connection) {
        b->connection->client = NULL;
        end_way(&b->connection->up);
    }
    evbuffer_free(b->input);
    evbuffer_free(b->output);
    free(b);
}

void bufferevent_setcb(struct bufferevent *b, bufferevent_data_cb read, bufferevent_data_cb written,
    bufferevent_event_cb happened, void *context)
{
    (void)written;
    b->read = read;
    b->happened = happened;
    b->context = context;
}

int bufferevent_enable(struct bufferevent *b, short what)
{
    (void)b;
    (void)what;
    return 0;
}

int bufferevent_socket_connect(struct bufferevent *b, const struct sockaddr *address, int length)
{
    (void)address;
    (void)length;
    struct connection *c = memory_zeroed(1, sizeof *c, "a connection");
    way_init(&c->up);
    way_init(&c->down);
    c->client = b;
    c->connect_at = world.now + (int64_t)sim_random((uint64_t)world.delay + 1);
    c->next = world.connections;
    world.connections = c;
    b->connection = c;
    return 0;
}

evutil_socket_t bufferevent_getfd(struct bufferevent *b)
{
    return b->fd;
}

int bufferevent_socket_get_dns_error(struct bufferevent *b)
{
    (void)b;
    return 0;
}

struct evbuffer *bufferevent_get_input(struct bufferevent *b)
{
    return b->input;
}

struct evbuffer *bufferevent_get_output(struct bufferevent *b)
{
    return b->output;
}

int bufferevent_write(struct bufferevent *b, const void *bytes, size_t length)
{
    put(&b->connection->up, bytes, length);
    return 0;
}

/* The socket takes all, a part, or nothing for now. */
ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
    (void)flags;
    for (struct connection *c = world.connections; c; c = c->next) {
        if (!c->client || c->client->fd != fd || sim_chance(10))
            continue;
        if (sim_chance(10))
            length = 1 + sim_random(length);
        put(&c->up, bytes, length);
        return (ssize_t)length;
    }
    errno = EAGAIN;
    return -1;
}

ssize_t recv(int fd, void *bytes, size_t length, int flags)
{
    (void)fd;
    (void)bytes;
    (void)length;
    (void)flags;
    errno = EAGAIN;
    return -1;
}

/* ---- what happens next ---- */

enum thing { NOTHING, TIMER, CONNECT, UP, UP_END, DOWN, DOWN_END };

struct happening {
    enum thing thing;
    int64_t at;
    unsigned ties;
    void *of;
};

/* Of things due at the same moment any may come first. */
static void consider(struct happening *best, enum thing thing, int64_t at, int64_t not_before, void *of)
{
    if (at == NEVER)
        return;
    at = at > not_before ? at : not_before;
    at = at > world.now ? at : world.now;
    if (best->thing && at > best->at)
        return;
    best->ties = best->thing && at == best->at ? best->ties + 1 : 1;
    if (best->ties == 1 || sim_random(best->ties) == 0)
        *best = (struct happening){thing, at, best->ties, of};
}

static void consider_connection(struct happening *best, struct connection *c)
{
    if (c->client && c->connect_at != NEVER)
        consider(best, CONNECT, c->connect_at, c->client->base->frozen_until, c);
    if (c->session) {
        if (c->up.first)
            consider(best, UP, c->up.first->at, world.server_frozen_until, c);
        else
            consider(best, UP_END, c->up.end_at, world.server_frozen_until, c);
    }
    if (c->client && c->connect_at == NEVER) {
        if (c->down.first)
            consider(best, DOWN, c->down.first->at, c->client->base->frozen_until, c);
        else
            consider(best, DOWN_END, c->down.end_at, c->client->base->frozen_until, c);
    }
}

static void end_at_client(struct connection *c, int error)
{
    struct bufferevent *b = c->client;
    c->connect_at = c->down.end_at = NEVER; /* told once */
    errno = error;
    b->happened(b, error ? BEV_EVENT_ERROR : BEV_EVENT_EOF, b->context);
}

static void do_connect(struct connection *c)
{
    struct bufferevent *b = c->client;
    c->connect_at = NEVER;
    if (c->up.end_at == NEVER)
        c->session = world.server.accept(c);
    if (!c->session)
        end_at_client(c, ECONNREFUSED);
    else
        b->happened(b, BEV_EVENT_CONNECTED, b->context);
}

static struct piece *take(struct way *w)
{
    struct piece *p = w->first;
    w->first = p->next;
    if (!w->first)
        w->last = &w->first;
    return p;
}

static void do_up(struct connection *c)
{
    struct piece *p = take(&c->up);
    world.server.receive(c->session, p->bytes, p->length);
    free(p);
}

static void do_up_end(struct connection *c)
{
    void *session = c->session;
    c->session = NULL;
    end_way(&c->down);
    world.server.closed(session);
}

static void do_down(struct connection *c)
{
    struct piece *p = take(&c->down);
    struct bufferevent *b = c->client;
    evbuffer_add(b->input, p->bytes, p->length);
    free(p);
    b->read(b, b->context);
}

static void forget_dead_connections(void)
{
    for (struct connection **link = &world.connections; *link;) {
        struct connection *c = *link;
        if (c->client || c->session) {
            link = &c->next;
            continue;
        }
        *link = c->next;
        drop_from(&c->up, &c->up.first);
        drop_from(&c->down, &c->down.first);
        free(c);
    }
}

bool sim_step(int64_t until)
{
    struct happening best = {0};
    for (struct event *e = world.events; e; e = e->next)
        consider(&best, TIMER, e->due, e->base->frozen_until, e);
    for (struct connection *c = world.connections; c; c = c->next)
        consider_connection(&best, c);
    if (!best.thing || best.at > until) {
        world.now = until;
        return false;
    }
    world.now = best.at;
    switch (best.thing) {
    case TIMER: {
        struct event *e = best.of;
        e->due = NEVER;
        e->run(-1, EV_TIMEOUT, e->context);
        break;
    }
    case CONNECT:
        do_connect(best.of);
        break;
    case UP:
        do_up(best.of);
        break;
    case UP_END:
        do_up_end(best.of);
        break;
    case DOWN:
        do_down(best.of);
        break;
    case DOWN_END:
        end_at_client(best.of, sim_chance(50) ? ECONNRESET : 0);
        break;
    default:
        break;
    }
    forget_dead_connections();
    return true;
}

void sim_end(void)
{
    for (struct connection *c = world.connections; c; c = c->next) {
        if (c->session)
            world.server.closed(c->session);
        c->session = NULL;
    }
    forget_dead_connections();
    while (world.bases) {
        struct event_base *next = world.bases->next;
        free(world.bases);
        world.bases = next;
    }
}
