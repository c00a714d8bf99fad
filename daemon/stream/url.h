/* redis.url: where Redis listens. */
#ifndef JIANDU_STREAM_URL_H
#define JIANDU_STREAM_URL_H

#include "daemon/base/error.h"

enum redis_transport { REDIS_UNIX, REDIS_TCP, REDIS_TLS };

struct redis_url {
    enum redis_transport transport;
    char path[108]; /* REDIS_UNIX: what a sockaddr_un holds */
    char host[256]; /* otherwise */
    int port;
};

/* Accepts unix:///path, redis://host[:port] and rediss://host[:port]; an IPv6 address stands in brackets. */
int redis_url_parse(struct redis_url *url, const char *text, struct error *err);

#endif
