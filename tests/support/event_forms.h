/* One event in all its forms, for tests that hold them against each other. */
#ifndef JIANDU_TESTS_SUPPORT_EVENT_FORMS_H
#define JIANDU_TESTS_SUPPORT_EVENT_FORMS_H

#include "daemon/event/decode.h"
#include "tests/support/check.h"

#include <string.h>

#define FORMS_ID_MS INT64_C(1762873200000) /* entry id of forms_both */
#define FORMS_ID_SEQ 7

struct form_field {
    const char *name, *value;
    size_t name_length, value_length;
    bool bare; /* stands in JSON without quotes */
};

extern const struct sip_key forms_seed;
/* With that seed, and otherwise the defaults. */
struct decoder *forms_decoder(void);

/* Splits "name=value|name=value"; a value may hold any byte but '|'. Fields borrow the text. */
size_t forms_split(const char *text, size_t length, struct form_field *fields, size_t max);
/* The fields of a decoded event under their canonical names; `digits` holds its numbers. */
size_t forms_of_event(
    const struct jd_event *event, struct form_field fields[JD_F_COUNT], char digits[JD_F_COUNT][24]);
/* Decodes the fields as flat ones. */
enum event_reason forms_flat(struct decoder *, struct jd_event *, int64_t id_ms, uint64_t id_seq,
    const struct form_field *fields, size_t n);
/* Writes them as one JSON object; returns its length, 0 if it does not fit. */
size_t forms_json(const struct form_field *fields, size_t n, char *out, size_t size);
/* Decodes "name=value|..." under the entry id above, flat and as JSON. Fails the test unless both agree in
 * reason and event; returns the reason and the event. */
enum event_reason forms_both(struct decoder *, struct jd_event *, const char *text, size_t length);
/* The same for a text without NUL. */
enum event_reason forms_text(struct decoder *, struct jd_event *, const char *text);
/* Equal in all that an event says; texts by content. Names the difference on stdout. */
bool forms_same(const struct jd_event *a, const struct jd_event *b);
/* Breaks an invariant if a usable event holds what event.h rules out. */
void forms_check_usable(const struct jd_event *event);

/* The reason of fields written as a literal "name=value|...", by the decoder `d`, into the event `e`. */
#define CHECK_REASON(text, expected)                                                                         \
    do {                                                                                                     \
        enum event_reason check_r_ = forms_both(d, &e, text, sizeof text - 1);                               \
        if (check_r_ != (expected))                                                                          \
            check_fail(__FILE__, __LINE__, "%s: %s", text, event_reason_word(check_r_));                     \
    } while (0)

#endif
