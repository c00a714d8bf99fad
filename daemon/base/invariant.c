#include "daemon/base/invariant.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void invariant_failed(const char *condition, const char *file, int line, const char *function)
{
    fprintf(stderr, "jiandu: bug: %s:%d: %s: invariant broken: %s\n", file, line, function, condition);
    abort();
}
