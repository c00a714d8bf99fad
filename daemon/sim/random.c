#include "daemon/sim/random.h"

#include <string.h>

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void random_init(struct random *r, uint64_t seed, uint64_t stream)
{
    uint64_t state = seed;

    state = splitmix(&state) ^ stream;
    for (size_t i = 0; i < 4; i++)
        r->s[i] = splitmix(&state);
}

static uint64_t rotate(uint64_t x, unsigned bits)
{
    return (x << bits) | (x >> (64 - bits));
}

uint64_t random_next(struct random *r)
{
    uint64_t result = rotate(r->s[1] * 5, 7) * 9;
    uint64_t t = r->s[1] << 17;

    r->s[2] ^= r->s[0];
    r->s[3] ^= r->s[1];
    r->s[1] ^= r->s[2];
    r->s[0] ^= r->s[3];
    r->s[2] ^= t;
    r->s[3] = rotate(r->s[3], 45);
    return result;
}

uint64_t random_below(struct random *r, uint64_t n)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % n;
    uint64_t x;

    do
        x = random_next(r);
    while (x >= limit);
    return x % n;
}

int64_t random_between(struct random *r, int64_t lo, int64_t hi)
{
    if (hi <= lo)
        return lo;
    return lo + (int64_t)random_below(r, (uint64_t)(hi - lo) + 1);
}

int64_t random_skewed(struct random *r, int64_t lo, int64_t hi)
{
    int64_t u = (int64_t)random_below(r, 1000);
    int64_t part = u * u * u / 1000; /* of 10^6 */

    if (hi <= lo)
        return lo;
    return lo + (hi - lo) * part / 1000000 + random_between(r, 0, (hi - lo) / 1000);
}

bool random_chance(struct random *r, int64_t per_mille)
{
    return (int64_t)random_below(r, 1000) < per_mille;
}

static void fill(struct random *r, char *out, const char *prefix, size_t length, unsigned base)
{
    size_t n = strlen(prefix);

    memcpy(out, prefix, n);
    for (; n < length; n++)
        out[n] = "0123456789abcdef"[random_below(r, base)];
    out[n] = '\0';
}

void random_digits(struct random *r, char *out, const char *prefix, size_t length)
{
    fill(r, out, prefix, length, 10);
}

void random_hex(struct random *r, char *out, const char *prefix, size_t length)
{
    fill(r, out, prefix, length, 16);
}
