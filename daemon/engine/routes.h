/* Routes: which office supervises a unit, by the longest prefix of its division code. */
#ifndef JIANDU_ENGINE_ROUTES_H
#define JIANDU_ENGINE_ROUTES_H

#include "daemon/engine/settings.h"

#define ROUTE_NONE UINT32_MAX

/* The index of the route for a six-digit division code; ROUTE_NONE if no prefix fits. */
uint32_t routes_of(const struct route *routes, size_t n, uint32_t region);
/* The route that stands above all `count` codes: the longest one whose prefix each of them begins with. */
uint32_t routes_above(const struct route *routes, size_t n, const uint32_t *regions, size_t count);
/* What two codes have in common, at the borders of province, prefecture and county: 440304, 440305 -> 440300.
 */
uint32_t routes_common(uint32_t a, uint32_t b);

#endif
