#include "daemon/ctl/log_lines.h"

#include "daemon/ops/log_chain.h"

int log_lines_read(FILE *in, log_piece piece, void *context)
{
    char line[LOG_SEALED_MAX];
    size_t length = 0;
    int c;
    while ((c = getc_unlocked(in)) != EOF) {
        if (c == '\n' || length == sizeof line) {
            piece(context, line, length, c == '\n');
            length = 0;
        }
        if (c != '\n')
            line[length++] = (char)c;
    }
    if (length > 0)
        piece(context, line, length, false);
    return ferror(in) ? -1 : 0;
}
