/* The places that all detectors know, under this detector's names. */
#ifndef JIANDU_ACCOUNT_SHARING_PLACES_H
#define JIANDU_ACCOUNT_SHARING_PLACES_H

#include "detectors/places.h"

static inline uint32_t account_sharing_place(uint32_t region)
{
    return places_place(region);
}

static inline int32_t account_sharing_distance(uint32_t region_a, uint32_t region_b)
{
    return places_distance(region_a, region_b);
}

static inline int32_t account_sharing_apart(uint32_t region_a, uint32_t region_b)
{
    return places_apart(region_a, region_b);
}

#endif
