#include "daemon/engine/fusion.h"

#include "daemon/base/invariant.h"

/* round(100 / (1 + 10^(-w/100))) for w = -300..300 tenths of a decibel; the unit test computes it anew. */
static const uint8_t score_of_weight[2 * FUSION_LIMIT + 1] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
    4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7,
    8, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13,
    14, 14, 14, 15, 15, 15, 15, 16, 16, 16, 17, 17, 17, 18, 18, 18, 19, 19, 19, 20, 20, 20, 21, 21, 22, 22,
    22, 23, 23, 24, 24, 24, 25, 25, 26, 26, 27, 27, 28, 28, 28, 29, 29, 30, 30, 31, 31, 32, 32, 33, 33, 34,
    34, 35, 35, 36, 37, 37, 38, 38, 39, 39, 40, 40, 41, 41, 42, 43, 43, 44, 44, 45, 45, 46, 47, 47, 48, 48,
    49, 49, 50, 51, 51, 52, 52, 53, 53, 54, 55, 55, 56, 56, 57, 57, 58, 59, 59, 60, 60, 61, 61, 62, 62, 63,
    63, 64, 65, 65, 66, 66, 67, 67, 68, 68, 69, 69, 70, 70, 71, 71, 72, 72, 72, 73, 73, 74, 74, 75, 75, 76,
    76, 76, 77, 77, 78, 78, 78, 79, 79, 80, 80, 80, 81, 81, 81, 82, 82, 82, 83, 83, 83, 84, 84, 84, 85, 85,
    85, 85, 86, 86, 86, 87, 87, 87, 87, 88, 88, 88, 88, 89, 89, 89, 89, 89, 90, 90, 90, 90, 91, 91, 91, 91,
    91, 91, 92, 92, 92, 92, 92, 92, 93, 93, 93, 93, 93, 93, 94, 94, 94, 94, 94, 94, 94, 94, 95, 95, 95, 95,
    95, 95, 95, 95, 95, 96, 96, 96, 96, 96, 96, 96, 96, 96, 96, 96, 96, 97, 97, 97, 97, 97, 97, 97, 97, 97,
    97, 97, 97, 97, 97, 97, 98, 98, 98, 98, 98, 98, 98, 98, 98, 98, 98, 98, 98, 98, 98, 98, 98, 98, 98, 98,
    98, 98, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 100, 100,
    100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100,
    100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100,
    100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100,
    100, 100, 100, 100, 100, 100};

void fusion_init(struct fusion *f)
{
    *f = (struct fusion){0};
}

void fusion_add(struct fusion *f, unsigned group, int32_t raised, int32_t strength, bool hard)
{
    invariant(group < FUSION_GROUPS);
    if (strength <= 0)
        return;
    if (strength > f->best[group]) {
        f->second[group] = f->best[group];
        f->best[group] = strength;
    } else if (strength > f->second[group]) {
        f->second[group] = strength;
    }
    f->strong[group] |= raised >= FUSION_STRONG && strength >= FUSION_STANDS;
    f->hard |= hard;
}

int32_t fusion_weight(const struct fusion *f, int32_t prior, int32_t exculpation)
{
    int32_t weight = prior - exculpation;
    for (unsigned g = 0; g < FUSION_GROUPS; g++)
        weight += f->best[g] + f->second[g] / 4;
    if (weight > FUSION_LIMIT)
        return FUSION_LIMIT;
    return weight < -FUSION_LIMIT ? -FUSION_LIMIT : weight;
}

int32_t fusion_prior(uint32_t kind)
{
    switch (kind) {
    case JD_KIND_DEVICE:
    case JD_KIND_PHONE:
    case JD_KIND_PAYER:
    case JD_KIND_ADDRESS:
    case JD_KIND_IP:
    case JD_KIND_RING:
        return FUSION_PRIOR_SHARED;
    default:
        return FUSION_PRIOR;
    }
}

uint32_t fusion_score_of(int32_t weight)
{
    invariant(weight >= -FUSION_LIMIT && weight <= FUSION_LIMIT);
    return score_of_weight[weight + FUSION_LIMIT];
}

uint32_t fusion_score(const struct fusion *f, int32_t prior, int32_t exculpation)
{
    uint32_t score = fusion_score_of(fusion_weight(f, prior, exculpation));
    unsigned strong = 0;
    for (unsigned g = 0; g < FUSION_GROUPS; g++)
        strong += f->strong[g];
    if (strong >= 2)
        return score;
    uint32_t cap = f->hard ? FUSION_HARD : FUSION_ONE_GROUP;
    return score < cap ? score : cap;
}

int32_t fusion_decay(int32_t strength, int64_t age, int64_t half_life)
{
    if (half_life <= 0 || age <= 0 || strength <= 0)
        return strength;
    int64_t halvings = age / half_life;
    if (halvings >= 31)
        return 0;
    int64_t halved = strength >> halvings;
    return (int32_t)(halved - halved * (age % half_life) / (2 * half_life));
}
