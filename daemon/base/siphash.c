#include "daemon/base/siphash.h"

#include "daemon/base/bytes.h"

static inline uint64_t rotate(uint64_t x, int b)
{
    return (x << b) | (x >> (64 - b));
}

/* The last length % 8 bytes of at least eight. */
static inline uint64_t load_tail(const unsigned char *p, size_t length)
{
    unsigned rest = length % 8;
    return rest ? bytes_load(p + length - 8) >> (64 - 8 * rest) : 0;
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

static inline struct sip_stream start(const struct sip_key *key)
{
    return (struct sip_stream){
        .v0 = key->k0 ^ UINT64_C(0x736f6d6570736575),
        .v1 = key->k1 ^ UINT64_C(0x646f72616e646f6d),
        .v2 = key->k0 ^ UINT64_C(0x6c7967656e657261),
        .v3 = key->k1 ^ UINT64_C(0x7465646279746573),
    };
}

void sip_stream_init(struct sip_stream *s, const struct sip_key *key)
{
    *s = start(key);
}

static inline uint64_t whole(const struct sip_key *key, const void *data, size_t length, int c, int d)
{
    struct sip_stream s = start(key);
    const unsigned char *p = data;
    size_t words = length / 8;
    for (size_t i = 0; i < words; i++)
        absorb(&s, bytes_load(p + 8 * i), c);
    uint64_t tail = words ? load_tail(p, length) : bytes_head(p, length);
    absorb(&s, tail | (uint64_t)length << 56, c);
    return finish(&s, d);
}

uint64_t siphash13(const struct sip_key *key, const void *data, size_t length)
{
    return whole(key, data, length, 1, 3);
}

uint64_t siphash13_tagged(const struct sip_key *key, unsigned char tag, const void *data, size_t length)
{
    struct sip_stream s = start(key);
    const unsigned char *p = data;
    size_t total = length + 1, words = total / 8;
    uint64_t head = tag | bytes_head(p, length) << 8, tail = head;
    if (words) {
        absorb(&s, head, 1);
        for (size_t i = 1; i < words; i++)
            absorb(&s, bytes_load(p + 8 * i - 1), 1);
        tail = total % 8 ? bytes_load(p + length - 8) >> (64 - 8 * (total % 8)) : 0;
    }
    absorb(&s, tail | (uint64_t)total << 56, 1);
    return finish(&s, 3);
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
        absorb(s, bytes_load(p), 2);
    for (; length; length--, s->length++)
        s->pending |= (uint64_t)*p++ << (8 * (s->length % 8));
}

uint64_t sip_stream_end(struct sip_stream *s)
{
    absorb(s, s->pending | s->length << 56, 2);
    return finish(s, 4);
}
