#include "daemon/event/number.h"

#include "daemon/base/bytes.h"

bool number_parse(const char *text, size_t length, int64_t *value)
{
    bool negative = length > 0 && text[0] == '-';
    size_t i = negative;
    uint64_t digits;
    if (i == length)
        return false;
    if (length - i <= 16) {
        if (!bytes_digits(text + i, length - i, &digits))
            return false;
        *value = negative ? -(int64_t)digits : (int64_t)digits;
        return true;
    }
    int64_t sum = 0;
    for (; i < length; i++) {
        int digit = text[i] - '0';
        if (digit < 0 || digit > 9)
            return false;
        if (sum > (INT64_MAX - 9) / 10)
            sum = INT64_MAX;
        else
            sum = sum * 10 + digit;
    }
    *value = negative ? -sum : sum;
    return true;
}
