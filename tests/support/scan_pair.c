#include "tests/support/scan_pair.h"

#include "daemon/base/invariant.h"
#include "daemon/event/decoder.h"
#include "tests/support/event_forms.h"

#include <stdio.h>
#include <string.h>

static struct decoder *decoder(bool odd_names)
{
    static const struct decoder_map map[] = {
        {"account", "a\"b"}, {"order", "订单"}, {"amount", "a\\b"}, {"unit", "\n"}, {"sku", "\xff"}};
    const struct decoder_options options = {
        .seed = {1, 2}, .map = map, .n_map = odd_names ? sizeof map / sizeof map[0] : 0};
    struct decoder *d = decoder_create(&options, NULL);
    invariant(d);
    return d;
}

void scan_pair_init(struct scan_pair *pair, bool odd_names)
{
    pair->with = decoder(odd_names);
    pair->without = decoder(odd_names);
    pair->without->only_jansson = true;
}

void scan_pair_fini(struct scan_pair *pair)
{
    decoder_destroy(pair->with);
    decoder_destroy(pair->without);
}

static enum event_reason decode(
    struct decoder *d, struct jd_event *event, enum scan_form form, const char *text, size_t length)
{
    if (form == SCAN_LINE)
        return event_from_line(d, event, text, length);
    if (form == SCAN_ENTRY)
        return event_from_json(d, event, FORMS_ID_MS, FORMS_ID_SEQ, text, length);
    event_begin(d, event, FORMS_ID_MS, FORMS_ID_SEQ);
    event_field(d, "data", 4, text, length);
    return event_end(d);
}

bool scan_pair_agrees(struct scan_pair *pair, enum scan_form form, const char *text, size_t length)
{
    struct jd_event a, b;
    memset(&a, 0x5a, sizeof a); /* what is absent must not be looked at */
    memset(&b, 0xa5, sizeof b);
    decoder_reset(pair->with);
    decoder_reset(pair->without);
    enum event_reason reason = decode(pair->with, &a, form, text, length);
    enum event_reason right = decode(pair->without, &b, form, text, length);
    if (reason != right) {
        printf("# %s, Jansson alone %s\n", event_reason_word(reason), event_reason_word(right));
        return false;
    }
    if (memcmp(decoder_counts(pair->with), decoder_counts(pair->without), sizeof(struct decoder_counts)) !=
        0) {
        printf("# the counts differ\n");
        return false;
    }
    return reason == EVENT_OK ? forms_same(&a, &b) : a.id_ms == b.id_ms && a.id_seq == b.id_seq;
}
