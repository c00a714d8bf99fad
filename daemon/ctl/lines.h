/* The lines of a file that a subcommand reads. */
#ifndef JIANDU_CTL_LINES_H
#define JIANDU_CTL_LINES_H

#include "daemon/base/error.h"

#include <stddef.h>

/* `line` without its newline, valid during the call. */
typedef void (*lines_visit)(void *context, const char *line, size_t length);

/* Visits all lines of the file, of standard input for "-". Returns 0, or EX_NOINPUT or EX_IOERR with the
 * reason. */
int lines_read(const char *file, lines_visit, void *context, struct error *err);

#endif
