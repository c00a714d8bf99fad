/* A keyed table: records of one size under 64-bit keys, with a bound, a time to live and eviction by event
 * order.
 *
 * Records lie in one region that is reserved at creation and filled from the front, and never move; the index
 * grows a bucket at a time, and no touch allocates. Each record is in one of two lists by order of touch,
 * pinned or not; pinning and unpinning put it at its new list's young end. Eviction takes the oldest that is
 * not pinned; expiry takes the oldest of both, a few for each new record. Order never depends on hashes, so
 * that two seeds evict alike. */
#ifndef JIANDU_STATE_TABLE_H
#define JIANDU_STATE_TABLE_H

#include "daemon/base/error.h"
#include "detectors/detector.h"

struct table;

struct table_stats {
    uint64_t records, bound, pinned;
    uint64_t evicted; /* live records that had to make room */
    uint64_t expired;
    uint64_t refused;       /* new keys turned away: all records pinned */
    int64_t newest_evicted; /* last touch of the youngest record evicted; INT64_MIN if none */
    uint64_t bytes;         /* of records and index in use */
};

/* The spec is copied, its name borrowed for the table's life. Its bound is above 0; ttl_ms 0 never expires.
 */
struct table *table_create(const struct jd_table *spec, struct error *err);
void table_destroy(struct table *);

/* Keys are never 0. Times are ms since the epoch; one before the newest that the table has seen counts as
 * that. A record is there up to and with ttl_ms after its last touch; a touch within ttl_ms / 64, at
 * most a week, of the last one that counted does not count. */

/* The record of a key that has not expired at `now`, or NULL. Does not touch it. */
void *table_find(struct table *, uint64_t key, int64_t now);
/* The record of a key, made (zeroed, not pinned) if need be, touched at `now`. `fresh` (may be NULL) says
 * whether it was made. NULL if the table is full of pinned records. Records do not move, but to make one
 * another may be evicted and a few expired ones freed. */
void *table_get(struct table *, uint64_t key, int64_t now, bool *fresh);
void table_remove(struct table *, uint64_t key);
void table_pin(struct table *, void *record, bool pinned);
/* How many are pinned. */
uint64_t table_pinned(const struct table *);
/* When it was last touched. */
int64_t table_touched(const struct table *, const void *record);
/* Start fetching the memory that a touch of the key needs, in steps: each finds its addresses in what the one
 * before has fetched, so let some work pass between them. The second returns the record's number, which the
 * third wants; 0 where there seems to be none. */
void table_prefetch_bucket(const struct table *, uint64_t key);
uint32_t table_prefetch_record(const struct table *, uint64_t key);
void table_prefetch_neighbours(const struct table *, uint32_t record);

const struct jd_table *table_spec(const struct table *);
void table_stats(const struct table *, struct table_stats *stats);

/* Walks all records, oldest touch first (unpinned ones, then pinned ones): start with *cursor = 0; false at
 * the end. */
bool table_next(
    const struct table *, uint64_t *cursor, uint64_t *key, void **record, int64_t *touched, bool *pinned);
/* Puts a record of a snapshot back, in the order that table_next gave. NULL if full, if the key is 0 or
 * there, or the time is before 1970. */
void *table_restore(struct table *, uint64_t key, int64_t touched, bool pinned);
/* Counters that a snapshot keeps, since they decide `incomplete`. */
void table_restore_stats(struct table *, uint64_t evicted, int64_t newest_evicted);

#endif
