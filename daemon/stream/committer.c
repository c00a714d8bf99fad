#include "daemon/stream/committer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/engine/output.h"
#include "daemon/ops/log_chain.h"
#include "daemon/ops/timer.h"
#include "daemon/stream/reply.h"

#define OUTPUTS_MAX 256     /* of a commit, if entries allow: a function call blocks Redis */
#define BYTES_MAX (1 << 20) /* the same */
#define IN_FLIGHT_MAX 16
#define SYSTEM_IDS_FIRST 900 /* of the thousand ids of an entry */
#define SYSTEM_IDS 100
#define TOKEN_MAX 64

_Static_assert(OUTPUTS_PER_ENTRY < SYSTEM_IDS_FIRST, "detections and system alerts have ids of their own");

struct commit {
    struct commit *next;
    struct wire wire;
    struct stream_place to;
    bool moves; /* the position; false: only publishes at it */
    bool sent;
};

struct committer {
    struct link *link;
    struct committer_settings settings;
    struct committer_handlers handlers;
    struct event *timer;
    char token[TOKEN_MAX];
    bool running, live; /* live: the connection may be used */
    bool was_full;
    struct commit *head, *tail;
    size_t count, bytes, in_flight;
    struct stream_place committed, queued, last;
    uint64_t fingerprint; /* of the entry at last; 0 unknown */
    unsigned system;      /* system alerts at last */
    uint64_t lost;
    uint64_t anchored; /* the line of the log whose mac Redis was given last */
    struct command command;
};

void committer_settings_defaults(struct committer_settings *s)
{
    memset(s, 0, sizeof *s);
    s->lease = 10000;
    s->interval = 1000;
    s->commits_max = 64;
    s->bytes_max = 8 << 20;
}

/* ---- the queue ---- */

static void pop(struct committer *c)
{
    struct commit *first = c->head;
    c->head = first->next;
    if (!c->head)
        c->tail = NULL;
    c->count--;
    c->bytes -= first->wire.length;
    wire_free(&first->wire);
    free(first);
}

static void push(struct committer *c, struct commit *commit)
{
    if (c->tail)
        c->tail->next = commit;
    else
        c->head = commit;
    c->tail = commit;
    c->count++;
    c->bytes += commit->wire.length;
    c->queued = commit->to;
}

static void on_reply(void *context, void *reply);

static void pump(struct committer *c)
{
    for (struct commit *m = c->head; m && c->live && c->in_flight < IN_FLIGHT_MAX; m = m->next) {
        if (m->sent)
            continue;
        if (link_send(c->link, &m->wire, 0, on_reply, c) < 0)
            return; /* the link's limit, or it is going: another reply or committer_resume comes */
        m->sent = true;
        c->in_flight++;
    }
}

static void told_room(struct committer *c)
{
    if (c->was_full && !committer_full(c)) {
        c->was_full = false;
        c->handlers.room(c->handlers.context);
    }
}

/* ---- replies ---- */

void committer_suspend(struct committer *c)
{
    c->live = false;
    c->in_flight = 0;
    for (struct commit *m = c->head; m; m = m->next)
        m->sent = false;
}

static void refuse(struct committer *c, const char *why)
{
    char text[256];
    snprintf(text, sizeof text, "%s", why);
    committer_stop(c);
    c->handlers.refused(c->handlers.context, text);
}

static void on_reply(void *context, void *data)
{
    struct committer *c = context;
    const redisReply *reply = data;
    if (!reply)
        committer_suspend(c);
    if (!reply || !c->live)
        return;
    c->in_flight--;
    if (reply->type != REDIS_REPLY_ERROR) {
        c->committed = c->head->to;
        pop(c);
        link_settled(c->link);
        c->handlers.committed(c->handlers.context);
        if (!c->live)
            return;
        pump(c);
        told_room(c);
        return;
    }
    /* a stream or group that is gone is looked into after the reconnect, with the checks of a start */
    if (reply_classify(reply) == REPLY_WAIT || reply_is_error(reply, "NOSTREAM") ||
        reply_is_error(reply, "NOGRP")) {
        committer_suspend(c);
        link_reset(c->link, reply->str);
        return;
    }
    refuse(c, reply->str);
}

/* ---- building a commit ---- */

struct span { /* of an outbox */
    const struct outbox *box;
    size_t first, end;
};

static void add_id(struct command *command, struct entry_id id)
{
    char text[ENTRY_ID_TEXT];
    command_word(command, entry_id_format(text, id));
}

static bool same_key(const struct outbox *box, size_t a, size_t b)
{
    size_t la, lb;
    const char *ta = outbox_get(box, box->items[a].first, &la),
               *tb = outbox_get(box, box->items[b].first, &lb);
    return la == lb && memcmp(ta, tb, la) == 0;
}

/* The first item of the span with the same key stands for that key. */
static size_t leader_of(struct span s, size_t item)
{
    size_t i = s.first;
    while (!same_key(s.box, i, item))
        i++;
    return i;
}

/* Streams come to be few: all of one batch go to a handful of keys. */
static unsigned key_index(struct span s, size_t item)
{
    size_t leader = leader_of(s, item);
    unsigned index = 4; /* after events, progress, owner; Lua counts from 1 */
    for (size_t i = s.first; i < leader; i++)
        index += leader_of(s, i) == i;
    return index;
}

static void add_keys(struct committer *c, struct span s)
{
    unsigned keys = 3;
    for (size_t i = s.first; i < s.end; i++)
        keys += leader_of(s, i) == i;
    command_words(&c->command, "FCALL", "jiandu_commit", (char *)NULL);
    command_printf(&c->command, "%u", keys);
    command_words(&c->command, c->settings.events, c->settings.progress, c->settings.owner, (char *)NULL);
    for (size_t i = s.first; i < s.end; i++) {
        size_t length;
        const char *key = outbox_get(s.box, s.box->items[i].first, &length);
        if (leader_of(s, i) == i)
            command_add(&c->command, key, length);
    }
}

static void add_outputs(struct committer *c, struct span s)
{
    command_printf(&c->command, "%zu", s.end - s.first);
    for (size_t i = s.first; i < s.end; i++) {
        const struct outbox_item *item = &s.box->items[i];
        command_printf(&c->command, "%u", key_index(s, i));
        for (size_t t = 1; t < item->count; t++) {
            size_t length;
            const char *text = outbox_get(s.box, item->first + t, &length);
            if (t == 3)
                command_printf(&c->command, "%zu", item->count - 3);
            command_add(&c->command, text, length);
        }
    }
}

static void add_progress(struct committer *c, struct stream_place to, bool final)
{
    char id[ENTRY_ID_TEXT];
    struct log_head head;
    bool print = final && c->fingerprint, system = final && c->system, lost = final && c->lost;
    bool anchor = final && log_get_head(&head) && head.seq != c->anchored;
    entry_id_format(id, to.position);
    command_printf(&c->command, "%d", print + system + lost + anchor);
    if (lost) {
        command_word(&c->command, "lost");
        command_printf(&c->command, "%" PRIu64, c->lost);
    }
    if (print) {
        command_word(&c->command, "print");
        command_printf(&c->command, "%s %016" PRIx64, id, c->fingerprint);
    }
    if (system) {
        command_word(&c->command, "system");
        command_printf(&c->command, "%s %u", id, c->system);
    }
    if (anchor) {
        char text[LOG_ANCHOR_TEXT];
        command_word(&c->command, c->settings.log_field);
        command_word(&c->command, log_head_format(&head, text));
        c->anchored = head.seq;
    }
}

static struct commit *build(
    struct committer *c, struct span s, struct stream_place from, struct stream_place to, bool final)
{
    struct commit *m = memory_zeroed(1, sizeof *m, "a commit");
    m->to = to;
    m->moves = entry_id_compare(from.position, to.position) != 0;
    command_clear(&c->command);
    add_keys(c, s);
    command_words(&c->command, c->settings.group, c->token, (char *)NULL);
    add_id(&c->command, from.position);
    add_id(&c->command, to.position);
    command_printf(&c->command, "%" PRIu64, to.read);
    command_printf(&c->command, "%d", c->settings.lease);
    add_progress(c, to, final);
    add_outputs(c, s);
    if (command_format(&c->command, &m->wire) < 0)
        memory_exhausted("a commit");
    return m;
}

static size_t end_of_entry(const struct outbox *box, size_t i)
{
    size_t end = i + 1;
    while (end < box->count && entry_id_compare(box->items[end].cause, box->items[i].cause) == 0)
        end++;
    return end;
}

/* As many whole entries as fit. */
static struct span next_span(const struct outbox *box, size_t first)
{
    struct span s = {box, first, first};
    size_t bytes = 0;
    while (s.end < box->count) {
        size_t end = end_of_entry(box, s.end), more = 0;
        for (size_t i = s.end; i < end; i++)
            more += box->items[i].bytes;
        if (s.end > first && (end - first > OUTPUTS_MAX || bytes + more > BYTES_MAX))
            break;
        s.end = end;
        bytes += more;
    }
    return s;
}

/* Builds the commits for everything up to c->last. */
static void queue_up(struct committer *c, const struct outbox *box)
{
    size_t done = 0;
    do {
        struct span s = next_span(box, done);
        bool final = s.end == box->count;
        struct stream_place to = c->last;
        if (!final)
            to = (struct stream_place){box->items[s.end - 1].cause, box->items[s.end - 1].read};
        push(c, build(c, s, c->queued, to, final));
        done = s.end;
    } while (done < box->count);
    event_del(c->timer);
    c->was_full |= committer_full(c);
    pump(c);
}

/* ---- the public face ---- */

static bool behind(const struct committer *c)
{
    return entry_id_compare(c->queued.position, c->last.position) != 0 || c->queued.read != c->last.read;
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    committer_flush(context);
}

struct committer *committer_create(struct event_base *base, struct link *link,
    const struct committer_settings *settings, const struct committer_handlers *handlers)
{
    struct committer *c = memory_zeroed(1, sizeof *c, "the committer");
    c->link = link;
    c->settings = *settings;
    c->handlers = *handlers;
    c->timer = memory_need(evtimer_new(base, on_timer, c), "a timer");
    return c;
}

void committer_destroy(struct committer *c)
{
    if (!c)
        return;
    committer_stop(c);
    event_free(c->timer);
    command_fini(&c->command);
    free(c);
}

void committer_start(struct committer *c, const char *token, struct stream_place at, unsigned system)
{
    invariant(!c->running && !c->head);
    snprintf(c->token, sizeof c->token, "%s", token);
    c->committed = c->queued = c->last = at;
    c->fingerprint = 0;
    c->system = system;
    c->anchored = c->lost = 0;
    c->running = c->live = true;
}

uint64_t committer_lost(struct committer *c, uint64_t more)
{
    return c->lost += more;
}

void committer_stop(struct committer *c)
{
    c->running = c->live = c->was_full = false;
    c->in_flight = 0;
    event_del(c->timer);
    while (c->head)
        pop(c);
}

void committer_resume(struct committer *c, struct entry_id redis_has)
{
    if (!c->running)
        return;
    committer_suspend(c);
    /* what only publishes at that very position may be missing; asking again does no harm */
    while (c->head) {
        int ahead = entry_id_compare(c->head->to.position, redis_has);
        if (ahead > 0 || (ahead == 0 && !c->head->moves))
            break;
        c->committed = c->head->to;
        pop(c);
    }
    if (entry_id_compare(c->committed.position, redis_has) != 0) {
        char why[128], ours[ENTRY_ID_TEXT], theirs[ENTRY_ID_TEXT];
        snprintf(why, sizeof why, "the committed position is %s, not %s: somebody else has moved it",
            entry_id_format(theirs, redis_has), entry_id_format(ours, c->committed.position));
        refuse(c, why);
        return;
    }
    c->live = true;
    pump(c);
    told_room(c);
    c->handlers.committed(c->handlers.context);
}

void committer_add(struct committer *c, struct outbox *box, struct stream_place to, uint64_t fingerprint)
{
    invariant(c->running);
    if (entry_id_compare(to.position, c->last.position) != 0) {
        c->system = 0;
        c->fingerprint = fingerprint;
    }
    c->last = to;
    if (box->count == 0) {
        if (behind(c) && !event_pending(c->timer, EV_TIMEOUT, NULL))
            timer_in(c->timer, c->settings.interval);
        return;
    }
    queue_up(c, box);
    outbox_clear(box);
}

void committer_flush(struct committer *c)
{
    static const struct outbox nothing;
    if (c->running && behind(c))
        queue_up(c, &nothing);
}

bool committer_system_id(struct committer *c, struct entry_id *id)
{
    if (!c->running || c->system == SYSTEM_IDS || c->last.position.seq > UINT64_MAX / 1000 - 1)
        return false;
    id->ms = c->last.position.ms;
    id->seq = c->last.position.seq * 1000 + SYSTEM_IDS_FIRST + c->system++;
    return true;
}

bool committer_full(const struct committer *c)
{
    return c->count >= c->settings.commits_max || c->bytes >= c->settings.bytes_max;
}

bool committer_idle(const struct committer *c)
{
    return !c->head && !behind(c);
}

struct stream_place committer_last(const struct committer *c)
{
    return c->last;
}

struct stream_place committer_committed(const struct committer *c)
{
    return c->committed;
}
