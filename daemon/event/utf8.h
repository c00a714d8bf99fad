/* UTF-8 of RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef JIANDU_EVENT_UTF8_H
#define JIANDU_EVENT_UTF8_H

#include <stddef.h>

/* UTF8_NUL: correct but for a NUL byte in it. */
enum utf8_state { UTF8_OK, UTF8_NUL, UTF8_BAD };

enum utf8_state utf8_check(const char *text, size_t length);

#endif
