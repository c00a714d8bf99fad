#include "daemon/stream/function_library.h"

/* made from jiandu.lua by the Makefile: each line a string */
const char function_library_text[] =
#include "jiandu.lua.h"
    ;
