/* A region of address space, reserved whole and zero, that takes memory only where it is touched. Tables and
 * timers put their arrays there: what is bounded by configuration costs what is used, and nothing ever has to
 * move. */
#ifndef JIANDU_STATE_REGION_H
#define JIANDU_STATE_REGION_H

#include "daemon/base/error.h"

#include <stddef.h>

/* Page-aligned; `what` names it in the error. NULL if the system refuses. */
void *region_reserve(size_t bytes, const char *what, struct error *err);
void region_release(void *region, size_t bytes);

#endif
