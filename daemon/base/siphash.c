#include "daemon/base/siphash.h"

#include <string.h>

static uint64_t rotate(uint64_t x, int b)
{
    return (x << b) | (x >> (64 - b));
}

static uint64_t load(const unsigned char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static uint64_t load_tail(const unsigned char *p, size_t n)
{
    uint64_t word = 0;
    for (size_t i = 0; i < n; i++)
        word |= (uint64_t)p[i] << (8 * i);
    return word;
}

static inline void round_once(struct sip_stream *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static inline void absorb(struct sip_stream *s, uint64_t word, int rounds)
{
    s->v3 ^= word;
    for (int i = 0; i < rounds; i++)
        round_once(s);
    s->v0 ^= word;
}

static inline uint64_t finish(struct sip_stream *s, int rounds)
{
    s->v2 ^= 0xff;
    for (int i = 0; i < rounds; i++)
        round_once(s);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

void sip_stream_init(struct sip_stream *s, const struct sip_key *key)
{
    s->v0 = key->k0 ^ UINT64_C(0x736f6d6570736575);
    s->v1 = key->k1 ^ UINT64_C(0x646f72616e646f6d);
    s->v2 = key->k0 ^ UINT64_C(0x6c7967656e657261);
    s->v3 = key->k1 ^ UINT64_C(0x7465646279746573);
    s->pending = 0;
    s->length = 0;
}

static inline uint64_t whole(const struct sip_key *key, const void *data, size_t length, int c, int d)
{
    struct sip_stream s;
    sip_stream_init(&s, key);
    const unsigned char *p = data;
    size_t words = length / 8;
    for (size_t i = 0; i < words; i++)
        absorb(&s, load(p + 8 * i), c);
    absorb(&s, load_tail(p + 8 * words, length % 8) | (uint64_t)length << 56, c);
    return finish(&s, d);
}

uint64_t siphash13(const struct sip_key *key, const void *data, size_t length)
{
    return whole(key, data, length, 1, 3);
}

uint64_t siphash24(const struct sip_key *key, const void *data, size_t length)
{
    return whole(key, data, length, 2, 4);
}

void sip_stream_add(struct sip_stream *s, const void *data, size_t length)
{
    const unsigned char *p = data;
    while (length && s->length % 8) {
        s->pending |= (uint64_t)*p++ << (8 * (s->length % 8));
        s->length++;
        length--;
        if (s->length % 8 == 0) {
            absorb(s, s->pending, 2);
            s->pending = 0;
        }
    }
    for (; length >= 8; p += 8, length -= 8, s->length += 8)
        absorb(s, load(p), 2);
    for (; length; length--, s->length++)
        s->pending |= (uint64_t)*p++ << (8 * (s->length % 8));
}

uint64_t sip_stream_end(struct sip_stream *s)
{
    absorb(s, s->pending | s->length << 56, 2);
    return finish(s, 4);
}
