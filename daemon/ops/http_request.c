#include "daemon/ops/http_request.h"

#include <string.h>
#include <strings.h>

static bool is_token(const char *text, size_t n)
{
    static const char set[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (size_t i = 0; i < n; i++)
        if (!text[i] || !strchr(set, text[i]))
            return false;
    return n > 0;
}

/* The end of the line at `at`, and its length without CR LF; NULL if it has a control character. */
static const char *line_end(const char *at, const char *end, size_t *n)
{
    const char *line = at;
    for (; at + 1 < end && !(at[0] == '\r' && at[1] == '\n'); at++)
        if ((unsigned char)*at < 0x20 && *at != '\t')
            return NULL;
    *n = (size_t)(at - line);
    return at + 2;
}

/* METHOD SP /PATH[?QUERY] SP HTTP/1.x */
static int parse_first(struct http_request *r, const char *line, size_t n, bool *needs_host)
{
    const char *end = line + n, *method = memchr(line, ' ', n);
    const char *target = method ? method + 1 : end;
    const char *space = memchr(target, ' ', (size_t)(end - target));
    if (!method || !space || !is_token(line, (size_t)(method - line)) || *target != '/')
        return 400;
    for (const char *at = target; at < space; at++)
        if (*at <= ' ' || *at > '~')
            return 400;
    size_t version = (size_t)(end - space) - 1, path = strcspn(target, "? ");
    if (version != 8 || memcmp(space + 1, "HTTP/", 5) != 0)
        return 400;
    if (memcmp(space + 6, "1.0", 3) != 0 && memcmp(space + 6, "1.1", 3) != 0)
        return 505;
    *needs_host = space[8] == '1';
    r->head_only = method - line == 4 && memcmp(line, "HEAD", 4) == 0;
    if (!r->head_only && (method - line != 3 || memcmp(line, "GET", 3) != 0))
        return 405;
    if (path >= sizeof r->path)
        return 404;
    memcpy(r->path, target, path);
    r->path[path] = 0;
    return 200;
}

static bool is_called(const char *name, size_t n, const char *expected)
{
    return strlen(expected) == n && strncasecmp(name, expected, n) == 0;
}

static int parse_header(struct http_request *r, const char *line, size_t n)
{
    const char *colon = memchr(line, ':', n);
    if (!colon || !is_token(line, (size_t)(colon - line)))
        return 400;
    const char *value = colon + 1, *end = line + n;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    size_t name = (size_t)(colon - line), length = (size_t)(end - value);
    if (is_called(line, name, "transfer-encoding"))
        return 413;
    if (is_called(line, name, "content-length"))
        return length == 1 && *value == '0' ? 200 : 413;
    if (!is_called(line, name, "host"))
        return 200;
    if (*r->host || length == 0 || length >= sizeof r->host)
        return 400;
    memcpy(r->host, value, length);
    r->host[length] = 0;
    return 200;
}

int http_request_parse(struct http_request *r, const char *text, size_t length)
{
    const char *blank = memmem(text, length, "\r\n\r\n", 4), *end, *at;
    bool needs_host = false;
    size_t n;
    *r = (struct http_request){0};
    if (!blank)
        return length >= HTTP_HEAD_MAX ? 431 : 0;
    end = blank + 2;
    if (blank + 4 - text > HTTP_HEAD_MAX)
        return 431;
    at = line_end(text, end, &n);
    int status = at ? parse_first(r, text, n, &needs_host) : 400;
    while (status == 200 && at < end) {
        const char *line = at;
        at = line_end(line, end, &n);
        status = at ? parse_header(r, line, n) : 400;
    }
    return status == 200 && needs_host && !*r->host ? 400 : status;
}
