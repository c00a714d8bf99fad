#include "daemon/event/decode.h"

/* Digits up to the end or a '-'; moves *i behind them. */
static int read_part(const char *text, size_t length, size_t *i, uint64_t max, uint64_t *value)
{
    size_t start = *i;
    *value = 0;
    for (; *i < length && text[*i] != '-'; ++*i) {
        unsigned digit = (unsigned)(text[*i] - '0');
        if (digit > 9 || *value > (max - digit) / 10)
            return -1;
        *value = *value * 10 + digit;
    }
    return *i == start ? -1 : 0;
}

int event_parse_id(const char *text, size_t length, int64_t *ms, uint64_t *seq)
{
    uint64_t head, tail;
    size_t i = 0;
    if (read_part(text, length, &i, (uint64_t)EVENT_TIME_MAX, &head) < 0 || i == length)
        return -1;
    i++;
    if (read_part(text, length, &i, EVENT_SEQ_MAX, &tail) < 0 || i < length)
        return -1;
    *ms = (int64_t)head;
    *seq = tail;
    return 0;
}
