#include "daemon/stream/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/stream/reply.h"

struct reader {
    struct reader_settings settings;
    struct reader_handlers handlers;
    struct link *link;
    struct batch batch;
    struct command command;
    struct entry_id position; /* after it the next read begins */
    struct entry_id last;     /* the limit, if: */
    bool limited;
    struct entry_id asked_up_to; /* the limit of the read in flight */
    int count;                   /* the most entries asked for: fewer after a read that was cut */
    size_t entry_bytes;          /* of an entry of the last batch, on average */
    bool running, paused;
    bool asked; /* a read is in flight */
    bool handing;
};

/* What Redis can write ahead while we work: a reply that does not fit into its socket's buffer (some 200 KB
 * by default, of which the kernel takes its part) is finished only when we read again. */
#define REPLY_BYTES 131072
#define COUNT_MIN 16

static void on_reply(void *context, void *mark);

/* Entries of the size seen last that make one reply. */
static int count_to_ask(const struct reader *r)
{
    int64_t fitting = r->entry_bytes ? REPLY_BYTES / (int64_t)r->entry_bytes : r->count;
    if (fitting < COUNT_MIN)
        fitting = COUNT_MIN;
    return fitting < r->count ? (int)fitting : r->count;
}

static bool at_limit(const struct reader *r)
{
    return r->limited && entry_id_compare(r->position, r->last) >= 0;
}

static void build(struct reader *r)
{
    char number[24], id[ENTRY_ID_TEXT], last[ENTRY_ID_TEXT];
    command_clear(&r->command);
    snprintf(number, sizeof number, "%d", count_to_ask(r));
    entry_id_format(id, r->position);
    if (r->limited) {
        command_words(&r->command, "XRANGE", r->settings.key, (char *)NULL);
        command_printf(&r->command, "(%s", id);
        command_words(&r->command, entry_id_format(last, r->last), "COUNT", number, (char *)NULL);
        return;
    }
    command_words(&r->command, "XREAD", "COUNT", number, "BLOCK", (char *)NULL);
    command_printf(&r->command, "%d", r->settings.block);
    command_words(&r->command, "STREAMS", r->settings.key, id, (char *)NULL);
}

static void ask(struct reader *r)
{
    struct wire wire;
    if (!r->running || r->paused || r->asked || at_limit(r) || link_state(r->link) != LINK_READY)
        return;
    build(r);
    if (command_format(&r->command, &wire) < 0) {
        link_reset(r->link, "out of memory");
        return;
    }
    r->batch.range = r->limited;
    r->asked_up_to = r->last;
    r->asked = link_send(r->link, &wire, r->limited ? 0 : r->settings.block, on_reply, r) == 0;
    wire_free(&wire);
    if (!r->asked)
        link_reset(r->link, "out of memory");
}

static void fail(struct reader *r, const char *why)
{
    char text[320];
    snprintf(text, sizeof text, "reading %s: %s", r->settings.key, why);
    reader_stop(r);
    r->handlers.failed(r->handlers.context, text);
}

static void on_error(struct reader *r)
{
    char why[sizeof r->batch.error];
    memcpy(why, r->batch.error, sizeof why);
    batch_reset(&r->batch);
    if (reply_classify_error(why) == REPLY_WAIT)
        link_reset(r->link, why);
    else
        fail(r, why);
}

static void hand_over(struct reader *r)
{
    r->handing = true;
    r->handlers.batch(r->handlers.context, &r->batch);
    r->handing = false;
    if (!r->running)
        batch_use(&r->batch, NULL);
    batch_reset(&r->batch);
}

static void tell_quiet(struct reader *r)
{
    if (r->running && r->paused && !r->asked)
        r->handlers.quiet(r->handlers.context);
}

static void tell_empty(struct reader *r)
{
    bool limited = r->batch.range;
    struct entry_id limit = r->asked_up_to;
    if (limited)
        r->position = limit;
    ask(r);
    if (limited)
        r->handlers.gap(r->handlers.context, limit);
    else
        r->handlers.idle(r->handlers.context);
}

static void on_reply(void *context, void *mark)
{
    struct reader *r = context;
    r->asked = false;
    if (!mark) { /* while a batch is handed over, nothing of the next reply has been parsed */
        r->count = r->count > 1 ? r->count / 2 : 1; /* maybe it was too large for Redis' output buffer */
        if (!r->handing)
            batch_reset(&r->batch);
        return;
    }
    if (r->batch.error[0]) {
        on_error(r);
        return;
    }
    link_settled(r->link);
    if (r->batch.count == 0) {
        tell_empty(r);
    } else {
        r->position = r->batch.entries[r->batch.count - 1].id;
        r->count = r->count < r->settings.count / 2 ? r->count * 2 : r->settings.count;
        r->entry_bytes = r->batch.bytes / r->batch.count;
        ask(r);
        hand_over(r);
    }
    tell_quiet(r);
}

static void on_ready(void *context)
{
    struct reader *r = context;
    ask(r);
    tell_quiet(r);
}

static void on_lost(void *context, const char *why)
{
    struct reader *r = context;
    if (r->running)
        r->handlers.lost(r->handlers.context, why);
}

static void on_fatal(void *context, const char *why)
{
    struct reader *r = context;
    fail(r, why);
}

struct reader *reader_create(struct event_base *base, const struct reader_settings *settings,
    const struct reader_handlers *handlers, struct error *err)
{
    struct reader *r = memory_zeroed(1, sizeof *r, "the reader");
    batch_init(&r->batch);
    r->settings = *settings;
    r->handlers = *handlers;
    command_init(&r->command);
    const struct link_handlers on_link = {.ready = on_ready,
        .lost = on_lost,
        .fatal = on_fatal,
        .context = r,
        .functions = &batch_functions,
        .privdata = &r->batch};
    r->link = link_create(base, &settings->link, &on_link, err);
    if (r->link)
        return r;
    reader_destroy(r);
    return NULL;
}

void reader_destroy(struct reader *r)
{
    if (!r)
        return;
    link_destroy(r->link);
    batch_fini(&r->batch);
    command_fini(&r->command);
    free(r);
}

static void set_limit(struct reader *r, const struct entry_id *last)
{
    r->limited = last != NULL;
    if (last)
        r->last = *last;
}

void reader_start(
    struct reader *r, struct decoder *decoder, struct entry_id position, const struct entry_id *last)
{
    invariant(!r->running && !r->handing);
    batch_use(&r->batch, decoder);
    r->position = position;
    r->count = r->settings.count;
    r->running = true;
    r->paused = false;
    set_limit(r, last);
    batch_reset(&r->batch);
    link_start(r->link);
}

void reader_stop(struct reader *r)
{
    r->running = false;
    link_stop(r->link);
    if (!r->handing)
        batch_use(&r->batch, NULL);
}

void reader_limit(struct reader *r, const struct entry_id *last)
{
    set_limit(r, last);
    ask(r);
}

bool reader_running(const struct reader *r)
{
    return r->running;
}

void reader_pause(struct reader *r)
{
    r->paused = true;
}

void reader_resume(struct reader *r)
{
    r->paused = false;
    ask(r);
}

bool reader_quiet(const struct reader *r)
{
    return !r->asked;
}

bool reader_connected(const struct reader *r)
{
    return link_state(r->link) == LINK_READY;
}
