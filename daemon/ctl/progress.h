/* A progress bar on a terminal for what takes over a second; silent where stderr is not a terminal. */
#ifndef JIANDU_CTL_PROGRESS_H
#define JIANDU_CTL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what;
    uint64_t total; /* 0: not known, only a count is shown */
    uint64_t calls;
    int64_t started, shown; /* ms of the monotonic clock */
    bool visible, drawn;
};

/* `what` is borrowed. */
void progress_init(struct progress *, const char *what, uint64_t total);
/* Cheap: looks at the clock only now and then. */
void progress_update(struct progress *, uint64_t done);
/* Wipes the bar. */
void progress_end(struct progress *);

#endif
