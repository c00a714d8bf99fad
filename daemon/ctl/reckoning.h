/* How an alert's score comes about: fusion done again over the signals that stand in its JSON, with the
 * engine's own functions. The signals are as they were when they were raised; the events behind them are not
 * looked at again. */
#ifndef JIANDU_CTL_RECKONING_H
#define JIANDU_CTL_RECKONING_H

#include "daemon/base/error.h"
#include "daemon/engine/fusion.h"

#include <jansson.h>

#define RECKONING_SIGNALS 64

struct reckoning_signal {
    const json_t *json;           /* borrowed from the alert */
    const struct jd_signal *spec; /* NULL if the detector is not there or has no such signal */
    unsigned group;
    int32_t strength, now; /* 0.1 dB: when raised, and as it has decayed */
};

struct reckoning {
    struct reckoning_signal signal[RECKONING_SIGNALS];
    size_t n_signals;
    const char *group[FUSION_GROUPS];
    unsigned n_groups;
    struct fusion fusion;
    int64_t at; /* ms: the time to which strengths have decayed */
    int32_t prior, exculpation, weight;
    uint32_t ungated, score; /* of the weight; after the corroboration gate */
    bool held;               /* at the score that the strongest of its cases reached by itself */
    bool waits; /* for registries without an entry: held at FUSION_OPEN, which the score has past the gate */
    bool other_prior; /* not that of the alert's own subject: one of its cases is about something else */
    bool agrees;      /* with the score that the alert says */
};

/* `detector` may be NULL: then nothing decays. -1 if the alert is none of a detector, or has more signals or
 * groups than any. */
int reckoning_make(
    struct reckoning *, const json_t *alert, const struct jd_detector *detector, struct error *err);
/* What a group adds, 0.1 dB. */
int32_t reckoning_share(const struct reckoning *, unsigned group);

#endif
