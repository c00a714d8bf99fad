/* The older files of a log, beside it: PATH-000000000501, by the number of their first line, which is how
 * they sort. What another program has renamed (PATH.1, PATH-20261124) is not touched, but read. */
#ifndef JIANDU_OPS_LOG_SHELF_H
#define JIANDU_OPS_LOG_SHELF_H

#include "daemon/ops/log_chain.h"

/* Renames the log to make room for the next file. */
int log_shelf_put(const char *path, uint64_t first, struct error *err);
/* The head of the file beside it whose chain has come furthest; none: of no line. */
void log_shelf_newest(const char *path, const struct log_key *key, struct log_head *out);
/* Removes the oldest of our own until `keep` are left; 0: none. Returns how many it has removed. */
int log_shelf_trim(const char *path, int64_t keep);

/* The older files that have our names, in order: paths, each and the list for free(). */
char **log_shelf_list(const char *path, size_t *count);

#endif
