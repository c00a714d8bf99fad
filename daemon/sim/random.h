/* The simulator's seeded generator: xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number
 * generators", 2018), seeded by splitmix64. Every campaign and trap and every part of the world draws
 * from a stream of its own, so that a change in one does not reshuffle the others. C leaves open which
 * argument of a call comes first: two draws stand in two statements, or compilers make different worlds. */
#ifndef JIANDU_SIM_RANDOM_H
#define JIANDU_SIM_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t s[4];
};

/* Different `stream` words of one seed give independent sequences. */
void random_init(struct random *, uint64_t seed, uint64_t stream);
uint64_t random_next(struct random *);
/* 0..n-1, unbiased; n > 0 */
uint64_t random_below(struct random *, uint64_t n);
/* lo..hi, both included; lo when hi < lo */
int64_t random_between(struct random *, int64_t lo, int64_t hi);
/* lo..hi with most of the mass near lo, as waiting times and amounts have it (a uniform number cubed);
 * hi - lo below 2^43 */
int64_t random_skewed(struct random *, int64_t lo, int64_t hi);
bool random_chance(struct random *, int64_t per_mille);
/* prefix, then random decimal (hex) digits up to `length` characters in all; `out` has room for one more */
void random_digits(struct random *, char *out, const char *prefix, size_t length);
void random_hex(struct random *, char *out, const char *prefix, size_t length);

#endif
