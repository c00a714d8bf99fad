#include "tests/support/instance.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/loop.h"

static void on_phase(void *context, enum service_phase phase)
{
    (void)context;
    (void)phase;
}

static void on_stopped(void *context, int exit_code, const char *why)
{
    struct instance *i = context;
    i->stopped++;
    i->exit_code = exit_code;
    snprintf(i->why, sizeof i->why, "%s", why);
}

void instance_init(
    struct instance *i, struct event_base *base, const struct redis_server *server, const char *name)
{
    struct error err;
    memset(i, 0, sizeof *i);
    i->base = base;
    fake_host_init(&i->host);
    link_settings_defaults(&i->settings.link);
    CHECK_INT(redis_url_parse(&i->settings.link.url, server->url, &err), 0);
    i->settings.link.backoff_max = 50;
    i->settings.link.command_timeout = 500;
    i->settings.link.connect_timeout = 500;
    i->settings.name = "t";
    i->settings.instance = name;
    i->settings.count = 7;
    i->settings.block = 20;
    i->settings.commit_interval = 20;
    i->settings.lease = 600;
    i->settings.snapshot_interval = 300000;
    i->settings.dead_keep = 100000;
    i->settings.check_interval = 30;
    i->settings.lag_limit = 100000;
    i->settings.silence_limit = INT64_MAX;
}

void instance_start(struct instance *i)
{
    struct error err = {""};
    i->stopped = 0;
    i->service = service_create(i->base, &i->settings, &i->host.host,
        &(struct service_handlers){.phase = on_phase, .stopped = on_stopped, .context = i}, &err);
    i->host.service = i->service;
    if (i->service)
        service_start(i->service);
    else
        printf("# %s\n", err.text);
}

void instance_abandon(struct instance *i)
{
    service_destroy(i->service);
    i->service = NULL;
}

void instance_stop(struct instance *i)
{
    service_stop(i->service);
    LOOP_UNTIL(i->base, i->stopped);
    instance_abandon(i);
}

void instance_fini(struct instance *i)
{
    instance_abandon(i);
    fake_host_fini(&i->host);
}

bool instance_running(const struct instance *i)
{
    return i->service && service_phase(i->service) == SERVICE_RUNNING;
}

bool instance_committed(redisContext *client, const char *position)
{
    redisReply *reply = redis_do(client, "HGET jiandu:{t}:progress pos");
    bool there = reply->type == REDIS_REPLY_STRING && strcmp(reply->str, position) == 0;
    freeReplyObject(reply);
    return there;
}

void instance_wait(struct event_base *base, redisContext *client, int n)
{
    char position[24];
    snprintf(position, sizeof position, "%d-0", n);
    LOOP_UNTIL(base, instance_committed(client, position));
}
