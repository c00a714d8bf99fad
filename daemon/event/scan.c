#include "daemon/event/scan.h"

#include "daemon/base/lanes.h"
#include "daemon/event/utf8.h"

#define INTEGER_DIGITS 19 /* of INT64_MAX */

struct member {
    const char *name, *value;
    size_t name_length, value_length;
    enum jd_field field; /* JD_F_COUNT: none of ours */
};

struct scan {
    const char *at, *end;
    struct field_names *names;
    uint64_t seen;
    unsigned n, n_unknown;
    uint8_t unknown[EVENT_FIELDS_MAX]; /* members whose name is none of ours */
    struct member members[EVENT_FIELDS_MAX];
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Over white space and one byte, which must be `c`. */
static inline bool skip(struct scan *s, char c)
{
    if (s->at < s->end && *s->at == c) {
        s->at++;
        return true;
    }
    while (s->at < s->end && is_space(*s->at))
        s->at++;
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

/* A plain string behind its opening quote. */
static bool scan_string(struct scan *s, const char **text, size_t *length)
{
    const char *p = s->at;
    unsigned marks = 0, high = 0;
    for (; s->end - p >= LANES; p += LANES) {
        lanes v = lanes_load(p);
        marks = lanes_mask(lanes_escaped(v));
        if (marks) {
            unsigned before = (unsigned)__builtin_ctz(marks);
            high |= lanes_mask(v) & ((1u << before) - 1);
            p += before;
            break;
        }
        high |= lanes_mask(v);
    }
    while (!marks && p < s->end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
        high |= (unsigned char)*p++ >> 7;
    if (p == s->end || *p != '"')
        return false;
    *text = s->at;
    *length = (size_t)(p - s->at);
    s->at = p + 1;
    return !high || utf8_check(*text, *length) == UTF8_OK;
}

/* An integer in the one form that Jansson would write it in: what another form means, it says itself. */
static bool scan_integer(struct scan *s, const char **text, size_t *length)
{
    const char *start = s->at, *p = start;
    p += *p == '-';
    const char *digits = p;
    while (p < s->end && *p >= '0' && *p <= '9')
        p++;
    size_t n = (size_t)(p - digits);
    if (n == 0 || n > INTEGER_DIGITS || (*digits == '0' && (n > 1 || digits > start)))
        return false;
    if (n == INTEGER_DIGITS && memcmp(digits, "9223372036854775807", INTEGER_DIGITS) > 0)
        return false;
    *text = start;
    *length = (size_t)(p - start);
    s->at = p;
    return true;
}

static bool is_new_name(struct scan *s, const struct member *m)
{
    for (unsigned i = 0; i < s->n_unknown; i++) {
        const struct member *other = &s->members[s->unknown[i]];
        if (other->name_length == m->name_length && memcmp(other->name, m->name, m->name_length) == 0)
            return false;
    }
    s->unknown[s->n_unknown++] = (uint8_t)s->n;
    return true;
}

/* A name behind its opening quote: first held against the one that is expected here. */
static bool scan_name(struct scan *s, struct member *m)
{
    const struct field_names *names = s->names;
    m->field = field_names_expected(names);
    m->name_length = names->length[m->field];
    if ((size_t)(s->end - s->at) > m->name_length && s->at[m->name_length] == '"' &&
        bytes_equal(s->at, names->text[m->field], m->name_length) && names->plain & FIELD_BIT(m->field)) {
        field_names_met(s->names, m->field);
        m->name = s->at;
        s->at += m->name_length + 1;
    } else {
        if (!scan_string(s, &m->name, &m->name_length))
            return false;
        m->field = field_names_find(s->names, m->name, m->name_length);
        if (m->field == JD_F_COUNT)
            return is_new_name(s, m);
    }
    bool is_new = !(s->seen & FIELD_BIT(m->field));
    s->seen |= FIELD_BIT(m->field);
    return is_new;
}

static bool scan_member(struct scan *s)
{
    struct member *m = &s->members[s->n];
    if (s->n == EVENT_FIELDS_MAX || !skip(s, '"') || !scan_name(s, m) || !skip(s, ':'))
        return false;
    s->n++;
    if (skip(s, '"'))
        return scan_string(s, &m->value, &m->value_length);
    return s->at < s->end && scan_integer(s, &m->value, &m->value_length);
}

static bool scan_text(struct scan *s)
{
    if (!skip(s, '{'))
        return false;
    do {
        if (!scan_member(s))
            return false;
    } while (skip(s, ','));
    if (!skip(s, '}'))
        return false;
    while (s->at < s->end && is_space(*s->at))
        s->at++;
    return s->at == s->end;
}

bool scan_object(struct decoder *d, const char *text, size_t length)
{
    struct scan s;
    s.at = text;
    s.end = text + length;
    s.names = &d->names;
    s.seen = 0;
    s.n = s.n_unknown = 0;
    if (!scan_text(&s)) {
        field_names_start(&d->names);
        return false;
    }
    d->is_clean = true;
    for (unsigned i = 0; i < s.n; i++) {
        const struct member *m = &s.members[i];
        decoder_value(d, m->field, m->name, m->name_length, m->value, m->value_length);
    }
    return true;
}
