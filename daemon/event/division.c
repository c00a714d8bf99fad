#include "daemon/event/division.h"

#include <stdbool.h>

static bool is_province(int code)
{
    static const struct {
        int first, last;
    } ranges[] = {{11, 15}, {21, 23}, {31, 37}, {41, 46}, {50, 54}, {61, 65}, {71, 71}, {81, 82}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

int32_t division_parse(const char *text, size_t length)
{
    if (length != 6)
        return -1;
    int32_t code = 0;
    for (size_t i = 0; i < 6; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        code = code * 10 + (text[i] - '0');
    }
    return code == 0 || is_province(code / 10000) ? code : -1;
}
