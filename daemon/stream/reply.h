/* Looking into replies of the control connection, and what an error reply means for us. */
#ifndef JIANDU_STREAM_REPLY_H
#define JIANDU_STREAM_REPLY_H

#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stdint.h>

#include "daemon/event/entry_id.h"

enum reply_class {
    REPLY_GOOD,
    REPLY_WAIT,  /* Redis cannot now (loading, busy, out of memory, replica): try again later */
    REPLY_FATAL, /* it will never let us: password or rights are wrong */
    REPLY_OTHER, /* an error that only the asker can judge */
};

/* `error` is the text of an error reply. */
enum reply_class reply_classify_error(const char *error);
/* A NULL reply counts as REPLY_WAIT. */
enum reply_class reply_classify(const redisReply *reply);

bool reply_is_error(const redisReply *reply, const char *first_word);
/* The text of an error or status reply for people; never NULL. */
const char *reply_text(const redisReply *reply);
/* The value after `name` in a flat list of names and values (XINFO, HGETALL); NULL when it is not there. */
const redisReply *reply_member(const redisReply *list, const char *name);
/* The same as a number or id; `fallback` or false when it is not there or is something else. */
uint64_t reply_number(const redisReply *list, const char *name, uint64_t fallback);
bool reply_id(const redisReply *list, const char *name, struct entry_id *id);

#endif
