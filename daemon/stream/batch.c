#include "daemon/stream/batch.h"

#include "daemon/base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Depths of an XREAD reply:
 *   0 streams   1 one stream: [key, entries]   2 entries   3 one entry: [id, fields]   4 fields   5 a name or
 * value; a reply to XRANGE begins with the entries */
enum { DEPTH_STREAMS, DEPTH_STREAM, DEPTH_ENTRIES, DEPTH_ENTRY, DEPTH_FIELDS, DEPTH_TEXT };

#define ENTRIES_MAX 8192 /* of a reply; input.count asks for fewer */
#define STRING_FRAME 8   /* bytes of protocol around a string: length, line ends */

void batch_init(struct batch *b)
{
    memset(b, 0, sizeof *b);
    b->raw = memory_zeroed(1, sizeof *b->raw, "an entry");
}

void batch_fini(struct batch *b)
{
    free(b->entries);
    free(b->events);
    free(b->texts);
    free(b->raw);
    arena_fini(&b->strings);
    memset(b, 0, sizeof *b);
}

void batch_reset(struct batch *b)
{
    b->count = b->bytes = b->texts_used = b->fields_left = 0;
    b->open = false;
    b->name = NULL;
    b->error[0] = '\0';
    arena_reset(&b->strings);
}

void batch_use(struct batch *b, struct decoder *decoder)
{
    if (decoder) /* the one before may be gone */
        decoder_texts(decoder, &b->strings);
    b->decoder = decoder;
}

void batch_take(struct batch *to, struct batch *from)
{
    struct batch whole = *from;
    batch_reset(to);
    *from = *to;
    from->decoder = whole.decoder; /* which goes on writing to from->strings */
    from->range = whole.range;
    *to = whole;
    to->decoder = NULL;
}

uint64_t batch_fingerprint(const struct batch *b)
{
    return raw_entry_fingerprint(b->raw);
}

static int depth_of(const redisReadTask *task)
{
    const struct batch *b = task->privdata;
    int depth = b->range ? DEPTH_ENTRIES : DEPTH_STREAMS;
    while ((task = task->parent))
        depth++;
    return depth;
}

/* We ask for one stream: a second list of entries is none of ours. */
static int reserve(struct batch *b, size_t entries)
{
    if (b->count || b->open || entries > ENTRIES_MAX)
        return -1;
    if (entries > b->room) {
        struct batch_entry *grown = realloc(b->entries, entries * sizeof *grown);
        if (!grown)
            return -1;
        b->entries = grown;
        b->room = entries;
    }
    if (entries > b->events_room) {
        free(b->events);
        b->events = malloc(entries * sizeof *b->events);
        b->events_room = b->events ? entries : 0;
    }
    return b->events || entries == 0 ? 0 : -1;
}

static int keep_text(struct batch *b, struct batch_entry *e)
{
    b->texts = memory_grow(b->texts, &b->texts_size, b->texts_used + RAW_ENTRY_TEXT_MAX + 1, 1);
    e->text = b->texts_used;
    e->text_length = e->reason == EVENT_TOO_BIG ? 0 : raw_entry_write(b->raw, b->texts + b->texts_used);
    b->texts_used += e->text_length + 1;
    b->texts[b->texts_used - 1] = '\0';
    return 0;
}

static int begin_entry(struct batch *b, const char *text, size_t length)
{
    struct entry_id id;
    if (b->open || b->count == b->room || !entry_id_parse(&id, text, length))
        return -1;
    b->open = true;
    b->name = NULL;
    raw_entry_begin(b->raw, id);
    struct batch_entry *e = &b->entries[b->count];
    *e = (struct batch_entry){.id = id, .event = &b->events[b->count], .reason = EVENT_OK};
    if (entry_id_usable(id))
        event_begin(b->decoder, e->event, (int64_t)id.ms, id.seq);
    else
        e->reason = EVENT_BAD_ID;
    return 0;
}

static int end_entry(struct batch *b)
{
    struct batch_entry *e = &b->entries[b->count++];
    b->open = false;
    if (e->reason != EVENT_BAD_ID) {
        enum event_reason reason = event_end(b->decoder);
        if (e->reason == EVENT_OK)
            e->reason = reason;
    }
    if (e->reason == EVENT_OK)
        return 0;
    e->event = NULL;
    e->size = b->raw->size;
    e->hash = raw_entry_fingerprint(b->raw);
    return keep_text(b, e);
}

static int add_text(struct batch *b, bool is_name, const char *text, size_t length)
{
    if (b->fields_left == 0)
        return -1;
    struct batch_entry *e = &b->entries[b->count];
    const char *copy = raw_entry_add(b->raw, text, length);
    if (is_name) {
        b->name = copy;
        b->name_length = length;
    } else if (b->name && copy && e->reason == EVENT_OK) {
        event_field(b->decoder, b->name, b->name_length, copy, length);
    }
    if (!copy && e->reason == EVENT_OK)
        e->reason = EVENT_TOO_BIG;
    return --b->fields_left == 0 ? end_entry(b) : 0;
}

/* ---- hiredis' reply functions: NULL ends the connection, anything else is a mark ---- */

static void *made(struct batch *b, int result)
{
    return result < 0 ? NULL : b;
}

static void *create_string(const redisReadTask *task, char *text, size_t length)
{
    struct batch *b = task->privdata;
    int depth = depth_of(task);
    b->bytes += length + STRING_FRAME;
    if (depth == DEPTH_TEXT)
        return made(b, add_text(b, task->idx % 2 == 0, text, length));
    if (depth == DEPTH_ENTRY + 1 && task->idx == 0)
        return made(b, begin_entry(b, text, length));
    if (!task->parent) {
        size_t n = length < sizeof b->error - 1 ? length : sizeof b->error - 1;
        memcpy(b->error, text, n);
        b->error[n] = '\0';
    }
    return b;
}

/* The fields of the entry that has begun; without any, its end. */
static int begin_fields(struct batch *b, const redisReadTask *task, size_t count)
{
    if (!b->open || b->fields_left || task->idx != 1)
        return -1;
    b->fields_left = count;
    return count ? 0 : end_entry(b);
}

static void *create_array(const redisReadTask *task, int elements)
{
    struct batch *b = task->privdata;
    size_t count = elements > 0 ? (size_t)elements : 0;
    switch (depth_of(task)) {
    case DEPTH_ENTRIES:
        return made(b, reserve(b, count));
    case DEPTH_FIELDS:
        return made(b, begin_fields(b, task, count));
    case DEPTH_TEXT:
        return NULL;
    default:
        return b;
    }
}

static void *create_integer(const redisReadTask *task, long long value)
{
    (void)value;
    return depth_of(task) < DEPTH_FIELDS ? task->privdata : NULL;
}

static void *create_nil(const redisReadTask *task)
{
    struct batch *b = task->privdata;
    int depth = depth_of(task);
    /* an entry whose fields are gone: it counts, and is reported as an event without a type */
    return made(b, depth < DEPTH_FIELDS ? 0 : depth == DEPTH_FIELDS ? begin_fields(b, task, 0) : -1);
}

static void free_object(void *object)
{
    (void)object;
}

const redisReplyObjectFunctions batch_functions = {
    .createString = create_string,
    .createArray = create_array,
    .createInteger = create_integer,
    .createNil = create_nil,
    .freeObject = free_object,
};
