/* What is to be published: stream entries with explicit ids, in the order in which they arose, collected
 * until they are committed. */
#ifndef JIANDU_STREAM_OUTBOX_H
#define JIANDU_STREAM_OUTBOX_H

#include "daemon/event/entry_id.h"

struct outbox_item {
    struct entry_id cause;      /* the input entry that brought it about, */
    uint64_t read;              /* and how many had been read with it */
    size_t first, count, bytes; /* its texts: key, id, length to keep, then fields and values */
};

struct outbox {
    struct outbox_item *items;
    size_t count, room;
    char *bytes;
    size_t used, size;
    size_t *ends;
    size_t texts, texts_room;
    struct entry_id cause;
    uint64_t read;
};

void outbox_init(struct outbox *);
void outbox_fini(struct outbox *);
void outbox_clear(struct outbox *);

/* The input entry that brings about what follows; `read` counts the entries up to and with it. */
void outbox_at(struct outbox *, struct entry_id cause, uint64_t read);
/* `key` is the stream's; `keep` bounds its length, roughly, and 0 keeps all. */
void outbox_begin(struct outbox *, const char *key, struct entry_id id, uint64_t keep);
void outbox_field(struct outbox *, const char *name, const void *value, size_t length);
void outbox_text(struct outbox *, const char *name, const char *value);
void outbox_number(struct outbox *, const char *name, uint64_t value);

/* A text of an item: its bytes, and their number in *length. */
const char *outbox_get(const struct outbox *, size_t text, size_t *length);

#endif
