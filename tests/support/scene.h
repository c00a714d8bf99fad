/* What most tests of a service need: a redis-server, an event loop, and two instances that can be started. */
#ifndef JIANDU_TESTS_SUPPORT_SCENE_H
#define JIANDU_TESTS_SUPPORT_SCENE_H

#include "tests/support/check.h"
#include "tests/support/instance.h"
#include "tests/support/loop.h"

#define EVENTS "jiandu:{t}:events"

struct scene {
    struct redis_server server;
    redisContext *client;
    struct event_base *base;
    struct instance a, b; /* b for what takes two */
};

/* Redis with these further arguments (NULL: none); no instance runs yet. */
void scene_open(struct scene *, const char *const *options);
void scene_close(struct scene *);
/* Adds the orders 1 to n, starts a, and waits until it has committed them. */
void scene_run(struct scene *, int n);
/* Until everything up to the entry n-0 is committed. */
void scene_wait(struct scene *, int n);
/* Waits until a ends by itself: with this code, and a reason that holds this word. */
void scene_check_ends(struct scene *, int exit_code, const char *word);

#endif
