#include "daemon/stream/command.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"

#include <hiredis/hiredis.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void command_init(struct command *c)
{
    memset(c, 0, sizeof *c);
}

void command_fini(struct command *c)
{
    free(c->bytes);
    free(c->ends);
    command_init(c);
}

void command_clear(struct command *c)
{
    c->used = c->count = 0;
}

void command_add(struct command *c, const void *argument, size_t length)
{
    c->bytes = memory_grow(c->bytes, &c->size, c->used + length, 1);
    c->ends = memory_grow(c->ends, &c->room, c->count + 1, sizeof *c->ends);
    if (length)
        memcpy(c->bytes + c->used, argument, length);
    c->used += length;
    c->ends[c->count++] = c->used;
}

void command_word(struct command *c, const char *argument)
{
    command_add(c, argument, strlen(argument));
}

void command_words(struct command *c, ...)
{
    va_list args;
    va_start(args, c);
    const char *word;
    while ((word = va_arg(args, const char *)))
        command_word(c, word);
    va_end(args);
}

void command_printf(struct command *c, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    invariant(n >= 0 && (size_t)n < sizeof text);
    command_add(c, text, (size_t)n);
}

int command_format(const struct command *c, struct wire *wire)
{
    const char **argv = malloc((c->count + 1) * sizeof *argv);
    size_t *lengths = malloc((c->count + 1) * sizeof *lengths);
    int result = -1;
    wire->bytes = NULL;
    wire->length = 0;
    if (!argv || !lengths)
        goto out;
    size_t start = 0;
    for (size_t i = 0; i < c->count; i++) {
        argv[i] = c->bytes + start;
        lengths[i] = c->ends[i] - start;
        start = c->ends[i];
    }
    int n = redisFormatCommandArgv(&wire->bytes, (int)c->count, argv, lengths);
    if (n < 0)
        goto out;
    wire->length = (size_t)n;
    result = 0;
out:
    free((void *)argv);
    free(lengths);
    return result;
}

void wire_free(struct wire *wire)
{
    if (wire->bytes)
        redisFreeCommand(wire->bytes);
    wire->bytes = NULL;
    wire->length = 0;
}
