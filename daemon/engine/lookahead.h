/* Fetches the state that the next events will ask for while the ones before them are processed. It guesses:
 * whatever it fetches or misses has no effect but time. */
#ifndef JIANDU_ENGINE_LOOKAHEAD_H
#define JIANDU_ENGINE_LOOKAHEAD_H

#include "daemon/state/table.h"

#define LOOKAHEAD_EVENTS 4 /* between taking an event in and processing it */
#define LOOKAHEAD_KEYS 64  /* of one event; more are not fetched */

/* A key is fetched in steps, an event or two apart: its bucket, its record, the record's neighbours. */
struct lookahead_key {
    const struct table *table;
    uint64_t key;
    uint32_t record;
};

struct lookahead {
    struct lookahead_key keys[LOOKAHEAD_EVENTS][LOOKAHEAD_KEYS];
    unsigned count[LOOKAHEAD_EVENTS];
    unsigned turn; /* of the event being taken in */
};

/* Goes on to the next event: the ones before it move on a step. */
void lookahead_turn(struct lookahead *);
/* One more key that the event just begun will ask for; key 0 is none. */
void lookahead_add(struct lookahead *, const struct table *, uint64_t key);

#endif
