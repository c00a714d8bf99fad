/* Short runs of bytes, word by word: names, ids and words of an event are 2 to 40 bytes long, where a call
 * into libc costs more than the work. Nothing outside of the run is ever read or written: what is left behind
 * the last whole word is taken with a word that overlaps the one before. */
#ifndef JIANDU_BASE_BYTES_H
#define JIANDU_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The same byte eight times. */
#define BYTES_ALL(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight bytes, the first one lowest. */
static inline uint64_t bytes_load(const void *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline uint32_t bytes_load4(const void *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap32(word);
#endif
    return word;
}

/* The first `n` bytes (at most eight), the first one lowest, zeros above them. */
static inline uint64_t bytes_head(const void *at, size_t n)
{
    const unsigned char *p = at;
    if (n >= 8)
        return bytes_load(p);
    if (n >= 4)
        return bytes_load4(p) | (uint64_t)bytes_load4(p + n - 4) << (8 * (n - 4));
    if (n == 0)
        return 0;
    return p[0] | (uint64_t)p[n / 2] << (8 * (n / 2)) | (uint64_t)p[n - 1] << (8 * (n - 1));
}

/* The number that one to sixteen decimal digits stand for; false if one is none. */
static inline bool bytes_digits(const char *at, size_t n, uint64_t *value)
{
    const uint64_t zeros = BYTES_ALL('0'), pairs = UINT64_C(0x000000ff000000ff);
    uint64_t sum = 0;
    for (size_t left = n; left; left -= left % 8 ? left % 8 : 8) {
        size_t take = left % 8 ? left % 8 : 8;
        /* the digits at the end of the word, zeros in front of them */
        uint64_t word = bytes_head(at + n - left, take);
        if (take < 8)
            word = word << 8 * (8 - take) | zeros >> 8 * take;
        if (((word & BYTES_ALL(0xf0)) | ((word + BYTES_ALL(6)) & BYTES_ALL(0xf0)) >> 4) != BYTES_ALL(0x33))
            return false;
        word -= zeros;
        word = word * 10 + (word >> 8); /* numbers of two digits in every other byte */
        word = ((word & pairs) * (100 + (UINT64_C(1000000) << 32)) +
                   (word >> 16 & pairs) * (1 + (UINT64_C(10000) << 32))) >>
               32;
        sum = sum * 100000000 + word;
    }
    *value = sum;
    return true;
}

static inline bool bytes_equal(const void *a, const void *b, size_t n)
{
    const unsigned char *p = a, *q = b;
    if (n < 8)
        return bytes_head(p, n) == bytes_head(q, n);
    for (size_t i = 0; i + 8 < n; i += 8)
        if (bytes_load(p + i) != bytes_load(q + i))
            return false;
    return bytes_load(p + n - 8) == bytes_load(q + n - 8);
}

/* memcpy for what is short most of the time. */
static inline void bytes_copy(void *to, const void *from, size_t n)
{
    unsigned char *p = to;
    const unsigned char *q = from;
    if (n > 64) {
        memcpy(p, q, n);
    } else if (n >= 16) {
        for (size_t i = 0; i + 16 < n; i += 16)
            memcpy(p + i, q + i, 16);
        memcpy(p + n - 16, q + n - 16, 16);
    } else if (n >= 8) {
        memcpy(p, q, 8);
        memcpy(p + n - 8, q + n - 8, 8);
    } else if (n >= 4) {
        memcpy(p, q, 4);
        memcpy(p + n - 4, q + n - 4, 4);
    } else if (n > 0) {
        p[0] = q[0];
        p[n / 2] = q[n / 2];
        p[n - 1] = q[n - 1];
    }
}

#endif
