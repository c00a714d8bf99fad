/* The id of a stream entry: milliseconds and a sequence number, as Redis orders them. */
#ifndef JIANDU_EVENT_ENTRY_ID_H
#define JIANDU_EVENT_ENTRY_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct entry_id {
    uint64_t ms, seq;
};

#define ENTRY_ID_TEXT 44 /* two 64-bit numbers, a dash, a NUL */

/* Can an event have it? MS up to EVENT_TIME_MAX, SEQ up to EVENT_SEQ_MAX. */
bool entry_id_usable(struct entry_id id);
/* Accepts exactly "MS-SEQ" in plain decimal. */
bool entry_id_parse(struct entry_id *id, const char *text, size_t length);
/* Returns `text`. */
const char *entry_id_format(char text[ENTRY_ID_TEXT], struct entry_id id);
/* Below, equal or above 0, as memcmp. */
int entry_id_compare(struct entry_id a, struct entry_id b);

#endif
