#include "daemon/state/table.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/base/prefetch.h"
#include "daemon/state/index.h"
#include "daemon/state/region.h"

#include <stdlib.h>
#include <string.h>

/* Records are numbered from 1; 0 is none. A free record has flags 0. */
struct record {
    uint64_t key;
    uint32_t older, newer; /* neighbours in its list; of a free record, `newer` is the next free one */
    uint32_t flags;
    uint32_t unused;
    int64_t touched;
    uint64_t value[]; /* spec.value_size bytes */
};

_Static_assert(sizeof(struct record) == 32, "a short value shares its header's cache line");

enum {
    LIVE = 1,
    PINNED = 2,
};

struct list {
    uint32_t oldest, newest;
    uint64_t count;
};

struct table {
    struct jd_table spec;
    size_t stride;
    unsigned char *records;
    struct index index;
    uint32_t used; /* records ever in use: the front of the region */
    uint32_t free;
    struct list lists[2]; /* [1]: pinned */
    int64_t now;          /* the newest seen; never negative, so that now - ttl cannot overflow */
    /* A touch this soon after the last one that counted does not count: moving the record in its list would
     * cost two cache misses more than the look-up. */
    int64_t grain;
    uint64_t evicted, expired, refused;
    int64_t newest_evicted;
};

#define GRAIN_PART 64 /* of the time to live */
#define GRAIN_MAX (7 * JD_DAY)
#define CACHE_LINE 64
#define PREFETCH_MAX 256 /* bytes of a record */
#define EXPIRE_STEP 2    /* expired records freed from each list for a new one: frees faster than it fills */

static inline struct record *record_at(const struct table *t, uint32_t i)
{
    return (struct record *)(void *)(t->records + (size_t)(i - 1) * t->stride);
}

static uint32_t number_of(const struct table *t, const void *value)
{
    const unsigned char *p = (const unsigned char *)value - sizeof(struct record);
    size_t offset = (size_t)(p - t->records);
    invariant(p >= t->records && offset < t->used * t->stride && offset % t->stride == 0);
    uint32_t i = (uint32_t)(offset / t->stride) + 1;
    invariant(record_at(t, i)->flags & LIVE);
    return i;
}

static uint32_t find(const struct table *t, uint64_t key)
{
    return index_find(&t->index, (struct index_keys){t->records, t->stride}, key);
}

static inline void fetch_record(const struct table *t, uint32_t i)
{
    const unsigned char *r = (const unsigned char *)record_at(t, i);
    size_t end = t->stride < PREFETCH_MAX ? t->stride : PREFETCH_MAX;
    for (size_t offset = 0; offset < end; offset += CACHE_LINE)
        prefetch_line(r + offset);
    prefetch_line(r + end - 1); /* a record begins anywhere in a line */
}

/* ---- lists ---- */

static struct list *list_of(struct table *t, const struct record *r)
{
    return &t->lists[(r->flags & PINNED) != 0];
}

static void list_append(struct table *t, uint32_t i)
{
    struct record *r = record_at(t, i);
    struct list *list = list_of(t, r);
    r->newer = 0;
    r->older = list->newest;
    if (list->newest)
        record_at(t, list->newest)->newer = i;
    else
        list->oldest = i;
    list->newest = i;
    list->count++;
}

static void list_take(struct table *t, uint32_t i)
{
    struct record *r = record_at(t, i);
    struct list *list = list_of(t, r);
    if (r->older)
        record_at(t, r->older)->newer = r->newer;
    else
        list->oldest = r->newer;
    if (r->newer)
        record_at(t, r->newer)->older = r->older;
    else
        list->newest = r->older;
    list->count--;
}

/* ---- records ---- */

static bool is_expired(const struct table *t, const struct record *r)
{
    return t->spec.ttl_ms && r->touched < t->now - t->spec.ttl_ms;
}

static void release(struct table *t, uint32_t i)
{
    struct record *r = record_at(t, i);
    index_remove(&t->index, r->key, i);
    list_take(t, i);
    r->flags = 0;
    r->newer = t->free;
    t->free = i;
}

/* What the next release will need. */
static void fetch_next(const struct table *t, const struct list *list)
{
    if (!list->oldest)
        return;
    const struct record *next = record_at(t, list->oldest);
    index_prefetch(&t->index, next->key);
    if (next->newer)
        prefetch_line(record_at(t, next->newer));
}

static void expire(struct table *t, const struct list *list)
{
    for (int n = 0; n < EXPIRE_STEP; n++) {
        uint32_t i = list->oldest;
        if (!i || !is_expired(t, record_at(t, i)))
            return;
        release(t, i);
        t->expired++;
        fetch_next(t, list);
    }
}

static void evict_oldest(struct table *t)
{
    uint32_t i = t->lists[0].oldest;
    int64_t touched = record_at(t, i)->touched;
    release(t, i);
    t->evicted++;
    if (touched > t->newest_evicted)
        t->newest_evicted = touched;
}

static bool is_full(const struct table *t)
{
    return !t->free && t->used == t->spec.bound;
}

/* The caller has made sure that the table is not full and does not hold the key. */
static struct record *make(struct table *t, uint64_t key, int64_t touched, bool pinned)
{
    uint32_t i = t->free;
    if (i)
        t->free = record_at(t, i)->newer;
    else
        i = ++t->used;
    struct record *r = record_at(t, i);
    r->key = key;
    r->flags = pinned ? LIVE | PINNED : LIVE;
    r->touched = touched;
    memset(r->value, 0, t->spec.value_size);
    list_append(t, i);
    index_add(&t->index, key, i);
    return r;
}

static void *renew(struct table *t, uint32_t i, bool *fresh)
{
    struct record *r = record_at(t, i);
    if (t->now - r->touched < t->grain)
        return r->value;
    list_take(t, i);
    if (is_expired(t, r)) {
        memset(r->value, 0, t->spec.value_size);
        r->flags = LIVE;
        t->expired++;
        *fresh = true;
    }
    r->touched = t->now;
    list_append(t, i);
    return r->value;
}

/* ---- public ---- */

struct table *table_create(const struct jd_table *spec, struct error *err)
{
    if (spec->value_size % 8 || !spec->bound || spec->ttl_ms < 0) {
        error_set(err, "table %s: a size that is no multiple of 8, no bound, or a negative time to live",
            spec->name);
        return NULL;
    }
    struct table *t = memory_zeroed(1, sizeof *t, "a table");
    t->spec = *spec;
    t->stride = sizeof(struct record) + spec->value_size;
    t->newest_evicted = INT64_MIN;
    t->grain = spec->ttl_ms / GRAIN_PART < GRAIN_MAX ? spec->ttl_ms / GRAIN_PART : GRAIN_MAX;
    t->records = region_reserve(spec->bound * t->stride, spec->name, err);
    if (!t->records)
        goto fail;
    if (index_init(&t->index, spec->bound, spec->name, err) != 0)
        goto fail;
    return t;
fail:
    table_destroy(t);
    error_wrap(err, "table of %u records of %zu bytes", (unsigned)spec->bound,
        sizeof(struct record) + spec->value_size);
    return NULL;
}

void table_destroy(struct table *t)
{
    if (!t)
        return;
    region_release(t->records, t->spec.bound * t->stride);
    index_fini(&t->index);
    free(t);
}

void *table_find(struct table *t, uint64_t key, int64_t now)
{
    if (now > t->now)
        t->now = now;
    uint32_t i = find(t, key);
    return i && !is_expired(t, record_at(t, i)) ? record_at(t, i)->value : NULL;
}

void *table_get(struct table *t, uint64_t key, int64_t now, bool *fresh)
{
    bool unused;
    if (!fresh)
        fresh = &unused;
    *fresh = false;
    invariant(key);
    if (now > t->now)
        t->now = now;
    uint32_t i = find(t, key);
    if (i)
        return renew(t, i, fresh);
    expire(t, &t->lists[0]);
    expire(t, &t->lists[1]);
    if (is_full(t) && !t->lists[0].count) {
        t->refused++;
        return NULL;
    }
    if (is_full(t))
        evict_oldest(t);
    *fresh = true;
    return make(t, key, t->now, false)->value;
}

void table_remove(struct table *t, uint64_t key)
{
    uint32_t i = find(t, key);
    if (i)
        release(t, i);
}

void table_pin(struct table *t, void *record, bool pinned)
{
    uint32_t i = number_of(t, record);
    struct record *r = record_at(t, i);
    if (pinned == ((r->flags & PINNED) != 0))
        return;
    list_take(t, i);
    r->flags ^= PINNED;
    list_append(t, i);
}

uint64_t table_pinned(const struct table *t)
{
    return t->lists[1].count;
}

int64_t table_touched(const struct table *t, const void *record)
{
    return record_at(t, number_of(t, record))->touched;
}

void table_prefetch_bucket(const struct table *t, uint64_t key)
{
    index_prefetch(&t->index, key);
}

uint32_t table_prefetch_record(const struct table *t, uint64_t key)
{
    uint32_t i = index_guess(&t->index, key);
    if (!i)
        return 0;
    fetch_record(t, i);
    return i;
}

void table_prefetch_neighbours(const struct table *t, uint32_t record)
{
    const struct record *r = record ? record_at(t, record) : NULL;
    if (!r || t->now - r->touched < t->grain)
        return;
    if (r->older)
        prefetch_line(record_at(t, r->older));
    if (r->newer)
        prefetch_line(record_at(t, r->newer));
}

const struct jd_table *table_spec(const struct table *t)
{
    return &t->spec;
}

void table_stats(const struct table *t, struct table_stats *stats)
{
    *stats = (struct table_stats){
        .records = t->lists[0].count + t->lists[1].count,
        .bound = t->spec.bound,
        .pinned = t->lists[1].count,
        .evicted = t->evicted,
        .expired = t->expired,
        .refused = t->refused,
        .newest_evicted = t->newest_evicted,
        .bytes = t->used * t->stride + index_bytes(&t->index),
    };
}

bool table_next(
    const struct table *t, uint64_t *cursor, uint64_t *key, void **record, int64_t *touched, bool *pinned)
{
    const struct record *last = *cursor ? record_at(t, (uint32_t)*cursor) : NULL;
    uint32_t i = last ? last->newer : t->lists[0].oldest;
    if (!i && !(last && last->flags & PINNED))
        i = t->lists[1].oldest;
    if (!i)
        return false;
    struct record *r = record_at(t, i);
    if (r->newer)
        fetch_record(t, r->newer);
    *cursor = i;
    *key = r->key;
    *record = r->value;
    *touched = r->touched;
    *pinned = (r->flags & PINNED) != 0;
    return true;
}

void *table_restore(struct table *t, uint64_t key, int64_t touched, bool pinned)
{
    if (!key || touched < 0 || is_full(t) || find(t, key))
        return NULL;
    if (touched > t->now)
        t->now = touched;
    return make(t, key, touched, pinned)->value;
}

void table_restore_stats(struct table *t, uint64_t evicted, int64_t newest_evicted)
{
    t->evicted = evicted;
    t->newest_evicted = newest_evicted;
}
