/* The end of a log file that is there already: where its chain has come to, and what lies behind the last
 * good line since a crash, a full disk or somebody's hand. */
#ifndef JIANDU_OPS_LOG_TAIL_H
#define JIANDU_OPS_LOG_TAIL_H

#include "daemon/ops/log_chain.h"

#include <sys/types.h>

struct log_tail {
    struct log_head head;            /* of the last line whose mac is right; none: of no line */
    uint64_t first;                  /* the number of the first line; 0: it is none of ours */
    char key[LOG_KEY_ID_DIGITS + 1]; /* that the file names, "" if it names none */
    off_t good, size;                /* bytes up to the end of that line, and of the whole file */
    bool unended; /* that line lacks nothing but its line break; `good` is the end of its text */
};

/* Reads the first line and the last 64 KiB. A file that is not written with `key` has its lines taken by
 * their form alone. -1: it cannot be read. */
int log_tail_read(int fd, const struct log_key *key, struct log_tail *, struct error *err);

/* The SHA-256 of bytes [from, to) of the file, as hex digits. */
int log_tail_digest(int fd, off_t from, off_t to, char out[LOG_MAC_DIGITS + 1], struct error *err);

#endif
