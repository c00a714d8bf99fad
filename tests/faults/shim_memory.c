/* The part of the shim that stands before malloc: only where it is loaded with LD_PRELOAD. */
#include "tests/faults/shim.h"

#include <errno.h>
#include <stdlib.h>

/* glibc's own, which dlsym could not be asked for: it allocates */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
    return shim_strikes(SHIM_MALLOC) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return shim_strikes(SHIM_MALLOC) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return shim_strikes(SHIM_MALLOC) ? NULL : __libc_realloc(old, size);
}
