/* Fusion: from the signals about one subject to a score. Decibans add up, so every alert can show each
 * signal's share. The weight-of-evidence form is I. J. Good's ("Probability and the Weighing of Evidence",
 * 1950); that only the strongest of a group counts in full, and a second one a quarter, keeps correlated
 * signals from counting twice. */
#ifndef JIANDU_ENGINE_FUSION_H
#define JIANDU_ENGINE_FUSION_H

#include "detectors/detector.h"

#include <stdbool.h>
#include <stdint.h>

#define FUSION_GROUPS 16
#define FUSION_LIMIT 300    /* weights are clipped to +-30 dB */
#define FUSION_STRONG 60    /* a signal of 6 dB or more corroborates ... */
#define FUSION_STANDS 30    /* ... as long as 3 dB of it stand: not only on the day that it is raised */
#define FUSION_ONE_GROUP 50 /* of a single soft group: even odds at most */
#define FUSION_OPEN 79      /* the highest score that needs signals whose registries have no entry */
#define FUSION_HARD 85      /* the highest score of a hard fact alone */
#define FUSION_PRIOR (-200) /* -20 dB: one in a hundred, of an account, an order or a pair */
#define FUSION_PRIOR_SHARED                                                                                  \
    (-120)                 /* -12 dB: six in a hundred, of a resource that unrelated units already share */
#define FUSION_CLEARED 120 /* what an office's `cleared` takes away, for 90 days */

struct fusion {
    int32_t best[FUSION_GROUPS], second[FUSION_GROUPS];
    bool strong[FUSION_GROUPS]; /* corroborates */
    bool hard;
};

void fusion_init(struct fusion *);
/* Adds a signal of a group (below FUSION_GROUPS): 0.1 dB as it was raised, and as it has decayed. */
void fusion_add(struct fusion *, unsigned group, int32_t raised, int32_t strength, bool hard);
/* The total weight in 0.1 dB, clipped. */
int32_t fusion_weight(const struct fusion *, int32_t prior, int32_t exculpation);
/* The weight of a subject of this kind before anything is known of it. */
int32_t fusion_prior(uint32_t kind);
/* 0..100 = round(100 / (1 + 10^(-weight/100))) of a clipped weight. */
uint32_t fusion_score_of(int32_t weight);
/* The same of the total weight, then the corroboration gate. */
uint32_t fusion_score(const struct fusion *, int32_t prior, int32_t exculpation);

/* A strength after `age` ms with a half-life (0: never decays): halved at each half-life, linear in between.
 */
int32_t fusion_decay(int32_t strength, int64_t age, int64_t half_life);

#endif
