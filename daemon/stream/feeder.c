#include "daemon/stream/feeder.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"

/* What the reading thread hands over: a call of one of the reader's handlers. */
enum parcel_kind { PARCEL_BATCH, PARCEL_IDLE, PARCEL_GAP, PARCEL_QUIET, PARCEL_LOST, PARCEL_FAILED };

struct parcel {
    enum parcel_kind kind;
    struct batch batch;
    struct decoder_counts counts;
    struct entry_id limit;
    uint64_t pause; /* that it became quiet in */
    char why[320];
};

/* What the other one asks for, and waits until it is done. */
struct order {
    enum { ORDER_NONE, ORDER_START, ORDER_STOP, ORDER_QUIT } kind;
    struct decoder *decoder;
    struct entry_id position;
};

struct limit {
    bool set;
    struct entry_id last;
};

struct feeder {
    bool threaded;
    struct reader *reader; /* the reading thread's own, as is `inner` */
    struct event_base *inner;
    pthread_t thread;
    bool started;

    /* on the thread of the base */
    struct reader_handlers handlers;
    struct event *arrivals;
    const struct decoder *decoder;
    struct decoder_counts counts;
    bool running, connected, delivering;

    /* between the two, under the lock */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct order order;
    bool paused;
    struct limit limit;
    uint64_t pauses;                    /* asked for so far */
    struct parcel ring[FEEDER_BATCHES]; /* the one being delivered is still in it */
    unsigned first, count;
    int arrived, ordered; /* eventfds; `arrived` counts parcels */
    struct event *orders;
};

static void signal_on(int fd)
{
    uint64_t one = 1;
    ssize_t n = write(fd, &one, sizeof one);
    (void)n; /* full means that it is signalled already */
}

static void take_signal(int fd)
{
    uint64_t value;
    ssize_t n = read(fd, &value, sizeof value);
    (void)n;
}

/* ---- on the reading thread ---- */

/* A free place in the ring, which it may have to wait for; the lock is held. NULL: what was read is not
 * wanted any more. */
static struct parcel *place_for(struct feeder *f, enum parcel_kind kind)
{
    while (f->count == FEEDER_BATCHES && f->order.kind == ORDER_NONE)
        pthread_cond_wait(&f->changed, &f->lock);
    if (f->order.kind != ORDER_NONE)
        return NULL;
    struct parcel *p = &f->ring[(f->first + f->count++) % FEEDER_BATCHES];
    p->kind = kind;
    return p;
}

static void post(struct feeder *f, enum parcel_kind kind, struct batch *batch, const char *why)
{
    pthread_mutex_lock(&f->lock);
    struct parcel *p = place_for(f, kind);
    if (p) {
        p->pause = f->pauses;
        snprintf(p->why, sizeof p->why, "%s", why);
        if (batch) {
            p->counts = *decoder_counts(batch->decoder);
            batch_take(&p->batch, batch);
        }
        signal_on(f->arrived);
    }
    pthread_mutex_unlock(&f->lock);
}

static void send_batch(void *context, struct batch *batch)
{
    post(context, PARCEL_BATCH, batch, "");
}

static void send_idle(void *context)
{
    post(context, PARCEL_IDLE, NULL, "");
}

static void send_gap(void *context, struct entry_id limit)
{
    struct feeder *f = context;
    pthread_mutex_lock(&f->lock);
    struct parcel *p = place_for(f, PARCEL_GAP);
    if (p) {
        p->limit = limit;
        signal_on(f->arrived);
    }
    pthread_mutex_unlock(&f->lock);
}

static void send_quiet(void *context)
{
    post(context, PARCEL_QUIET, NULL, "");
}

static void send_lost(void *context, const char *why)
{
    post(context, PARCEL_LOST, NULL, why);
}

static void send_failed(void *context, const char *why)
{
    post(context, PARCEL_FAILED, NULL, why);
}

static void follow(struct feeder *f, const struct order *order, const struct entry_id *last)
{
    if (order->kind == ORDER_START)
        reader_start(f->reader, order->decoder, order->position, last);
    else if (order->kind != ORDER_NONE)
        reader_stop(f->reader);
    if (order->kind == ORDER_QUIT)
        event_base_loopbreak(f->inner);
}

static void on_orders(evutil_socket_t fd, short what, void *context)
{
    struct feeder *f = context;
    (void)what;
    take_signal(fd);
    pthread_mutex_lock(&f->lock);
    struct order order = f->order;
    bool paused = f->paused;
    struct limit limit = f->limit;
    pthread_mutex_unlock(&f->lock);

    follow(f, &order, limit.set ? &limit.last : NULL);
    if (paused)
        reader_pause(f->reader);
    reader_limit(f->reader, limit.set ? &limit.last : NULL);
    if (!paused)
        reader_resume(f->reader);

    pthread_mutex_lock(&f->lock);
    if (order.kind != ORDER_NONE) {
        f->order.kind = ORDER_NONE;
        pthread_cond_broadcast(&f->changed);
    }
    pthread_mutex_unlock(&f->lock);
    if (paused && reader_running(f->reader) && reader_quiet(f->reader))
        send_quiet(f);
}

static void *read_on(void *context)
{
    struct feeder *f = context;
    event_base_dispatch(f->inner);
    return NULL;
}

/* ---- on the thread of the base ---- */

static void give(struct feeder *f, struct order order)
{
    pthread_mutex_lock(&f->lock);
    f->order = order;
    f->count = f->delivering;
    pthread_cond_broadcast(&f->changed);
    signal_on(f->ordered);
    while (f->order.kind != ORDER_NONE)
        pthread_cond_wait(&f->changed, &f->lock);
    pthread_mutex_unlock(&f->lock);
}

static void set_paused(struct feeder *f, bool paused)
{
    if (f->paused == paused)
        return;
    pthread_mutex_lock(&f->lock);
    f->pauses += paused;
    f->paused = paused;
    pthread_mutex_unlock(&f->lock);
    signal_on(f->ordered);
}

static void deliver(struct feeder *f, struct parcel *p)
{
    void *context = f->handlers.context;
    switch (p->kind) {
    case PARCEL_BATCH:
        f->connected = true;
        f->counts = p->counts;
        f->handlers.batch(context, &p->batch);
        break;
    case PARCEL_IDLE:
        f->connected = true;
        f->handlers.idle(context);
        break;
    case PARCEL_GAP:
        f->connected = true;
        f->handlers.gap(context, p->limit);
        break;
    case PARCEL_QUIET:
        if (f->paused && p->pause == f->pauses)
            f->handlers.quiet(context);
        break;
    case PARCEL_LOST:
        f->connected = false;
        f->handlers.lost(context, p->why);
        break;
    case PARCEL_FAILED:
        f->connected = f->running = false;
        f->handlers.failed(context, p->why);
        break;
    }
}

/* One parcel a turn: the control connection has its turn between two. */
static void on_arrival(evutil_socket_t fd, short what, void *context)
{
    struct feeder *f = context;
    (void)what;
    take_signal(fd);
    pthread_mutex_lock(&f->lock);
    f->delivering = f->count > 0; /* none: it was dropped by an order */
    pthread_mutex_unlock(&f->lock);
    if (!f->delivering)
        return;
    deliver(f, &f->ring[f->first]);
    pthread_mutex_lock(&f->lock);
    f->delivering = false;
    f->first = (f->first + 1) % FEEDER_BATCHES;
    f->count--;
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->lock);
}

/* ---- making and unmaking ---- */

static int start_thread(struct feeder *f, struct error *err)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the other thread */
    int failed = pthread_create(&f->thread, NULL, read_on, f);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    f->started = !failed;
    return failed ? error_set(err, "cannot start the reading thread: %s", strerror(failed)) : 0;
}

static int create_threaded(
    struct feeder *f, struct event_base *base, const struct reader_settings *settings, struct error *err)
{
    const struct reader_handlers sending = {.batch = send_batch,
        .idle = send_idle,
        .gap = send_gap,
        .quiet = send_quiet,
        .lost = send_lost,
        .failed = send_failed,
        .context = f};
    for (int i = 0; i < FEEDER_BATCHES; i++)
        batch_init(&f->ring[i].batch);
    f->inner = memory_need(event_base_new(), "an event loop");
    f->arrived = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
    f->ordered = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (f->arrived < 0 || f->ordered < 0)
        return error_set(err, "eventfd: %s", strerror(errno));
    f->arrivals = memory_need(event_new(base, f->arrived, EV_READ | EV_PERSIST, on_arrival, f), "an event");
    f->orders = memory_need(event_new(f->inner, f->ordered, EV_READ | EV_PERSIST, on_orders, f), "an event");
    event_add(f->arrivals, NULL);
    event_add(f->orders, NULL);
    f->reader = reader_create(f->inner, settings, &sending, err);
    return f->reader ? start_thread(f, err) : -1;
}

struct feeder *feeder_create(struct event_base *base, const struct reader_settings *settings, bool threaded,
    const struct reader_handlers *handlers, struct error *err)
{
    struct feeder *f = memory_zeroed(1, sizeof *f, "the feeder");
    f->threaded = threaded;
    f->handlers = *handlers;
    f->arrived = f->ordered = -1;
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->changed, NULL);
    if (!threaded)
        f->reader = reader_create(base, settings, handlers, err);
    else if (create_threaded(f, base, settings, err) < 0) {
        feeder_destroy(f);
        return NULL;
    }
    if (f->reader)
        return f;
    feeder_destroy(f);
    return NULL;
}

static void close_eventfd(struct event *event, int fd)
{
    if (event)
        event_free(event);
    if (fd >= 0)
        close(fd);
}

void feeder_destroy(struct feeder *f)
{
    if (!f)
        return;
    invariant(!f->delivering);
    if (f->started) {
        give(f, (struct order){.kind = ORDER_QUIT});
        pthread_join(f->thread, NULL);
    }
    reader_destroy(f->reader);
    close_eventfd(f->arrivals, f->arrived);
    close_eventfd(f->orders, f->ordered);
    for (int i = 0; i < FEEDER_BATCHES && f->threaded; i++)
        batch_fini(&f->ring[i].batch);
    if (f->inner)
        event_base_free(f->inner);
    pthread_cond_destroy(&f->changed);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

/* ---- the reader's interface ---- */

static struct limit limit_of(const struct entry_id *last)
{
    return (struct limit){last != NULL, last ? *last : (struct entry_id){0, 0}};
}

void feeder_start(
    struct feeder *f, struct decoder *decoder, struct entry_id position, const struct entry_id *last)
{
    f->decoder = decoder;
    f->counts = *decoder_counts(decoder);
    if (!f->threaded) {
        reader_start(f->reader, decoder, position, last);
        return;
    }
    invariant(!f->running && !f->delivering);
    f->running = true;
    f->connected = false;
    set_paused(f, false);
    pthread_mutex_lock(&f->lock);
    f->limit = limit_of(last);
    pthread_mutex_unlock(&f->lock);
    give(f, (struct order){ORDER_START, decoder, position});
}

void feeder_limit(struct feeder *f, const struct entry_id *last)
{
    if (!f->threaded) {
        reader_limit(f->reader, last);
        return;
    }
    pthread_mutex_lock(&f->lock);
    f->limit = limit_of(last);
    pthread_mutex_unlock(&f->lock);
    signal_on(f->ordered);
}

void feeder_stop(struct feeder *f)
{
    if (f->threaded)
        give(f, (struct order){.kind = ORDER_STOP});
    else
        reader_stop(f->reader);
    f->running = f->connected = false;
    if (f->decoder)
        f->counts = *decoder_counts(f->decoder);
    f->decoder = NULL; /* it may go now */
}

bool feeder_running(const struct feeder *f)
{
    return f->threaded ? f->running : reader_running(f->reader);
}

void feeder_pause(struct feeder *f)
{
    if (f->threaded)
        set_paused(f, true);
    else
        reader_pause(f->reader);
}

void feeder_resume(struct feeder *f)
{
    if (f->threaded)
        set_paused(f, false);
    else
        reader_resume(f->reader);
}

bool feeder_quiet(const struct feeder *f)
{
    return !f->threaded && reader_quiet(f->reader);
}

bool feeder_connected(const struct feeder *f)
{
    return f->threaded ? f->connected : reader_connected(f->reader);
}

const struct decoder_counts *feeder_counts(const struct feeder *f)
{
    return f->threaded || !f->decoder ? &f->counts : decoder_counts(f->decoder);
}
