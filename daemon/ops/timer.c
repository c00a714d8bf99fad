#include "daemon/ops/timer.h"

#include "daemon/base/memory.h"

struct timeval timer_span(int64_t ms)
{
    if (ms < 0)
        ms = 0;
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
}

void timer_in(struct event *event, int64_t ms)
{
    const struct timeval span = timer_span(ms);
    if (event_add(event, &span) != 0)
        memory_exhausted("a timer");
}

void timer_unlimited(struct event *event)
{
    if (event_add(event, NULL) != 0)
        memory_exhausted("an event");
}
