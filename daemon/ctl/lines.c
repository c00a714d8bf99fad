#include "daemon/ctl/lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

int lines_read(const char *file, lines_visit visit, void *context, struct error *err)
{
    FILE *in = strcmp(file, "-") == 0 ? stdin : fopen(file, "re");
    if (!in) {
        error_set(err, "%s: %s", file, strerror(errno));
        return EX_NOINPUT;
    }
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    while ((length = getline(&line, &size, in)) > 0)
        visit(context, line, (size_t)(line[length - 1] == '\n' ? length - 1 : length));
    int code = ferror(in) ? EX_IOERR : 0;
    if (code)
        error_set(err, "%s: reading failed", file);
    free(line);
    if (in != stdin)
        fclose(in);
    return code;
}
