#include "daemon/ops/os_signals.h"

#include "daemon/base/memory.h"
#include "daemon/ops/timer.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct os_signals {
    int fd;
    struct event *event;
    os_signals_handler handler;
    void *context;
};

static void on_signal(evutil_socket_t fd, short what, void *context)
{
    struct os_signals *s = context;
    struct signalfd_siginfo from;
    (void)what;
    if (read((int)fd, &from, sizeof from) == (ssize_t)sizeof from)
        s->handler(s->context, (int)from.ssi_signo, (long)from.ssi_uid, (long)from.ssi_pid);
}

struct os_signals *os_signals_create(
    struct event_base *base, const int *numbers, os_signals_handler handler, void *context, struct error *err)
{
    sigset_t set;
    sigemptyset(&set);
    for (const int *number = numbers; *number; number++)
        sigaddset(&set, *number);
    int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0) {
        error_set(err, "signalfd: %s", strerror(errno));
        return NULL;
    }
    sigprocmask(SIG_BLOCK, &set, NULL);
    struct os_signals *s = memory_zeroed(1, sizeof *s, "the signals");
    s->fd = fd;
    s->handler = handler;
    s->context = context;
    s->event = memory_need(event_new(base, fd, EV_READ | EV_PERSIST, on_signal, s), "the signals");
    timer_unlimited(s->event);
    return s;
}

void os_signals_destroy(struct os_signals *s)
{
    if (!s)
        return;
    timer_free(s->event);
    close(s->fd);
    free(s);
}
