/* The progress hash: how far an instance name has come, as each commit leaves it. */
#ifndef JIANDU_STREAM_PROGRESS_H
#define JIANDU_STREAM_PROGRESS_H

#include <hiredis/hiredis.h>
#include <stdbool.h>

#include "daemon/stream/place.h"

struct progress {
    struct stream_place place; /* committed */
    uint64_t print;  /* fingerprint of the entry there, as the one who committed saw it; 0: not known */
    unsigned system; /* system alerts published at it */
    uint64_t lost;   /* of the entries counted as read, those that nobody could read */
    uint64_t config; /* what the one who led last detects, as a hash; 0: not known */
    struct entry_id config_from; /* and from which entry on */
};

/* From HGETALL; zeros where nobody has ever led. False: the fields pos and read are not what this daemon
 * writes. */
bool progress_read(struct progress *, const redisReply *reply);

#endif
