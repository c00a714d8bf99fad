#include "daemon/stream/reply.h"

#include <stdlib.h>
#include <string.h>

static bool begins(const char *text, const char *word)
{
    size_t n = strlen(word);
    return strncmp(text, word, n) == 0 && (text[n] == ' ' || text[n] == '\0');
}

static bool begins_with_any(const char *text, const char *const *words)
{
    for (; *words; words++) {
        if (begins(text, *words))
            return true;
    }
    return false;
}

enum reply_class reply_classify_error(const char *error)
{
    /* "ERR Function": the library was removed while we ran; the next session loads it again, or says why not
     */
    static const char *const wait[] = {"ERR Function", "LOADING", "BUSY", "MISCONF", "NOREPLICAS", "READONLY",
        "OOM", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "UNBLOCKED", "UNKILLABLE", NULL};
    /* "ERR AUTH": a password was given but the server has none; "DENIED": its protected mode */
    static const char *const fatal[] = {"NOAUTH", "WRONGPASS", "NOPERM", "DENIED", "ERR AUTH", NULL};
    if (begins_with_any(error, wait))
        return REPLY_WAIT;
    return begins_with_any(error, fatal) ? REPLY_FATAL : REPLY_OTHER;
}

enum reply_class reply_classify(const redisReply *reply)
{
    if (!reply)
        return REPLY_WAIT;
    return reply->type == REDIS_REPLY_ERROR ? reply_classify_error(reply->str) : REPLY_GOOD;
}

bool reply_is_error(const redisReply *reply, const char *first_word)
{
    return reply && reply->type == REDIS_REPLY_ERROR && begins(reply->str, first_word);
}

const char *reply_text(const redisReply *reply)
{
    if (!reply)
        return "the connection was lost";
    return reply->str ? reply->str : "a reply of an unexpected kind";
}

const redisReply *reply_member(const redisReply *list, const char *name)
{
    if (!list || list->type != REDIS_REPLY_ARRAY)
        return NULL;
    for (size_t i = 0; i + 1 < list->elements; i += 2) {
        const redisReply *key = list->element[i];
        if (key->type == REDIS_REPLY_STRING && strcmp(key->str, name) == 0)
            return list->element[i + 1];
    }
    return NULL;
}

uint64_t reply_number(const redisReply *list, const char *name, uint64_t fallback)
{
    const redisReply *value = reply_member(list, name);
    if (!value)
        return fallback;
    if (value->type == REDIS_REPLY_INTEGER)
        return value->integer < 0 ? fallback : (uint64_t)value->integer;
    if (value->type != REDIS_REPLY_STRING || value->str[0] < '0' || value->str[0] > '9')
        return fallback;
    return strtoull(value->str, NULL, 10);
}

bool reply_id(const redisReply *list, const char *name, struct entry_id *id)
{
    const redisReply *value = reply_member(list, name);
    return value && value->type == REDIS_REPLY_STRING && entry_id_parse(id, value->str, (size_t)value->len);
}
