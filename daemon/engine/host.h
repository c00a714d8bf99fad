/* The host: what a detector can ask of the engine, behind the function table of detector.h. */
#ifndef JIANDU_ENGINE_HOST_H
#define JIANDU_ENGINE_HOST_H

#include "daemon/engine/bulletin.h"
#include "daemon/engine/casebook.h"
#include "daemon/engine/lookahead.h"
#include "daemon/engine/registry.h"
#include "detectors/detector.h"

/* What all hosts of an engine share. */
struct shared {
    const struct engine_settings *settings;
    struct names *names;
    struct registry *registry;
    struct casebook *casebook;
    struct timers *timers;
    int64_t now; /* ms; of the entry or timer being handled */
    /* Publishes what a detector has put into its bulletin. */
    void (*report)(void *context, unsigned detector, int64_t day);
    void *report_context;
    uint64_t remembered; /* fields of the event being handled whose names are kept already; bit 1 << field */
};

/* One detector instance. */
struct jd_host {
    struct jd_host_head head; /* first: detectors see only this */
    struct shared *shared;
    const struct detector_instance *instance;
    unsigned index;
    struct table **tables;
    uint64_t ahead[JD_TYPE_COUNT]; /* by event type: bit 1 << table of each whose records are fetched ahead */
    struct bulletin *bulletin;     /* NULL: it has no report */
    uint64_t handled, emitted;     /* counters */
};

int host_init(struct jd_host *, struct shared *, unsigned index, struct error *err);
void host_fini(struct jd_host *);
/* See engine_prefetch. */
void host_prefetch(const struct jd_host *, const struct jd_event *, struct lookahead *);
/* Has any of its tables evicted a live record that was touched at or after `since`? */
bool host_lost_since(const struct jd_host *, int64_t since);

#endif
