#include "daemon/event/number.h"

bool number_parse(const char *text, size_t length, int64_t *value)
{
    bool negative = length > 0 && text[0] == '-';
    size_t i = negative;
    if (i == length)
        return false;
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
