#include "tests/support/witness.h"

#include <stdio.h>
#include <string.h>

static void saw(struct witness *w)
{
    event_base_loopbreak(w->base);
}

static void on_ready(void *context)
{
    struct witness *w = context;
    w->ready++;
    saw(w);
}

static void on_lost(void *context, const char *why)
{
    struct witness *w = context;
    w->lost++;
    snprintf(w->why, sizeof w->why, "%s", why);
    saw(w);
}

static void on_fatal(void *context, const char *why)
{
    struct witness *w = context;
    w->fatal++;
    snprintf(w->why, sizeof w->why, "%s", why);
    saw(w);
}

static void on_reply(void *context, void *data)
{
    struct witness *w = context;
    const redisReply *reply = data;
    w->replies++;
    w->nulls += !reply;
    snprintf(w->reply, sizeof w->reply, "%s", reply && reply->str ? reply->str : "");
    saw(w);
}

bool witness_settings(struct link_settings *settings, const char *url)
{
    struct error err;
    link_settings_defaults(settings);
    settings->command_timeout = 300;
    settings->connect_timeout = 300;
    settings->backoff_max = 100;
    return redis_url_parse(&settings->url, url, &err) == 0;
}

bool witness_open(struct witness *w, const struct link_settings *settings)
{
    struct error err = {""};
    memset(w, 0, sizeof *w);
    w->base = event_base_new();
    w->link = link_create(w->base, settings,
        &(struct link_handlers){.ready = on_ready, .lost = on_lost, .fatal = on_fatal, .context = w}, &err);
    if (w->link)
        link_start(w->link);
    snprintf(w->why, sizeof w->why, "%s", err.text);
    return w->link != NULL;
}

void witness_close(struct witness *w)
{
    link_destroy(w->link);
    event_base_free(w->base);
}

int witness_send(struct witness *w, const char *a, const char *b, const char *c)
{
    struct command command;
    command_init(&command);
    command_words(&command, a, b, c, (char *)NULL);
    int result = link_command(w->link, &command, on_reply, w);
    command_fini(&command);
    return result;
}
