#include "daemon/engine/targets.h"

#include <stdbool.h>

static bool applies(const struct target *t, uint32_t region, int64_t year)
{
    static const uint32_t below[] = {1000000, 100000, 10000, 1000, 100, 10, 1}; /* by number of digits */
    return region / below[t->digits] == t->prefix && t->from <= year;
}

int64_t targets_share(const struct target *targets, size_t n, uint32_t region, int64_t year)
{
    const struct target *best = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct target *t = &targets[i];
        if (!applies(t, region, year))
            continue;
        if (!best || t->digits > best->digits || (t->digits == best->digits && t->from > best->from))
            best = t;
    }
    return best ? best->share : TARGET_FLOOR;
}
