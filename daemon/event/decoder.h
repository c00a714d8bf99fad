/* The decoder's inside, shared by the files of this folder.
 *
 * Every form of an entry comes down to decoder_value(), once a field, in order: so all forms have the same
 * rules. Flat fields come through decoder_field(). JSON comes through the scanner (scan.h), which knows the
 * plain case and leaves all else, untouched, to Jansson (json.c). */
#ifndef JIANDU_EVENT_DECODER_H
#define JIANDU_EVENT_DECODER_H

#include "daemon/event/arena.h"
#include "daemon/event/decode.h"
#include "daemon/event/field_names.h"
#include "daemon/event/fields.h"

struct decoder {
    /* of the entry at hand */
    struct jd_event *event;
    enum event_reason reason; /* EVENT_OK so far */
    uint64_t seen;            /* fields met, those without a value too */
    uint64_t odd_words;       /* fields whose word is not on their list */
    unsigned n_fields, n_unknown;
    size_t bytes;       /* of flat names and values */
    size_t data_length; /* of a first flat field `data`, which waits in `data` */
    bool has_data;
    bool full;     /* over a limit: the rest is not looked at */
    bool is_line;  /* of a file: `id` is the entry's id */
    bool needs_id; /* a line that had none so far */
    bool is_clean; /* all texts are known to be UTF-8 without NUL */

    struct arena *arena; /* own, or the caller's */
    struct arena own;
    struct decoder_counts counts;
    bool only_jansson; /* for tests: without the scanner */
    struct sip_key seed;
    int64_t max_ahead, max_behind;
    struct field_names names;
    uint64_t unknown[EVENT_FIELDS_MAX]; /* hashes of unknown names, to see one twice */
    char data[EVENT_ENTRY_MAX];
};

/* One field of an entry. An empty value counts as absent. */
void decoder_field(
    struct decoder *, const char *name, size_t name_length, const char *value, size_t value_length);
/* What remains of it once the field is found (JD_F_COUNT: none of ours) and known to be there once only. */
void decoder_value(struct decoder *, enum jd_field, const char *name, size_t name_length, const char *value,
    size_t value_length);
/* One field whose value is neither text nor integer: wrong in a field of ours, else ignored. */
void decoder_odd_field(struct decoder *, const char *name, size_t name_length, bool is_fraction);
/* The members of one JSON object. */
void decoder_object(struct decoder *, const char *text, size_t length);

/* The first reason counts, but for one thing: what is wrong with the bytes (see decode.c) comes before what
 * is wrong with their meaning, since a JSON text is checked whole before its members are looked at. */
void decoder_fail(struct decoder *, enum event_reason);

/* Reads a value (not empty) by the field's form into the event. */
enum event_reason value_read(struct decoder *, enum jd_field, const char *text, size_t length);
/* Gives a text that was read the key of another kind. */
enum event_reason value_set_kind(struct decoder *, enum jd_field, enum jd_kind);

/* What can only be said of a whole event. */
enum event_reason rules_check(struct decoder *);

#endif
