/* A place in the input stream: the last entry that was taken, and how many had been read with it. */
#ifndef JIANDU_STREAM_PLACE_H
#define JIANDU_STREAM_PLACE_H

#include "daemon/event/entry_id.h"

struct stream_place {
    struct entry_id position;
    uint64_t read;
};

#endif
