#include "daemon/engine/routes.h"

#include "daemon/base/memory.h"

#include <stdlib.h>

#define DIGITS 6

static void write_code(uint32_t region, char code[DIGITS])
{
    for (int i = DIGITS - 1; i >= 0; i--, region /= 10)
        code[i] = (char)('0' + region % 10);
}

/* The length of a prefix that all codes begin with; -1 if they do not. */
static int above_all(const char *prefix, char (*codes)[DIGITS], size_t count)
{
    int n = 0;
    for (; prefix[n]; n++)
        for (size_t i = 0; i < count; i++)
            if (n == DIGITS || codes[i][n] != prefix[n])
                return -1;
    return n;
}

static uint32_t longest(const struct route *routes, size_t n, char (*codes)[DIGITS], size_t count)
{
    uint32_t best = ROUTE_NONE;
    int length = -1;
    for (size_t i = 0; i < n; i++) {
        int above = above_all(routes[i].prefix, codes, count);
        if (above <= length)
            continue;
        best = (uint32_t)i;
        length = above;
    }
    return best;
}

uint32_t routes_above(const struct route *routes, size_t n, const uint32_t *regions, size_t count)
{
    char(*codes)[DIGITS] = memory_zeroed(count, sizeof *codes, "codes");
    for (size_t i = 0; i < count; i++)
        write_code(regions[i], codes[i]);
    uint32_t best = longest(routes, n, codes, count);
    free(codes);
    return best;
}

uint32_t routes_of(const struct route *routes, size_t n, uint32_t region)
{
    char code[1][DIGITS];
    write_code(region, code[0]);
    return longest(routes, n, code, 1);
}

uint32_t routes_common(uint32_t a, uint32_t b)
{
    static const uint32_t border[] = {1, 100, 10000};
    for (size_t i = 0; i < sizeof border / sizeof border[0]; i++)
        if (a / border[i] == b / border[i])
            return a / border[i] * border[i];
    return 0;
}
