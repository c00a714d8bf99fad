/* Real places: city districts that buy and counties of the 832 list that sell, with their GB/T 2260 codes and
 * approximate coordinates. */
#ifndef JIANDU_SIM_GEOGRAPHY_H
#define JIANDU_SIM_GEOGRAPHY_H

#include <stddef.h>
#include <stdint.h>

struct place {
    uint32_t code;
    int16_t lat, lon; /* 0.01 degrees north and east */
    const char *city; /* prefecture-level city, as an address begins */
    const char *name;
};

extern const struct place geography_districts[];
extern const size_t geography_n_districts;
extern const struct place geography_counties[];
extern const size_t geography_n_counties;

/* The code of the prefecture-level city that a division lies in. */
uint32_t geography_city(uint32_t code);
/* Distance as the crow flies, km. */
int64_t geography_km(const struct place *, const struct place *);

#endif
