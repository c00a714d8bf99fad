/* A proxy between an instance and Redis, on the instance's own event loop: to lose replies, and to lead to
 * another server. */
#ifndef JIANDU_TESTS_SUPPORT_PROXY_H
#define JIANDU_TESTS_SUPPORT_PROXY_H

#include <event2/event.h>
#include <stdbool.h>

#include "tests/support/redis.h"

struct proxy {
    struct event_base *base;
    struct evconnlistener *listener;
    struct redis_server face;          /* its socket and url are the proxy's own */
    const struct redis_server *server; /* where it leads; change it with proxy_lead */
    struct proxy_pair *pairs;
    const char
        *lose; /* a request that holds this text is passed on, its reply lost, and the connection cut; once */
    int lost;  /* replies */
};

void proxy_init(struct proxy *, struct event_base *base, const struct redis_server *server);
void proxy_fini(struct proxy *);
/* Cuts all connections; new ones lead to this server. */
void proxy_lead(struct proxy *, const struct redis_server *server);

#endif
