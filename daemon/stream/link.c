#include "daemon/stream/link.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/dns.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/ops/clock.h"
#include "daemon/ops/timer.h"
#include "daemon/stream/reply.h"

#define READ_SIZE (128 * 1024) /* a batch's reply in one or two reads */
#define READS_PER_TURN 4       /* then the other connection has its turn */

struct pending {
    link_reply done;
    void *context;
    int64_t deadline; /* ms, monotonic */
};

struct link {
    struct event_base *base;
    struct link_settings settings;
    struct link_handlers handlers;
    enum link_state state;
    struct event *timer; /* of the state: connecting, the oldest command, or the pause */
    struct evdns_base *dns;
    struct bufferevent *carrier;
    redisReader *reader;
    redisReplyObjectFunctions *tree_functions;
    redisReplyObjectFunctions own_functions; /* copied from the handlers: hiredis wants them writable */
    uint64_t connection;     /* counts connections, so that a callback that closed one is noticed */
    struct pending *pending; /* ring */
    size_t first, count, room;
    unsigned attempt;
    uint64_t jitter;
    int depth; /* of callbacks running */
    char *scratch;
};

static void connection_lost(struct link *l, const char *why);

/* ---- the timer ---- */

static void timer_for_oldest(struct link *l)
{
    if (l->count == 0)
        event_del(l->timer);
    else
        timer_in(l->timer, l->pending[l->first].deadline - clock_monotonic());
}

/* Half of the pause is fixed, half is random: instances that lost one server do not come back as one. */
static int64_t next_pause(struct link *l)
{
    int64_t pause = l->settings.backoff_min;
    for (unsigned i = 0; i < l->attempt && pause < l->settings.backoff_max; i++)
        pause *= 2;
    if (pause > l->settings.backoff_max)
        pause = l->settings.backoff_max;
    l->attempt++;
    l->jitter ^= l->jitter << 13;
    l->jitter ^= l->jitter >> 7;
    l->jitter ^= l->jitter << 17;
    return pause / 2 + (int64_t)(l->jitter % (uint64_t)(pause / 2 + 1));
}

/* ---- open commands ---- */

static int pending_push(struct link *l, link_reply done, void *context, int64_t deadline)
{
    if (l->count == l->room) {
        size_t room = l->room ? l->room * 2 : 16;
        struct pending *grown = malloc(room * sizeof *grown);
        if (!grown)
            return -1;
        for (size_t i = 0; i < l->count; i++)
            grown[i] = l->pending[(l->first + i) % l->room];
        free(l->pending);
        l->pending = grown;
        l->room = room;
        l->first = 0;
    }
    l->pending[(l->first + l->count++) % l->room] =
        (struct pending){.done = done, .context = context, .deadline = deadline};
    return 0;
}

static struct pending pending_pop(struct link *l)
{
    struct pending p = l->pending[l->first];
    l->first = (l->first + 1) % l->room;
    l->count--;
    return p;
}

/* ---- closing ---- */

static void close_connection(struct link *l, enum link_state next)
{
    l->connection++;
    l->state = next;
    event_del(l->timer);
    if (l->carrier)
        bufferevent_free(l->carrier);
    l->carrier = NULL;
    if (l->reader)
        redisReaderFree(l->reader);
    l->reader = NULL;
    while (l->count > 0) {
        struct pending p = pending_pop(l);
        if (p.done)
            p.done(p.context, NULL);
    }
}

static void connection_lost(struct link *l, const char *why)
{
    close_connection(l, LINK_BACKING_OFF);
    timer_in(l->timer, next_pause(l));
    l->handlers.lost(l->handlers.context, why);
}

static void connection_refused(struct link *l, const char *why)
{
    close_connection(l, LINK_STOPPED);
    l->handlers.fatal(l->handlers.context, why);
}

/* ---- replies ---- */

static void handshake_reply(void *context, void *data)
{
    struct link *l = context;
    const redisReply *reply = data;
    char why[256];
    if (!reply)
        return;
    switch (reply_classify(reply)) {
    case REPLY_GOOD:
        break;
    case REPLY_FATAL:
        snprintf(why, sizeof why, "Redis refuses us: %s", reply_text(reply));
        connection_refused(l, why);
        return;
    default:
        snprintf(why, sizeof why, "Redis is not ready: %s", reply_text(reply));
        connection_lost(l, why);
        return;
    }
    if (l->count > 0)
        return; /* AUTH was answered, PING is still to come */
    l->state = LINK_READY;
    if (l->handlers.functions) {
        l->own_functions = *l->handlers.functions;
        l->reader->fn = &l->own_functions;
        l->reader->privdata = l->handlers.privdata;
    }
    l->handlers.ready(l->handlers.context);
}

/* Hands one reply to its command. False: the connection is gone. */
static bool dispatch(struct link *l, void *reply, bool tree)
{
    if (l->count == 0) {
        if (tree)
            freeReplyObject(reply);
        connection_lost(l, "Redis sent a reply that nothing had asked for");
        return false;
    }
    uint64_t connection = l->connection;
    struct pending p = pending_pop(l);
    if (p.done)
        p.done(p.context, reply);
    if (tree)
        freeReplyObject(reply);
    return l->connection == connection;
}

static bool feed(struct link *l, const char *bytes, size_t length)
{
    redisReaderFeed(l->reader, bytes, length);
    for (;;) {
        void *reply = NULL;
        bool tree = l->reader->fn == l->tree_functions;
        if (redisReaderGetReply(l->reader, &reply) != REDIS_OK) {
            char why[160];
            snprintf(why, sizeof why, "not a reply of Redis: %s", l->reader->errstr);
            connection_lost(l, why);
            return false;
        }
        if (!reply)
            return true;
        if (!dispatch(l, reply, tree))
            return false;
    }
}

/* Without TLS the socket is read on directly: a bufferevent takes 4 KiB a turn. */
static void read_on(struct link *l)
{
    if (l->settings.url.transport == REDIS_TLS)
        return;
    for (int i = 0; i < READS_PER_TURN; i++) {
        ssize_t n = recv(bufferevent_getfd(l->carrier), l->scratch, READ_SIZE, MSG_DONTWAIT);
        if (n <= 0) /* an end or an error is seen again, and told, by the bufferevent */
            return;
        if (!feed(l, l->scratch, (size_t)n) || n < READ_SIZE)
            return;
    }
}

static void on_read(struct bufferevent *carrier, void *context)
{
    struct link *l = context;
    struct evbuffer *input = bufferevent_get_input(carrier);
    uint64_t connection = l->connection;
    l->depth++;
    while (l->connection == connection && evbuffer_get_length(input) > 0) {
        int n = evbuffer_remove(input, l->scratch, READ_SIZE);
        if (n <= 0 || !feed(l, l->scratch, (size_t)n))
            break;
    }
    if (l->connection == connection)
        read_on(l);
    if (l->connection == connection && l->state >= LINK_AUTHENTICATING && l->state <= LINK_READY)
        timer_for_oldest(l);
    l->depth--;
}

/* ---- connecting ---- */

static int send_now(struct link *l, const struct wire *wire)
{
    const char *bytes = wire->bytes;
    size_t left = wire->length;
    struct evbuffer *output = bufferevent_get_output(l->carrier);
    if (l->settings.url.transport != REDIS_TLS && evbuffer_get_length(output) == 0) {
        ssize_t n = send(bufferevent_getfd(l->carrier), bytes, left, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n > 0) {
            bytes += n;
            left -= (size_t)n;
        }
    }
    return left ? bufferevent_write(l->carrier, bytes, left) : 0;
}

static int submit(struct link *l, const struct wire *wire, int patience, link_reply done, void *context)
{
    int64_t deadline = clock_monotonic() + l->settings.command_timeout + patience;
    if (pending_push(l, done, context, deadline) < 0)
        return -1;
    if (send_now(l, wire) < 0) {
        l->count--;
        return -1;
    }
    if (l->count == 1)
        timer_for_oldest(l);
    return 0;
}

static void authenticate(struct link *l)
{
    struct command c;
    struct wire auth = {0}, ping = {0};
    int failed = 0;
    l->state = LINK_AUTHENTICATING;
    event_del(l->timer);
    command_init(&c);
    if (l->settings.password) {
        command_word(&c, "AUTH");
        if (l->settings.user)
            command_word(&c, l->settings.user);
        command_word(&c, l->settings.password);
        failed |= command_format(&c, &auth) < 0 || submit(l, &auth, 0, handshake_reply, l) < 0;
        command_clear(&c);
    }
    command_word(&c, "PING");
    failed |= command_format(&c, &ping) < 0 || submit(l, &ping, 0, handshake_reply, l) < 0;
    if (auth.bytes)
        explicit_bzero(auth.bytes, auth.length);
    if (c.bytes)
        explicit_bzero(c.bytes, c.size);
    wire_free(&auth);
    wire_free(&ping);
    command_fini(&c);
    if (failed)
        connection_lost(l, "out of memory");
}

static void describe_loss(struct link *l, short what, char *out, size_t size)
{
    int code = EVUTIL_SOCKET_ERROR();
    int lookup = bufferevent_socket_get_dns_error(l->carrier);
    if (lookup)
        snprintf(out, size, "%s: %s", l->settings.url.host, evutil_gai_strerror(lookup));
    else if (what & BEV_EVENT_EOF)
        snprintf(out, size, "Redis closed the connection");
    else if (l->settings.url.transport != REDIS_TLS || !tls_fault(l->carrier, &l->settings.tls, out, size))
        snprintf(out, size, "%s", strerror(code));
}

static void on_event(struct bufferevent *carrier, short what, void *context)
{
    struct link *l = context;
    l->depth++;
    if (what & BEV_EVENT_CONNECTED) {
        int one = 1;
        if (l->settings.url.transport != REDIS_UNIX)
            setsockopt(bufferevent_getfd(carrier), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        authenticate(l);
    } else if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) {
        char fault[320];
        describe_loss(l, what, fault, sizeof fault);
        connection_lost(l, fault);
    }
    l->depth--;
}

static struct bufferevent *make_carrier(struct link *l, struct error *err)
{
    if (l->settings.url.transport == REDIS_TLS)
        return tls_carrier(l->base, &l->settings.tls, err);
    struct bufferevent *carrier =
        bufferevent_socket_new(l->base, -1, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    if (!carrier)
        error_set(err, "out of memory");
    return carrier;
}

static int connect_carrier(struct link *l)
{
    const struct redis_url *url = &l->settings.url;
    if (url->transport == REDIS_UNIX) {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        memcpy(address.sun_path, url->path, sizeof address.sun_path);
        return bufferevent_socket_connect(l->carrier, (struct sockaddr *)&address, sizeof address);
    }
    return bufferevent_socket_connect_hostname(l->carrier, l->dns, AF_UNSPEC, url->host, url->port);
}

static void start_connecting(struct link *l)
{
    l->connection++;
    l->state = LINK_CONNECTING;
    struct error err = {"out of memory"};
    l->carrier = make_carrier(l, &err);
    l->reader = redisReaderCreate();
    if (!l->carrier || !l->reader) {
        connection_lost(l, err.text);
        return;
    }
    l->reader->maxbuf = 0; /* keep the buffer */
    l->tree_functions = l->reader->fn;
    bufferevent_setcb(l->carrier, on_read, NULL, on_event, l);
    bufferevent_enable(l->carrier, EV_READ | EV_WRITE);
    timer_in(l->timer, l->settings.connect_timeout);
    uint64_t connection = l->connection;
    if (connect_carrier(l) < 0 && l->connection == connection)
        connection_lost(l, strerror(errno));
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct link *l = context;
    l->depth++;
    if (l->state == LINK_BACKING_OFF) {
        start_connecting(l);
    } else if (l->state == LINK_CONNECTING) {
        connection_lost(l, "connecting took too long");
    } else if (l->count > 0) {
        if (l->pending[l->first].deadline > clock_monotonic())
            timer_for_oldest(l);
        else
            connection_lost(l, "Redis did not answer in time");
    }
    l->depth--;
}

/* ---- the public face ---- */

static bool needs_lookup(const struct redis_url *url)
{
    unsigned char address[sizeof(struct in6_addr)];
    return url->transport != REDIS_UNIX && evutil_inet_pton(AF_INET, url->host, address) != 1 &&
           evutil_inet_pton(AF_INET6, url->host, address) != 1;
}

struct link *link_create(struct event_base *base, const struct link_settings *settings,
    const struct link_handlers *handlers, struct error *err)
{
    if (settings->url.transport == REDIS_TLS && tls_check(&settings->tls, err) != 0)
        return NULL;
    struct link *l = memory_zeroed(1, sizeof *l, "a connection");
    l->base = base;
    l->settings = *settings;
    if (!l->settings.tls.server_name)
        l->settings.tls.server_name = l->settings.url.host;
    l->handlers = *handlers;
    l->jitter = settings->jitter_seed ? settings->jitter_seed : 1;
    l->scratch = memory_zeroed(1, READ_SIZE, "a buffer");
    l->timer = memory_need(evtimer_new(base, on_timer, l), "a timer");
    if (needs_lookup(&settings->url))
        l->dns = memory_need(
            evdns_base_new(base, EVDNS_BASE_INITIALIZE_NAMESERVERS | EVDNS_BASE_DISABLE_WHEN_INACTIVE),
            "name look-ups");
    return l;
}

void link_destroy(struct link *l)
{
    if (!l)
        return;
    invariant(l->depth == 0);
    if (l->timer)
        link_stop(l);
    timer_free(l->timer);
    if (l->dns)
        evdns_base_free(l->dns, 0);
    free(l->pending);
    free(l->scratch);
    free(l);
}

enum link_state link_state(const struct link *l)
{
    return l->state;
}

void link_start(struct link *l)
{
    if (l->state != LINK_IDLE && l->state != LINK_STOPPED)
        return;
    l->state = LINK_BACKING_OFF;
    l->attempt = 0;
    timer_in(l->timer, 0);
}

void link_stop(struct link *l)
{
    close_connection(l, LINK_IDLE);
}

void link_reset(struct link *l, const char *why)
{
    if (l->state == LINK_CONNECTING || l->state == LINK_AUTHENTICATING || l->state == LINK_READY)
        connection_lost(l, why);
}

void link_settled(struct link *l)
{
    l->attempt = 0;
}

int link_send(struct link *l, const struct wire *wire, int patience, link_reply done, void *context)
{
    if (l->state != LINK_READY)
        return -1;
    if (evbuffer_get_length(bufferevent_get_output(l->carrier)) + wire->length > l->settings.write_limit)
        return -1;
    return submit(l, wire, patience, done, context);
}

int link_command(struct link *l, const struct command *command, link_reply done, void *context)
{
    struct wire wire;
    if (command_format(command, &wire) < 0)
        return -1;
    int result = link_send(l, &wire, 0, done, context);
    wire_free(&wire);
    return result;
}
