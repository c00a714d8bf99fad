/* A hash index: from 64-bit keys to the numbers (from 1) of records that hold them.
 *
 * Linear hashing (W. Litwin, "Linear hashing: a new tool for file and table addressing", 1980) over buckets
 * of one cache line: it grows a bucket at a time and never rehashes as a whole. A bucket keeps the 32-bit
 * hash beside each number, so that a key that is not there is refused without a look at any record, and a
 * split looks at none. */
#ifndef JIANDU_STATE_INDEX_H
#define JIANDU_STATE_INDEX_H

#include "daemon/base/error.h"

#include <stddef.h>
#include <stdint.h>

struct bucket;

struct index {
    struct bucket *home;  /* `buckets` of them are in use */
    struct bucket *spare; /* continue full ones; numbered from 1 */
    uint32_t bound;
    uint32_t buckets, mask; /* mask: the smallest 2^n - 1 that covers the buckets */
    uint32_t spares, free_spare;
    uint32_t count;
};

/* For at most `bound` keys. `what` names it in errors. -1: the system refuses the address space. */
int index_init(struct index *, uint32_t bound, const char *what, struct error *err);
void index_fini(struct index *);

/* Where the key of record 1 lies, and how far it is from one record's to the next's. */
struct index_keys {
    const unsigned char *first;
    size_t stride;
};

/* The record's number, 0 if there is none. */
uint32_t index_find(const struct index *, struct index_keys keys, uint64_t key);
/* The key is not there yet. */
void index_add(struct index *, uint64_t key, uint32_t number);
/* The key is there, with this number. */
void index_remove(struct index *, uint64_t key, uint32_t number);

/* Starts fetching the key's bucket. */
void index_prefetch(const struct index *, uint64_t key);
/* The number that index_find will most probably look at first; reads the bucket only. */
uint32_t index_guess(const struct index *, uint64_t key);

size_t index_bytes(const struct index *);

#endif
