/* The only place that reads a clock. The engine has none: its time comes with the events. */
#ifndef JIANDU_OPS_CLOCK_H
#define JIANDU_OPS_CLOCK_H

#include <stdint.h>

/* ms since some moment, never going back: for leases, time-outs and intervals. */
int64_t clock_monotonic(void);
/* The same in ns, for rates. */
int64_t clock_monotonic_ns(void);
/* ms since the epoch: for the log and for people. */
int64_t clock_wall(void);

#endif
