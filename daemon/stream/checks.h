/* Knowing when we are blind: what the state of the input stream says about our position in it. Pure. */
#ifndef JIANDU_STREAM_CHECKS_H
#define JIANDU_STREAM_CHECKS_H

#include <hiredis/hiredis.h>
#include <stdbool.h>

#include "daemon/stream/place.h"

/* From XINFO STREAM. */
struct stream_facts {
    bool exists;
    uint64_t length, added; /* entries there; entries ever added */
    struct entry_id last;   /* the newest id ever given */
    bool has_entries;       /* then: */
    struct entry_id first_entry, last_entry;
};

/* False: not a reply to XINFO STREAM. An error reply that the key does not exist is a fact. */
bool stream_facts_read(struct stream_facts *, const redisReply *reply);

enum stream_health {
    STREAM_WELL,
    STREAM_GONE,        /* the stream was deleted */
    STREAM_ROLLED_BACK, /* its newest id is behind our position, or fewer entries were added than we have read
                         */
};
enum stream_health stream_health(const struct stream_facts *, struct stream_place);
const char *stream_health_words(enum stream_health);

/* Entries that were removed before we could read them. *exact: all that were lost up to now are counted. A
 * batch on its way to us counts as lost: trust the number only when none is, or when everything was read. */
uint64_t stream_lost(const struct stream_facts *, struct stream_place, bool *exact);
/* Whether there is nothing behind our position. */
bool stream_caught_up(const struct stream_facts *, struct stream_place);
/* Entries not read yet. */
uint64_t stream_lag(const struct stream_facts *, struct stream_place);

#endif
