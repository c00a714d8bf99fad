/* The report: an alert's record as the JSON object of design section 7, whole, and in part for each office.
 */
#ifndef JIANDU_ENGINE_REPORT_H
#define JIANDU_ENGINE_REPORT_H

#include "daemon/engine/budget.h"
#include "daemon/engine/casebook.h"
#include "daemon/engine/output.h"
#include "daemon/engine/sight.h"
#include "daemon/engine/ties.h"

/* Where a unit is, as its latest event said, and how much it has ordered for. */
struct unit_region {
    uint32_t region;
    uint32_t reserved;
    int64_t ordered; /* fen */
};

struct report_view {
    const struct engine_settings *settings;
    struct casebook *casebook;
    struct budget *budget;
    struct ties *ties;
    struct names *names;
    struct table *unit_regions; /* struct unit_region by unit */
    const struct sight *sight;
    uint64_t empty_registries; /* JD_LIST_BIT of each that never had an entry */
    int64_t now;
    bool warmup;
    bool incomplete; /* a table of the detector has evicted live records within the window */
};

/* Writes all copies and hands them to `sink` as one output. Returns how many offices do not get theirs now.
 */
size_t report_publish(const struct report_view *, unsigned detector, const struct alert_record *,
    struct entry_id at, uint32_t index, output_sink sink, void *context);

#endif
