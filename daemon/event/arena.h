/* Memory for the texts of a batch: taken piece by piece, given back all at once, kept for the next batch. */
#ifndef JIANDU_EVENT_ARENA_H
#define JIANDU_EVENT_ARENA_H

#include <stddef.h>

#define ARENA_CHUNK 65536 /* bytes; no piece is larger */

struct arena_chunk;

struct arena {
    struct arena_chunk *first, *current;
    char *next, *end; /* of the current chunk */
};

void arena_init(struct arena *);
void arena_fini(struct arena *);
/* Takes all pieces back; keeps the memory. */
void arena_reset(struct arena *);
/* Moves on to a chunk of free memory. */
void arena_grow(struct arena *);

/* `size` bytes (at most ARENA_CHUNK), not aligned, valid until the next arena_reset. Never NULL. */
static inline char *arena_take(struct arena *a, size_t size)
{
    if ((size_t)(a->end - a->next) < size)
        arena_grow(a);
    char *piece = a->next;
    a->next += size;
    return piece;
}

#endif
