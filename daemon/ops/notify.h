/* What the daemon tells systemd about itself: the protocol of sd_notify(3), without its library. Without
 * $NOTIFY_SOCKET everything here does nothing. */
#ifndef JIANDU_OPS_NOTIFY_H
#define JIANDU_OPS_NOTIFY_H

#include <stdint.h>

/* 1 if it was sent, 0 if nobody listens, -1 with errno. `state` is lines of VARIABLE=VALUE. */
int notify_send(const char *state);

/* Start-up is done: `status` says in words what it does now. */
int notify_ready(const char *status);
int notify_status(const char *status);
int notify_stopping(void);
/* Feed it on progress, not on a bare timer. */
int notify_watchdog(void);
/* How often to feed it, in ms: half of what systemd grants. 0: no watchdog, or not for this process. */
int64_t notify_watchdog_interval(void);

#endif
