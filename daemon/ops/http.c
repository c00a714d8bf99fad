#include "daemon/ops/http.h"

#include "daemon/base/memory.h"
#include "daemon/ops/http_request.h"
#include "daemon/ops/timer.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define DEADLINE_MS 10000
#define CONNECTIONS 16
#define REST_MS 1000 /* after accept() failed for want of descriptors */

struct connection {
    struct http *http;
    struct bufferevent *bev;
    struct event *deadline;
    bool answered;
    struct connection *next, **link;
};

struct http {
    struct http_settings settings;
    struct event_base *base;
    struct evconnlistener *listener;
    struct event *rest;
    struct connection *connections;
    unsigned count;
    char *socket_path; /* NULL on TCP */
};

static void connection_destroy(struct connection *c)
{
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    c->http->count--;
    evconnlistener_enable(c->http->listener);
    timer_free(c->deadline);
    if (c->bev)
        bufferevent_free(c->bev);
    free(c);
}

static const char *reason_of(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {{200, "OK"}, {400, "Bad Request"}, {403, "Forbidden"}, {404, "Not Found"},
        {405, "Method Not Allowed"}, {413, "Content Too Large"}, {431, "Request Header Fields Too Large"},
        {503, "Service Unavailable"}, {505, "HTTP Version Not Supported"}};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}

static void answer(
    struct connection *c, int status, const char *type, const char *body, size_t length, bool head_only)
{
    struct evbuffer *out = bufferevent_get_output(c->bev);
    c->answered = true;
    evbuffer_add_printf(out,
        "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%sCache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        status, reason_of(status), type, length, status == 405 ? "Allow: GET, HEAD\r\n" : "");
    if (!head_only)
        evbuffer_add(out, body, length);
}

static void answer_word(struct connection *c, int status, const char *word, bool head_only)
{
    char body[128];
    int n = snprintf(body, sizeof body, "{\"status\":\"%.64s\"}\n", word);
    answer(c, status, "application/json", body, (size_t)n, head_only);
}

/* 127.0.0.1, [::1] or localhost, with or without a port. */
static bool is_own_host(const char *host)
{
    static const char *const own[] = {"127.0.0.1", "[::1]", "localhost"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        size_t n = strlen(own[i]);
        if (strncasecmp(host, own[i], n) == 0 && (host[n] == 0 || host[n] == ':'))
            return true;
    }
    return !*host;
}

static void serve(struct connection *c, const struct http_request *r)
{
    const struct http_settings *s = &c->http->settings;
    const char *why;
    size_t length = 0;
    if (!c->http->socket_path && !is_own_host(r->host)) {
        answer_word(c, 403, "forbidden_host", r->head_only);
    } else if (strcmp(r->path, "/metrics") == 0) {
        char *text = s->metrics(s->context, &length);
        answer(c, 200, "text/plain; version=0.0.4; charset=utf-8", text, length, r->head_only);
        free(text);
    } else if (strcmp(r->path, "/healthz") == 0) {
        why = s->unhealthy(s->context);
        answer_word(c, why ? 503 : 200, why ? why : "ok", r->head_only);
    } else if (strcmp(r->path, "/readyz") == 0) {
        why = s->unready(s->context);
        answer_word(c, why ? 503 : 200, why ? why : "ready", r->head_only);
    } else {
        answer_word(c, 404, "not_found", r->head_only);
    }
}

/* What comes after the request is thrown away until the client closes or the deadline is there: closing on
 * unread bytes would reset the connection and might take the answer with it. */
static void on_read(struct bufferevent *bev, void *context)
{
    struct connection *c = context;
    struct http_request request;
    struct evbuffer *in = bufferevent_get_input(bev);
    if (!c->answered) {
        size_t n = evbuffer_get_length(in);
        const char *text = (const char *)evbuffer_pullup(in, (ev_ssize_t)n);
        int status = text ? http_request_parse(&request, text, n) : 0;
        if (status == 200)
            serve(c, &request);
        else if (status)
            answer_word(c, status, "refused", false);
    }
    if (c->answered)
        evbuffer_drain(in, evbuffer_get_length(in));
}

static void on_written(struct bufferevent *bev, void *context)
{
    const struct connection *c = context;
    if (c->answered)
        shutdown(bufferevent_getfd(bev), SHUT_WR);
}

static void on_end(struct bufferevent *bev, short what, void *context)
{
    (void)bev;
    (void)what;
    connection_destroy(context);
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    connection_destroy(context);
}

static void on_accept(
    struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address, int length, void *context)
{
    struct http *http = context;
    (void)address;
    (void)length;
    struct connection *c = memory_zeroed(1, sizeof *c, "a connection");
    c->http = http;
    c->next = http->connections;
    c->link = &http->connections;
    if (c->next)
        c->next->link = &c->next;
    http->connections = c;
    if (++http->count >= http->settings.connections)
        evconnlistener_disable(listener);
    c->bev = bufferevent_socket_new(http->base, fd, BEV_OPT_CLOSE_ON_FREE);
    c->deadline = memory_need(evtimer_new(http->base, on_deadline, c), "a timer");
    if (!c->bev) {
        close(fd);
        connection_destroy(c);
        return;
    }
    timer_in(c->deadline, http->settings.deadline_ms);
    bufferevent_setcb(c->bev, on_read, on_written, on_end, c);
    bufferevent_setwatermark(c->bev, EV_READ, 0, HTTP_HEAD_MAX);
    bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

/* Without descriptors accepting would spin. */
static void on_accept_error(struct evconnlistener *listener, void *context)
{
    const struct http *http = context;
    evconnlistener_disable(listener);
    timer_in(http->rest, REST_MS);
}

static void on_rested(evutil_socket_t fd, short what, void *context)
{
    const struct http *http = context;
    (void)fd;
    (void)what;
    if (http->count < http->settings.connections)
        evconnlistener_enable(http->listener);
}

static int bind_socket(const struct sockaddr *address, socklen_t length, struct error *err)
{
    int on = 1;
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return error_set(err, "%s", strerror(errno));
    mode_t mask = umask(0117); /* a unix socket is born with mode 0660 */
    int failed =
        (address->sa_family != AF_UNIX && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) ||
        bind(fd, address, length) != 0;
    int failure = errno;
    umask(mask);
    if (!failed)
        return fd;
    close(fd);
    return error_set(err, "%s", strerror(failure));
}

/* A socket that nobody listens at any more is removed. */
static int clear_path(const struct sockaddr_un *address, struct error *err)
{
    struct stat st;
    if (lstat(address->sun_path, &st) != 0)
        return 0;
    if (!S_ISSOCK(st.st_mode))
        return error_set(err, "something else is there");
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int alive = fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 ||
                errno != ECONNREFUSED;
    if (fd >= 0)
        close(fd);
    if (alive)
        return error_set(err, "another process listens there");
    return unlink(address->sun_path) == 0 ? 0 : error_set(err, "%s", strerror(errno));
}

static int listen_unix(struct http *http, const char *path, struct error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t n = strlen(path);
    if (*path != '/' || n >= sizeof address.sun_path)
        return error_set(err, "expected an absolute path of less than %zu bytes", sizeof address.sun_path);
    memcpy(address.sun_path, path, n);
    if (clear_path(&address, err) != 0)
        return -1;
    int fd = bind_socket((const struct sockaddr *)&address, sizeof address, err);
    if (fd >= 0)
        http->socket_path = memory_text(path);
    return fd;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
    return address->sa_family == AF_INET &&
           ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >> 24 == 127;
}

static int listen_tcp(const char *text, struct error *err)
{
    struct sockaddr_storage address;
    int length = sizeof address;
    if (evutil_parse_sockaddr_port(text, (struct sockaddr *)&address, &length) != 0)
        return error_set(err, "expected unix:/path, 127.0.0.1:port or [::1]:port");
    if (!is_loopback((const struct sockaddr *)&address))
        return error_set(err, "only this host may ask: expected 127.0.0.1:port or [::1]:port");
    return bind_socket((const struct sockaddr *)&address, (socklen_t)length, err);
}

static int start(struct http *http, struct error *err)
{
    const char *text = http->settings.listen;
    bool local = strncmp(text, "unix:", 5) == 0;
    int fd = local ? listen_unix(http, text + 5, err) : listen_tcp(text, err);
    if (fd < 0)
        return error_wrap(err, "http.listen %s", text);
    http->listener = evconnlistener_new(
        http->base, on_accept, http, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 64, fd);
    http->rest = evtimer_new(http->base, on_rested, http);
    if (!http->listener) {
        error_set(err, "http.listen %s: %s", text, strerror(errno));
        close(fd);
        return -1;
    }
    if (!http->rest)
        return error_set(err, "http.listen %s: out of memory", text);
    evconnlistener_set_error_cb(http->listener, on_accept_error);
    return 0;
}

struct http *http_create(struct event_base *base, const struct http_settings *settings, struct error *err)
{
    struct http *http = memory_zeroed(1, sizeof *http, "the HTTP server");
    http->base = base;
    http->settings = *settings;
    if (http->settings.deadline_ms == 0)
        http->settings.deadline_ms = DEADLINE_MS;
    if (http->settings.connections == 0)
        http->settings.connections = CONNECTIONS;
    if (start(http, err) == 0)
        return http;
    http_destroy(http);
    return NULL;
}

void http_destroy(struct http *http)
{
    if (!http)
        return;
    for (struct connection *c = http->connections, *next; c; c = next) {
        next = c->next;
        connection_destroy(c);
    }
    timer_free(http->rest);
    if (http->listener)
        evconnlistener_free(http->listener);
    if (http->socket_path)
        unlink(http->socket_path);
    free(http->socket_path);
    free(http);
}
