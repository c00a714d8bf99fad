#include "daemon/event/decoder.h"
#include "daemon/base/memory.h"
#include "daemon/event/entry_id.h"
#include "daemon/event/utf8.h"

#include <stdlib.h>
#include <string.h>

#define AHEAD_DEFAULT JD_MINUTE
#define BEHIND_DEFAULT (90 * JD_DAY)
#define NOTHING (JD_F_COUNT + 1U)

struct decoder *decoder_create(const struct decoder_options *options, struct error *err)
{
    /* not zeroed: most of `data` is never touched */
    struct decoder *d = memory_need(malloc(sizeof *d), "the decoder");
    memset(d, 0, offsetof(struct decoder, data));
    arena_init(&d->own);
    d->arena = &d->own;
    d->seed = options->seed;
    d->max_ahead = options->max_ahead > 0 ? options->max_ahead : AHEAD_DEFAULT;
    d->max_behind = options->max_behind > 0 ? options->max_behind : BEHIND_DEFAULT;
    if (field_names_init(&d->names, options->map, options->n_map, err) < 0) {
        decoder_destroy(d);
        return NULL;
    }
    return d;
}

void decoder_destroy(struct decoder *d)
{
    if (!d)
        return;
    arena_fini(&d->own);
    free(d);
}

void decoder_reset(struct decoder *d)
{
    arena_reset(d->arena);
}

void decoder_texts(struct decoder *d, struct arena *texts)
{
    d->arena = texts ? texts : &d->own;
}

const struct decoder_counts *decoder_counts(const struct decoder *d)
{
    return &d->counts;
}

static bool is_of_bytes(enum event_reason reason)
{
    return reason == EVENT_BAD_UTF8 || reason == EVENT_NUL_BYTE || reason == EVENT_DUPLICATE_FIELD ||
           reason == EVENT_TOO_BIG;
}

void decoder_fail(struct decoder *d, enum event_reason reason)
{
    if (d->reason == EVENT_OK || (is_of_bytes(reason) && !is_of_bytes(d->reason)))
        d->reason = reason;
}

static bool check_bytes(struct decoder *d, const char *text, size_t length)
{
    enum utf8_state state = d->is_clean ? UTF8_OK : utf8_check(text, length);
    if (state != UTF8_OK)
        decoder_fail(d, state == UTF8_NUL ? EVENT_NUL_BYTE : EVENT_BAD_UTF8);
    return state == UTF8_OK;
}

static void read_entry_id(struct decoder *d, const char *text, size_t length)
{
    struct entry_id id;
    if (length == 0)
        return;
    if (entry_id_parse(&id, text, length) && entry_id_usable(id)) {
        d->event->id_ms = (int64_t)id.ms;
        d->event->id_seq = id.seq;
        d->needs_id = false;
    } else if (check_bytes(d, text, length)) {
        decoder_fail(d, EVENT_BAD_ID);
    }
}

static bool is_entry_id(const struct decoder *d, const char *name, size_t length)
{
    return d->is_line && length == 2 && memcmp(name, "id", 2) == 0;
}

static void unknown_value(
    struct decoder *d, const char *name, size_t name_length, const char *value, size_t length)
{
    if (is_entry_id(d, name, name_length)) {
        read_entry_id(d, value, length);
        return;
    }
    d->counts.unknown_fields++;
    if (check_bytes(d, value, length) && (name_length > EVENT_NAME_MAX || length > EVENT_VALUE_MAX))
        decoder_fail(d, EVENT_FIELD_TOO_LONG);
}

static bool is_new_name(struct decoder *d, const char *name, size_t length)
{
    if (!check_bytes(d, name, length))
        return false;
    uint64_t hash = siphash13(&d->seed, name, length);
    for (unsigned i = 0; i < d->n_unknown; i++) {
        if (d->unknown[i] == hash) {
            decoder_fail(d, EVENT_DUPLICATE_FIELD);
            return false;
        }
    }
    d->unknown[d->n_unknown++] = hash;
    return true;
}

/* The field of a name (JD_F_COUNT: none of ours), counted against the limit and against being there twice;
 * NOTHING if there is nothing to read. */
static inline unsigned find_field(struct decoder *d, const char *name, size_t length)
{
    if (d->n_fields == EVENT_FIELDS_MAX) {
        decoder_fail(d, EVENT_TOO_MANY_FIELDS);
        d->full = true;
        return NOTHING;
    }
    d->n_fields++;
    enum jd_field f = field_names_find(&d->names, name, length);
    if (f == JD_F_COUNT)
        return is_new_name(d, name, length) ? f : NOTHING;
    if (d->seen & FIELD_BIT(f)) {
        decoder_fail(d, EVENT_DUPLICATE_FIELD);
        return NOTHING;
    }
    d->seen |= FIELD_BIT(f);
    return f;
}

void decoder_value(struct decoder *d, enum jd_field f, const char *name, size_t name_length,
    const char *value, size_t value_length)
{
    if (f == JD_F_COUNT) {
        unknown_value(d, name, name_length, value, value_length);
        return;
    }
    if (value_length == 0)
        return;
    enum event_reason reason = value_read(d, f, value, value_length);
    if (reason)
        decoder_fail(d, reason);
}

void decoder_field(
    struct decoder *d, const char *name, size_t name_length, const char *value, size_t value_length)
{
    unsigned f = find_field(d, name, name_length);
    if (f != NOTHING)
        decoder_value(d, (enum jd_field)f, name, name_length, value, value_length);
}

void decoder_odd_field(struct decoder *d, const char *name, size_t name_length, bool is_fraction)
{
    unsigned f = find_field(d, name, name_length);
    if (f == NOTHING)
        return;
    if (f == JD_F_COUNT) {
        unknown_value(d, name, name_length, "", 0);
        if (is_entry_id(d, name, name_length))
            decoder_fail(d, EVENT_BAD_ID);
        return;
    }
    enum field_form form = fields[f].form;
    bool is_number = form == FIELD_COUNT || form == FIELD_MONEY || form == FIELD_TIME;
    decoder_fail(d, is_fraction && is_number ? EVENT_BAD_NUMBER : EVENT_BAD_VALUE);
}

void event_begin(struct decoder *d, struct jd_event *event, int64_t id_ms, uint64_t id_seq)
{
    memset(event, 0, offsetof(struct jd_event, field));
    event->id_ms = id_ms;
    event->id_seq = id_seq;
    memset(d, 0, offsetof(struct decoder, arena));
    d->event = event;
    field_names_start(&d->names);
    if (id_ms < 0 || id_ms > EVENT_TIME_MAX || id_seq > EVENT_SEQ_MAX)
        decoder_fail(d, EVENT_BAD_ID);
}

void event_field(
    struct decoder *d, const char *name, size_t name_length, const char *value, size_t value_length)
{
    if (d->full)
        return;
    d->bytes += name_length + value_length;
    if (d->bytes > EVENT_ENTRY_MAX) {
        decoder_fail(d, EVENT_TOO_BIG);
        d->full = true;
        return;
    }
    if (d->n_fields == 0 && !d->has_data && name_length == 4 && memcmp(name, "data", 4) == 0) {
        /* Copied, since the caller's bytes may be gone when it turns out to be the only field. */
        memcpy(d->data, value, value_length);
        d->data_length = value_length;
        d->has_data = true;
        return;
    }
    if (d->has_data) {
        d->has_data = false;
        decoder_field(d, "data", 4, d->data, d->data_length);
    }
    decoder_field(d, name, name_length, value, value_length);
}

enum event_reason event_end(struct decoder *d)
{
    if (d->has_data)
        decoder_object(d, d->data, d->data_length);
    enum event_reason reason = d->reason ? d->reason : rules_check(d);
    d->counts.reasons[reason]++;
    if (reason)
        d->counts.dead++;
    else
        d->counts.events++;
    return reason;
}

enum event_reason event_from_json(struct decoder *d, struct jd_event *event, int64_t id_ms, uint64_t id_seq,
    const char *text, size_t length)
{
    event_begin(d, event, id_ms, id_seq);
    decoder_object(d, text, length);
    return event_end(d);
}

enum event_reason event_from_line(struct decoder *d, struct jd_event *event, const char *text, size_t length)
{
    event_begin(d, event, 0, 0);
    d->is_line = true;
    d->needs_id = true;
    decoder_object(d, text, length);
    return event_end(d);
}
