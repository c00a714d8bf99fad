#include "daemon/stream/progress.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/stream/reply.h"

/* "POSITION REST" counts only if it was written at our position. */
static const char *noted_at(const redisReply *reply, const char *name, struct entry_id position)
{
    struct entry_id at;
    const redisReply *value = reply_member(reply, name);
    const char *space = value && value->type == REDIS_REPLY_STRING ? strchr(value->str, ' ') : NULL;
    if (!space || !entry_id_parse(&at, value->str, (size_t)(space - value->str)) ||
        entry_id_compare(at, position) != 0)
        return NULL;
    return space + 1;
}

bool progress_read(struct progress *p, const redisReply *reply)
{
    memset(p, 0, sizeof *p);
    if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 0)
        return true;
    p->place.read = reply_number(reply, "read", UINT64_MAX);
    if (!reply_id(reply, "pos", &p->place.position) || p->place.read == UINT64_MAX)
        return false;
    const char *print = noted_at(reply, "print", p->place.position);
    const char *system = noted_at(reply, "system", p->place.position);
    const redisReply *config = reply_member(reply, "config");
    p->print = print ? strtoull(print, NULL, 16) : 0;
    p->system = system ? (unsigned)strtoul(system, NULL, 10) : 0;
    p->lost = reply_number(reply, "lost", 0);
    p->config = config && config->type == REDIS_REPLY_STRING ? strtoull(config->str, NULL, 16) : 0;
    reply_id(reply, "config_from", &p->config_from);
    return true;
}
