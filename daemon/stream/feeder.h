/* The feeder: a reader on a thread of its own, so that the next batch is read and decoded while the last one
 * is worked on. It has the reader's interface and calls the same handlers, on the thread of `base` and in the
 * order in which things happened.
 *
 * Whatever is handed over changes hands whole: batches lie in a ring between the threads, and the thread that
 * reads waits while it is full. The decoder belongs to that thread from feeder_start to feeder_stop. */
#ifndef JIANDU_STREAM_FEEDER_H
#define JIANDU_STREAM_FEEDER_H

#include "daemon/stream/reader.h"

struct feeder;

/* `threaded`: false keeps it all on the thread of `base`, for a test that has to be repeatable. The program
 * has called evthread_use_pthreads() if it is true. */
struct feeder *feeder_create(struct event_base *base, const struct reader_settings *settings, bool threaded,
    const struct reader_handlers *handlers, struct error *err);
void feeder_destroy(struct feeder *);

/* As of the reader. After feeder_pause, up to FEEDER_BATCHES batches that were read before may still be
 * handed over; `quiet` comes behind them. */
#define FEEDER_BATCHES 3
void feeder_start(
    struct feeder *, struct decoder *decoder, struct entry_id position, const struct entry_id *last);
void feeder_limit(struct feeder *, const struct entry_id *last);
void feeder_stop(struct feeder *);
bool feeder_running(const struct feeder *);
void feeder_pause(struct feeder *);
void feeder_resume(struct feeder *);
/* No read is in flight and none was read before. False does not say much: `quiet` is told anyway. */
bool feeder_quiet(const struct feeder *);
bool feeder_connected(const struct feeder *);

/* What was decoded, up to the last batch handed over, since feeder_start with the decoder at hand. */
const struct decoder_counts *feeder_counts(const struct feeder *);

#endif
