/* The Redis of a configuration, for tools that ask and end: each call waits for its answer. Over the daemon's
 * own kind of connection, so passwords, TLS and time-outs are the same, but one that went stays gone. */
#ifndef JIANDU_CTL_CLIENT_H
#define JIANDU_CTL_CLIENT_H

#include "daemon/ops/config.h"

#include <hiredis/hiredis.h>

struct client;

/* Whether it can be tried: the address, and the files for TLS. */
int client_check(const struct config *, struct error *err);
/* Connected and authenticated, or NULL with the reason. `config` is borrowed. */
struct client *client_open(const struct config *, struct error *err);
void client_close(struct client *);

/* Sends a command of `argc` arguments given with their lengths. NULL, with the reason, if the connection
 * failed or Redis answered with an error. freeReplyObject() ends the reply. */
redisReply *client_call(
    struct client *, struct error *err, int argc, const char **argv, const size_t *lengths);
/* The same for words without NUL, ended by NULL. */
redisReply *client_words(struct client *, struct error *err, const char *command, ...)
    __attribute__((sentinel));

/* Sends without waiting. -1: the connection failed. */
int client_queue(struct client *, struct error *err, int argc, const char **argv, const size_t *lengths);
/* Waits for all answers that are open. -1: the connection failed or one of them is an error. */
int client_settle(struct client *, struct error *err);

/* The value of a field of an entry of a stream; NULL if it has none such. */
const redisReply *client_field(const redisReply *entry, const char *name);

#endif
