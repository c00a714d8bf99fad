#include "daemon/ctl/client.h"

#include "daemon/base/memory.h"
#include "daemon/stream/link.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 32

struct client {
    struct event_base *base;
    struct link *link;
    redisReplyObjectFunctions keep; /* hiredis' own, given to the link so that replies are ours to free */
    const char *url;
    bool ready, gone;
    size_t open;        /* commands without an answer */
    redisReply *reply;  /* the latest */
    struct error fault; /* the first: of the connection, or an error that Redis answered with */
    bool failed;
};

static void fail(struct client *c, const char *what, const char *why)
{
    if (!c->failed)
        error_set(&c->fault, "%s: %s", what, why);
    c->failed = true;
}

static void on_ready(void *context)
{
    ((struct client *)context)->ready = true;
}

static void on_gone(void *context, const char *why)
{
    struct client *c = context;
    fail(c, c->url, why);
    c->gone = true;
    link_stop(c->link);
}

static void on_reply(void *context, void *data)
{
    struct client *c = context;
    c->open--;
    freeReplyObject(c->reply);
    c->reply = data;
    if (c->reply && c->reply->type == REDIS_REPLY_ERROR)
        fail(c, "Redis says", c->reply->str);
}

/* Only here may a write meet a closed socket; elsewhere SIGPIPE ends a tool whose reader has gone. */
static void run_once(struct client *c)
{
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    event_base_loop(c->base, EVLOOP_ONCE);
    signal(SIGPIPE, before);
}

static int connect_now(struct client *c, const struct config *config, struct error *err)
{
    struct link_settings settings;
    redisReader *reader = memory_need(redisReaderCreate(), "a reader");
    c->keep = *reader->fn;
    redisReaderFree(reader);
    if (link_settings_read(&settings, config, err) != 0)
        return -1;
    c->base = memory_need(event_base_new(), "an event loop");
    c->link = link_create(c->base, &settings,
        &(struct link_handlers){
            .ready = on_ready, .lost = on_gone, .fatal = on_gone, .context = c, .functions = &c->keep},
        err);
    if (!c->link)
        return -1;
    link_start(c->link);
    while (!c->ready && !c->gone)
        run_once(c);
    if (c->gone)
        *err = c->fault;
    return c->gone ? -1 : 0;
}

int client_check(const struct config *config, struct error *err)
{
    struct link_settings settings;
    return link_settings_read(&settings, config, err);
}

struct client *client_open(const struct config *config, struct error *err)
{
    struct client *c = memory_zeroed(1, sizeof *c, "a connection");
    c->url = config->redis.url;
    if (connect_now(c, config, err) == 0)
        return c;
    client_close(c);
    return NULL;
}

void client_close(struct client *c)
{
    if (!c)
        return;
    link_destroy(c->link);
    if (c->base)
        event_base_free(c->base);
    freeReplyObject(c->reply);
    free(c);
}

int client_queue(struct client *c, struct error *err, int argc, const char **argv, const size_t *lengths)
{
    struct command command;
    command_init(&command);
    for (int i = 0; i < argc; i++)
        command_add(&command, argv[i], lengths[i]);
    int failed = c->gone || link_command(c->link, &command, on_reply, c) != 0;
    command_fini(&command);
    if (!failed) {
        c->open++;
        return 0;
    }
    fail(c, c->url, "sending failed");
    *err = c->fault;
    return -1;
}

int client_settle(struct client *c, struct error *err)
{
    while (c->open > 0 && !c->gone)
        run_once(c);
    if (!c->failed)
        return 0;
    *err = c->fault;
    c->failed = c->gone;
    return -1;
}

redisReply *client_call(
    struct client *c, struct error *err, int argc, const char **argv, const size_t *lengths)
{
    if (client_queue(c, err, argc, argv, lengths) != 0 || client_settle(c, err) != 0) {
        error_wrap(err, "%s", argv[0]);
        return NULL;
    }
    redisReply *reply = c->reply;
    c->reply = NULL;
    return reply;
}

redisReply *client_words(struct client *c, struct error *err, const char *command, ...)
{
    const char *argv[WORDS_MAX] = {command}, *word;
    size_t lengths[WORDS_MAX] = {strlen(command)};
    int argc = 1;
    va_list args;
    va_start(args, command);
    while (argc < WORDS_MAX && (word = va_arg(args, const char *))) {
        argv[argc] = word;
        lengths[argc++] = strlen(word);
    }
    va_end(args);
    return client_call(c, err, argc, argv, lengths);
}

const redisReply *client_field(const redisReply *entry, const char *name)
{
    const redisReply *fields = entry->elements == 2 ? entry->element[1] : NULL;
    if (!fields || fields->type != REDIS_REPLY_ARRAY)
        return NULL;
    for (size_t i = 0; i + 1 < fields->elements; i += 2)
        if (strcmp(fields->element[i]->str, name) == 0)
            return fields->element[i + 1];
    return NULL;
}
