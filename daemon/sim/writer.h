/* The queue between the life of the world and the stream: events are made in any order, each with its entry
 * time, and leave ordered by it. Only what lies ahead of the day being made is kept, so memory does not grow
 * with days. */
#ifndef JIANDU_SIM_WRITER_H
#define JIANDU_SIM_WRITER_H

#include "daemon/base/error.h"
#include "daemon/sim/params.h"
#include "daemon/sim/random.h"

#include <stddef.h>
#include <stdint.h>

struct writer;

/* How late the platform hears of something: entry id minus time. */
enum writer_lag { LAG_NONE, LAG_ONLINE, LAG_PAYMENT, LAG_SHIPMENT, LAG_TRACKING, LAG_INVOICE, LAG_TRANSFER };

enum writer_what { WROTE_OTHER, WROTE_ORDER, WROTE_MONEY };

/* One event as it leaves. `line` is NUL-terminated, without a newline, borrowed for the call. */
struct writer_entry {
    int64_t id_ms;
    uint64_t id_seq;
    int label; /* of the campaign or trap that it belongs to; 0 none */
    enum writer_what what;
    int64_t fen; /* ordered or paid with it */
    const char *line;
    size_t length;
};

typedef int (*writer_sink)(void *context, const struct writer_entry *, struct error *);

struct writer *writer_create(const struct sim_params *, uint64_t seed);
void writer_destroy(struct writer *);

/* An event is begun, gets its fields in order, and ends with how late it arrives. An absent text (NULL, "")
 * is left out. Names and texts need no JSON escape. */
void writer_begin(struct writer *, const char *type, int64_t time);
void writer_text(struct writer *, const char *name, const char *value);
void writer_number(struct writer *, const char *name, int64_t value);
void writer_division(struct writer *, const char *name, uint32_t code);
/* Money as the banks send it: decimal digits in a string. */
void writer_money(struct writer *, const char *name, int64_t fen);
void writer_end(struct writer *, enum writer_lag);

/* Events from now on belong to this campaign or trap. */
void writer_label(struct writer *, int label);
/* What the event being made is worth. */
void writer_worth(struct writer *, enum writer_what, int64_t fen);
/* Without the platform's own event id (registry entries have none). */
void writer_anonymous(struct writer *);
/* The carrier reports nothing between `from` and `to`; what it owes comes within hours after it. The 32nd
 * outage of a run takes the place of the last. */
void writer_outage(struct writer *, int64_t from, int64_t to, const char *carrier);
/* The event being made arrives at this time, instead of by a lag. */
void writer_arrives(struct writer *, int64_t id_ms);
/* Every event being made until it is called with false arrives twice. */
void writer_twice(struct writer *, int twice);

/* Hands every event before `until` to the sink, in order. Later calls of writer_end never go before it. */
int writer_flush(struct writer *, int64_t until, writer_sink, void *context, struct error *);

#endif
