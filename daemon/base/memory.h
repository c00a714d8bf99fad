/* Memory that is there: running out of it ends the process with a clear line. All state is safe in Redis and
 * in snapshots, so the next start goes on where this one stopped. Not for sizes that input decides without a
 * limit of ours. Everything is freed with free(). */
#ifndef JIANDU_BASE_MEMORY_H
#define JIANDU_BASE_MEMORY_H

#include <stddef.h>

#define MEMORY_EXIT 71 /* EX_OSERR */

/* Ends the process. */
_Noreturn void memory_exhausted(const char *what);
/* Returns `pointer`, or ends the process if it is NULL. */
void *memory_need(void *pointer, const char *what);
/* Makes Jansson do the same: it would call a text faulty where it finds no memory for it. For main. */
void memory_guard_json(void);
/* Zeroed; never NULL, not even for a count of 0. */
void *memory_zeroed(size_t count, size_t size, const char *what);
/* A copy of a text; a text made like printf's. */
char *memory_text(const char *text);
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The array with `count` elements of `size` bytes; what is added is not zeroed. */
void *memory_resize(void *array, size_t count, size_t size);
/* The array with `wanted` elements at least; *room, how many it holds, is doubled until they fit. */
void *memory_grow(void *array, size_t *room, size_t wanted, size_t size);

#endif
