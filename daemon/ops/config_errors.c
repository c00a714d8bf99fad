#include "daemon/ops/config_errors.h"

#include "daemon/base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX 1024 /* a path, a key and two short phrases; longer ones are cut */

void config_errors_add(struct config_errors *errors, const char *format, ...)
{
    char text[TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (char *c = text; *c; c++) /* a file may quote anything, and the sentence goes to a terminal */
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    errors->text = memory_resize(errors->text, errors->count + 1, sizeof errors->text[0]);
    errors->text[errors->count++] = memory_text(text);
}

void config_errors_clear(struct config_errors *errors)
{
    for (size_t i = 0; i < errors->count; i++)
        free(errors->text[i]);
    free(errors->text);
    *errors = (struct config_errors){0};
}
