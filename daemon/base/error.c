#include "daemon/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int error_set(struct error *e, const char *format, ...)
{
    if (!e)
        return -1;
    va_list args;
    va_start(args, format);
    vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
    return -1;
}

int error_wrap(struct error *e, const char *format, ...)
{
    if (!e)
        return -1;
    struct error inner = *e;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
    size_t used = n < 0 ? 0 : (size_t)n;
    if (used + 3 < sizeof e->text)
        snprintf(
            e->text + used, sizeof e->text - used, ": %.*s", (int)(sizeof e->text - used - 3), inner.text);
    return -1;
}
