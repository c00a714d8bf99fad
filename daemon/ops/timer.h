/* Spans of ms for libevent and hiredis, which count in struct timeval. */
#ifndef JIANDU_OPS_TIMER_H
#define JIANDU_OPS_TIMER_H

#include <event2/event.h>
#include <stdint.h>
#include <sys/time.h>

/* Below 0: 0. */
struct timeval timer_span(int64_t ms);
/* Lets the event fire in so many ms (a persistent one: every so many), whatever was set before; -1 if memory
 * ran out. */
int timer_in(struct event *, int64_t ms);

#endif
