/* Small files that are read whole: the configuration and the secrets beside it. */
#ifndef JIANDU_OPS_TEXTFILE_H
#define JIANDU_OPS_TEXTFILE_H

#include "daemon/base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* The content of a regular file of at most `limit` bytes, NUL-terminated; free() it. NULL, with the reason
 * (which does not name the file), if there is none, it is too large or has a NUL byte. `exposed` (may be
 * NULL) says whether its group or everybody may read it. */
char *textfile_read(const char *path, size_t limit, bool *exposed, struct error *err);

#endif
