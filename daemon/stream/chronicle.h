/* The chronicle: what of the events and of what is published gets a line of the log. Each alert and report
 * before it is committed, so that the head of the log in that commit covers it; verdicts; registry entries, a
 * line a run of one list; dead letters, by reason, at growing intervals. Persons stand under a pseudonym or
 * not at all. The words of the platform and of offices are left out where they could name one. */
#ifndef JIANDU_STREAM_CHRONICLE_H
#define JIANDU_STREAM_CHRONICLE_H

#include "daemon/engine/output.h"
#include "daemon/event/decode.h"
#include "daemon/event/entry_id.h"
#include "daemon/ops/complain.h"
#include "daemon/ops/pseudonym.h"

struct chronicle {
    struct pseudonyms pseudonyms;
    struct { /* registry entries that have no line yet; count 0: none */
        int64_t list, began;
        uint64_t count;
        uint64_t by; /* the key of who sent them */
        char who[PSEUDONYM_TEXT], account[JD_ID_MAX + 1];
        struct entry_id first, last;
    } loading;
    struct {
        struct complaint complaint;
        int64_t last; /* ms, monotonic */
    } dead[EVENT_REASON_COUNT];
    int64_t dead_checked;
    bool dead_now; /* some reason has not been quiet for long enough */
};

/* `key` NULL: no pseudonyms. */
void chronicle_init(struct chronicle *, const struct sip_key *key);

void chronicle_output(struct chronicle *, const struct output *);
/* `now`: ms of the monotonic clock, as for all below. */
void chronicle_verdict(struct chronicle *, const struct jd_event *);
void chronicle_registry(struct chronicle *, const struct jd_event *, int64_t now);
void chronicle_dead_letter(struct chronicle *, struct entry_id, enum event_reason, int64_t now);
/* After each batch and when there is nothing to read: closes what has been quiet. */
void chronicle_pause(struct chronicle *, int64_t now);
/* Before the end: says what has no line yet. */
void chronicle_flush(struct chronicle *);

#endif
