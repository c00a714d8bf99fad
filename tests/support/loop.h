/* Running an event loop until something has happened, or ten seconds have passed. */
#ifndef JIANDU_TESTS_SUPPORT_LOOP_H
#define JIANDU_TESTS_SUPPORT_LOOP_H

#include <event2/event.h>
#include <stdbool.h>

struct loop_limit {
    struct event *timer;
    bool over;
};

void loop_limit_init(struct loop_limit *, struct event_base *base, int seconds);
void loop_limit_fini(struct loop_limit *);

#define LOOP_UNTIL(base, condition)                                                                          \
    do {                                                                                                     \
        struct loop_limit limit_;                                                                            \
        loop_limit_init(&limit_, (base), 10);                                                                \
        while (!(condition) && !limit_.over)                                                                 \
            event_base_loop((base), EVLOOP_ONCE);                                                            \
        loop_limit_fini(&limit_);                                                                            \
        CHECK(condition);                                                                                    \
    } while (0)

/* Lets the loop run for so many ms: for what must not happen. */
void loop_for(struct event_base *base, int ms);

#endif
