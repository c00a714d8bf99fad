#include "daemon/ctl/progress.h"

#include "daemon/ops/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define PATIENCE_MS 1000 /* what is faster needs no bar */
#define REDRAW_MS 100
#define CALLS_PER_LOOK 1024
#define WIDTH 40

void progress_init(struct progress *p, const char *what, uint64_t total)
{
    *p = (struct progress){.what = what, .total = total, .visible = isatty(STDERR_FILENO) == 1};
    p->started = p->visible ? clock_monotonic() : 0;
}

static void draw(struct progress *p, uint64_t done)
{
    if (!p->total) {
        fprintf(stderr, "\r%s %" PRIu64 " ", p->what, done);
    } else {
        int percent = (int)(done >= p->total ? 100 : done * 100 / p->total);
        int filled = WIDTH * percent / 100;
        fprintf(stderr, "\r%s [%.*s%*s] %3d %%", p->what, filled, "########################################",
            WIDTH - filled, "", percent);
    }
    fflush(stderr);
    p->drawn = true;
}

void progress_update(struct progress *p, uint64_t done)
{
    if (!p->visible || ++p->calls % CALLS_PER_LOOK)
        return;
    int64_t now = clock_monotonic();
    if (now - p->started < PATIENCE_MS || now - p->shown < REDRAW_MS)
        return;
    p->shown = now;
    draw(p, done);
}

void progress_end(struct progress *p)
{
    if (p->drawn)
        fprintf(stderr, "\r%*s\r", (int)(WIDTH + 40), "");
}
