#include "daemon/engine/routes.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool begins(uint32_t region, const char *prefix)
{
    char code[16];
    snprintf(code, sizeof code, "%06u", (unsigned)region);
    return strncmp(code, prefix, strlen(prefix)) == 0;
}

static bool above_all(const char *prefix, const uint32_t *regions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!begins(regions[i], prefix))
            return false;
    return true;
}

uint32_t routes_above(const struct route *routes, size_t n, const uint32_t *regions, size_t count)
{
    uint32_t best = ROUTE_NONE;
    for (size_t i = 0; i < n; i++) {
        if (!above_all(routes[i].prefix, regions, count))
            continue;
        if (best == ROUTE_NONE || strlen(routes[i].prefix) > strlen(routes[best].prefix))
            best = (uint32_t)i;
    }
    return best;
}

uint32_t routes_of(const struct route *routes, size_t n, uint32_t region)
{
    return routes_above(routes, n, &region, 1);
}

uint32_t region_common(uint32_t a, uint32_t b)
{
    static const uint32_t border[] = {1, 100, 10000};
    for (size_t i = 0; i < sizeof border / sizeof border[0]; i++)
        if (a / border[i] == b / border[i])
            return a / border[i] * border[i];
    return 0;
}
