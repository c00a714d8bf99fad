#include "tests/simulation/server_parts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/memory.h"
#include "daemon/event/entry_id.h"

/* ---- replies ---- */

static void say_bytes(struct server *s, const char *bytes, size_t length)
{
    s->reply = memory_grow(s->reply, &s->room, s->used + length, 1);
    memcpy(s->reply + s->used, bytes, length);
    s->used += length;
}

void say(struct server *s, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    say_bytes(s, line, (size_t)n);
}

void say_text(struct server *s, const char *text)
{
    say(s, "$%zu\r\n%s\r\n", strlen(text), text);
}

void say_id(struct server *s, uint64_t ms)
{
    char id[ENTRY_ID_TEXT];
    say_text(s, entry_id_format(id, (struct entry_id){ms, 0}));
}

void say_entry(struct server *s, uint64_t i)
{
    say_entry_as(s, i, i);
}

void say_entry_as(struct server *s, uint64_t i, uint64_t other)
{
    char text[24];
    static const char *const fields[] = {
        "type", "order", "account", "a", "unit", "u", "supplier", "s", "sku", "k", "quantity", "1"};
    say(s, "*2\r\n");
    say_id(s, i);
    say(s, "*18\r\n");
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
        say_text(s, fields[k]);
    say_text(s, "time");
    snprintf(text, sizeof text, "%" PRIu64, i);
    say_text(s, text);
    say_text(s, "order");
    snprintf(text, sizeof text, "o%" PRIu64, i);
    say_text(s, text);
    say_text(s, "amount");
    snprintf(text, sizeof text, "%" PRIu64, other * 7 % 13);
    say_text(s, text);
}

/* ---- arguments ---- */

const char *word(const redisReply *command, size_t i)
{
    return i < command->elements ? command->element[i]->str : "";
}

uint64_t number(const redisReply *command, size_t i)
{
    return strtoull(word(command, i), NULL, 10);
}

bool is(const redisReply *command, size_t i, const char *text)
{
    return strcmp(word(command, i), text) == 0;
}
