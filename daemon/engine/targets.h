/* Targets: the share of its canteen's food purchase that a unit must reserve for the platform's goods. It
 * differs from place to place and from year to year. */
#ifndef JIANDU_ENGINE_TARGETS_H
#define JIANDU_ENGINE_TARGETS_H

#include "daemon/engine/settings.h"

#define TARGET_FLOOR 10 /* percent, everywhere: Ministry of Finance, 财库〔2021〕19号 */

/* The percentage for a six-digit division code (0: not known) in a year: of the rows whose prefix fits and
 * that have begun, the longest prefix decides, then the latest year. */
int64_t targets_share(const struct target *targets, size_t n, uint32_t region, int64_t year);

#endif
