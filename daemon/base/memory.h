/* Memory for start-up and for texts of bounded size: running out of it ends the process with a clear line.
 * All state is safe in Redis and in snapshots, so the next start goes on where this one stopped. */
#ifndef JIANDU_BASE_MEMORY_H
#define JIANDU_BASE_MEMORY_H

#include <stddef.h>

#define MEMORY_EXIT 71 /* EX_OSERR */

/* Returns `pointer`, or ends the process if it is NULL. */
void *memory_need(void *pointer, const char *what);
/* Zeroed; never NULL. */
void *memory_zeroed(size_t count, size_t size, const char *what);

#endif
