/* What the platform sends at all: which fields came with which type of event in the last 30 to 40 days. A
 * signal whose fields never come cannot speak, and that is no innocence. */
#ifndef JIANDU_ENGINE_SIGHT_H
#define JIANDU_ENGINE_SIGHT_H

#include "detectors/detector.h"

#define SIGHT_SLICES 4 /* of ten days each, the last one still being filled */

struct sight {
    int64_t turns_at; /* ms; end of the slice being filled */
    uint64_t fields[SIGHT_SLICES][JD_TYPE_COUNT];
};

/* Begins a new slice, forgetting the oldest. */
void sight_turn(struct sight *, int64_t now);

static inline void sight_note(struct sight *s, const struct jd_event *event)
{
    if (event->id_ms >= s->turns_at)
        sight_turn(s, event->id_ms);
    s->fields[0][event->type] |= event->present;
}

/* Those of the fields that none of these types of event brought. */
uint64_t sight_missing(const struct sight *, uint64_t events, uint64_t fields);

/* What a signal lacks to be evaluated: fields, or registries if none of them has an entry. 0 both: nothing.
 */
struct sight_lack {
    uint64_t fields, registries;
};
struct sight_lack sight_lack(const struct sight *, uint64_t empty_registries, const struct jd_need *);

#endif
