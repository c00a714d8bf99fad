/* Allocation for start-up and for small objects of the shell: never fails, since a process that cannot get a
 * few bytes ends with a line on stderr and status 71 (EX_OSERR). Not for anything whose size input decides.
 */
#ifndef JIANDU_OPS_ALLOC_H
#define JIANDU_OPS_ALLOC_H

#include <stddef.h>

/* Free each with free(). */
void *alloc_zeroed(size_t count, size_t size);
char *alloc_text(const char *text);
char *alloc_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Resizes an array; what is added is not zeroed. */
void *alloc_resize(void *array, size_t count, size_t size);

#endif
