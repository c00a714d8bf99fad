#include "daemon/ops/duration.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *word;
    int64_t ms;
} units[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};

int duration_parse(const char *text, int64_t *ms)
{
    int64_t number = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, *at - '0', &number))
            return -1;
    if (at == text)
        return -1;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(at, units[i].word) == 0)
            return __builtin_mul_overflow(number, units[i].ms, ms) ? -1 : 0;
    return -1;
}

const char *duration_format(int64_t ms, char out[DURATION_TEXT])
{
    size_t i = 0;
    while (ms % units[i].ms != 0)
        i++;
    if (ms == 0)
        i = 3;
    snprintf(out, DURATION_TEXT, "%" PRId64 "%s", ms / units[i].ms, units[i].word);
    return out;
}
