/* Fuzz target of the decoder. The first byte picks the form, the rest is the entry:
 *   'j' JSON of a stream entry   'l' line of a file   else flat fields, written "name=value|..."
 * Beyond not crashing: usable events keep the promises of detector.h, survive being written out in both
 * forms, and flat fields give what the same fields give as JSON. */
#include "daemon/base/invariant.h"
#include "daemon/event/decode.h"

#include "tests/support/event_forms.h"

#include <stdlib.h>
#include <string.h>

#define ID_MS INT64_C(1762873200000)
#define FLAT_MAX                                                                                             \
    4096 /* bytes; written as JSON, six times as many at most, they stay under the entry's limit */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum event_reason as_json(struct decoder *d, struct jd_event *e, const struct jd_event *id,
    const struct form_field *fields, size_t n)
{
    static char json[EVENT_ENTRY_MAX];
    size_t length = forms_json(fields, n, json, sizeof json);
    invariant(length > 0);
    return event_from_json(d, e, id->id_ms, id->id_seq, json, length);
}

static void check_usable(struct decoder *d, const struct jd_event *event)
{
    struct form_field fields[JD_F_COUNT];
    char digits[JD_F_COUNT][24];
    struct jd_event again;
    forms_check_usable(event);
    size_t n = forms_of_event(event, fields, digits);
    invariant(forms_flat(d, &again, event->id_ms, event->id_seq, fields, n) == EVENT_OK);
    invariant(forms_same(event, &again));
    invariant(as_json(d, &again, event, fields, n) == EVENT_OK);
    invariant(forms_same(event, &again));
}

static enum event_reason flat(struct decoder *d, struct jd_event *event, const char *text, size_t length)
{
    struct form_field fields[EVENT_FIELDS_MAX];
    struct jd_event other;
    size_t n = forms_split(text, length < FLAT_MAX ? length : FLAT_MAX, fields, EVENT_FIELDS_MAX);
    enum event_reason reason = forms_flat(d, event, ID_MS, 0, fields, n);
    if (n == 1 && fields[0].name_length == 4 && memcmp(fields[0].name, "data", 4) == 0)
        return reason; /* JSON itself */
    invariant(as_json(d, &other, event, fields, n) == reason);
    invariant(reason != EVENT_OK || forms_same(event, &other));
    return reason;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct decoder_options options = {.seed = {1, 2}};
    struct decoder *d = decoder_create(&options, NULL);
    struct jd_event event;
    enum event_reason reason;
    if (!d || size == 0) {
        decoder_destroy(d);
        return 0;
    }
    const char *text = (const char *)data + 1;
    if (data[0] == 'j')
        reason = event_from_json(d, &event, ID_MS, 0, text, size - 1);
    else if (data[0] == 'l')
        reason = event_from_line(d, &event, text, size - 1);
    else
        reason = flat(d, &event, text, size - 1);
    if (reason == EVENT_OK)
        check_usable(d, &event);
    decoder_destroy(d);
    return 0;
}
