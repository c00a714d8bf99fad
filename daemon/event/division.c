#include "daemon/event/division.h"

#include "daemon/base/bytes.h"

#include <stdbool.h>

static bool is_province(int code)
{
    static const bool known[100] = {
        [11 ... 15] = true,
        [21 ... 23] = true,
        [31 ... 37] = true,
        [41 ... 46] = true,
        [50 ... 54] = true,
        [61 ... 65] = true,
        [71] = true,
        [81 ... 82] = true,
    };
    return known[code];
}

int32_t division_parse(const char *text, size_t length)
{
    if (length != 6)
        return -1;
    uint64_t digits;
    if (!bytes_digits(text, 6, &digits))
        return -1;
    int32_t code = (int32_t)digits;
    return code == 0 || is_province(code / 10000) ? code : -1;
}
