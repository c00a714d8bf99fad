/* Who is set over two units. */
#ifndef JIANDU_DETECTORS_SUPERIORS_H
#define JIANDU_DETECTORS_SUPERIORS_H

#include "detectors/detector.h"

#define SUPERIORS 3 /* levels up: a village school, the central school, the bureau of education */

/* Does one superior stand over both units, at most SUPERIORS levels above each, who himself has one? The top
 * of a tree is a county's government, which runs everybody; who stands further down may be the bureau that
 * runs both. jd_related() says so of the first level only: so this weakens a suspicion and does not end it.
 */
static inline bool superiors_common(struct jd_host *h, uint64_t unit_a, uint64_t unit_b)
{
    struct jd_entry a = {.value_key = unit_a};
    for (int i = 0; i < SUPERIORS && jd_listed(h, JD_LIST_PARENT, a.value_key, &a); i++) {
        struct jd_entry b = {.value_key = unit_b};
        for (int k = 0; k < SUPERIORS && jd_listed(h, JD_LIST_PARENT, b.value_key, &b); k++)
            if (a.value_key == b.value_key)
                return jd_listed(h, JD_LIST_PARENT, a.value_key, NULL);
    }
    return false;
}

/* Does `unit` stand below `superior`, at most SUPERIORS levels? */
static inline bool superiors_above(struct jd_host *h, uint64_t unit, uint64_t superior)
{
    struct jd_entry above = {.value_key = unit};
    for (int i = 0; i < SUPERIORS && jd_listed(h, JD_LIST_PARENT, above.value_key, &above); i++)
        if (above.value_key == superior)
            return true;
    return false;
}

#endif
