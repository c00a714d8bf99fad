/* One connection to Redis: hiredis formats and parses, a libevent bufferevent carries the bytes, and the rest
 * (time-outs, limits, authentication, reconnecting with back-off) is one small state machine:
 *
 *   idle -> connecting -> authenticating -> ready
 *              |                |             |
 *              +----------------+-------------+--> backing_off -> connecting
 *                               +--> stopped (password or rights are wrong: trying again would not help)
 *
 * Replies come in the order of the commands. When a connection goes, each command still open gets a NULL
 * reply: whether Redis ran it is unknown. Callbacks may send, reset or stop the link, but not destroy it.
 * SIGPIPE must be ignored by the program. */
#ifndef JIANDU_STREAM_LINK_H
#define JIANDU_STREAM_LINK_H

#include <event2/event.h>
#include <hiredis/hiredis.h>

#include "daemon/base/error.h"
#include "daemon/stream/command.h"
#include "daemon/stream/tls.h"
#include "daemon/stream/url.h"

enum link_state {
    LINK_IDLE,
    LINK_CONNECTING,
    LINK_AUTHENTICATING,
    LINK_READY,
    LINK_BACKING_OFF,
    LINK_STOPPED
};

struct link_settings {
    struct redis_url url;
    struct tls_settings tls;     /* of a rediss:// URL; its server_name may be NULL: the URL's host */
    const char *user, *password; /* NULL: none; borrowed */
    int connect_timeout, command_timeout; /* ms */
    int backoff_min, backoff_max;         /* ms: the first and the longest pause, before jitter */
    size_t write_limit;                   /* bytes waiting to be sent above which link_send refuses */
    uint64_t jitter_seed;                 /* not 0 */
};

/* Defaults for a Redis nearby. */
void link_settings_defaults(struct link_settings *);
/* What a configuration says; texts are borrowed from it. -1: the address or the files for TLS are not usable.
 */
struct config;
int link_settings_read(struct link_settings *, const struct config *, struct error *err);

struct link_handlers {
    void (*ready)(void *context);
    void (*lost)(
        void *context, const char *why); /* an attempt failed or the connection went; it tries again */
    void (*fatal)(void *context, const char *why);
    void *context;
    /* For replies that are not to become trees: own functions for hiredis' reader, used once the link is
     * ready. Both NULL: replies are redisReply, freed by the link after the callback. */
    const redisReplyObjectFunctions *functions;
    void *privdata;
};

/* `reply` is a redisReply, or whatever the own functions made; NULL: the connection went first. */
typedef void (*link_reply)(void *context, void *reply);

struct link;

struct link *link_create(struct event_base *base, const struct link_settings *settings,
    const struct link_handlers *handlers, struct error *err);
void link_destroy(struct link *);
enum link_state link_state(const struct link *);

void link_start(struct link *);
/* Closes and stays closed until link_start. Open commands get their NULL replies; `lost` is not called. */
void link_stop(struct link *);
/* Closes, and tries again after the next pause. `lost` is called with `why`. Without effect unless connected.
 */
void link_reset(struct link *, const char *why);
/* All is well: the next pause is the shortest again. */
void link_settled(struct link *);

/* Sends at once, as far as the socket takes it. `patience` ms are added to the command time-out (for BLOCK).
 * -1: not ready, or too much is waiting; then `done` is not called. */
int link_send(struct link *, const struct wire *wire, int patience, link_reply done, void *context);
/* The same for a command built on the spot. */
int link_command(struct link *, const struct command *command, link_reply done, void *context);

#endif
