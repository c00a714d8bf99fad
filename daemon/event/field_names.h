/* Which field a name stands for, the platform's own names included. Producers send fields in a fixed order,
 * so what followed a field last time is tried first; that changes the speed and never the answer. */
#ifndef JIANDU_EVENT_FIELD_NAMES_H
#define JIANDU_EVENT_FIELD_NAMES_H

#include "daemon/event/decode.h"

#define FIELD_NAMES_SLOTS 256 /* four times the most that there can be */

struct field_names {
    char text[JD_F_COUNT][EVENT_NAME_MAX];
    uint8_t length[JD_F_COUNT];
    uint8_t slot[FIELD_NAMES_SLOTS]; /* field + 1; 0: free */
    uint8_t after[JD_F_COUNT + 1];   /* the field that followed; the last one: that came first */
    uint8_t previous;
    uint64_t plain; /* fields whose name stands in JSON as it is, without an escape */
};

/* -1 if a row of the map is wrong. */
int field_names_init(struct field_names *, const struct decoder_map *map, size_t n_map, struct error *err);
/* An entry begins. */
void field_names_start(struct field_names *);
/* JD_F_COUNT: none of ours. */
enum jd_field field_names_find(struct field_names *, const char *name, size_t length);
/* The field that is tried first; field_names_met() says that it was met, for a reader that has compared its
 * name itself. */
static inline enum jd_field field_names_expected(const struct field_names *n)
{
    return (enum jd_field)n->after[n->previous];
}

static inline void field_names_met(struct field_names *n, enum jd_field f)
{
    n->previous = (uint8_t)f;
}

#endif
