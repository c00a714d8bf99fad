#include "daemon/base/memory.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 16

_Noreturn void memory_exhausted(const char *what)
{
    fprintf(stderr, "jiandu: out of memory for %s\n", what);
    _Exit(MEMORY_EXIT); /* not exit(): what others want done at the end may need memory */
}

void *memory_need(void *pointer, const char *what)
{
    if (!pointer)
        memory_exhausted(what);
    return pointer;
}

static void *need_for_json(size_t size)
{
    return memory_need(malloc(size ? size : 1), "JSON");
}

void memory_guard_json(void)
{
    json_set_alloc_funcs(need_for_json, free);
}

void *memory_zeroed(size_t count, size_t size, const char *what)
{
    return memory_need(calloc(count ? count : 1, size), what);
}

char *memory_text(const char *text)
{
    return memory_need(strdup(text), "a text");
}

char *memory_format(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    return memory_need(n < 0 ? NULL : text, "a text");
}

void *memory_resize(void *array, size_t count, size_t size)
{
    return memory_need(reallocarray(array, count ? count : 1, size), "a list");
}

void *memory_grow(void *array, size_t *room, size_t wanted, size_t size)
{
    if (wanted <= *room)
        return array;
    size_t grown = *room ? *room : FIRST_ROOM;
    while (grown < wanted)
        grown *= 2;
    array = memory_resize(array, grown, size);
    *room = grown;
    return array;
}
