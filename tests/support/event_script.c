#include "tests/support/event_script.h"

#include "daemon/event/credit_code.h"
#include "daemon/event/fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int64_t script_magnitude(uint8_t value)
{
    return value ? (INT64_C(8) + (value & 7)) << (value >> 3) >> 3 : 0;
}

void script_init(struct script *s, const uint8_t *bytes, size_t length)
{
    *s = (struct script){.bytes = bytes, .length = length, .id_ms = SCRIPT_START};
}

static uint8_t take(struct script *s)
{
    return s->at < s->length ? s->bytes[s->at++] : 0;
}

enum script_step script_next(struct script *s)
{
    while (s->at < s->length && s->bytes[s->at] < 0x80)
        s->at++;
    if (s->at == s->length)
        return SCRIPT_END;
    uint8_t first = take(s);
    if (first >= SCRIPT_RESTART)
        return SCRIPT_RESTARTED;
    s->type = (enum jd_type)(1 + (first & 0x7f) % (JD_TYPE_COUNT - 1));
    int64_t step = script_magnitude(take(s));
    s->id_seq = step ? 0 : s->id_seq + 1;
    s->id_ms += step;
    s->time = s->id_ms - script_magnitude(take(s));
    s->n_fields = 0;
    for (uint64_t seen = 0; s->at < s->length && s->bytes[s->at] < 0x80;) {
        struct script_field f = {.field = (enum jd_field)(take(s) % JD_F_COUNT)};
        f.value = take(s);
        if (f.field == JD_F_TYPE || f.field == JD_F_TIME || seen & FIELD_BIT(f.field) ||
            s->n_fields == SCRIPT_FIELDS)
            continue;
        seen |= FIELD_BIT(f.field);
        s->fields[s->n_fields++] = f;
    }
    return SCRIPT_EVENT;
}

/* ---- texts of values ---- */

/* Forms in which personal data is sent; what is hidden of each stands in script_is_told. */
static int entity_text(char *out, size_t size, enum jd_kind kind, unsigned n)
{
    static const char *const forms[JD_KIND_COUNT] = {
        [JD_KIND_PHONE] = "1380777%04u",
        [JD_KIND_IP] = "10.9.78.%u",
        [JD_KIND_PAYER] = "62228877%04u",
        [JD_KIND_ADDRESS] = "杭州市学府路PLAIN%u",
        [JD_KIND_OPERATOR] = "opqrPLAIN%u",
        [JD_KIND_ORDER] = "2006492638%u",
        [JD_KIND_SUPPLIER] = "1090935279%u",
        [JD_KIND_WAYBILL] = "SF%08u",
    };
    if (kind != JD_KIND_UNIT) {
        const char *form = kind < JD_KIND_COUNT && forms[kind] ? forms[kind] : "x%u";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        return snprintf(out, size, form, n);
#pragma GCC diagnostic pop
    }
    snprintf(out, size, "12330100%09u", n);
    out[CREDIT_CODE_LENGTH - 1] = credit_code_check(out);
    out[CREDIT_CODE_LENGTH] = '\0';
    return CREDIT_CODE_LENGTH;
}

bool script_is_told(const char *text)
{
    static const char *const hidden[] = {"1380777", ".9.78.", "62228877", "PLAIN"};
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        if (strstr(text, hidden[i]))
            return true;
    return false;
}

static int division_text(char *out, size_t size, unsigned n)
{
    static const unsigned codes[] = {330108, 330100, 330000, 330110, 440305, 440104, 110105, 500103, 140929,
        430524, 530102, 654326, 540102, 469002, 810000, 422802};
    return snprintf(out, size, "%06u", n < 128 ? codes[n % 16] : 110101 + n % 13 * 10000 + n % 7 * 100);
}

static int number_text(char *out, size_t size, enum jd_field field, int64_t now, uint8_t value)
{
    if (field == JD_F_YEAR)
        return snprintf(out, size, "%u", 2022u + value % 8);
    if (field == JD_F_PAYER_NAME_MATCHES)
        return snprintf(out, size, "%u", value & 1u);
    if (fields[field].form == FIELD_TIME)
        return snprintf(out, size, "%" PRId64,
            value < 128 ? now + script_magnitude((uint8_t)(value * 2))
                        : now - script_magnitude((uint8_t)(value * 2)));
    return snprintf(out, size, "%" PRId64, value == 255 ? EVENT_NUMBER_MAX : script_magnitude(value));
}

static enum jd_kind kind_of(const struct script *s, enum jd_field field)
{
    int64_t list = 0;
    for (size_t i = 0; i < s->n_fields; i++)
        if (s->fields[i].field == JD_F_LIST)
            list = 1 + s->fields[i].value % (JD_LIST_COUNT - 1);
    if (field == JD_F_KEY)
        return event_list_key_kind((enum jd_list)list);
    return field == JD_F_VALUE ? event_list_value_kind((enum jd_list)list) : fields[field].kind;
}

static int value_text(const struct script *s, struct script_field f, char *out, size_t size)
{
    const struct field_row *row = &fields[f.field];
    enum jd_kind kind = kind_of(s, f.field);
    if (row->form == FIELD_WORD) {
        const char *word = words_text(row->words, 1 + f.value % 20);
        return snprintf(out, size, "%s", word ? word : "unheard");
    }
    if (row->form == FIELD_REGION || kind == JD_KIND_DIVISION)
        return division_text(out, size, f.value);
    if (row->form == FIELD_COUNT || row->form == FIELD_MONEY || row->form == FIELD_TIME)
        return number_text(out, size, f.field, s->id_ms, f.value);
    if (f.field == JD_F_NEW_VALUE)
        kind = JD_KIND_PHONE;
    if (f.field == JD_F_ALERT)
        return snprintf(out, size, "%s", s->alerts[f.value % 16]);
    return entity_text(out, size, kind, f.value);
}

enum event_reason script_decode(const struct script *s, struct decoder *decoder, struct jd_event *event)
{
    char text[80];
    const char *type = event_type_word(s->type);
    event_begin(decoder, event, s->id_ms, s->id_seq);
    event_field(decoder, "type", 4, type, strlen(type));
    event_field(decoder, "time", 4, text, (size_t)snprintf(text, sizeof text, "%" PRId64, s->time));
    for (size_t i = 0; i < s->n_fields; i++) {
        const char *name = fields[s->fields[i].field].name;
        int length = value_text(s, s->fields[i], text, sizeof text);
        event_field(decoder, name, strlen(name), text, (size_t)length);
    }
    return event_end(decoder);
}

void script_alert(struct script *s, const char *id)
{
    snprintf(s->alerts[s->n_alerts++ % 16], sizeof s->alerts[0], "%.16s", id);
}
