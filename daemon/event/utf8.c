#include "daemon/event/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Eight bytes that are all ASCII and not NUL. */
static bool is_plain(const unsigned char *p)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return ((word | (word - UINT64_C(0x0101010101010101))) & high) == 0;
}

/* Bytes of the sequence at p, 0 if it is none. Table 3-7 of the Unicode standard: what differs from form to
 * form is the range of the second byte. */
static size_t sequence(const unsigned char *p, size_t left)
{
    unsigned char c = p[0], low = 0x80, high = 0xbf;
    size_t length;
    if (c >= 0xc2 && c <= 0xdf)
        length = 2;
    else if (c >= 0xe0 && c <= 0xef)
        length = 3;
    else if (c >= 0xf0 && c <= 0xf4)
        length = 4;
    else
        return 0;
    if (c == 0xe0)
        low = 0xa0;
    else if (c == 0xed)
        high = 0x9f;
    else if (c == 0xf0)
        low = 0x90;
    else if (c == 0xf4)
        high = 0x8f;
    if (left < length || p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

/* A sequence of three without exceptions for its second byte: Chinese, mostly. */
static inline bool is_common(const unsigned char *p, size_t left)
{
    return left >= 3 && p[0] > 0xe0 && p[0] < 0xf0 && p[0] != 0xed && (p[1] & p[2] & 0x80) &&
           !((p[1] | p[2]) & 0x40);
}

enum utf8_state utf8_check(const char *text, size_t length)
{
    const unsigned char *p = (const unsigned char *)text;
    const unsigned char *end = p + length;
    bool nul = false;
    while (p < end) {
        if (end - p >= 8 && is_plain(p)) {
            p += 8;
        } else if (*p < 0x80) {
            nul |= *p == 0;
            p++;
        } else if (is_common(p, (size_t)(end - p))) {
            p += 3;
        } else {
            size_t n = sequence(p, (size_t)(end - p));
            if (n == 0)
                return UTF8_BAD;
            p += n;
        }
    }
    return nul ? UTF8_NUL : UTF8_OK;
}
