#include "daemon/stream/recovery.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/base/memory.h"
#include "daemon/ops/log.h"
#include "daemon/stream/raw_entry.h"
#include "daemon/stream/reply.h"

#define SNAPSHOTS_MAX 128 /* more than the configuration lets be kept */

struct recovery {
    struct link *link;
    const struct stream_host *host;
    const char *events;
    struct recovery_handlers handlers;
    struct session_facts facts;
    uint64_t config; /* of the snapshots that may be used; 0: any */
    struct entry_id snapshots[SNAPSHOTS_MAX];
    size_t count, next;
    struct snapshot_header header; /* of the one that is looked at */
    struct raw_entry *scratch;
    bool active;
};

static struct stream_place place_of(const struct snapshot_header *h)
{
    return (struct stream_place){.position = {(uint64_t)h->pos_ms, h->pos_seq}, .read = h->read};
}

static void skip(const struct recovery *r, const char *why)
{
    char text[ENTRY_ID_TEXT];
    log_warn("snapshot_refused", why, LOG_TEXT("position", entry_id_format(text, r->snapshots[r->next - 1])));
}

static void plan(struct recovery *r, const struct recovery_plan *p)
{
    r->active = false;
    r->handlers.planned(r->handlers.context, p);
}

static void start_fresh(struct recovery *r)
{
    struct error err;
    if (r->host->fresh(r->host->context, &err) < 0) {
        r->active = false;
        r->handlers.failed(r->handlers.context, err.text);
        return;
    }
    const struct stream_facts *f = &r->facts.stream;
    bool trimmed = f->added != f->length;
    if (trimmed && f->has_entries)
        r->host->warmup(
            r->host->context, (int64_t)f->first_entry.ms + r->host->longest_window(r->host->context));
    bool changed = r->config && r->facts.progress.config_from.ms > 0;
    plan(r, &(struct recovery_plan){
                .fresh = true, .degraded = (trimmed || changed) && r->facts.progress.place.read > 0});
}

static void take(struct recovery *r)
{
    plan(r, &(struct recovery_plan){.from = place_of(&r->header), .counted = true});
}

static bool differs(uint64_t a, uint64_t b)
{
    return a && b && a != b;
}

/* At the committed position itself: nothing is replayed, so the fingerprints decide. */
static const char *objection_at_position(const struct recovery *r)
{
    if (r->header.read != r->facts.progress.place.read)
        return "it counts another number of entries at the same position";
    if (differs(r->header.fingerprint, r->facts.entry_print) ||
        differs(r->header.fingerprint, r->facts.progress.print))
        return "another entry stands at its position";
    return NULL;
}

static void try_next(struct recovery *r);

static void on_entry(void *context, void *data)
{
    struct recovery *r = context;
    const redisReply *reply = data;
    uint64_t print = 0;
    if (!reply || !r->active)
        return; /* the next session begins anew */
    if (reply->type != REDIS_REPLY_ARRAY) {
        link_reset(r->link, reply_text(reply));
        return;
    }
    if (reply->elements == 1)
        print = raw_entry_fingerprint_of(r->scratch, reply->element[0]);
    if (differs(print, r->header.fingerprint)) {
        skip(r, "another entry stands at its position");
        try_next(r);
        return;
    }
    take(r); /* if the entry was trimmed, the count of those after it decides */
}

static void ask_for_entry(struct recovery *r)
{
    struct command c;
    char id[ENTRY_ID_TEXT];
    command_init(&c);
    entry_id_format(id, place_of(&r->header).position);
    command_words(&c, "XRANGE", r->events, id, id, (char *)NULL);
    if (link_command(r->link, &c, on_entry, r) < 0)
        link_reset(r->link, "out of memory");
    command_fini(&c);
}

/* True: the outcome is known or on its way. */
static bool consider(struct recovery *r, struct entry_id position)
{
    struct error err;
    if (r->host->load(r->host->context, position, &r->header, &err) < 0) {
        skip(r, err.text);
        return false;
    }
    if (r->config && r->header.config_hash != r->config) {
        skip(r, "it was made with another configuration");
        return false;
    }
    struct stream_place at = place_of(&r->header);
    if (entry_id_compare(at.position, r->facts.progress.place.position) == 0) {
        const char *objection = objection_at_position(r);
        if (objection)
            skip(r, objection);
        else
            take(r);
        return !objection;
    }
    if (at.read >= r->facts.progress.place.read || !r->facts.entry_print) {
        skip(r, r->facts.entry_print ? "it counts more entries than were committed"
                                     : "what follows it was removed from the input");
        return false;
    }
    ask_for_entry(r);
    return true;
}

static void try_next(struct recovery *r)
{
    while (r->active && r->next < r->count) {
        struct entry_id position = r->snapshots[r->next++];
        if (entry_id_compare(position, r->facts.progress.place.position) > 0) {
            skip(r, "it is ahead of the committed position: Redis has lost what it had acknowledged");
            r->host->discard(r->host->context, position);
        } else if (consider(r, position)) {
            return;
        }
    }
    start_fresh(r);
}

struct recovery *recovery_create(struct link *link, const struct stream_host *host, const char *events,
    const struct recovery_handlers *handlers)
{
    struct recovery *r = memory_zeroed(1, sizeof *r, "recovery");
    r->link = link;
    r->host = host;
    r->events = events;
    r->handlers = *handlers;
    r->scratch = memory_zeroed(1, sizeof *r->scratch, "an entry");
    return r;
}

void recovery_destroy(struct recovery *r)
{
    if (!r)
        return;
    free(r->scratch);
    free(r);
}

void recovery_begin(struct recovery *r, const struct session_facts *facts, uint64_t config)
{
    r->facts = *facts;
    r->config = config;
    struct error err;
    int count = r->host->list(r->host->context, r->snapshots, SNAPSHOTS_MAX, &err);
    if (count < 0) {
        r->handlers.failed(r->handlers.context, err.text);
        return;
    }
    r->count = (size_t)count;
    r->next = 0;
    r->active = true;
    try_next(r);
}

void recovery_next(struct recovery *r)
{
    r->active = true;
    if (r->next > 0)
        skip(r, "the entries after it do not agree in number with what was committed");
    try_next(r);
}

void recovery_cancel(struct recovery *r)
{
    r->active = false;
}
