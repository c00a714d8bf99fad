/* The daemon's window: GET and HEAD of /metrics, /healthz and /readyz, on a unix socket (0660) or on
 * loopback.
 *
 * One request a connection, then it is closed; a request has no body. Each connection has a total deadline,
 * and there are only so many at a time. On TCP the Host must be this host's own, so that no web page can read
 * it through a browser. */
#ifndef JIANDU_OPS_HTTP_H
#define JIANDU_OPS_HTTP_H

#include "daemon/base/error.h"

#include <event2/event.h>
#include <stddef.h>

struct http;

struct http_settings {
    const char *listen;   /* unix:/path, 127.0.0.1:port or [::1]:port; anything else is refused */
    int deadline_ms;      /* from accepting to the last byte; 0: 10 s */
    unsigned connections; /* at a time; 0: 16. More wait in the kernel's queue */
    /* What is served. Texts of `metrics` are freed with free(). */
    char *(*metrics)(void *context, size_t *length);
    const char *(*unhealthy)(void *context); /* NULL: healthy; else one word that says why not */
    const char *(*unready)(void *context);   /* the same for readiness */
    void *context;
};

struct http *http_create(struct event_base *base, const struct http_settings *settings, struct error *err);
/* Closes everything, and removes the unix socket. Not to be called from a callback of it. */
void http_destroy(struct http *);

#endif
