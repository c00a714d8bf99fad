#include "daemon/ctl/reckoning.h"

#include "daemon/event/decode.h"
#include "daemon/picture/alert_json.h"

#include <string.h>

#define STRENGTH_MAX 10000 /* far more than clipping lets through */

static int32_t strength_of(const json_t *signal)
{
    int64_t strength = alert_json_number(signal, "strength");
    return strength < 0 ? 0 : strength > STRENGTH_MAX ? STRENGTH_MAX : (int32_t)strength;
}

static const struct jd_signal *spec_of(const struct jd_detector *detector, const char *name)
{
    for (size_t i = 0; detector && i < detector->n_signals; i++)
        if (strcmp(detector->signals[i].name, name) == 0)
            return &detector->signals[i];
    return NULL;
}

static int add_signal(
    struct reckoning *r, const json_t *json, const struct jd_detector *detector, struct error *err)
{
    const char *group = alert_json_text(json, "group");
    unsigned g = 0;
    while (g < r->n_groups && strcmp(r->group[g], group) != 0)
        g++;
    if (g == FUSION_GROUPS || r->n_signals == RECKONING_SIGNALS)
        return error_set(err, "the alert has more signals, or groups of them, than a detector can have");
    if (g == r->n_groups)
        r->group[r->n_groups++] = group;
    r->signal[r->n_signals++] = (struct reckoning_signal){.json = json,
        .spec = spec_of(detector, alert_json_text(json, "name")),
        .group = g,
        .strength = strength_of(json)};
    return 0;
}

static uint32_t kind_of(const json_t *subject)
{
    for (unsigned kind = 1; kind < JD_KIND_COUNT; kind++)
        if (alert_json_is(subject, "kind", event_kind_word((enum jd_kind)kind)))
            return kind;
    return JD_KIND_NONE;
}

/* Fuses the signals as they stood at a time. */
static void fuse(struct reckoning *r, int64_t at, int32_t prior)
{
    r->at = at;
    r->prior = prior;
    fusion_init(&r->fusion);
    for (size_t i = 0; i < r->n_signals; i++) {
        struct reckoning_signal *s = &r->signal[i];
        int64_t half_life = s->spec ? s->spec->half_life_days * JD_DAY : 0;
        s->now = fusion_decay(s->strength, at - alert_json_moment(s->json, "time"), half_life);
        fusion_add(&r->fusion, s->group, s->strength, s->now, json_is_true(json_object_get(s->json, "hard")));
    }
    r->weight = fusion_weight(&r->fusion, prior, r->exculpation);
    r->ungated = fusion_score_of(r->weight);
    r->score = fusion_score(&r->fusion, prior, r->exculpation);
}

/* An alert is scored at its latest signal and told when that is due; and it has the prior of that of its
 * cases which has the highest. The JSON says neither, so that which fits is taken. */
static bool find_fit(struct reckoning *r, const json_t *alert, int32_t prior)
{
    const int64_t times[] = {
        alert_json_moment(alert, "time"), alert_json_moment(json_object_get(alert, "window"), "to")};
    const int32_t priors[] = {prior, prior == FUSION_PRIOR ? FUSION_PRIOR_SHARED : FUSION_PRIOR};
    int64_t said = alert_json_number(alert, "score");
    int64_t ceiling = alert_json_number(alert, "ceiling"); /* 0: none */
    bool missing = json_array_size(json_object_get(alert, "missing_registries")) > 0;
    for (unsigned p = 0; p < 2; p++)
        for (unsigned t = 0; t < 2; t++) {
            fuse(r, times[t], priors[p]);
            r->other_prior = p > 0;
            r->waits = missing && r->score > FUSION_OPEN && said == FUSION_OPEN;
            r->held = !r->waits && ceiling && ceiling == said && r->score > said;
            if (r->score == said || r->waits || r->held)
                return true;
        }
    fuse(r, times[0], prior);
    r->other_prior = r->waits = r->held = false;
    return false;
}

int reckoning_make(
    struct reckoning *r, const json_t *alert, const struct jd_detector *detector, struct error *err)
{
    size_t i;
    json_t *signal;
    *r = (struct reckoning){.n_signals = 0};
    if (!alert_json_is(alert, "kind", "detection")) {
        error_set(err, "it is no detector's alert: it has no signals to add up");
        return -1;
    }
    json_array_foreach(json_object_get(alert, "signals"), i, signal)
    {
        if (add_signal(r, signal, detector, err) != 0)
            return -1;
    }
    int64_t exculpation = alert_json_number(alert, "exculpation");
    r->exculpation = exculpation > 0 && exculpation <= STRENGTH_MAX ? (int32_t)exculpation : 0;
    const json_t *subject = json_array_get(json_object_get(alert, "subjects"), 0);
    r->agrees = find_fit(r, alert, fusion_prior(kind_of(subject)));
    return 0;
}

int32_t reckoning_share(const struct reckoning *r, unsigned group)
{
    struct fusion alone;
    fusion_init(&alone);
    alone.best[group] = r->fusion.best[group];
    alone.second[group] = r->fusion.second[group];
    return fusion_weight(&alone, 0, 0);
}
