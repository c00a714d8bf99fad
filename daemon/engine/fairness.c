#include "daemon/engine/fairness.h"

const char *const fairness_words[FAIRNESS_THIRDS] = {"small", "middle", "large"};

/* Four bins an octave. */
static unsigned bin_of(int64_t ordered)
{
    uint64_t n = ordered > 0 ? (uint64_t)ordered : 1;
    unsigned octave = 63 - (unsigned)__builtin_clzll(n);
    unsigned part = (unsigned)(octave >= 2 ? n >> (octave - 2) : n << (2 - octave)) & 3;
    unsigned bin = 4 * octave + part;
    return bin < FAIRNESS_BINS ? bin : FAIRNESS_BINS - 1;
}

void fairness_grow(struct fairness *f, int64_t before, int64_t after)
{
    if (after <= 0)
        return;
    unsigned from = bin_of(before), to = bin_of(after);
    if (before > 0 && from == to)
        return;
    if (before > 0 && f->units[from])
        f->units[from]--;
    f->units[to]++;
}

/* A bin belongs whole to the third that its middle lies in. */
static unsigned third_of(uint64_t below, uint64_t in, uint64_t all)
{
    uint64_t third = all ? (2 * below + in) * FAIRNESS_THIRDS / (2 * all) : 0;
    return third < FAIRNESS_THIRDS ? (unsigned)third : FAIRNESS_THIRDS - 1;
}

static uint64_t all_units(const struct fairness *f)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < FAIRNESS_BINS; i++)
        all += f->units[i];
    return all;
}

unsigned fairness_third(const struct fairness *f, int64_t ordered)
{
    uint64_t below = 0;
    unsigned bin = bin_of(ordered);
    for (unsigned i = 0; i < bin; i++)
        below += f->units[i];
    return third_of(below, f->units[bin], all_units(f));
}

uint64_t fairness_units(const struct fairness *f, unsigned third)
{
    uint64_t below = 0, units = 0, all = all_units(f);
    for (unsigned i = 0; i < FAIRNESS_BINS; i++) {
        if (f->units[i] && third_of(below, f->units[i], all) == third)
            units += f->units[i];
        below += f->units[i];
    }
    return units;
}

void fairness_alert(struct fairness *f, unsigned third)
{
    f->alerts[third]++;
}

void fairness_verdict(struct fairness *f, unsigned third, enum jd_verdict before, enum jd_verdict after)
{
    bool was = before == JD_VERDICT_CLEARED, is = after == JD_VERDICT_CLEARED;
    if (is && !was)
        f->cleared[third]++;
    if (was && !is && f->cleared[third])
        f->cleared[third]--;
}
