#include "daemon/stream/url.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_PORT 6379

static const char *after(const char *text, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(text, prefix, n) == 0 ? text + n : NULL;
}

static int parse_path(struct redis_url *url, const char *path, struct error *err)
{
    if (path[0] != '/' || path[1] == '\0')
        return error_set(err, "the socket's path must be absolute, as in unix:///run/redis/redis.sock");
    if (strlen(path) >= sizeof url->path)
        return error_set(err, "the socket's path is longer than %zu bytes", sizeof url->path - 1);
    memcpy(url->path, path, strlen(path) + 1);
    return 0;
}

static int parse_port(struct redis_url *url, const char *text, struct error *err)
{
    char *end;
    long port = strtol(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || port < 1 || port > 65535)
        return error_set(err, "\"%s\" is not a port (1 to 65535)", text);
    url->port = (int)port;
    return 0;
}

static int parse_host(struct redis_url *url, const char *text, struct error *err)
{
    if (strchr(text, '@'))
        return error_set(
            err, "user and password do not belong into the URL: use redis.user and redis.password_file");
    if (strchr(text, '/'))
        return error_set(err, "nothing may follow host and port: a database number is not supported");
    const char *host = text, *end;
    if (text[0] == '[') {
        host = text + 1;
        end = strchr(host, ']');
        if (!end || (end[1] != '\0' && end[1] != ':'))
            return error_set(err, "an IPv6 address stands in brackets, as in redis://[::1]:6379");
        text = end + 1;
    } else {
        end = host + strcspn(host, ":");
        text = end;
    }
    size_t length = (size_t)(end - host);
    if (length == 0 || length >= sizeof url->host)
        return error_set(err, "the host name is %s", length ? "too long" : "missing");
    memcpy(url->host, host, length);
    url->host[length] = '\0';
    url->port = DEFAULT_PORT;
    return *text == ':' ? parse_port(url, text + 1, err) : 0;
}

int redis_url_parse(struct redis_url *url, const char *text, struct error *err)
{
    memset(url, 0, sizeof *url);
    const char *rest;
    if ((rest = after(text, "unix://"))) {
        url->transport = REDIS_UNIX;
        return parse_path(url, rest, err);
    }
    if ((rest = after(text, "redis://"))) {
        url->transport = REDIS_TCP;
        return parse_host(url, rest, err);
    }
    if ((rest = after(text, "rediss://"))) {
        url->transport = REDIS_TLS;
        return parse_host(url, rest, err);
    }
    return error_set(err, "\"%.64s\" is none of unix:///path, redis://host:port, rediss://host:port", text);
}
