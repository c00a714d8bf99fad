/* Sixteen bytes at a time, in the compiler's vector types: looking through names, ids and texts of events. */
#ifndef JIANDU_BASE_LANES_H
#define JIANDU_BASE_LANES_H

#include "daemon/base/bytes.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define LANES 16

typedef unsigned char lanes __attribute__((vector_size(LANES)));

static inline lanes lanes_load(const void *at)
{
    lanes v;
    memcpy(&v, at, sizeof v);
    return v;
}

static inline lanes lanes_all(unsigned char c)
{
    return (lanes){c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c};
}

/* One bit a byte, the first one lowest: its top bit. */
static inline unsigned lanes_mask(lanes v)
{
#ifdef __SSE2__
    return (unsigned)_mm_movemask_epi8((__m128i)v);
#else
    unsigned mask = 0;
    for (unsigned i = 0; i < LANES; i++)
        mask |= (unsigned)(v[i] >> 7) << i;
    return mask;
#endif
}

/* Bytes from `low` to `low + span`. */
static inline lanes lanes_in(lanes v, unsigned char low, unsigned char span)
{
    return (lanes)(v - lanes_all(low) <= lanes_all(span));
}

/* Bytes that do not stand for themselves in a string of JSON: quotes, backslashes and control characters. */
static inline lanes lanes_escaped(lanes v)
{
    return (lanes)(v == lanes_all('"')) | (lanes)(v == lanes_all('\\')) | lanes_in(v, 0, 0x1f);
}

/* A text of one to sixteen bytes, with `fill` behind it where it is shorter; in no order beyond that every
 * byte of it is there. */
static inline lanes lanes_short(const char *text, size_t length, unsigned char fill)
{
    uint64_t words[2];
    words[0] = bytes_head(text, length);
    words[1] = length > 8 ? bytes_load(text + length - 8) : BYTES_ALL(fill);
    if (length < 8)
        words[0] |= BYTES_ALL(fill) << 8 * length;
    return lanes_load(words);
}

#endif
