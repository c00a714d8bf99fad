/* SipHash (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012), one and three rounds for table
 * keys, two and four for pseudonyms, alert ids and file checksums. Keyed, so that nobody outside can choose
 * inputs that collide. */
#ifndef JIANDU_BASE_SIPHASH_H
#define JIANDU_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct sip_key {
    uint64_t k0, k1;
};

uint64_t siphash13(const struct sip_key *key, const void *data, size_t length);
/* The same of one byte and the data behind it. */
uint64_t siphash13_tagged(const struct sip_key *key, unsigned char tag, const void *data, size_t length);
uint64_t siphash24(const struct sip_key *key, const void *data, size_t length);

/* The streaming form of siphash24: equal pieces in any cut give the same value. */
struct sip_stream {
    uint64_t v0, v1, v2, v3;
    uint64_t pending;
    uint64_t length;
};

void sip_stream_init(struct sip_stream *s, const struct sip_key *key);
void sip_stream_add(struct sip_stream *s, const void *data, size_t length);
uint64_t sip_stream_end(struct sip_stream *s);

#endif
