#include "daemon/ops/scalar.h"

#include "daemon/ops/duration.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Decimal text to tenths, so that no binary fraction decides what 12.3 means. */
static int tenths_parse(const char *text, int64_t *out)
{
    int negative = *text == '-';
    int64_t value = 0;
    int digits = 0;
    const char *at = text + negative;
    for (; *at >= '0' && *at <= '9' && digits < 12; at++, digits++)
        value = value * 10 + (*at - '0');
    if (digits == 0)
        return -1;
    value *= 10;
    if (*at == '.') {
        if (at[1] < '0' || at[1] > '9')
            return -1;
        value += at[1] - '0';
        at += 2;
    }
    if (*at)
        return -1;
    *out = negative ? -value : value;
    return 0;
}

static int strength_read(const json_t *value, int64_t *out)
{
    if (!json_is_number(value))
        return -1;
    char text[64];
    size_t n = json_dumpb(value, text, sizeof text - 1, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    if (n == 0 || n >= sizeof text)
        return -1;
    text[n] = 0;
    return tenths_parse(text, out);
}

static int value_read(enum scalar_type type, const json_t *value, int64_t *out)
{
    switch (type) {
    case SCALAR_FLAG:
        *out = json_is_true(value);
        return json_is_boolean(value) ? 0 : -1;
    case SCALAR_DURATION:
        return json_is_string(value) ? duration_parse(json_string_value(value), out) : -1;
    case SCALAR_STRENGTH:
        return strength_read(value, out);
    case SCALAR_INTEGER:
    case SCALAR_MONEY:
        break;
    }
    *out = json_integer_value(value);
    return json_is_integer(value) ? 0 : -1;
}

int scalar_read(const struct scalar *scalar, const json_t *value, int64_t *out)
{
    int64_t read = 0;
    if (value_read(scalar->type, value, &read) != 0 || read < scalar->min || read > scalar->max)
        return -1;
    *out = read;
    return 0;
}

const char *scalar_format(const struct scalar *scalar, int64_t value, char out[SCALAR_TEXT])
{
    switch (scalar->type) {
    case SCALAR_FLAG:
        snprintf(out, SCALAR_TEXT, "%s", value ? "true" : "false");
        return out;
    case SCALAR_DURATION:
        return duration_format(value, out);
    case SCALAR_STRENGTH:
        snprintf(out, SCALAR_TEXT, "%s%lld.%lld", value < 0 ? "-" : "", llabs(value) / 10, llabs(value) % 10);
        return out;
    case SCALAR_INTEGER:
    case SCALAR_MONEY:
        break;
    }
    snprintf(out, SCALAR_TEXT, "%" PRId64, value);
    return out;
}

const char *scalar_expects(const struct scalar *scalar, char out[SCALAR_TEXT])
{
    static const char *const kinds[] = {
        [SCALAR_INTEGER] = "an integer ",
        [SCALAR_DURATION] = "a duration \"",
        [SCALAR_MONEY] = "fen, an integer ",
        [SCALAR_STRENGTH] = "dB ",
    };
    char min[SCALAR_TEXT], max[SCALAR_TEXT];
    if (scalar->type == SCALAR_FLAG)
        snprintf(out, SCALAR_TEXT, "true or false");
    else
        snprintf(out, SCALAR_TEXT, "%s%.24s..%.24s%s", kinds[scalar->type],
            scalar_format(scalar, scalar->min, min), scalar_format(scalar, scalar->max, max),
            scalar->type == SCALAR_DURATION ? "\"" : "");
    return out;
}
