/* One value: from bytes to a struct jd_value, by the form of its field. */
#include "daemon/base/lanes.h"
#include "daemon/event/decoder.h"
#include "daemon/event/division.h"
#include "daemon/event/number.h"
#include "daemon/event/utf8.h"

#include <string.h>

/* [0-9A-Za-z._:-]; a colon follows the nine, a full stop the dash. */
static inline lanes id_bytes(lanes v)
{
    return lanes_in(v, '0', 10) | lanes_in(v | lanes_all('a' - 'A'), 'a', 'z' - 'a') | lanes_in(v, '-', 1) |
           (lanes)(v == lanes_all('_'));
}

static bool is_id(const char *text, size_t length)
{
    if (length < LANES)
        return lanes_mask(id_bytes(lanes_short(text, length, '0'))) == 0xffff;
    lanes all = id_bytes(lanes_load(text + length - LANES));
    for (size_t i = 0; i + LANES < length; i += LANES)
        all &= id_bytes(lanes_load(text + i));
    return lanes_mask(all) == 0xffff;
}

static uint64_t key_of(const struct sip_key *seed, enum jd_kind kind, const char *text, size_t length)
{
    uint64_t key = siphash13_tagged(seed, (unsigned char)kind, text, length);
    return key ? key : 1;
}

uint64_t event_key(const struct sip_key *seed, enum jd_kind kind, const char *text, size_t length)
{
    if (length == 0 || length > JD_TEXT_MAX)
        return 0;
    if (kind == JD_KIND_DIVISION) {
        int32_t code = division_parse(text, length);
        return code > 0 ? (uint64_t)code : 0;
    }
    return key_of(seed, kind, text, length);
}

static void keep_text(struct decoder *d, enum jd_field f, const char *text, size_t length)
{
    char *copy = arena_take(d->arena, length);
    bytes_copy(copy, text, length);
    d->event->field[f] = (struct jd_value){
        .text = copy, .length = (uint32_t)length, .key = key_of(&d->seed, fields[f].kind, text, length)};
    d->event->present |= FIELD_BIT(f);
}

static void keep_number(struct decoder *d, enum jd_field f, int64_t number, uint64_t key)
{
    d->event->field[f] = (struct jd_value){.num = number, .key = key};
    d->event->present |= FIELD_BIT(f);
}

static enum event_reason text_reason(const struct decoder *d, const char *text, size_t length)
{
    if (d->is_clean)
        return EVENT_OK;
    switch (utf8_check(text, length)) {
    case UTF8_BAD:
        return EVENT_BAD_UTF8;
    case UTF8_NUL:
        return EVENT_NUL_BYTE;
    case UTF8_OK:
        break;
    }
    return EVENT_OK;
}

static enum event_reason read_word(struct decoder *d, enum jd_field f, const char *text, size_t length)
{
    int64_t number = words_find(fields[f].words, text, length);
    if (number == 0) {
        enum event_reason reason = text_reason(d, text, length);
        if (reason == EVENT_OK && f == JD_F_TYPE)
            return EVENT_UNKNOWN_TYPE;
        d->odd_words |= FIELD_BIT(f);
        d->counts.unknown_words++;
        return reason;
    }
    if (f == JD_F_TYPE)
        d->event->type = (enum jd_type)number;
    keep_number(d, f, number, 0);
    return EVENT_OK;
}

static enum event_reason read_number(struct decoder *d, enum jd_field f, const char *text, size_t length)
{
    enum field_form form = fields[f].form;
    int64_t number;
    if (!number_parse(text, length, &number))
        return EVENT_BAD_NUMBER;
    if (number < 0 || number > (form == FIELD_TIME ? EVENT_TIME_MAX : EVENT_NUMBER_MAX))
        return form == FIELD_MONEY ? EVENT_BAD_AMOUNT : EVENT_BAD_NUMBER;
    keep_number(d, f, number, 0);
    return EVENT_OK;
}

static enum event_reason read_region(struct decoder *d, enum jd_field f, const char *text, size_t length)
{
    int32_t code = division_parse(text, length);
    if (code < 0)
        return EVENT_BAD_REGION;
    if (code > 0)
        keep_number(d, f, code, (uint64_t)code);
    return EVENT_OK;
}

static enum event_reason read_id(struct decoder *d, enum jd_field f, const char *text, size_t length)
{
    if (length > JD_ID_MAX)
        return EVENT_FIELD_TOO_LONG;
    if (!is_id(text, length))
        return EVENT_BAD_ID;
    keep_text(d, f, text, length);
    return EVENT_OK;
}

/* 13800000000, 12345678: what is written where a form insists on a phone. */
static bool is_made_up(const char *text, size_t length)
{
    static const char sample[] = "13800138000"; /* which the operators use in theirs */
    size_t same = 1, rising = 1;
    for (size_t i = length; i-- > 1 && text[i - 1] == text[i];)
        same++;
    for (size_t i = length; i-- > 1 && text[i - 1] + 1 == text[i];)
        rising++;
    return same >= 7 || rising >= 8 ||
           (length == sizeof sample - 1 && memcmp(text, sample, sizeof sample - 1) == 0);
}

/* 138****0001 is the phone of ten thousand people: whoever sends it has not said whose. */
static bool names_nobody(enum jd_kind kind, const char *text, size_t length)
{
    if (kind != JD_KIND_PHONE && kind != JD_KIND_ADDRESS)
        return false;
    return memchr(text, '*', length) || (kind == JD_KIND_PHONE && is_made_up(text, length));
}

static enum event_reason read_text(struct decoder *d, enum jd_field f, const char *text, size_t length)
{
    enum event_reason reason = text_reason(d, text, length);
    if (reason == EVENT_OK && length > JD_TEXT_MAX)
        reason = EVENT_FIELD_TOO_LONG;
    if (reason == EVENT_OK && !names_nobody(fields[f].kind, text, length))
        keep_text(d, f, text, length);
    return reason;
}

static enum event_reason read_form(struct decoder *d, enum jd_field f, const char *text, size_t length)
{
    switch (fields[f].form) {
    case FIELD_WORD:
        return read_word(d, f, text, length);
    case FIELD_ID:
        return read_id(d, f, text, length);
    case FIELD_TEXT:
        return read_text(d, f, text, length);
    case FIELD_COUNT:
    case FIELD_MONEY:
    case FIELD_TIME:
        return read_number(d, f, text, length);
    case FIELD_REGION:
        return read_region(d, f, text, length);
    }
    return EVENT_OK;
}

enum event_reason value_read(struct decoder *d, enum jd_field f, const char *text, size_t length)
{
    enum event_reason reason =
        length > EVENT_VALUE_MAX ? EVENT_FIELD_TOO_LONG : read_form(d, f, text, length);
    if (reason == EVENT_OK)
        return EVENT_OK;
    /* No form but text admits bytes that are not UTF-8, so they are only looked for where something is wrong.
     */
    enum event_reason bytes = text_reason(d, text, length);
    return bytes ? bytes : reason;
}

enum event_reason value_set_kind(struct decoder *d, enum jd_field f, enum jd_kind kind)
{
    struct jd_value *v = &d->event->field[f];
    if (!jd_has(d->event, f))
        return EVENT_OK;
    if (names_nobody(kind, v->text, v->length)) {
        d->event->present &= ~FIELD_BIT(f);
        return EVENT_OK;
    }
    if (kind != JD_KIND_DIVISION) {
        v->key = event_key(&d->seed, kind, v->text, v->length);
        return EVENT_OK;
    }
    int32_t code = division_parse(v->text, v->length);
    if (code < 0)
        return EVENT_BAD_REGION;
    v->key = (uint64_t)code;
    if (code == 0)
        d->event->present &= ~FIELD_BIT(f);
    return EVENT_OK;
}
