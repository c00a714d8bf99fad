/* Keys made of keys: what the engine's own tables are filed under. */
#ifndef JIANDU_ENGINE_KEY_H
#define JIANDU_ENGINE_KEY_H

#include "daemon/base/siphash.h"

/* A key for the triple; never 0. */
static inline uint64_t key_mix(const struct sip_key *seed, uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t words[3] = {a, b, c};
    uint64_t key = siphash13(seed, words, sizeof words);
    return key ? key : 1;
}

#endif
