/* A plain, synchronous connection to the Redis of a configuration, for tools that ask and end. */
#ifndef JIANDU_CTL_CLIENT_H
#define JIANDU_CTL_CLIENT_H

#include "daemon/ops/config.h"

#include <hiredis/hiredis.h>

/* Connected and authenticated, or NULL with the reason. redisFree() ends it. */
redisContext *client_open(const struct config *, struct error *err);
/* Sends a command of `argc` arguments given with their lengths. NULL, with the reason, if the connection
 * failed or Redis answered with an error. freeReplyObject() ends the reply. */
redisReply *client_call(
    redisContext *, struct error *err, int argc, const char **argv, const size_t *lengths);
/* The same for words without NUL, ended by NULL. */
redisReply *client_words(redisContext *, struct error *err, ...) __attribute__((sentinel));

/* Writes "jiandu:{NAME}:suffix" to `out`, cut if it does not fit; returns `out`. */
const char *client_key(const struct config *, const char *suffix, char *out, size_t size);

#endif
