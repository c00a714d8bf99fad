#include "daemon/ops/timer.h"

#include "daemon/base/memory.h"

/* Below 0: 0. */
static struct timeval span_of(int64_t ms)
{
    if (ms < 0)
        ms = 0;
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
}

void timer_in(struct event *event, int64_t ms)
{
    const struct timeval span = span_of(ms);
    if (event_add(event, &span) != 0)
        memory_exhausted("a timer");
}

void timer_unlimited(struct event *event)
{
    if (event_add(event, NULL) != 0)
        memory_exhausted("an event");
}

void timer_free(struct event *event)
{
    if (event)
        event_free(event);
}
