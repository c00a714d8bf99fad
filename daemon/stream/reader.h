/* The reader: XREAD on a connection of its own, from a position that we hold ourselves; or XRANGE, where it
 * must not read past an entry. The next read is on the wire before a batch is handed over, so that Redis
 * works while we do; never are two reads in flight. */
#ifndef JIANDU_STREAM_READER_H
#define JIANDU_STREAM_READER_H

#include "daemon/stream/batch.h"
#include "daemon/stream/link.h"

struct reader_settings {
    struct link_settings link;
    const char *key; /* of the stream; borrowed */
    int count;       /* entries asked for in one read, at most: fewer where they are large */
    int block;       /* ms that a read waits in Redis when there is nothing */
};

struct reader_handlers {
    /* Events and texts are good until it returns, unless it takes them (batch_take). It may pause or stop the
     * reader. */
    void (*batch)(void *context, struct batch *batch);
    void (*idle)(void *context); /* a read came back empty: all that there is was read */
    void (*gap)(
        void *context, struct entry_id limit); /* no entry stands at the limit, nor is one left before it */
    void (*quiet)(void *context);              /* paused, and no read is in flight any more */
    void (*lost)(void *context, const char *why); /* the connection went; it comes back by itself */
    /* It makes no sense to go on: password, rights or key are wrong. Stopped. */
    void (*failed)(void *context, const char *why);
    void *context;
};

struct reader;

struct reader *reader_create(struct event_base *base, const struct reader_settings *settings,
    const struct reader_handlers *handlers, struct error *err);
void reader_destroy(struct reader *);

/* Connects if need be and reads the entries after `position`, up to `last` (NULL: without a limit). `decoder`
 * is borrowed until reader_stop. */
void reader_start(
    struct reader *, struct decoder *decoder, struct entry_id position, const struct entry_id *last);
/* A limit further on; NULL: none any more. */
void reader_limit(struct reader *, const struct entry_id *last);
/* Drops what is in flight. */
void reader_stop(struct reader *);
bool reader_running(const struct reader *);
/* Asks for nothing more until reader_resume. One read may be in flight; its batch is still handed over. */
void reader_pause(struct reader *);
void reader_resume(struct reader *);
bool reader_quiet(const struct reader *); /* no read is in flight */
bool reader_connected(const struct reader *);

#endif
