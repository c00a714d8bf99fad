#include "daemon/stream/checks.h"

#include <string.h>

#include "daemon/stream/reply.h"

static bool read_entry(const redisReply *info, const char *name, struct entry_id *id)
{
    const redisReply *entry = reply_member(info, name);
    return entry && entry->type == REDIS_REPLY_ARRAY && entry->elements == 2 &&
           entry->element[0]->type == REDIS_REPLY_STRING &&
           entry_id_parse(id, entry->element[0]->str, entry->element[0]->len);
}

bool stream_facts_read(struct stream_facts *f, const redisReply *reply)
{
    memset(f, 0, sizeof *f);
    if (!reply)
        return false;
    if (reply->type == REDIS_REPLY_ERROR)
        return strcmp(reply->str, "ERR no such key") == 0;
    f->exists = true;
    f->length = reply_number(reply, "length", UINT64_MAX);
    f->added = reply_number(reply, "entries-added", UINT64_MAX);
    f->has_entries =
        read_entry(reply, "first-entry", &f->first_entry) && read_entry(reply, "last-entry", &f->last_entry);
    return f->length != UINT64_MAX && f->added != UINT64_MAX &&
           reply_id(reply, "last-generated-id", &f->last);
}

enum stream_health stream_health(const struct stream_facts *f, struct stream_place at)
{
    if (!f->exists)
        return at.read > 0 ? STREAM_GONE : STREAM_WELL;
    if (entry_id_compare(f->last, at.position) < 0 || f->added < at.read)
        return STREAM_ROLLED_BACK;
    return STREAM_WELL;
}

const char *stream_health_words(enum stream_health health)
{
    switch (health) {
    case STREAM_GONE:
        return "the input stream was deleted";
    case STREAM_ROLLED_BACK:
        return "the input stream was made anew or has gone back behind the committed position";
    default:
        return "the input stream is well";
    }
}

bool stream_caught_up(const struct stream_facts *f, struct stream_place at)
{
    return !f->has_entries || entry_id_compare(f->last_entry, at.position) <= 0;
}

uint64_t stream_lost(const struct stream_facts *f, struct stream_place at, bool *exact)
{
    uint64_t unread;
    if (stream_caught_up(f, at))
        unread = 0;
    else if (entry_id_compare(f->first_entry, at.position) > 0)
        unread = f->length;
    else
        unread = UINT64_MAX; /* some of what is there was read, and how much cannot be told */
    *exact = f->exists && unread != UINT64_MAX;
    if (!*exact || f->added <= at.read || f->added - at.read <= unread)
        return 0;
    return f->added - at.read - unread;
}

uint64_t stream_lag(const struct stream_facts *f, struct stream_place at)
{
    return stream_caught_up(f, at) || f->added <= at.read ? 0 : f->added - at.read;
}
