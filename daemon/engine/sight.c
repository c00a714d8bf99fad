#include "daemon/engine/sight.h"

#include <string.h>

#define SLICE (10 * JD_DAY)

void sight_turn(struct sight *s, int64_t now)
{
    int64_t next = now - now % SLICE + SLICE;
    int64_t passed = s->turns_at ? (next - s->turns_at) / SLICE : 0;
    for (int i = 0; i < SIGHT_SLICES && i < passed; i++) {
        memmove(s->fields[1], s->fields[0], sizeof s->fields - sizeof s->fields[0]);
        memset(s->fields[0], 0, sizeof s->fields[0]);
    }
    s->turns_at = next;
}

uint64_t sight_missing(const struct sight *s, uint64_t events, uint64_t fields)
{
    uint64_t seen = 0;
    for (unsigned type = 1; type < JD_TYPE_COUNT; type++)
        for (unsigned i = 0; i < SIGHT_SLICES && events >> type & 1; i++)
            seen |= s->fields[i][type];
    return fields & ~seen;
}

struct sight_lack sight_lack(const struct sight *s, uint64_t empty_registries, const struct jd_need *need)
{
    return (struct sight_lack){
        .fields = sight_missing(s, need->events, need->fields),
        .registries = need->registries & ~empty_registries ? 0 : need->registries,
    };
}
