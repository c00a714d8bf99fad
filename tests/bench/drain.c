/* The bare drain: the stream's own reader and decoder over a whole stream, with nothing behind them. Prints
 * how many entries a second, and how busy this process and Redis were, in percent.
 *
 *   drain URL KEY [CONTROL-URL CA-FILE]      the last two for rediss:// */
#include "daemon/ops/clock.h"
#include "daemon/stream/reader.h"
#include "tests/bench/stopwatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct drain {
    struct event_base *base;
    uint64_t entries;
    int64_t last; /* batch, in ns */
    int failed;
};

static void on_batch(void *context, struct batch *batch)
{
    struct drain *d = context;
    d->entries += batch->count;
    d->last = clock_monotonic_ns();
}

/* A read that comes back empty: all is read. */
static void on_idle(void *context)
{
    struct drain *d = context;
    event_base_loopbreak(d->base);
}

static void on_lost(void *context, const char *why)
{
    (void)context;
    fprintf(stderr, "drain: %s\n", why);
}

static void on_failed(void *context, const char *why)
{
    struct drain *d = context;
    fprintf(stderr, "drain: %s\n", why);
    d->failed = 1;
    event_base_loopbreak(d->base);
}

int main(int argc, char **argv)
{
    struct error err;
    struct drain d = {.base = event_base_new()};
    if ((argc != 3 && argc != 5) || !d.base) {
        fprintf(stderr, "usage: drain URL KEY [CONTROL-URL CA-FILE]\n");
        return 64;
    }
    struct reader_settings settings = {.key = argv[2], .count = 500, .block = 10};
    link_settings_defaults(&settings.link);
    if (argc == 5)
        settings.link.tls.ca_file = argv[4];
    const struct decoder_options decoding = {.seed = {1, 2}};
    const struct reader_handlers handlers = {
        .batch = on_batch, .idle = on_idle, .lost = on_lost, .failed = on_failed, .context = &d};
    struct decoder *decoder = decoder_create(&decoding, &err);
    struct reader *reader = NULL;
    if (redis_url_parse(&settings.link.url, argv[1], &err) == 0)
        reader = reader_create(d.base, &settings, &handlers, &err);
    if (!decoder || !reader) {
        fprintf(stderr, "drain: %s\n", err.text);
        return 70;
    }
    struct stopwatch watch;
    redisContext *client = stopwatch_client(argv[argc == 5 ? 3 : 1]);
    stopwatch_start(&watch, client);
    reader_start(reader, decoder, (struct entry_id){0, 0}, NULL);
    event_base_dispatch(d.base);
    struct lap lap = stopwatch_stop(&watch);
    int64_t taken = d.last - watch.ns;
    if (taken <= 0)
        taken = lap.ns;
    /* nothing is spent in the last read, which waits for what does not come */
    printf("%.0f %lld %lld\n", (double)d.entries * 1e9 / (double)taken, (long long)(lap.own * lap.ns / taken),
        (long long)(lap.redis * lap.ns / taken));
    redisFree(client);
    reader_stop(reader);
    reader_destroy(reader);
    decoder_destroy(decoder);
    event_base_free(d.base);
    return d.failed;
}
