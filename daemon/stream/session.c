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
    struct session_settings settings;
    struct session_handlers handlers;
    struct session_facts facts;
    struct raw_entry *scratch;
    unsigned open;  /* replies still to come, */
    unsigned stale; /* of which the first so many are of an earlier beginning */
};

static void ask(struct session *s, struct command *command, link_reply done)
{
    if (link_command(s->link, command, done, s) < 0)
        link_reset(s->link, "out of memory");
    else
        s->open++;
    command_fini(command);
}

/* Replies come in order, so that only the latest beginning gets on. */
static bool is_latest(struct session *s)
{
    s->open--;
    if (s->stale == 0)
        return true;
    s->stale--;
    return false;
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
    if (!is_latest(s))
        return;
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
    if (!is_latest(s))
        return;
    if (!stream_facts_read(&s->facts.stream, reply)) {
        if (usable(s, reply, s->settings.events))
            fail(s, true, s->settings.events, "XINFO STREAM has not the form that Redis 7 gives it");
        return;
    }
    command_init(&c);
    entry_id_format(id, s->facts.progress.place.position);
    command_words(&c, "XRANGE", s->settings.events, id, id, (char *)NULL);
    ask(s, &c, on_entry);
}

/* ---- progress ---- */

static void on_progress(void *context, void *data)
{
    struct session *s = context;
    const redisReply *reply = data;
    struct command c;
    if (!is_latest(s))
        return;
    if (!usable(s, reply, s->settings.progress))
        return;
    if (!progress_read(&s->facts.progress, reply)) {
        fail(s, false, s->settings.progress, "the fields pos and read are not what this daemon writes");
        return;
    }
    const redisReply *log = reply_member(reply, s->settings.log_field);
    if (!log || log->type != REDIS_REPLY_STRING || !log_head_parse(&s->facts.log, log->str))
        log_head_init(&s->facts.log);
    command_init(&c);
    command_words(&c, "XINFO", "STREAM", s->settings.events, (char *)NULL);
    ask(s, &c, on_stream);
}

void session_look(struct session *s)
{
    struct command c;
    s->stale = s->open;
    memset(&s->facts, 0, sizeof s->facts);
    command_init(&c);
    command_words(&c, "HGETALL", s->settings.progress, (char *)NULL);
    ask(s, &c, on_progress);
}

/* ---- the group, which mirrors progress for other people's tools ---- */

static void on_group(void *context, void *data)
{
    struct session *s = context;
    const redisReply *reply = data;
    if (!is_latest(s))
        return;
    if (reply_is_error(reply, "BUSYGROUP") || usable(s, reply, s->settings.events))
        s->handlers.prepared(s->handlers.context);
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
    if (!is_latest(s))
        return;
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
    if (!is_latest(s))
        return;
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
    s->stale = s->open;
    command_init(&c);
    command_words(&c, "FCALL_RO", "jiandu_version", "0", (char *)NULL);
    ask(s, &c, on_version);
}

struct session *session_create(
    struct link *link, const struct session_settings *settings, const struct session_handlers *handlers)
{
    struct session *s = memory_zeroed(1, sizeof *s, "a session");
    s->link = link;
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
