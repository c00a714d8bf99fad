/* Where divisions lie and how far apart they are, in integers. Linked into each detector. */
#ifndef JIANDU_DETECTORS_PLACES_H
#define JIANDU_DETECTORS_PLACES_H

#include <stddef.h>
#include <stdint.h>

/* The place of a division code as the first four digits of its prefecture (of its province, where no more is
 * known); 0 where nothing is known of it. */
uint32_t places_place(uint32_t region);

/* Km between the seats of two divisions, by prefecture (by province where the prefecture is not known); -1
 * where a code is of no known province. */
int32_t places_distance(uint32_t region_a, uint32_t region_b);

/* Km that two divisions are apart at the least: the distance less how far their counties lie from the seats,
 * so that neighbours come out near and a place known by province only comes out near its neighbours. */
int32_t places_apart(uint32_t region_a, uint32_t region_b);

#endif
