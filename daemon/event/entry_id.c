#include "daemon/event/entry_id.h"

#include "daemon/base/bytes.h"
#include "daemon/event/decode.h"

#include <inttypes.h>
#include <stdio.h>

static bool parse_number(uint64_t *out, const char *text, size_t length)
{
    uint64_t value = 0;
    if (length == 0)
        return false;
    if (length <= 16)
        return bytes_digits(text, length, out);
    for (size_t i = 0; i < length; i++) {
        unsigned digit = (unsigned)(unsigned char)text[i] - '0';
        if (digit > 9)
            return false;
        if (__builtin_mul_overflow(value, UINT64_C(10), &value) ||
            __builtin_add_overflow(value, digit, &value))
            return false;
    }
    *out = value;
    return true;
}

bool entry_id_usable(struct entry_id id)
{
    return id.ms <= EVENT_TIME_MAX && id.seq <= EVENT_SEQ_MAX;
}

bool entry_id_parse(struct entry_id *id, const char *text, size_t length)
{
    size_t dash = 0;
    while (dash < length && text[dash] != '-')
        dash++;
    return dash < length && parse_number(&id->ms, text, dash) &&
           parse_number(&id->seq, text + dash + 1, length - dash - 1);
}

const char *entry_id_format(char text[ENTRY_ID_TEXT], struct entry_id id)
{
    snprintf(text, ENTRY_ID_TEXT, "%" PRIu64 "-%" PRIu64, id.ms, id.seq);
    return text;
}

int entry_id_compare(struct entry_id a, struct entry_id b)
{
    if (a.ms != b.ms)
        return a.ms < b.ms ? -1 : 1;
    return a.seq == b.seq ? 0 : a.seq < b.seq ? -1 : 1;
}
