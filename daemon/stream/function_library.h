/* The Redis Function library `jiandu` (jiandu.lua), compiled in. */
#ifndef JIANDU_STREAM_FUNCTION_LIBRARY_H
#define JIANDU_STREAM_FUNCTION_LIBRARY_H

#define FUNCTION_LIBRARY_VERSION 2 /* VERSION in jiandu.lua */

extern const char function_library_text[];

#endif
