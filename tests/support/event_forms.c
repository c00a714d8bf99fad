#include "tests/support/event_forms.h"

#include "daemon/base/invariant.h"
#include "daemon/event/fields.h"
#include "daemon/event/utf8.h"
#include "tests/support/check.h"

const struct sip_key forms_seed = {1, 2};

struct decoder *forms_decoder(void)
{
    struct decoder *d = decoder_create(&(struct decoder_options){.seed = forms_seed}, NULL);
    if (!d)
        abort();
    return d;
}

size_t forms_split(const char *text, size_t length, struct form_field *out, size_t max)
{
    size_t n = 0;
    const char *end = text + length;
    while (text < end && n < max) {
        const char *stop = memchr(text, '|', (size_t)(end - text));
        stop = stop ? stop : end;
        const char *equals = memchr(text, '=', (size_t)(stop - text));
        equals = equals ? equals : stop;
        const char *value = equals < stop ? equals + 1 : stop;
        out[n++] = (struct form_field){.name = text,
            .value = value,
            .name_length = (size_t)(equals - text),
            .value_length = (size_t)(stop - value)};
        text = stop + 1;
    }
    return n;
}

static bool is_text(enum jd_field f)
{
    return fields[f].form == FIELD_ID || fields[f].form == FIELD_TEXT;
}

size_t forms_of_event(
    const struct jd_event *e, struct form_field out[JD_F_COUNT], char digits[JD_F_COUNT][24])
{
    size_t n = 0;
    for (unsigned f = 0; f < JD_F_COUNT; f++) {
        if (!jd_has(e, f))
            continue;
        struct form_field field = {.name = fields[f].name, .name_length = strlen(fields[f].name)};
        if (is_text(f)) {
            field.value = e->field[f].text;
            field.value_length = e->field[f].length;
        } else if (fields[f].form == FIELD_WORD) {
            field.value = event_word(f, e->field[f].num);
            field.value_length = strlen(field.value);
        } else {
            int length = snprintf(digits[n], 24, "%lld", (long long)e->field[f].num);
            field.value = digits[n];
            field.value_length = (size_t)length;
        }
        out[n++] = field;
    }
    return n;
}

enum event_reason forms_flat(struct decoder *d, struct jd_event *e, int64_t id_ms, uint64_t id_seq,
    const struct form_field *in, size_t n)
{
    event_begin(d, e, id_ms, id_seq);
    for (size_t i = 0; i < n; i++)
        event_field(d, in[i].name, in[i].name_length, in[i].value, in[i].value_length);
    return event_end(d);
}

struct writer {
    char *out;
    size_t used, size;
};

static void put(struct writer *w, const char *text, size_t length)
{
    if (w->used + length <= w->size)
        memcpy(w->out + w->used, text, length);
    w->used += length;
}

static void put_string(struct writer *w, const char *text, size_t length)
{
    put(w, "\"", 1);
    for (size_t i = 0; i < length; i++) {
        char escape[8];
        unsigned c = (unsigned char)text[i];
        if (c < 0x20 || c == '"' || c == '\\')
            put(w, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", c));
        else
            put(w, text + i, 1);
    }
    put(w, "\"", 1);
}

size_t forms_json(const struct form_field *in, size_t n, char *out, size_t size)
{
    struct writer w = {out, 0, size};
    put(&w, "{", 1);
    for (size_t i = 0; i < n; i++) {
        if (i)
            put(&w, ",", 1);
        put_string(&w, in[i].name, in[i].name_length);
        put(&w, ":", 1);
        if (in[i].bare)
            put(&w, in[i].value, in[i].value_length);
        else
            put_string(&w, in[i].value, in[i].value_length);
    }
    put(&w, "}", 1);
    return w.used <= size ? w.used : 0;
}

static bool same_value(enum jd_field f, const struct jd_value *a, const struct jd_value *b)
{
    if (a->key != b->key || a->length != b->length)
        return false;
    return is_text(f) ? memcmp(a->text, b->text, a->length) == 0 : a->num == b->num;
}

bool forms_same(const struct jd_event *a, const struct jd_event *b)
{
    if (a->id_ms != b->id_ms || a->id_seq != b->id_seq || a->time != b->time || a->type != b->type ||
        a->flags != b->flags || a->present != b->present) {
        printf("# events differ: present %llx and %llx, time %lld and %lld\n", (unsigned long long)a->present,
            (unsigned long long)b->present, (long long)a->time, (long long)b->time);
        return false;
    }
    for (unsigned f = 0; f < JD_F_COUNT; f++) {
        if (jd_has(a, f) && !same_value(f, &a->field[f], &b->field[f])) {
            printf("# events differ in %s\n", fields[f].name);
            return false;
        }
    }
    return true;
}

static void check_number(enum jd_field f, int64_t number)
{
    invariant(number >= 0);
    switch (fields[f].form) {
    case FIELD_WORD:
        invariant(event_word(f, number));
        break;
    case FIELD_REGION:
        invariant(number >= 110000 && number <= 829999);
        break;
    case FIELD_TIME:
        invariant(number <= EVENT_TIME_MAX);
        break;
    default:
        invariant(number <= EVENT_NUMBER_MAX);
    }
}

void forms_check_usable(const struct jd_event *e)
{
    invariant(e->type > JD_TYPE_NONE && e->type < JD_TYPE_COUNT);
    invariant(jd_num(e, JD_F_TYPE) == (int64_t)e->type);
    invariant(e->id_ms >= 0 && e->id_ms <= EVENT_TIME_MAX && e->id_seq <= EVENT_SEQ_MAX);
    invariant(e->time >= 0 && e->time <= EVENT_TIME_MAX);
    invariant(e->present >> JD_F_COUNT == 0);
    for (unsigned f = 0; f < JD_F_COUNT; f++) {
        const struct jd_value *v = &e->field[f];
        if (!jd_has(e, f))
            continue;
        if (!is_text(f)) {
            check_number(f, v->num);
            continue;
        }
        invariant(v->key != 0);
        invariant(v->length >= 1 && v->length <= (fields[f].form == FIELD_ID ? JD_ID_MAX : JD_TEXT_MAX));
        invariant(utf8_check(v->text, v->length) == UTF8_OK);
    }
}

enum event_reason forms_both(struct decoder *d, struct jd_event *e, const char *text, size_t length)
{
    static char json[6 * EVENT_ENTRY_MAX + 1024];
    struct form_field list[EVENT_FIELDS_MAX + 8];
    struct jd_event other;
    size_t n = forms_split(text, length, list, EVENT_FIELDS_MAX + 8);
    size_t json_length = forms_json(list, n, json, sizeof json);
    enum event_reason flat = forms_flat(d, e, FORMS_ID_MS, FORMS_ID_SEQ, list, n);
    enum event_reason reason = event_from_json(d, &other, FORMS_ID_MS, FORMS_ID_SEQ, json, json_length);
    if (flat != reason)
        check_fail(__FILE__, __LINE__, "%s: flat %s, JSON %s", text, event_reason_word(flat),
            event_reason_word(reason));
    if (flat != EVENT_OK)
        return flat;
    forms_check_usable(e);
    if (reason == EVENT_OK)
        CHECK(forms_same(e, &other));
    return flat;
}

enum event_reason forms_text(struct decoder *d, struct jd_event *e, const char *text)
{
    return forms_both(d, e, text, strlen(text));
}
