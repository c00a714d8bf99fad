#include "daemon/ctl/scrape.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE 5         /* s, for each step */
#define PAGE_MAX (1 << 24) /* bytes */
#define LABELS_MAX 256

union address {
    struct sockaddr any;
    struct sockaddr_un local;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

/* The forms were checked when the configuration was read. */
static socklen_t address_of(const char *listen, union address *a)
{
    memset(a, 0, sizeof *a);
    const char *port = strrchr(listen, ':');
    in_port_t number = port ? htons((in_port_t)strtoul(port + 1, NULL, 10)) : 0;
    if (strncmp(listen, "unix:", 5) == 0) {
        a->local.sun_family = AF_UNIX;
        memcpy(a->local.sun_path, listen + 5, strnlen(listen + 5, sizeof a->local.sun_path - 1));
        return sizeof a->local;
    }
    if (listen[0] == '[') {
        a->six.sin6_family = AF_INET6;
        a->six.sin6_port = number;
        a->six.sin6_addr = in6addr_loopback;
        return sizeof a->six;
    }
    a->four.sin_family = AF_INET;
    a->four.sin_port = number;
    a->four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof a->four;
}

static int open_socket(const char *listen)
{
    union address a;
    socklen_t length = address_of(listen, &a);
    const struct timeval patience = {.tv_sec = PATIENCE};
    int fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, &a.any, length) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Everything up to the end of the connection. */
static char *read_all(int fd)
{
    char *text = NULL;
    size_t used = 0, size = 0;
    for (;;) {
        if (size - used < 4096) {
            size = size ? 2 * size : 65536;
            char *more = size <= PAGE_MAX ? realloc(text, size) : NULL;
            if (!more)
                break;
            text = more;
        }
        ssize_t n = read(fd, text + used, size - used - 1);
        if (n == 0) {
            text[used] = '\0';
            return text;
        }
        if (n < 0)
            break;
        used += (size_t)n;
    }
    free(text);
    return NULL;
}

char *scrape_metrics(const char *listen, struct error *err)
{
    static const char request[] = "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n";
    int fd = open_socket(listen);
    char *page = NULL;
    if (fd < 0) {
        error_set(err, "%s: %s", listen, strerror(errno));
        return NULL;
    }
    if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL) == (ssize_t)(sizeof request - 1))
        page = read_all(fd);
    close(fd);
    if (page && strncmp(page, "HTTP/1.", 7) == 0 && strncmp(page + 8, " 200", 4) == 0)
        return page;
    error_set(err, "%s does not answer with its metrics", listen);
    free(page);
    return NULL;
}

void scrape_each(const char *page, const char *name, const char *value,
    void (*visit)(void *context, const char *labels), void *context)
{
    size_t length = strlen(name);
    for (const char *line = page; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) != 0 || line[length] != '{')
            continue;
        const char *first = line + length + 1, *last = strstr(first, "} ");
        char labels[LABELS_MAX];
        if (!last || last - first >= LABELS_MAX)
            return;
        size_t n = strcspn(last + 2, "\r\n");
        if (n != strlen(value) || memcmp(last + 2, value, n) != 0)
            continue;
        snprintf(labels, sizeof labels, "%.*s", (int)(last - first), first);
        visit(context, labels);
    }
}

const char *scrape_label(const char *labels, const char *name, char *out, size_t size)
{
    char head[64];
    int n = snprintf(head, sizeof head, "%s=\"", name);
    const char *found = strstr(labels, head);
    out[0] = '\0';
    if (found)
        snprintf(out, size, "%.*s", (int)strcspn(found + n, "\""), found + n);
    return out;
}
