/* The head of an HTTP request, read strictly: what other servers guess about is refused here. Pure. */
#ifndef JIANDU_OPS_HTTP_REQUEST_H
#define JIANDU_OPS_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#define HTTP_HEAD_MAX 8192 /* bytes of request line and headers */
#define HTTP_PATH_MAX 128  /* ours are short */

struct http_request {
    bool head_only;           /* HEAD, not GET */
    char path[HTTP_PATH_MAX]; /* without a query */
    char host[HTTP_PATH_MAX]; /* "" if there is none */
};

/* 0: the head is not complete yet. 200: it is, and can be answered. Else the status that refuses it: 400
 * malformed, 404 a path too long to be one of ours, 405 neither GET nor HEAD, 413 with a body, 431 too large,
 * 505 not HTTP/1. */
int http_request_parse(struct http_request *request, const char *text, size_t length);

#endif
