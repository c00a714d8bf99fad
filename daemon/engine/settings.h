/* What the engine is told: plain data, filled by the configuration loader (ops/config) or by a test. */
#ifndef JIANDU_ENGINE_SETTINGS_H
#define JIANDU_ENGINE_SETTINGS_H

#include "daemon/base/siphash.h"
#include "detectors/detector.h"

/* One configured detector. `config` is `detector->config_size` bytes, filled from the option table. */
struct detector_instance {
    const struct jd_detector *detector;
    void *config;
    int shadow;          /* publishes apart */
    uint64_t off;        /* signals that count for nothing: bit 1 << index */
    uint32_t *bounds;    /* n_tables records bounds; 0 keeps the table's own */
    void *shared_object; /* of dlopen; NULL when compiled in */
};

/* A row of config/routes.json: units whose division code begins with `prefix` belong to `office`. */
struct route {
    const char *prefix; /* "", or 2, 4 or 6 digits */
    const char *office; /* [a-z0-9-]{1,48}: it becomes part of a key */
};

/* A row of the config's `targets`: units whose division code begins with `prefix` reserve `share` percent. */
struct target {
    uint32_t prefix, digits; /* the prefix as a number, and how long it is: 0, 2, 4 or 6 */
    uint32_t from;           /* the first year that it holds for */
    uint32_t share;          /* percent, TARGET_FLOOR at least */
};

struct engine_settings {
    const char *name;     /* of the instance */
    uint64_t config_hash; /* of all that decides what is detected; stands in alerts and snapshots */
    struct detector_instance *detectors;
    size_t n_detectors;
    const struct route *routes;
    size_t n_routes;
    const struct target *targets;
    size_t n_targets;
    const char *security_office; /* gets cases on management accounts too; NULL: nobody */
    int use_registries;          /* 0: registry events are ignored (replay --no-registry) */
    int has_pseudonym_key;
    struct sip_key pseudonym_key;
    uint32_t alert_score;     /* opens an alert: 51, more likely than not */
    uint32_t alert_drop;      /* below it an alert closes: 35 */
    int64_t summary_interval; /* ms between revisions that only sum up: 24 h */
    int64_t alert_quiet;      /* ms without evidence after which an alert is closed: 30 d */
    int64_t critical_money;   /* fen at stake from which a score >= 92 is critical: 5000000 */
    int64_t critical_units;   /* or this many units: 5 */
    uint32_t office_budget;   /* alerts of medium severity that an office is shown a day: 10; 0: all */
    uint32_t dedup_bound;     /* event ids remembered: 1000000 */
    int64_t dedup_window;     /* ms: 7 d */
    uint32_t names_short, names_long, cases_bound, members_bound, registry_bound, timers_bound;
};

/* Fills every scalar with its default; detectors and routes are left empty. */
void engine_settings_defaults(struct engine_settings *);

#endif
