/* The log file: chained lines (log_chain.h), appended one write a line, by one process at a time.
 *
 * Nothing that fails here stops the daemon. A line that cannot be written is counted; when writing works
 * again `log_gap` says how many are missing, `log_torn` what a crash or a full disk has left of a line,
 * `log_unsynced` what may be lost at a power cut because fsync failed. */
#ifndef JIANDU_OPS_LOG_FILE_H
#define JIANDU_OPS_LOG_FILE_H

#include "daemon/ops/log_chain.h"

struct log_file_settings {
    const char *path;
    struct log_key key;
    int64_t size_max; /* bytes after which a new file is begun */
    int64_t keep;     /* older files; 0: all */
};

struct log_file_counts {
    uint64_t lines, lost;         /* written, and not written */
    uint64_t failures, rotations; /* calls that failed; files begun anew */
};

struct log_file;

/* Goes on where the file, or the newest one beside it, ends. Its folder is made if need be. NULL: it cannot
 * be opened, or another process writes it. */
struct log_file *log_file_open(const struct log_file_settings *, struct error *err);
/* Everything on the disk, then closed. NULL is fine. */
void log_file_close(struct log_file *);

/* A line of log_format. */
void log_file_append(struct log_file *, const char *line, size_t length);
/* All that was written is on the disk when this returns, or it is said that it may not be. */
void log_file_sync(struct log_file *);
/* Another program has renamed the file: begins a new one under its name. */
void log_file_reopen(struct log_file *);

struct log_head log_file_head(const struct log_file *);
/* Where the chain stood when it was opened. */
struct log_head log_file_found(const struct log_file *);
/* Did it end before a head that it is known to have had? Lines are missing then, or others. */
bool log_file_misses(const struct log_file *, const struct log_head *had);
struct log_file_counts log_file_counts(const struct log_file *);

#endif
