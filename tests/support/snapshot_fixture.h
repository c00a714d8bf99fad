/* A small state to be saved and loaded: two tables, timers and a blob, and the memory that stands for a file.
 */
#ifndef JIANDU_TESTS_SUPPORT_SNAPSHOT_FIXTURE_H
#define JIANDU_TESTS_SUPPORT_SNAPSHOT_FIXTURE_H

#include "daemon/state/snapshot.h"

struct state {
    struct table *cases, *orders;
    struct timers *timers;
    uint64_t blob[3];
};

struct memory {
    unsigned char *bytes;
    size_t length, at;
    size_t step;      /* source: bytes handed out at a time; 0: all there are */
    unsigned fail_at; /* the how-manieth call fails, from 1; 0: none */
    unsigned calls;
};

extern const struct snapshot_header state_header;

void state_init(struct state *);
void state_fini(struct state *);
/* Records, pins and timers by a fixed pattern, `records` of them. */
void state_fill(struct state *, uint64_t records);
int state_save_to(const struct state *, snapshot_sink sink, void *context);
int state_load_from(
    struct state *, snapshot_source source, void *context, struct snapshot_header *, struct error *);
/* To and from memory. */
int state_save(const struct state *, struct memory *);
int state_load(struct state *, struct memory *, struct snapshot_header *, struct error *);

int memory_sink(void *memory, const void *data, size_t length);
long memory_source(void *memory, void *data, size_t length);
void memory_fini(struct memory *);
/* Makes both checksums right again. */
void memory_repair(struct memory *);

#endif
