/* A service under test, over a fake engine: an instance that can be started, stopped and abandoned as by
 * SIGKILL. */
#ifndef JIANDU_TESTS_SUPPORT_INSTANCE_H
#define JIANDU_TESTS_SUPPORT_INSTANCE_H

#include "daemon/stream/service.h"
#include "tests/support/fake_host.h"
#include "tests/support/redis.h"

struct instance {
    struct event_base *base; /* shared between instances of a test */
    struct service_settings settings;
    struct service *service;
    struct fake_host host;
    int stopped, exit_code;
    char why[512];
};

/* Settings with short times for `server`; change them before instance_start. */
void instance_init(
    struct instance *, struct event_base *base, const struct redis_server *server, const char *name);
void instance_start(struct instance *);
/* Gone from one moment to the next; its snapshots stay. */
void instance_abandon(struct instance *);
/* Stops it and waits. */
void instance_stop(struct instance *);
void instance_fini(struct instance *);
bool instance_running(const struct instance *);
/* Redis has everything up to this entry. */
bool instance_committed(redisContext *client, const char *position);
/* Waits until it has everything up to the entry n-0. */
void instance_wait(struct event_base *base, redisContext *client, int n);

#endif
