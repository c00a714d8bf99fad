/* The bulletin: the rows of a detector's report, added up by division as they come, and written down once for
 * everybody and once for each office, which gets its own units only. It lives within one event or timer and
 * is no part of the state. */
#ifndef JIANDU_ENGINE_BULLETIN_H
#define JIANDU_ENGINE_BULLETIN_H

#include "daemon/engine/output.h"
#include "daemon/engine/settings.h"
#include "daemon/event/entry_id.h"
#include "daemon/state/names.h"

struct bulletin;

/* What a published bulletin needs beside its rows. */
struct bulletin_view {
    const struct engine_settings *settings;
    const struct detector_instance *instance;
    struct names *names;
    struct entry_id at; /* the entry that is being processed, */
    uint32_t index;     /* and which of its reports this is */
    int64_t now, day;
    bool warmup, incomplete;
};

struct bulletin *bulletin_create(const struct jd_report *report);
void bulletin_destroy(struct bulletin *);
void bulletin_add(struct bulletin *, const struct jd_row *row);
/* Hands what the rows say to `sink` as one output. */
void bulletin_publish(struct bulletin *, const struct bulletin_view *view, output_sink sink, void *context);
void bulletin_clear(struct bulletin *);

#endif
