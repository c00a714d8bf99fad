#include "daemon/state/index.h"

#include "daemon/base/invariant.h"
#include "daemon/base/prefetch.h"
#include "daemon/state/region.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define WAYS 7

/* Filled from the front: the first number 0 ends it. */
struct bucket {
    uint32_t hash[WAYS];
    uint32_t number[WAYS];
    uint32_t next; /* spare bucket that continues it, 0 none; of a free spare: the next free one */
    uint32_t unused;
};

_Static_assert(sizeof(struct bucket) == 64, "a bucket is a cache line");

#define BUCKETS_MIN 16
/* Split while there are more keys than this per two buckets. Buckets still to be split in a round hold up to
 * twice the others' keys. */
#define KEYS_PER_TWO 7

/* Most keys are seeded hashes already; division codes and the like are not. */
static inline uint32_t hash_of(uint64_t key)
{
    key *= UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(key ^ key >> 32);
}

static inline struct bucket *home_of(const struct index *x, uint32_t hash)
{
    uint32_t b = hash & x->mask;
    return &x->home[b < x->buckets ? b : b & x->mask >> 1];
}

static inline struct bucket *next_of(const struct index *x, const struct bucket *b)
{
    return b->next ? &x->spare[b->next - 1] : NULL;
}

static uint32_t buckets_max(uint32_t bound)
{
    uint64_t needed = (uint64_t)bound * 2 / KEYS_PER_TWO + 1;
    return needed < BUCKETS_MIN ? BUCKETS_MIN : (uint32_t)needed;
}

int index_init(struct index *x, uint32_t bound, const char *what, struct error *err)
{
    *x = (struct index){.bound = bound, .buckets = BUCKETS_MIN, .mask = BUCKETS_MIN - 1};
    x->home = region_reserve(buckets_max(bound) * sizeof *x->home, what, err);
    if (!x->home)
        return -1;
    x->spare = region_reserve(bound * sizeof *x->spare, what, err);
    return x->spare ? 0 : -1;
}

void index_fini(struct index *x)
{
    region_release(x->home, buckets_max(x->bound) * sizeof *x->home);
    region_release(x->spare, x->bound * sizeof *x->spare);
}

/* One bit for each way that has the hash. Free ways may be among them: their number is 0. No branch depends
 * on what is there, which no processor could foresee. */
static inline unsigned ways_with(const struct bucket *b, uint32_t hash)
{
#ifdef __SSE2__
    const __m128i *four = (const __m128i *)(const void *)b->hash, wanted = _mm_set1_epi32((int)hash);
    int low = _mm_movemask_ps(_mm_castsi128_ps(_mm_cmpeq_epi32(_mm_loadu_si128(four), wanted)));
    int high = _mm_movemask_ps(_mm_castsi128_ps(_mm_cmpeq_epi32(_mm_loadu_si128(four + 1), wanted)));
    return (unsigned)(low | high << 4) & ((1u << WAYS) - 1); /* the eighth word is a number */
#else
    unsigned ways = 0;
    for (unsigned i = 0; i < WAYS; i++)
        ways |= (unsigned)(b->hash[i] == hash) << i;
    return ways;
#endif
}

uint32_t index_find(const struct index *x, struct index_keys keys, uint64_t key)
{
    uint32_t hash = hash_of(key);
    for (const struct bucket *b = home_of(x, hash); b; b = next_of(x, b))
        for (unsigned ways = ways_with(b, hash); ways; ways &= ways - 1) {
            uint32_t number = b->number[__builtin_ctz(ways)];
            const unsigned char *at = keys.first + (size_t)(number - 1) * keys.stride;
            if (number && *(const uint64_t *)(const void *)at == key)
                return number;
        }
    return 0;
}

static struct bucket *take_spare(struct index *x, struct bucket *full)
{
    uint32_t s = x->free_spare;
    if (s)
        x->free_spare = x->spare[s - 1].next;
    else
        s = ++x->spares;
    invariant(s <= x->bound); /* each spare in use holds a key */
    full->next = s;
    x->spare[s - 1] = (struct bucket){0};
    return &x->spare[s - 1];
}

static void put(struct index *x, struct bucket *b, uint32_t hash, uint32_t number)
{
    while (b->number[WAYS - 1])
        b = b->next ? &x->spare[b->next - 1] : take_spare(x, b);
    int i = 0;
    while (b->number[i])
        i++;
    b->hash[i] = hash;
    b->number[i] = number;
}

static void give_back_spares(struct index *x, struct bucket *b)
{
    for (uint32_t s = b->next; s;) {
        invariant(x->spare && s <= x->spares);
        uint32_t after = x->spare[s - 1].next;
        x->spare[s - 1].next = x->free_spare;
        x->free_spare = s;
        s = after;
    }
    b->next = 0;
}

/* Deals out the keys of one bucket to itself and to the new last one. */
static void split(struct index *x)
{
    if (x->buckets > x->mask)
        x->mask = x->mask * 2 + 1;
    uint32_t to = x->buckets++;
    struct bucket *from = &x->home[to & x->mask >> 1];
    struct bucket old = *from;
    *from = (struct bucket){0};
    for (const struct bucket *b = &old; b; b = next_of(x, b))
        for (int i = 0; i < WAYS && b->number[i]; i++)
            put(x, (b->hash[i] & x->mask) == to ? &x->home[to] : from, b->hash[i], b->number[i]);
    give_back_spares(x, &old);
}

void index_add(struct index *x, uint64_t key, uint32_t number)
{
    uint32_t hash = hash_of(key);
    put(x, home_of(x, hash), hash, number);
    x->count++;
    if ((uint64_t)x->count * 2 > (uint64_t)x->buckets * KEYS_PER_TWO)
        split(x);
}

/* The chain's last entry fills the hole. */
void index_remove(struct index *x, uint64_t key, uint32_t number)
{
    struct bucket *b = home_of(x, hash_of(key)), *before = NULL;
    uint32_t *hole = NULL, *hole_hash = NULL;
    for (;; before = b, b = next_of(x, b)) {
        for (int i = 0; i < WAYS && !hole; i++)
            if (b->number[i] == number) {
                hole = &b->number[i];
                hole_hash = &b->hash[i];
            }
        if (!b->next)
            break;
    }
    invariant(hole);
    int last = WAYS - 1;
    while (!b->number[last])
        last--;
    *hole = b->number[last];
    *hole_hash = b->hash[last];
    b->number[last] = 0;
    x->count--;
    if (last == 0 && before)
        give_back_spares(x, before);
}

void index_prefetch(const struct index *x, uint64_t key)
{
    prefetch_line(home_of(x, hash_of(key)));
}

uint32_t index_guess(const struct index *x, uint64_t key)
{
    uint32_t hash = hash_of(key);
    const struct bucket *b = home_of(x, hash);
    unsigned ways = ways_with(b, hash);
    return ways ? b->number[__builtin_ctz(ways)] : 0;
}

size_t index_bytes(const struct index *x)
{
    return ((size_t)x->buckets + x->spares) * sizeof(struct bucket);
}
