#include "daemon/stream/outbox.h"

#include "daemon/base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void outbox_init(struct outbox *o)
{
    memset(o, 0, sizeof *o);
}

void outbox_fini(struct outbox *o)
{
    free(o->items);
    free(o->bytes);
    free(o->ends);
    outbox_init(o);
}

void outbox_clear(struct outbox *o)
{
    o->count = o->used = o->texts = 0;
}

static void add(struct outbox *o, const void *text, size_t length)
{
    o->bytes = memory_grow(o->bytes, &o->size, o->used + length, 1);
    o->ends = memory_grow(o->ends, &o->texts_room, o->texts + 1, sizeof *o->ends);
    if (length)
        memcpy(o->bytes + o->used, text, length);
    o->used += length;
    o->ends[o->texts++] = o->used;
    o->items[o->count - 1].count++;
    o->items[o->count - 1].bytes += length;
}

void outbox_at(struct outbox *o, struct entry_id cause, uint64_t read)
{
    o->cause = cause;
    o->read = read;
}

void outbox_begin(struct outbox *o, const char *key, struct entry_id id, uint64_t keep)
{
    char text[ENTRY_ID_TEXT];
    o->items = memory_grow(o->items, &o->room, o->count + 1, sizeof *o->items);
    o->items[o->count++] = (struct outbox_item){.cause = o->cause, .read = o->read, .first = o->texts};
    add(o, key, strlen(key));
    entry_id_format(text, id);
    add(o, text, strlen(text));
    snprintf(text, sizeof text, "%" PRIu64, keep);
    add(o, text, strlen(text));
}

void outbox_field(struct outbox *o, const char *name, const void *value, size_t length)
{
    add(o, name, strlen(name));
    add(o, value, length);
}

void outbox_text(struct outbox *o, const char *name, const char *value)
{
    outbox_field(o, name, value, strlen(value));
}

void outbox_number(struct outbox *o, const char *name, uint64_t value)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%" PRIu64, value);
    outbox_field(o, name, text, (size_t)n);
}

const char *outbox_get(const struct outbox *o, size_t text, size_t *length)
{
    size_t start = text ? o->ends[text - 1] : 0;
    *length = o->ends[text] - start;
    return o->bytes + start;
}
