/* Keys made of keys: what the engine's own tables are filed under. */
#ifndef JIANDU_ENGINE_KEY_H
#define JIANDU_ENGINE_KEY_H

#include "daemon/base/siphash.h"

/* A key for the triple; never 0. Whatever of it input decides is a keyed hash already, so that mixing needs
 * no cipher: two rounds of multiplying and folding, as in S. Vigna's splitmix64, spread every bit. */
static inline uint64_t key_mix(const struct sip_key *seed, uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t key = (seed->k0 ^ a) * UINT64_C(0x9e3779b97f4a7c15) ^ b;
    key = (key ^ key >> 30) * UINT64_C(0xbf58476d1ce4e5b9) ^ c ^ seed->k1;
    key = (key ^ key >> 27) * UINT64_C(0x94d049bb133111eb);
    key ^= key >> 31;
    return key ? key : 1;
}

#endif
