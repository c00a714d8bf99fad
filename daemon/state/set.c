#include "daemon/state/set.h"

#include "daemon/base/invariant.h"

#define DAYS_MAX 32

_Static_assert(
    sizeof(struct jd_set) % _Alignof(struct jd_slot) == 0, "the slots follow their head without a gap");

static void forget(struct jd_set *set, struct jd_slot *slots, int64_t before)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < set->used; i++)
        if (slots[i].last >= before)
            slots[kept++] = slots[i];
    set->used = (uint16_t)kept;
}

/* A touch between the first and the last is on a day that may have been counted: it is not counted again. */
static struct jd_slot *count_touch(struct jd_slot *slot, int64_t time)
{
    bool new_day = jd_day(time) > jd_day(slot->last) || jd_day(time) < jd_day(slot->first);
    if (new_day && slot->days < DAYS_MAX)
        slot->days++;
    if (slot->count < UINT32_MAX)
        slot->count++;
    if (time < slot->first)
        slot->first = time;
    if (time > slot->last)
        slot->last = time;
    return slot;
}

static struct jd_slot *place_for_new(struct jd_set *set, struct jd_slot *slots, unsigned capacity)
{
    if (set->used < capacity)
        return &slots[set->used++];
    struct jd_slot *oldest = slots;
    for (unsigned i = 1; i < set->used; i++)
        if (slots[i].last < oldest->last)
            oldest = &slots[i];
    set->saturated = 1;
    return oldest;
}

struct jd_slot *set_touch(
    struct jd_set *set, unsigned capacity, uint64_t key, int64_t time, int64_t now, int64_t window)
{
    invariant(capacity > 0 && capacity <= UINT16_MAX);
    struct jd_slot *slots = (struct jd_slot *)(void *)(set + 1);
    if (set->used > capacity) /* kept by a configuration with a larger one */
        set->used = (uint16_t)capacity;
    if (window)
        forget(set, slots, now - window);
    for (unsigned i = 0; i < set->used; i++)
        if (slots[i].key == key)
            return count_touch(&slots[i], time);
    struct jd_slot *slot = place_for_new(set, slots, capacity);
    *slot = (struct jd_slot){.key = key, .first = time, .last = time, .count = 1, .days = 1};
    return slot;
}
