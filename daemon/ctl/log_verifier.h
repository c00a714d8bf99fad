/* Goes through a sealed log, piece by piece and file by file, and says where its chain does not hold.
 *
 * Each single change is found: a changed byte, a line that is missing, twice, elsewhere or from somebody
 * else. A tail that was cut off is found where an anchor (a head that was written elsewhere) lies behind the
 * end. What a crash has left of a line is told apart: the daemon describes it in the line that follows,
 * sealed. */
#ifndef JIANDU_CTL_LOG_VERIFIER_H
#define JIANDU_CTL_LOG_VERIFIER_H

#include "daemon/ops/hmac.h"
#include "daemon/ops/log_chain.h"

struct log_anchor {
    struct log_head head;
    bool met; /* set by the verifier */
};

struct log_verifier_settings {  /* borrowed */
    const struct log_key *keys; /* each file names the one that it needs */
    size_t n_keys;
    struct log_anchor *anchors;
    size_t n_anchors;
    /* What was found: at this line of this file; line 0: at its end. */
    void (*found)(void *context, const char *file, uint64_t line, const char *what);
    void *context;
};

struct log_verifier {
    struct log_verifier_settings settings;
    const char *file;
    uint64_t line; /* of the file, from 1 */
    bool mid_line; /* the last piece has not ended its line */
    const struct log_key *key;
    bool begun;
    uint64_t first; /* the number of the first line of all */
    struct log_head head;
    struct { /* what is no line, since the last line */
        struct sha256 digest;
        uint64_t line, lines, bytes; /* lines 0: nothing */
        const char *file, *reason;
        bool break_open; /* its last line break is not in the digest yet */
    } rubble;
    /* the outcome */
    uint64_t lines, faults, torn, files;
    bool torn_end;    /* the last file ends within a line, as after a crash */
    bool key_missing; /* a file needs a key that was not given: little is known of it */
};

void log_verifier_init(struct log_verifier *, const struct log_verifier_settings *);
/* The file that follows; `name` is borrowed until log_verifier_end. */
void log_verifier_file(struct log_verifier *, const char *name);
/* A line without its line break, or (`ended` false) a piece of one that is too long or the file's end. */
void log_verifier_piece(struct log_verifier *, const char *bytes, size_t length, bool ended);
void log_verifier_end(struct log_verifier *);

#endif
