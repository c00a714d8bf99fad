/* What a commit costs: PINGs, XADDs, and commits of one alert each by the stream's own committer, one after
 * the other or several under way. Prints how many a second.
 *
 *   commit SOCKET NAME ping|xadd|commit COUNT UNDER_WAY */
#include "daemon/ops/clock.h"
#include "daemon/stream/committer.h"
#include "daemon/stream/function_library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN "1:bench"
#define ALERT_BYTES 2000 /* an alert with some evidence */

struct bench {
    struct event_base *base;
    struct link *link;
    struct committer *committer;
    struct outbox box;
    char events[128], progress[128], owner[128], alerts[128];
    uint64_t asked, done, count, under_way;
    char alert[ALERT_BYTES];
};

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "commit: %s\n", why);
    exit(70);
}

static void on_ready(void *context)
{
    const struct bench *b = context;
    event_base_loopbreak(b->base);
}

static void on_trouble(void *context, const char *why)
{
    (void)context;
    give_up(why);
}

static void run_out(struct bench *b, void (*ask)(struct bench *))
{
    while (b->asked < b->count && b->asked - b->done < b->under_way)
        ask(b);
    if (b->done == b->count)
        event_base_loopbreak(b->base);
}

static void ask_commit(struct bench *b)
{
    const struct stream_place place = {.position = {++b->asked, 0}, .read = b->asked};
    outbox_at(&b->box, place.position, place.read);
    outbox_begin(&b->box, b->alerts, (struct entry_id){b->asked, 1}, 0);
    outbox_field(&b->box, "data", b->alert, sizeof b->alert);
    committer_add(b->committer, &b->box, place, 1);
}

static void on_committed(void *context)
{
    struct bench *b = context;
    b->done++;
    run_out(b, ask_commit);
}

static void on_room(void *context)
{
    (void)context;
}

static void send_words(struct bench *b, link_reply done, const char *word, const char *key)
{
    struct command c;
    command_init(&c);
    command_word(&c, word);
    if (key) {
        command_words(&c, key, "*", "data", (char *)NULL);
        command_add(&c, b->alert, sizeof b->alert);
    }
    if (link_command(b->link, &c, done, b) != 0)
        give_up("not sent");
    command_fini(&c);
}

static void ask_ping(struct bench *b);
static void ask_xadd(struct bench *b);

static void on_pong(void *context, void *reply)
{
    struct bench *b = context;
    (void)reply;
    b->done++;
    run_out(b, ask_ping);
}

static void on_added(void *context, void *reply)
{
    struct bench *b = context;
    (void)reply;
    b->done++;
    run_out(b, ask_xadd);
}

static void ask_ping(struct bench *b)
{
    b->asked++;
    send_words(b, on_pong, "PING", NULL);
}

static void ask_xadd(struct bench *b)
{
    b->asked++;
    send_words(b, on_added, "XADD", b->alerts);
}

/* The stream, the group, the lease and the progress that the function looks for. */
static void prepare(struct bench *b, const char *path)
{
    redisContext *client = redisConnectUnix(path);
    if (!client || client->err)
        give_up("no connection");
    freeReplyObject(redisCommand(client, "FUNCTION LOAD REPLACE %s", function_library_text));
    freeReplyObject(redisCommand(client, "DEL %s %s", b->events, b->alerts));
    freeReplyObject(redisCommand(client, "SET %s " TOKEN, b->owner));
    freeReplyObject(redisCommand(client, "HSET %s pos 0-0 read 0", b->progress));
    freeReplyObject(redisCommand(client, "XADD %s 1-0 type tick", b->events));
    redisReply *reply = redisCommand(client, "XGROUP CREATE %s jiandu 0 ENTRIESREAD 0", b->events);
    if (!reply || reply->type == REDIS_REPLY_ERROR)
        give_up(reply ? reply->str : "no reply");
    freeReplyObject(reply);
    redisFree(client);
}

static void open_bench(struct bench *b, const char *path, const char *name)
{
    struct error err;
    struct link_settings link;
    struct committer_settings settings;
    char url[160];
    snprintf(url, sizeof url, "unix://%s", path);
    snprintf(b->events, sizeof b->events, "jiandu:{%s}:events", name);
    snprintf(b->progress, sizeof b->progress, "jiandu:{%s}:progress", name);
    snprintf(b->owner, sizeof b->owner, "jiandu:{%s}:owner", name);
    snprintf(b->alerts, sizeof b->alerts, "jiandu:{%s}:alerts", name);
    memset(b->alert, 'x', sizeof b->alert);
    prepare(b, path);
    b->base = event_base_new();
    link_settings_defaults(&link);
    if (redis_url_parse(&link.url, url, &err) != 0)
        give_up(err.text);
    const struct link_handlers links = {
        .ready = on_ready, .lost = on_trouble, .fatal = on_trouble, .context = b};
    b->link = link_create(b->base, &link, &links, &err);
    if (!b->link)
        give_up(err.text);
    committer_settings_defaults(&settings);
    settings.events = b->events;
    settings.progress = b->progress;
    settings.owner = b->owner;
    settings.group = "jiandu";
    const struct committer_handlers commits = {
        .committed = on_committed, .room = on_room, .refused = on_trouble, .context = b};
    b->committer = committer_create(b->base, b->link, &settings, &commits);
    outbox_init(&b->box);
    link_start(b->link);
    event_base_dispatch(b->base);
    committer_start(b->committer, TOKEN, (struct stream_place){0}, 0);
}

static void close_bench(struct bench *b)
{
    outbox_fini(&b->box);
    committer_destroy(b->committer);
    link_destroy(b->link);
    event_base_free(b->base);
}

int main(int argc, char **argv)
{
    struct bench b = {0};
    if (argc != 6) {
        fprintf(stderr, "usage: commit SOCKET NAME ping|xadd|commit COUNT UNDER_WAY\n");
        return 64;
    }
    b.count = strtoull(argv[4], NULL, 10);
    b.under_way = strtoull(argv[5], NULL, 10);
    open_bench(&b, argv[1], argv[2]);
    int64_t started = clock_monotonic_ns();
    run_out(&b, argv[3][0] == 'p' ? ask_ping : argv[3][0] == 'x' ? ask_xadd : ask_commit);
    event_base_dispatch(b.base);
    printf("%.0f\n", (double)b.count * 1e9 / (double)(clock_monotonic_ns() - started));
    close_bench(&b);
    return 0;
}
