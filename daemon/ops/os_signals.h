/* Signals as events of the loop, with who has sent them: each is an operator's act, and stands in the log. */
#ifndef JIANDU_OPS_OS_SIGNALS_H
#define JIANDU_OPS_OS_SIGNALS_H

#include "daemon/base/error.h"

#include <event2/event.h>

struct os_signals;

/* `uid` and `pid` are the sender's, as the kernel knows them; 0 and 0: the kernel's own, as of Ctrl-C. */
typedef void (*os_signals_handler)(void *context, int number, long uid, long pid);

/* From now on these signals (0 ends the list) come here only. `base` is borrowed. NULL: the reason. */
struct os_signals *os_signals_create(
    struct event_base *base, const int *numbers, os_signals_handler, void *context, struct error *err);
/* They are ignored from then on: the process is about to end. NULL is fine. */
void os_signals_destroy(struct os_signals *);

#endif
