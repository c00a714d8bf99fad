#include "daemon/stream/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/memory.h"
#include "daemon/ops/log.h"
#include "daemon/stream/function_library.h"
#include "daemon/stream/raw_entry.h"
#include "daemon/stream/reply.h"

struct session {
    struct link *link;
    struct lease *lease;
    struct session_settings settings;
    struct session_handlers handlers;
    struct session_facts facts;
    struct raw_entry *scratch;
};

static void ask(struct session *s, struct command *command, link_reply done)
{
    if (link_command(s->link, command, done, s) < 0)
        link_reset(s->link, "out of memory");
    command_fini(command);
}

static void fail(struct session *s, bool config, const char *what, const char *why)
{
    char text[400];
    snprintf(text, sizeof text, "%s: %s", what, why);
    s->handlers.failed(s->handlers.context, config, text);
}

/* True when the reply is of use; what it means otherwise is dealt with. */
static bool usable(struct session *s, const redisReply *reply, const char *what)
{
    if (!reply)
        return false; /* the link comes back, and session_begin with it */
    switch (reply_classify(reply)) {
    case REPLY_GOOD:
        return true;
    case REPLY_WAIT:
        link_reset(s->link, reply->str);
        return false;
    default:
        fail(s, true, what, reply->str);
        return false;
    }
}

/* ---- the entry at our position ---- */

static void on_entry(void *context, void *data)
{
    struct session *s = context;
    const redisReply *reply = data;
    if (!usable(s, reply, "reading the entry at the committed position"))
        return;
    s->facts.entry_print = 0;
    if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 1)
        s->facts.entry_print = raw_entry_fingerprint_of(s->scratch, reply->element[0]);
    s->handlers.established(s->handlers.context, &s->facts);
}

/* ---- the stream ---- */

static void on_stream(void *context, void *data)
{
    struct session *s = context;
    const redisReply *reply = data;
    struct command c;
    char id[ENTRY_ID_TEXT];
    if (!stream_facts_read(&s->facts.stream, reply)) {
        if (usable(s, reply, s->settings.events))
            fail(s, true, s->settings.events, "XINFO STREAM has not the form that Redis 7 gives it");
        return;
    }
    command_init(&c);
    entry_id_format(id, s->facts.place.position);
    command_words(&c, "XRANGE", s->settings.events, id, id, (char *)NULL);
    ask(s, &c, on_entry);
}

/* ---- progress ---- */

/* "POSITION REST" counts only if it was written at our position. */
static const char *noted_at(const redisReply *progress, const char *name, struct entry_id position)
{
    struct entry_id at;
    const redisReply *value = reply_member(progress, name);
    const char *space = value && value->type == REDIS_REPLY_STRING ? strchr(value->str, ' ') : NULL;
    if (!space || !entry_id_parse(&at, value->str, (size_t)(space - value->str)) ||
        entry_id_compare(at, position) != 0)
        return NULL;
    return space + 1;
}

static void on_progress(void *context, void *data)
{
    struct session *s = context;
    const redisReply *reply = data;
    struct command c;
    if (!usable(s, reply, s->settings.progress))
        return;
    struct stream_place *place = &s->facts.place;
    place->read = reply_number(reply, "read", UINT64_MAX);
    if (!reply_id(reply, "pos", &place->position) || place->read == UINT64_MAX) {
        fail(s, false, s->settings.progress, "the fields pos and read are not what this daemon writes");
        return;
    }
    const char *print = noted_at(reply, "print", place->position);
    const char *system = noted_at(reply, "system", place->position);
    s->facts.progress_print = print ? strtoull(print, NULL, 16) : 0;
    const redisReply *log = reply_member(reply, s->settings.log_field);
    if (!log || log->type != REDIS_REPLY_STRING || !log_head_parse(&s->facts.log, log->str))
        log_head_init(&s->facts.log);
    s->facts.system = system ? (unsigned)strtoul(system, NULL, 10) : 0;
    command_init(&c);
    command_words(&c, "XINFO", "STREAM", s->settings.events, (char *)NULL);
    ask(s, &c, on_stream);
}

void session_lease_taken(struct session *s)
{
    struct command c;
    command_init(&c);
    command_words(&c, "HGETALL", s->settings.progress, (char *)NULL);
    ask(s, &c, on_progress);
}

/* ---- the group, which mirrors progress for other people's tools ---- */

static void on_group(void *context, void *data)
{
    struct session *s = context;
    const redisReply *reply = data;
    if (reply_is_error(reply, "BUSYGROUP") || usable(s, reply, s->settings.events))
        lease_take(s->lease);
}

static void ensure_group(struct session *s)
{
    struct command c;
    command_init(&c);
    command_words(&c, "XGROUP", "CREATE", s->settings.events, s->settings.group, "0-0", "MKSTREAM",
        "ENTRIESREAD", "0", (char *)NULL);
    ask(s, &c, on_group);
}

/* ---- the function library ---- */

static void on_loaded(void *context, void *data)
{
    struct session *s = context;
    const redisReply *reply = data;
    char what[256];
    snprintf(what, sizeof what,
        "the function library jiandu %d is missing in Redis and may not be loaded; run "
        "`redis-cli -x FUNCTION LOAD REPLACE < jiandu.lua` as a user who may",
        FUNCTION_LIBRARY_VERSION);
    if (!usable(s, reply, what))
        return;
    log_info("library", "our functions were loaded into Redis", LOG_INT("version", FUNCTION_LIBRARY_VERSION));
    ensure_group(s);
}

static void load_library(struct session *s)
{
    struct command c;
    command_init(&c);
    command_words(&c, "FUNCTION", "LOAD", "REPLACE", function_library_text, (char *)NULL);
    ask(s, &c, on_loaded);
}

static void on_version(void *context, void *data)
{
    struct session *s = context;
    const redisReply *reply = data;
    if (reply_is_error(reply, "ERR")) { /* no such function */
        load_library(s);
        return;
    }
    if (!usable(s, reply, "calling the function jiandu_version"))
        return;
    if (reply->type == REDIS_REPLY_INTEGER && reply->integer == FUNCTION_LIBRARY_VERSION)
        ensure_group(s);
    else if (reply->type == REDIS_REPLY_INTEGER && reply->integer > FUNCTION_LIBRARY_VERSION)
        fail(s, true, "the function library jiandu in Redis",
            "it is newer than this daemon: upgrade the daemon");
    else
        load_library(s);
}

void session_begin(struct session *s)
{
    struct command c;
    memset(&s->facts, 0, sizeof s->facts);
    command_init(&c);
    command_words(&c, "FCALL_RO", "jiandu_version", "0", (char *)NULL);
    ask(s, &c, on_version);
}

struct session *session_create(struct link *link, struct lease *lease,
    const struct session_settings *settings, const struct session_handlers *handlers)
{
    struct session *s = memory_zeroed(1, sizeof *s, "a session");
    s->link = link;
    s->lease = lease;
    s->settings = *settings;
    s->handlers = *handlers;
    s->scratch = memory_zeroed(1, sizeof *s->scratch, "an entry");
    return s;
}

void session_destroy(struct session *s)
{
    if (!s)
        return;
    free(s->scratch);
    free(s);
}
