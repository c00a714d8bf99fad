/* Decoding: from a stream entry's bytes to a struct jd_event, or to the reason why it is a dead letter.
 *
 * Two forms of one thing: flat fields (event_begin, event_field for each, event_end), fed one by one as the
 * reply parser meets them, and one JSON object (event_from_json). Both accept the same events and give the
 * same reasons. Pure: no I/O, no clock. Texts of the event are copied into the decoder's arena and live until
 * decoder_reset(). Once its arena has grown to a batch's size, decoding allocates nothing. */
#ifndef JIANDU_EVENT_DECODE_H
#define JIANDU_EVENT_DECODE_H

#include "daemon/base/error.h"
#include "daemon/base/siphash.h"
#include "detectors/event.h"

/* Why an entry cannot be used: X(identifier, reason word as it stands in the dead-letter stream, in words) */
#define EVENT_REASONS(X)                                                                                     \
    X(UNKNOWN_TYPE, "unknown_type", "the type is not one of the platform's")                                 \
    X(MISSING_TYPE, "missing_type", "no type")                                                               \
    X(MISSING_FIELD, "missing_field", "a field that this type cannot do without is missing")                 \
    X(BAD_NUMBER, "bad_number", "a number is not a plain decimal integer in range")                          \
    X(BAD_AMOUNT, "bad_amount", "an amount of money is negative or too large")                               \
    X(BAD_REGION, "bad_region", "a division code is not six digits of GB/T 2260")                            \
    X(BAD_ID, "bad_id",                                                                                      \
        "an id has a character outside A-Z a-z 0-9 . _ : -, or the entry's id is out of range")              \
    X(BAD_VALUE, "bad_value",                                                                                \
        "a value has the wrong JSON type, or is an unknown word where the type needs it")                    \
    X(TIME_AHEAD, "time_ahead", "the time is too far after the entry's id")                                  \
    X(TIME_BEHIND, "time_behind", "the time is too far before the entry's id")                               \
    X(BAD_UTF8, "bad_utf8", "a text is not UTF-8")                                                           \
    X(NUL_BYTE, "nul_byte", "a text has a NUL byte")                                                         \
    X(FIELD_TOO_LONG, "field_too_long", "a name or value is longer than its limit")                          \
    X(TOO_MANY_FIELDS, "too_many_fields", "more fields than the limit")                                      \
    X(TOO_BIG, "too_big", "the whole entry is larger than the limit")                                        \
    X(BAD_JSON, "bad_json", "`data` is not one JSON object")                                                 \
    X(DEEP_JSON, "deep_json", "the JSON is nested too deeply")                                               \
    X(DUPLICATE_FIELD, "duplicate_field", "a field or JSON key stands there twice")

#define X(id, word, help) EVENT_##id,
enum event_reason { EVENT_OK, EVENT_REASONS(X) EVENT_REASON_COUNT };
#undef X

#define EVENT_FIELDS_MAX 64   /* fields of an entry, ours and unknown ones: four times a full event */
#define EVENT_NAME_MAX 64     /* bytes of a field name */
#define EVENT_VALUE_MAX 4096  /* bytes of a value, before its own limit is looked at */
#define EVENT_ENTRY_MAX 65536 /* bytes of a whole entry */
#define EVENT_DEPTH_MAX 16    /* nesting of JSON, in fields that we ignore */
#define EVENT_NUMBER_MAX INT64_C(1000000000000)
#define EVENT_TIME_MAX INT64_C(253402300799999) /* ms; the end of the year 9999 */
#define EVENT_SEQ_MAX ((UINT64_C(1) << 53) - 1) /* so that the ids of alerts, 1000 an entry, fit */

struct decoder;

struct decoder_options {
    struct sip_key seed; /* of the keys */
    int64_t max_ahead;   /* ms; 0: 60 s */
    int64_t max_behind;  /* ms; 0: 90 days */
    /* The platform's names for canonical fields; n_map rows, copied. A name that is mapped away no longer
     * works. "data" and "id" are taken: the field of JSON entries, the entry's id in a file. */
    const struct decoder_map {
        const char *canonical, *platform;
    } * map;
    size_t n_map;
};

/* Since the decoder was made. An entry is in `events` or in `dead`; bad codes are counted in usable events
 * only. */
struct decoder_counts {
    uint64_t events, dead, unknown_fields, unknown_words, bad_codes;
    uint64_t reasons[EVENT_REASON_COUNT];
};

struct decoder *decoder_create(const struct decoder_options *options, struct error *err);
void decoder_destroy(struct decoder *);
/* Forgets the texts of all events decoded so far; call it between batches. */
void decoder_reset(struct decoder *);
/* From now on texts go into `texts`, which outlives the events; NULL: into the decoder's own memory again. */
struct arena;
void decoder_texts(struct decoder *, struct arena *texts);
const struct decoder_counts *decoder_counts(const struct decoder *);

/* One entry of flat fields. An entry with the single field `data` is decoded as JSON. event_end tells whether
 * the event can be used; what is wrong first is what counts, except that wrong bytes (bad_utf8, nul_byte,
 * duplicate_field, too_big) come before wrong values, so that both forms agree. Names and values need not
 * outlive the call. Of an event that cannot be used only the id is defined; `field` is only where `present`
 * says so.
 *
 * Beyond the field table: null and empty values count as absent, the division "000000" too; an event without
 * `time` happened at its id; a word that is not on its list is counted and absent, unless the type needs it
 * (bad_value). JSON integers must fit 64 bits (bad_number), whatever field they stand in. */
void event_begin(struct decoder *, struct jd_event *, int64_t id_ms, uint64_t id_seq);
void event_field(
    struct decoder *, const char *name, size_t name_length, const char *value, size_t value_length);
enum event_reason event_end(struct decoder *);

enum event_reason event_from_json(
    struct decoder *, struct jd_event *, int64_t id_ms, uint64_t id_seq, const char *text, size_t length);
/* The same for a line of a file: the entry id is its member `id` ("MS-SEQ"), or else its `time` with sequence
 * 0. */
enum event_reason event_from_line(struct decoder *, struct jd_event *, const char *text, size_t length);

/* The key of a text of 1..JD_TEXT_MAX bytes, as it stands in events under the same seed; a division's key is
 * its code. 0 if the text cannot have one. */
uint64_t event_key(const struct sip_key *seed, enum jd_kind kind, const char *text, size_t length);

/* The tables in words; NULL (or NONE, false) for what is outside of them. */
const char *event_reason_word(enum event_reason);
const char *event_reason_help(enum event_reason);
const char *event_type_word(enum jd_type);
const char *event_kind_word(enum jd_kind);
bool event_kind_personal(enum jd_kind);
const char *event_field_name(enum jd_field);
const char *event_field_help(enum jd_field);
const char *event_field_form(enum jd_field); /* "WORD", "MONEY", ... */
/* Of the entity that a field names; a registry's `key` and `value` have the kinds of its list instead. */
enum jd_kind event_field_kind(enum jd_field);
/* The word behind a number of a WORD field. */
const char *event_word(enum jd_field, int64_t number);
enum jd_kind event_list_key_kind(enum jd_list);
enum jd_kind event_list_value_kind(enum jd_list);
bool event_list_several(enum jd_list); /* values for one key */

#endif
