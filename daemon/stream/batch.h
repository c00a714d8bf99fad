/* A batch: one reply to XREAD or XRANGE, decoded while hiredis parses it. No reply object is ever made: each
 * string is decoded where it lies in the reader's buffer. */
#ifndef JIANDU_STREAM_BATCH_H
#define JIANDU_STREAM_BATCH_H

#include <hiredis/hiredis.h>

#include "daemon/event/arena.h"
#include "daemon/event/decode.h"
#include "daemon/event/entry_id.h"
#include "daemon/stream/raw_entry.h"

/* One entry: an event, or a dead letter. */
struct batch_entry {
    struct entry_id id;
    struct jd_event *event; /* NULL: a dead letter, for `reason` */
    enum event_reason reason;
    size_t size;              /* of a dead letter: bytes of its strings, */
    uint64_t hash;            /* its fingerprint, */
    size_t text, text_length; /* and where its text lies in texts; length 0: too large */
};

struct batch {
    struct decoder *decoder; /* borrowed */
    struct arena strings;    /* texts of the events */
    bool range;              /* the reply is to XRANGE: the entries alone, without their stream around them */
    struct batch_entry *entries;
    size_t count, room;
    size_t bytes; /* of the reply, nearly */
    struct jd_event *events;
    size_t events_room;
    char *texts; /* of dead letters */
    size_t texts_used, texts_size;
    char error[256]; /* the text of an error reply, "" otherwise */
    /* of the entry being parsed */
    bool open;
    struct raw_entry *raw;
    const char *name;
    size_t name_length, fields_left;
};

void batch_init(struct batch *);
void batch_fini(struct batch *);
/* Forgets everything: for the next reply. */
void batch_reset(struct batch *);
/* Whose decoder fills it; NULL: nobody's any more. */
void batch_use(struct batch *, struct decoder *decoder);
/* Moves what is in a whole batch to an empty one, and the other's memory here. */
void batch_take(struct batch *to, struct batch *from);

/* The fingerprint of the last entry. */
uint64_t batch_fingerprint(const struct batch *);

/* For a redisReader whose privdata is a struct batch. The batch is whole when the reader returns a reply,
 * which is a mark without meaning. A reply of another shape than XREAD's of one stream fails the reader, and
 * what the batch holds is then to be dropped. */
extern const redisReplyObjectFunctions batch_functions;

#endif
