#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"

#include "daemon/ops/clock.h"
#include "daemon/stream/keys.h"
#include "daemon/stream/reply.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_STANDS "3000" /* ms; one that nobody has seen by then is none any more */
#define PATIENCE 5000         /* ms */
#define LOOK_EVERY 5

struct handover {
    char owner[KEY_MAX], progress[KEY_MAX], standby[KEY_MAX], request[KEY_MAX];
    char from[64], to[64];
    uint64_t epoch;
    int64_t took; /* ms */
};

/* "uid:NUMBER@HOST", for the leader's log: it tells an administrator who it was, and nobody else. */
static void who_asks(char *out, size_t size)
{
    char host[65] = "";
    gethostname(host, sizeof host - 1);
    snprintf(out, size, "uid:%lu@%s", (unsigned long)command_caller(), host);
}

/* Who leads, and for the how-many-th time somebody does. */
static int read_leader(
    const struct handover *h, struct client *redis, char holder[64], uint64_t *epoch, struct error *err)
{
    redisReply *reply = client_words(redis, err, "HGETALL", h->progress, NULL);
    if (!reply)
        return -1;
    const redisReply *name = reply_member(reply, "holder");
    snprintf(holder, 64, "%s", name && name->str ? name->str : "");
    *epoch = reply_number(reply, "epoch", 0);
    freeReplyObject(reply);
    return 0;
}

static int wait_for_other(struct handover *h, struct client *redis, struct error *err)
{
    uint64_t epoch = h->epoch;
    int64_t began = clock_monotonic();
    while (epoch == h->epoch && h->took < PATIENCE) {
        nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY * 1000000L}, NULL);
        if (read_leader(h, redis, h->to, &epoch, err) != 0)
            return -1;
        h->took = clock_monotonic() - began;
    }
    if (epoch != h->epoch)
        return 0;
    return error_set(err,
        "%s was asked, but nobody has taken over within %d s; see its log and `jianductl status`", h->from,
        PATIENCE / 1000);
}

static int hand_over(struct handover *h, struct client *redis, struct error *err)
{
    char who[192];
    who_asks(who, sizeof who);
    if (read_leader(h, redis, h->from, &h->epoch, err) != 0)
        return -1;
    redisReply *reply = client_words(redis, err, "FCALL", "jiandu_handover", "4", h->owner, h->progress,
        h->standby, h->request, who, REQUEST_STANDS, NULL);
    if (!reply)
        return -1;
    freeReplyObject(reply);
    return wait_for_other(h, redis, err);
}

static int ask(const struct command *self, const struct config *config, const char *name)
{
    struct error err;
    struct handover h = {.epoch = 0};
    stream_keys_write(h.owner, name, "owner");
    stream_keys_write(h.progress, name, "progress");
    stream_keys_write(h.standby, name, "standby");
    stream_keys_write(h.request, name, "handover");
    struct client *redis = client_open(config, &err);
    if (!redis)
        return command_fail(self, EX_UNAVAILABLE, "%s", err.text);
    int failed = hand_over(&h, redis, &err);
    client_close(redis);
    if (failed)
        return command_fail(self, EX_UNAVAILABLE, "%s", err.text);
    printf("%s has handed over to %s in %lld ms\n", h.from, h.to, (long long)h.took);
    return 0;
}

static int run(const struct command *self, void *request, char *const *operands)
{
    struct config *config = command_config(self, request);
    if (!config)
        return EX_CONFIG;
    int code = ask(self, config, operands[0] ? operands[0] : config->name);
    config_destroy(config);
    return code;
}

const struct command command_handover = {
    .name = "handover",
    .summary = "Asks the leader to hand over to the instance that stands by with a warm state.",
    .notes =
        "NAME is the input's; by default that of the configuration.\n"
        "The leader finishes its batch, commits, gives the lease back and stands by itself. Refused (69) "
        "where\n"
        "no instance stands by with a warm state and the same configuration. Who asked stands in its log.\n",
    .options = command_config_options,
    .operand = "NAME",
    .operands_max = 1,
    .asked_size = sizeof(struct command_config),
    .run = run,
};
