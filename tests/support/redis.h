/* A private redis-server for a test: on a unix socket in a folder of its own, ended and removed whatever
 * happens. */
#ifndef JIANDU_TESTS_SUPPORT_REDIS_H
#define JIANDU_TESTS_SUPPORT_REDIS_H

#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <sys/types.h>

struct redis_server {
    pid_t pid; /* 0: not running */
    char dir[64], socket[80], url[96];
    int port, tls_port;         /* 0: the unix socket only */
    const char *const *options; /* further arguments, NULL-terminated; borrowed */
};

/* Each ends the test program with a message when it cannot do what it says. */
void redis_start(struct redis_server *, const char *const *options);
void redis_start_tcp(struct redis_server *, const char *const *options);
/* Beside the unix socket it listens with TLS, and its url is rediss://localhost:PORT; certificate, key and
 * authority are options. */
void redis_start_tls(struct redis_server *, const char *const *options);
void redis_again(struct redis_server *);         /* starts it again, over the same folder */
void redis_again_loading(struct redis_server *); /* the same, without waiting until it has loaded */
void redis_kill(struct redis_server *);          /* SIGKILL */
void redis_end(struct redis_server *);           /* SIGTERM */
void redis_freeze(struct redis_server *);
void redis_thaw(struct redis_server *);
void redis_remove(struct redis_server *); /* ends it and removes its folder; fine to call twice */

/* A connection, once the server takes commands. */
redisContext *redis_client(const struct redis_server *);
/* Runs a command; the reply must not be NULL. Free it with freeReplyObject. */
redisReply *redis_do(redisContext *, const char *format, ...);
/* The same, for the number of an integer reply, or -1. */
long long redis_int(redisContext *, const char *format, ...);
/* Whether the reply is no error. */
bool redis_ok(redisContext *, const char *format, ...);

#endif
