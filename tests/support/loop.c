#include "tests/support/loop.h"

#include "daemon/ops/timer.h"

static void on_limit(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    *(bool *)context = true;
}

static void start(struct loop_limit *limit, struct event_base *base, int ms)
{
    limit->over = false;
    limit->timer = evtimer_new(base, on_limit, &limit->over);
    timer_in(limit->timer, ms);
}

void loop_limit_init(struct loop_limit *limit, struct event_base *base, int seconds)
{
    start(limit, base, seconds * 1000);
}

void loop_limit_fini(struct loop_limit *limit)
{
    event_free(limit->timer);
}

void loop_for(struct event_base *base, int ms)
{
    struct loop_limit limit;
    start(&limit, base, ms);
    while (!limit.over)
        event_base_loop(base, EVLOOP_ONCE);
    loop_limit_fini(&limit);
}
