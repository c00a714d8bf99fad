#include "daemon/ops/timer.h"

struct timeval timer_span(int64_t ms)
{
    if (ms < 0)
        ms = 0;
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
}

int timer_in(struct event *event, int64_t ms)
{
    const struct timeval span = timer_span(ms);
    return event_add(event, &span);
}
