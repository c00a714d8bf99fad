#include "daemon/ops/complain.h"

#include "daemon/ops/clock.h"
#include "daemon/ops/log.h"

bool complain_due(struct complaint *c, int64_t now)
{
    if (c->times++ == 0) {
        c->first = now;
        c->interval = COMPLAIN_FIRST_INTERVAL;
    } else if (now < c->next) {
        return false;
    } else if (c->interval < COMPLAIN_LONGEST_INTERVAL / 2) {
        c->interval *= 2;
    } else {
        c->interval = COMPLAIN_LONGEST_INTERVAL;
    }
    c->next = now + c->interval;
    return true;
}

void complain(struct complaint *c, const char *event, const char *message)
{
    int64_t now = clock_monotonic();
    if (complain_due(c, now))
        log_warn(event, message, LOG_INT("times", c->times), LOG_INT("for_ms", now - c->first));
}

void complain_resolved(struct complaint *c, const char *event, const char *message)
{
    if (c->times)
        log_info(event, message, LOG_INT("times", c->times), LOG_INT("for_ms", clock_monotonic() - c->first));
    *c = (struct complaint){0};
}
