/* A keyed table: records of one size under 64-bit keys, with a bound, a time to live and eviction by event order.
 *
 * Records lie in one region that is reserved at creation and filled from the front; the index is linear hashing
 * with chains, so it grows a bucket at a time: nothing is ever rehashed or moved, and no touch allocates.
 * Each record is in one of two lists by order of touch, pinned or not. Eviction takes the oldest that is not
 * pinned; expiry takes the oldest of both. Order never depends on hashes, so that two seeds evict alike. */
#ifndef JIANDU_STATE_TABLE_H
#define JIANDU_STATE_TABLE_H

#include "daemon/base/error.h"
#include "detectors/detector.h"

struct table;

struct table_stats {
    uint64_t records, bound, pinned;
    uint64_t evicted; /* live records that had to make room */
    uint64_t expired;
    uint64_t refused;      /* new keys turned away: all records pinned */
    int64_t newest_evicted; /* last touch of the youngest record evicted; INT64_MIN if none */
    uint64_t bytes;        /* of records and index in use */
};

/* The spec is copied, its name borrowed for the table's life. */
struct table *table_create(const struct jd_table *spec, struct error *err);
void table_destroy(struct table *);

/* The record of a key that has not expired at `now`, or NULL. Does not touch it. */
void *table_find(struct table *, uint64_t key, int64_t now);
/* The record of a key, made (zeroed) if need be, touched at `now`, which never goes back. `fresh` (may be NULL) says
 * whether it was made. NULL if the table is full of pinned records. Other records' pointers stay valid, but one
 * record may be evicted and, at most, a few expired. */
void *table_get(struct table *, uint64_t key, int64_t now, bool *fresh);
void table_remove(struct table *, uint64_t key);
void table_pin(struct table *, void *record, bool pinned);
/* When it was last touched. */
int64_t table_touched(const struct table *, const void *record);
/* Begins fetching the memory of a key's record. */
void table_prefetch(const struct table *, uint64_t key);

const struct jd_table *table_spec(const struct table *);
void table_stats(const struct table *, struct table_stats *stats);

/* Walks all records, oldest touch first (unpinned ones, then pinned ones): start with *cursor = 0; false at the end. */
bool table_next(const struct table *, uint64_t *cursor, uint64_t *key, void **record, int64_t *touched, bool *pinned);
/* Puts a record of a snapshot back, in the order that table_next gave. NULL if full or the key is there. */
void *table_restore(struct table *, uint64_t key, int64_t touched, bool pinned);
/* Counters that a snapshot keeps, since they decide `incomplete`. */
void table_restore_stats(struct table *, uint64_t evicted, int64_t newest_evicted);

#endif
