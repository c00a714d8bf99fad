/* The floor of an alert's latency: reads a stream with the daemon's own connection, and answers each `redeem`
 * with a bare XADD to another stream under the id that an alert would have. Runs until it is killed.
 *
 *   echo URL FROM-KEY TO-KEY */
#include "daemon/stream/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct echo {
    struct event_base *base;
    struct link *link;
    const char *to;
};

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "echo: %s\n", why);
    exit(70);
}

static void on_added(void *context, void *reply)
{
    (void)context;
    (void)reply;
}

static void on_batch(void *context, struct batch *batch)
{
    struct echo *echo = context;
    struct command c;
    command_init(&c);
    for (size_t i = 0; i < batch->count; i++) {
        if (!batch->entries[i].event || batch->entries[i].event->type != JD_TYPE_REDEEM)
            continue;
        command_clear(&c);
        command_words(&c, "XADD", echo->to, (char *)NULL);
        command_printf(
            &c, "%" PRIu64 "-%" PRIu64, batch->entries[i].id.ms, batch->entries[i].id.seq * 1000 + 1);
        command_words(&c, "data", "{}", (char *)NULL);
        if (link_command(echo->link, &c, on_added, NULL) != 0)
            give_up("not sent");
    }
    command_fini(&c);
}

static void on_idle(void *context)
{
    (void)context;
}

static void on_ready(void *context)
{
    (void)context;
}

static void on_lost(void *context, const char *why)
{
    (void)context;
    give_up(why);
}

static void on_failed(void *context, const char *why)
{
    (void)context;
    give_up(why);
}

int main(int argc, char **argv)
{
    struct error err;
    if (argc != 4)
        give_up("usage: echo URL FROM-KEY TO-KEY");
    struct echo echo = {.base = event_base_new(), .to = argv[3]};
    struct reader_settings settings = {.key = argv[2], .count = 500, .block = 1000};
    link_settings_defaults(&settings.link);
    if (redis_url_parse(&settings.link.url, argv[1], &err) != 0)
        give_up(err.text);
    const struct decoder_options decoding = {.seed = {1, 2}};
    const struct reader_handlers handlers = {
        .batch = on_batch, .idle = on_idle, .lost = on_lost, .failed = on_failed, .context = &echo};
    const struct link_handlers links = {
        .ready = on_ready, .lost = on_lost, .fatal = on_lost, .context = &echo};
    struct decoder *decoder = decoder_create(&decoding, &err);
    struct reader *reader = reader_create(echo.base, &settings, &handlers, &err);
    echo.link = link_create(echo.base, &settings.link, &links, &err);
    if (!decoder || !reader || !echo.link)
        give_up(err.text);
    link_start(echo.link);
    reader_start(reader, decoder, (struct entry_id){0, 0}, NULL);
    event_base_dispatch(echo.base);
    return 0;
}
