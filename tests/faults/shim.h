/* A shim between a program and libc that makes the n-th call of one function fail. Linked into a test, or
 * loaded into a whole program with LD_PRELOAD; then JIANDU_SHIM names a file that holds struct shim, mapped
 * by both sides, so that the test arms it while the program runs. The counters are shared with forked
 * children. */
#ifndef JIANDU_TESTS_FAULTS_SHIM_H
#define JIANDU_TESTS_FAULTS_SHIM_H

#include <stdatomic.h>
#include <stdint.h>

enum shim_call {
    SHIM_NOTHING,
    SHIM_OPEN,
    SHIM_WRITE,
    SHIM_SHORT, /* a write that takes only half, and is no failure */
    SHIM_FSYNC,
    SHIM_RENAME,
    SHIM_CLOSE,
    SHIM_UNLINK,
    SHIM_TRUNCATE,
    SHIM_MKDIR,
    SHIM_PIPE,
    SHIM_FORK,
    SHIM_READ, /* stdio's fread */
    SHIM_MALLOC,
    SHIM_CALLS
};

struct shim {
    _Atomic int call;            /* enum shim_call: of these */
    _Atomic int64_t countdown;   /* the so manieth fails, counted down; 0 and below: none any more */
    _Atomic int error;           /* with this errno */
    _Atomic int hits;            /* calls that were made to fail */
    _Atomic int64_t wall_offset; /* s, added to the wall clock */
    char under[256];             /* only what is on files under this folder; "": everything */
};

/* The one in force in this process. */
struct shim *shim_control(void);
/* Makes the n-th call from now on fail, once. */
void shim_arm(struct shim *, enum shim_call call, int64_t n, int error);
/* Whether this call is the one. */
int shim_strikes(enum shim_call call);

#endif
