/* The lines of a log file, one after the other, in bounded memory whatever the file holds. */
#ifndef JIANDU_CTL_LOG_LINES_H
#define JIANDU_CTL_LOG_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A line without its line break; `ended` false: a piece of one that is longer than any of ours, or the end of
 * the file. NUL bytes may be in it. */
typedef void (*log_piece)(void *context, const char *bytes, size_t length, bool ended);

/* Reads to the end. -1: reading failed, errno says why. */
int log_lines_read(FILE *in, log_piece piece, void *context);

#endif
