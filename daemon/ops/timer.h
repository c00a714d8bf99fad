/* Events of libevent, with spans in ms. */
#ifndef JIANDU_OPS_TIMER_H
#define JIANDU_OPS_TIMER_H

#include <event2/event.h>
#include <stdint.h>

/* Lets the event fire in so many ms, below 0 at once (a persistent one: every so many), whatever was set
 * before. Like all memory that is needed, what libevent needs for it is there, or the process ends: a timer
 * that never fires would be a daemon that hangs. */
void timer_in(struct event *, int64_t ms);
/* The same for an event of a signal or a descriptor, without a limit of time. */
void timer_unlimited(struct event *);
/* NULL is fine. */
void timer_free(struct event *);

#endif
