#include "daemon/base/memory.h"

#include <stdio.h>
#include <stdlib.h>

void *memory_need(void *pointer, const char *what)
{
    if (pointer)
        return pointer;
    fprintf(stderr, "jiandu: out of memory for %s\n", what);
    exit(MEMORY_EXIT);
}

void *memory_zeroed(size_t count, size_t size, const char *what)
{
    return memory_need(calloc(count ? count : 1, size), what);
}
