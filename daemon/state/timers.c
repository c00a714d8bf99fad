#include "daemon/base/memory.h"
#include "daemon/state/timers.h"

#include "daemon/state/region.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct timer) == 32, "two to a cache line");

struct timers {
    struct timer *heap; /* heap[0] is due first; children of i are 2i + 1 and 2i + 2 */
    uint64_t count;
    uint64_t next_order;
    uint64_t refused;
    uint32_t bound;
};

static bool before(const struct timer *a, const struct timer *b)
{
    return a->deadline != b->deadline ? a->deadline < b->deadline : a->order < b->order;
}

static void sift_up(struct timer *heap, uint64_t i)
{
    struct timer moved = heap[i];
    while (i && before(&moved, &heap[(i - 1) / 2])) {
        heap[i] = heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap[i] = moved;
}

static void sift_down(struct timer *heap, uint64_t count, uint64_t i)
{
    struct timer moved = heap[i];
    for (uint64_t child = 2 * i + 1; child < count; child = 2 * i + 1) {
        if (child + 1 < count && before(&heap[child + 1], &heap[child]))
            child++;
        if (!before(&heap[child], &moved))
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = moved;
}

struct timers *timers_create(uint32_t bound, struct error *err)
{
    struct timers *t = memory_zeroed(1, sizeof *t, "timers");
    t->bound = bound ? bound : 1;
    t->heap = region_reserve(t->bound * sizeof *t->heap, "timers", err);
    if (!t->heap) {
        free(t);
        return NULL;
    }
    return t;
}

void timers_destroy(struct timers *t)
{
    if (!t)
        return;
    region_release(t->heap, t->bound * sizeof *t->heap);
    free(t);
}

bool timers_set(struct timers *t, int64_t deadline, uint32_t owner, uint32_t table, uint64_t key)
{
    if (t->count == t->bound) {
        t->refused++;
        return false;
    }
    t->heap[t->count] = (struct timer){
        .deadline = deadline, .order = t->next_order++, .key = key, .owner = owner, .table = table};
    sift_up(t->heap, t->count++);
    return true;
}

bool timers_take(struct timers *t, int64_t now, struct timer *out)
{
    if (!t->count || t->heap[0].deadline > now)
        return false;
    *out = t->heap[0];
    t->heap[0] = t->heap[--t->count];
    if (t->count)
        sift_down(t->heap, t->count, 0);
    return true;
}

uint64_t timers_bound(const struct timers *t)
{
    return t->bound;
}

uint64_t timers_count(const struct timers *t)
{
    return t->count;
}

uint64_t timers_refused(const struct timers *t)
{
    return t->refused;
}

const struct timer *timers_all(const struct timers *t, uint64_t *count, uint64_t *next_order)
{
    *count = t->count;
    *next_order = t->next_order;
    return t->heap;
}

int timers_restore(struct timers *t, const struct timer *all, uint64_t count, uint64_t next_order)
{
    if (count > t->bound)
        return -1;
    for (uint64_t i = 0; i < count; i++)
        if (all[i].order >= next_order)
            return -1;
    memcpy(t->heap, all, count * sizeof *all);
    t->count = count;
    t->next_order = next_order;
    for (uint64_t i = count / 2; i-- > 0;)
        sift_down(t->heap, count, i);
    return 0;
}
