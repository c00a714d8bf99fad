/* A stream entry as it came: its strings, kept while it is decoded, for its fingerprint and, when it cannot
 * be used, for the dead-letter stream. */
#ifndef JIANDU_STREAM_RAW_ENTRY_H
#define JIANDU_STREAM_RAW_ENTRY_H

#include <hiredis/hiredis.h>

#include "daemon/base/siphash.h"
#include "daemon/event/decode.h"
#include "daemon/event/entry_id.h"

/* The id, and each string with its length; what is larger is only measured and hashed. */
#define RAW_ENTRY_MAX (16 + EVENT_ENTRY_MAX + 4 * 2 * (EVENT_FIELDS_MAX + 1))
/* Of the text that raw_entry_write writes, without the NUL: the limit of an entry once more, for escapes. */
#define RAW_ENTRY_TEXT_MAX (2 * EVENT_ENTRY_MAX)

struct raw_entry {
    struct entry_id id;
    size_t size;     /* bytes of all names and values */
    size_t used;     /* of bytes[] */
    bool overflowed; /* bytes[] holds the beginning only; the rest went into sum */
    struct sip_stream sum;
    char bytes[RAW_ENTRY_MAX];
};

void raw_entry_begin(struct raw_entry *, struct entry_id id);
/* Returns the text's copy, good until raw_entry_begin; NULL when the entry is too large to be kept. */
const char *raw_entry_add(struct raw_entry *, const char *text, size_t length);
/* Of id and strings; equal for equal entries, whoever computes it. Never 0. */
uint64_t raw_entry_fingerprint(const struct raw_entry *);
/* The same for [id, [name, value, ...]], one element of an XRANGE reply; 0 if it is not that. `scratch` is
 * used. */
uint64_t raw_entry_fingerprint_of(struct raw_entry *scratch, const redisReply *entry);

/* Writes the strings as one JSON array of ASCII and valid UTF-8: any other byte, and a backslash, becomes the
 * four characters \xHH. `text` has room for RAW_ENTRY_TEXT_MAX + 1. Returns the length; 0 when it is too
 * large. */
size_t raw_entry_write(const struct raw_entry *, char *text);

#endif
