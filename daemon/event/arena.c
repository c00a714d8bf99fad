#include "daemon/event/arena.h"

#include "daemon/base/memory.h"

#include <stdlib.h>

struct arena_chunk {
    struct arena_chunk *next;
    char bytes[ARENA_CHUNK];
};

void arena_init(struct arena *a)
{
    *a = (struct arena){0};
}

void arena_fini(struct arena *a)
{
    for (struct arena_chunk *c = a->first, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    *a = (struct arena){0};
}

static void use(struct arena *a, struct arena_chunk *chunk)
{
    a->current = chunk;
    a->next = chunk ? chunk->bytes : NULL;
    a->end = chunk ? chunk->bytes + ARENA_CHUNK : NULL;
}

void arena_reset(struct arena *a)
{
    use(a, a->first);
}

void arena_grow(struct arena *a)
{
    struct arena_chunk *next = a->current ? a->current->next : NULL;
    if (!next) {
        next = memory_need(malloc(sizeof *next), "a batch's texts");
        next->next = NULL;
        *(a->current ? &a->current->next : &a->first) = next;
    }
    use(a, next);
}
