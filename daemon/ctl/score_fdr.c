#include "daemon/base/memory.h"
#include "daemon/ctl/score_lord.h"
#include "daemon/ctl/score_summary.h"
#include "detectors/detector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double alpha = 0.1, silent = 0.5;

enum { WEEK_DAYS = 7, SCORES = 101 };

/* One world, cut into weeks. */
struct weeks {
    const struct score *score;
    int64_t begin, n; /* ms, whole weeks */
    json_t *tops;     /* "UNIT WEEK" -> the highest score of an alert about it that was opened then */
    json_t *involved; /* units that are in a campaign */
};

static json_t *top_of(const struct weeks *w, const char *unit, int64_t week)
{
    char key[160];

    snprintf(key, sizeof key, "%s %lld", unit, (long long)week);
    return json_object_get(w->tops, key);
}

static void note_top(struct weeks *w, const struct score_alert *a)
{
    int64_t week = (a->opened - w->begin) / (WEEK_DAYS * JD_DAY);
    char key[160];
    const char *unit;
    json_t *value;

    json_object_foreach(a->units, unit, value)
    {
        json_t *known = top_of(w, unit, week);

        if (known && json_integer_value(known) >= a->top)
            continue;
        snprintf(key, sizeof key, "%s %lld", unit, (long long)week);
        if (json_object_set_new(w->tops, key, json_integer(a->top)) != 0)
            memory_exhausted("the weeks");
    }
}

static void weeks_init(struct weeks *w, const struct score *s, const char *detector)
{
    *w = (struct weeks){.score = s,
        .begin = INT64_MAX,
        .n = s->truth.days / WEEK_DAYS,
        .tops = memory_need(json_object(), "the weeks"),
        .involved = memory_need(json_object(), "the weeks")};
    for (size_t i = 0; i < s->truth.n_campaigns; i++) {
        const struct truth_case *c = &s->truth.campaigns[i];

        w->begin = c->start < w->begin ? c->start : w->begin;
        if (json_object_update(w->involved, c->member[TRUTH_FILE_UNITS]) != 0)
            memory_exhausted("the weeks");
    }
    for (size_t i = 0; i < s->n_alerts; i++) {
        const struct score_alert *a = &s->alerts[i];

        if (!strcmp(a->detector, detector) && a->opened >= w->begin)
            note_top(w, a);
    }
}

static void weeks_fini(struct weeks *w)
{
    json_decref(w->tops);
    json_decref(w->involved);
}

/* How many clean unit-weeks of the first half score so high or higher; their number in all. */
static int64_t calibrate(const struct weeks *w, int64_t at_least[SCORES])
{
    const char *unit;
    json_t *value;
    int64_t n = 0;

    memset(at_least, 0, SCORES * sizeof at_least[0]);
    json_object_foreach(w->score->truth.size, unit, value)
    {
        for (int64_t week = 0; week < w->n / 2 && !json_object_get(w->involved, unit); week++, n++)
            at_least[json_integer_value(top_of(w, unit, week))]++;
    }
    for (int score = SCORES - 2; score >= 0; score--)
        at_least[score] += at_least[score + 1];
    return n;
}

static void watch(struct summary_fdr *f, struct lord *lord, const struct score *s, const char *detector)
{
    int64_t at_least[SCORES], n;
    struct weeks w;
    const char *unit;
    json_t *value;

    weeks_init(&w, s, detector);
    n = calibrate(&w, at_least);
    f->calibration += n;
    for (int64_t week = w.n / 2; week < w.n && n > 0; week++) {
        json_object_foreach(s->truth.size, unit, value)
        {
            int64_t top = json_integer_value(top_of(&w, unit, week));
            double p = (double)(1 + at_least[top]) / (double)(n + 1);

            if (p > silent || !lord_test(lord, p / silent))
                continue;
            f->measured.of++;
            f->measured.good += !json_object_get(w.involved, unit);
        }
    }
    weeks_fini(&w);
}

struct summary_fdr summary_fdr_of(const struct score *s, size_t n)
{
    static const char *const detectors[] = {"account_sharing", "proxy_purchasing", "fake_trade"};
    struct summary_fdr f = {.tests = 0};
    struct lord lord;

    lord_init(&lord, alpha);
    for (size_t w = 0; w < n; w++) {
        for (size_t d = 0; d < 3; d++)
            watch(&f, &lord, &s[w], detectors[d]);
    }
    f.tests = lord.tests;
    f.estimated = lord_estimate(&lord);
    f.measured = score_rate(f.measured.good, f.measured.of);
    return f;
}
