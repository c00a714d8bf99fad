#include "tests/support/check.h"
#include "tests/support/files.h"

#include "daemon/base/memory.h"
#include "daemon/ops/clock.h"
#include "daemon/ops/http.h"
#include "daemon/ops/http_request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/http.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MS 20000

static struct event_base *base;
static char *folder, *socket_path, *listen_unix;
static const char *sick, *starting;

static char *metrics(void *context, size_t *length)
{
    char *text = memory_text(context);
    *length = strlen(text);
    return text;
}

static const char *unhealthy(void *context)
{
    (void)context;
    return sick;
}

static const char *unready(void *context)
{
    (void)context;
    return starting;
}

static struct http *create(const char *listen, int deadline_ms, unsigned connections)
{
    struct error err = {""};
    struct http_settings settings = {.listen = listen,
        .deadline_ms = deadline_ms,
        .connections = connections,
        .metrics = metrics,
        .unhealthy = unhealthy,
        .unready = unready,
        .context = (void *)(uintptr_t) "x 1\n"};
    struct http *http = http_create(base, &settings, &err);
    if (!http)
        printf("# %s\n", err.text);
    CHECK(http != NULL);
    return http;
}

static int dial(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, socket_path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK_INT(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

/* Runs the server until the connection ends; returns what came. */
static const char *drain(int fd)
{
    static char reply[16384];
    size_t used = 0;
    int64_t end = clock_monotonic() + PATIENCE_MS;
    for (ssize_t n = -1; n != 0 && clock_monotonic() < end;) {
        event_base_loop(base, EVLOOP_NONBLOCK);
        n = recv(fd, reply + used, sizeof reply - 1 - used, 0);
        if (n < 0 && errno != EAGAIN)
            break;
        used += n > 0 ? (size_t)n : 0;
    }
    CHECK(clock_monotonic() < end);
    close(fd);
    event_base_loop(base, EVLOOP_NONBLOCK);
    reply[used] = 0;
    return reply;
}

static const char *ask(const char *request)
{
    int fd = dial();
    size_t n = strlen(request);
    CHECK_INT(send(fd, request, n, MSG_NOSIGNAL), n);
    return drain(fd);
}

static void check_status(int line, const char *request, const char *status)
{
    const char *reply = ask(request);
    if (strncmp(reply, "HTTP/1.1 ", 9) != 0 || strncmp(reply + 9, status, strlen(status)) != 0)
        check_fail(__FILE__, line, "%.40s: %.60s", request, reply);
}

#define HOST "Host: x\r\n"
#define STATUS(request, status) check_status(__LINE__, request, status)

static void test_answers(void)
{
    struct http *http = create(listen_unix, 0, 0);
    struct stat st;
    CHECK(stat(socket_path, &st) == 0 && (st.st_mode & 0777) == 0660);
    CHECK_TEXT(ask("GET /metrics HTTP/1.1\r\n" HOST "\r\n"),
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: 4\r\n"
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\nx 1\n");
    const char *reply = ask("HEAD /metrics HTTP/1.0\r\n\r\n");
    CHECK(
        strstr(reply, "Content-Length: 4\r\n") != NULL && strcmp(strstr(reply, "\r\n\r\n"), "\r\n\r\n") == 0);
    CHECK(strstr(ask("GET /healthz?x=1 HTTP/1.0\r\n\r\n"), "\r\n\r\n{\"status\":\"ok\"}\n") != NULL);
    CHECK(strstr(ask("GET /readyz HTTP/1.0\r\n\r\n"), "\r\n\r\n{\"status\":\"ready\"}\n") != NULL);
    sick = "stalled";
    starting = "replaying";
    STATUS("GET /healthz HTTP/1.0\r\n\r\n", "503 ");
    CHECK(strstr(ask("GET /healthz HTTP/1.0\r\n\r\n"), "{\"status\":\"stalled\"}\n") != NULL);
    CHECK(strstr(ask("GET /readyz HTTP/1.0\r\n\r\n"), "{\"status\":\"replaying\"}\n") != NULL);
    sick = starting = NULL;
    http_destroy(http);
    CHECK(stat(socket_path, &st) != 0);
}

static void test_refusals(void)
{
    struct http *http = create(listen_unix, 0, 0);
    STATUS("GET / HTTP/1.1\r\n" HOST "\r\n", "404 ");
    STATUS("GET /metrics/ HTTP/1.1\r\n" HOST "\r\n", "404 ");
    STATUS("POST /metrics HTTP/1.1\r\n" HOST "\r\n", "405 ");
    CHECK(strstr(ask("DELETE /metrics HTTP/1.1\r\n" HOST "\r\n"), "Allow: GET, HEAD\r\n") != NULL);
    STATUS("get /metrics HTTP/1.1\r\n" HOST "\r\n", "405 ");
    STATUS("GET /metrics HTTP/2.0\r\n" HOST "\r\n", "505 ");
    STATUS("GET /metrics\r\n\r\n", "400 ");
    STATUS("GET  /metrics HTTP/1.1\r\n" HOST "\r\n", "400 ");
    STATUS("GET http://x/metrics HTTP/1.1\r\n" HOST "\r\n", "400 ");
    STATUS("GET /metrics HTTP/1.1\r\n\r\n", "400 "); /* no host */
    STATUS("GET /metrics HTTP/1.1\r\n" HOST HOST "\r\n", "400 ");
    STATUS("GET /metrics HTTP/1.1\r\n" HOST " folded: x\r\n\r\n", "400 ");
    STATUS("GET /metrics HTTP/1.1\r\n" HOST ": no name\r\n\r\n", "400 ");
    STATUS("GET /metrics HTTP/1.1\r\n" HOST "a: b\nc: d\r\n\r\n", "400 ");
    STATUS("GET /metrics HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", "413 ");
    STATUS("GET /metrics HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "413 ");
    STATUS("GET /metrics HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "200 ");
    char large[HTTP_HEAD_MAX + 200];
    memset(large, 'a', sizeof large);
    large[sizeof large - 1] = 0;
    memcpy(large, "GET /metrics HTTP/1.1\r\nx: ", 26);
    STATUS(large, "431 ");
    http_destroy(http);
}

/* A head in any two pieces is the same as in one, and none reads past its end. */
static void test_pieces(void)
{
    const char *text = "GET /readyz HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n";
    size_t n = strlen(text);
    struct http_request r;
    for (size_t i = 0; i <= n; i++) {
        char *piece = malloc(i + 1); /* exact, so that a sanitizer sees a step too far */
        memcpy(piece, text, i);
        CHECK_INT(http_request_parse(&r, piece, i), i == n ? 200 : 0);
        free(piece);
    }
    CHECK_TEXT(r.path, "/readyz");
    CHECK_TEXT(r.host, "x");
}

/* Bytes changed at random: whatever they are, there is a status and no more. */
static void test_noise(void)
{
    const char *text = "GET /readyz?a HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n";
    uint64_t random = check_seed;
    size_t n = strlen(text);
    struct http_request r;
    for (int i = 0; i < 20000; i++) {
        char *noisy = strdup(text);
        for (int k = 0; k < 3; k++)
            noisy[check_random(&random) % n] = (char)(check_random(&random) % (i % 2 ? 256 : 64));
        int status = http_request_parse(&r, noisy, n);
        CHECK(status == 0 || (status >= 200 && status <= 505));
        CHECK(status != 200 || (r.path[0] == '/' && !strpbrk(r.path, " ?\r\n")));
        free(noisy);
    }
}

/* A client that never ends its request is cut off. */
static void test_deadline(void)
{
    struct http *http = create(listen_unix, 30, 0);
    int fd = dial();
    CHECK_INT(send(fd, "GET ", 4, MSG_NOSIGNAL), 4);
    CHECK_TEXT(drain(fd), "");
    http_destroy(http);
}

/* Idle connections take all places; one more is served once they are gone. */
static void test_connection_cap(void)
{
    struct http *http = create(listen_unix, 0, 2);
    int idle[2] = {dial(), dial()};
    for (int i = 0; i < 5; i++)
        event_base_loop(base, EVLOOP_NONBLOCK);
    int fd = dial();
    const char *request = "GET /healthz HTTP/1.0\r\n\r\n";
    CHECK_INT(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
    for (int i = 0; i < 20; i++)
        event_base_loop(base, EVLOOP_NONBLOCK);
    char byte;
    CHECK_INT(recv(fd, &byte, 1, 0), -1);
    close(idle[0]);
    CHECK(strstr(drain(fd), "{\"status\":\"ok\"}") != NULL);
    close(idle[1]);
    http_destroy(http);
}

static void on_response(struct evhttp_request *request, void *context)
{
    *(int *)context = request ? evhttp_request_get_response_code(request) : -1;
    if (request)
        CHECK(evbuffer_get_length(evhttp_request_get_input_buffer(request)) > 0);
}

static int get_by_tcp(int port, const char *host, const char *path)
{
    int status = 0;
    int64_t end = clock_monotonic() + PATIENCE_MS;
    struct evhttp_connection *c = evhttp_connection_base_new(base, NULL, "127.0.0.1", (ev_uint16_t)port);
    struct evhttp_request *r = evhttp_request_new(on_response, &status);
    evhttp_add_header(evhttp_request_get_output_headers(r), "Host", host);
    CHECK_INT(evhttp_make_request(c, r, EVHTTP_REQ_GET, path), 0);
    while (status == 0 && clock_monotonic() < end)
        event_base_loop(base, EVLOOP_ONCE);
    evhttp_connection_free(c);
    return status;
}

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_INT(bind(fd, (const struct sockaddr *)&address, length), 0);
    CHECK_INT(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static void test_tcp(void)
{
    char listen[64];
    int port = free_port();
    snprintf(listen, sizeof listen, "127.0.0.1:%d", port);
    struct http *http = create(listen, 0, 0);
    CHECK_INT(get_by_tcp(port, listen, "/metrics"), 200);
    CHECK_INT(get_by_tcp(port, "localhost:1", "/healthz"), 200);
    CHECK_INT(get_by_tcp(port, "[::1]", "/readyz"), 200);
    CHECK_INT(get_by_tcp(port, "evil.example", "/metrics"), 403);
    CHECK_INT(get_by_tcp(port, "localhost.evil.example", "/metrics"), 403);
    CHECK_INT(get_by_tcp(port, listen, "/nothing"), 404);
    http_destroy(http);
}

static void test_addresses(void)
{
    struct http_settings settings = {.metrics = metrics, .unhealthy = unhealthy, .unready = unready};
    static const char *const bad[] = {
        "0.0.0.0:8080", "10.0.0.1:80", "[::]:80", "8080", "unix:relative", "localhost:80", ""};
    struct error err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        settings.listen = bad[i];
        CHECK(http_create(base, &settings, &err) == NULL);
    }
    settings.listen = listen_unix;
    files_write(folder, "http.sock", "a file", 0600);
    CHECK(http_create(base, &settings, &err) == NULL);
    CHECK(strstr(err.text, "something else is there") != NULL);
    unlink(socket_path);
    struct http *http = create(listen_unix, 0, 0);
    CHECK(http_create(base, &settings, &err) == NULL);
    CHECK(strstr(err.text, "another process listens there") != NULL);
    http_destroy(http);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0); /* what a killed daemon leaves */
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, socket_path);
    CHECK_INT(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    close(fd);
    http_destroy(create(listen_unix, 0, 0));
}

int main(int argc, char **argv)
{
    static const struct check_test tests[] = {
        {"what is served", test_answers},
        {"what is refused", test_refusals},
        {"a request in pieces", test_pieces},
        {"noise", test_noise},
        {"a connection has a deadline", test_deadline},
        {"there are only so many connections", test_connection_cap},
        {"loopback, by another HTTP client", test_tcp},
        {"addresses that are refused, sockets left behind", test_addresses},
    };
    base = event_base_new();
    folder = files_temp();
    socket_path = files_path(folder, "http.sock");
    listen_unix = files_path("unix:", socket_path + 1);
    int status = check_main(tests, sizeof tests / sizeof tests[0], argc, argv);
    free(listen_unix);
    free(socket_path);
    files_remove(folder);
    event_base_free(base);
    libevent_global_shutdown();
    return status;
}
