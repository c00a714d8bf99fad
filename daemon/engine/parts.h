/* What an engine is made of: for the engine's own files only. */
#ifndef JIANDU_ENGINE_PARTS_H
#define JIANDU_ENGINE_PARTS_H

#include "daemon/engine/budget.h"
#include "daemon/engine/engine.h"
#include "daemon/engine/fairness.h"
#include "daemon/engine/host.h"
#include "daemon/engine/sight.h"
#include "daemon/engine/ties.h"

struct counters {
    uint64_t events, repeated, timers_fired, published, reports, verdicts, unknown_verdicts;
    uint64_t deferred, digests;
    uint64_t by_type[JD_TYPE_COUNT];
};

struct engine {
    const struct engine_settings *settings;
    struct sip_key seed;
    output_sink sink;
    void *sink_context;
    struct entry_id at; /* being processed */
    struct shared shared;
    struct jd_host *hosts;
    struct budget *budget;
    struct ties *ties;
    struct table *dedup;        /* event ids seen, no value but the record itself */
    struct table *unit_regions; /* struct unit_region */
    struct sight sight;
    struct fairness fairness;
    int64_t started, warmup_until;
    uint32_t output_index, report_index; /* of the entry being processed */
    struct lookahead lookahead;
    uint64_t named[JD_TYPE_COUNT]; /* fields whose names the last event of a type had kept: a guess at the
                                    * next one's, for fetching ahead */
    struct counters counters;
};

/* Walks all tables in one fixed order, the snapshot's; stops at the first -1. `owner` is the detector's name,
 * or "engine". */
typedef int (*table_visit)(void *context, const char *owner, struct table *table);
int engine_each_table(const struct engine *, table_visit visit, void *context);

#endif
