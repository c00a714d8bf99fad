#include "daemon/base/memory.h"
#include "daemon/ctl/score_summary.h"

#include <stdlib.h>
#include <string.h>

/* Per alert or ring: the sum over its units of a share, and how many units there are. */
struct mean {
    double sum;
    size_t n;
};

static double mean_of(const void *sample, const size_t *pick, size_t n)
{
    const struct mean *m = sample;
    double sum = 0, count = 0;

    for (size_t i = 0; i < n; i++) {
        sum += m[pick[i]].sum;
        count += (double)m[pick[i]].n;
    }
    return count > 0 ? sum / count : 0;
}

static const char detector[] = "proxy_purchasing"; /* the one that looks for rings */

static bool is_ring(const struct truth_case *c)
{
    return !strcmp(c->detector, detector) && json_object_size(c->member[TRUTH_FILE_UNITS]) >= 3;
}

static bool is_of_ring(const struct score_alert *a)
{
    return a->severity >= SCORE_MEDIUM && !strcmp(a->detector, detector) && json_object_size(a->units) > 1;
}

static size_t common(json_t *a, json_t *b)
{
    const char *unit;
    size_t n = 0;
    json_t *value;

    json_object_foreach(a, unit, value) n += json_object_get(b, unit) != NULL;
    return n;
}

/* A unit belongs to one campaign at most, so the units of an alert fall into those of each campaign, `n` of
 * them each holding the share n / all, and the honest ones, each alone. */
static struct mean purity_of(const struct score *s, const struct score_alert *a)
{
    struct mean m = {0, json_object_size(a->units)};
    size_t alone = m.n;

    for (size_t i = 0; i < s->truth.n_campaigns; i++) {
        size_t n = common(a->units, s->truth.campaigns[i].member[TRUTH_FILE_UNITS]);

        m.sum += (double)(n * n) / (double)m.n;
        alone -= n;
    }
    m.sum += (double)alone / (double)m.n;
    return m;
}

/* Each of the ring's units counts with the largest part of the ring that one alert naming it holds. */
static struct mean completeness_of(const struct score *s, const struct truth_case *c)
{
    json_t *ring = c->member[TRUTH_FILE_UNITS], *value;
    struct mean m = {0, json_object_size(ring)};
    const char *unit;

    json_object_foreach(ring, unit, value)
    {
        size_t most = 0;

        for (size_t i = 0; i < s->n_alerts; i++) {
            const struct score_alert *a = &s->alerts[i];
            size_t n;

            if (!is_of_ring(a) || !json_object_get(a->units, unit))
                continue;
            n = common(a->units, ring);
            most = n > most ? n : most;
        }
        m.sum += (double)most / (double)m.n;
    }
    return m;
}

struct summary_rings summary_rings_of(const struct score *s, size_t n)
{
    struct summary_rings r = {.rings = 0};
    struct mean *purity = NULL, *completeness = NULL;
    size_t room[2] = {0, 0}, alerts = 0, rings = 0;
    int64_t one = 0;

    for (size_t w = 0; w < n; w++) {
        for (size_t i = 0; i < s[w].n_alerts; i++) {
            const struct score_alert *a = &s[w].alerts[i];

            if (!is_of_ring(a))
                continue;
            purity = memory_grow(purity, &room[0], alerts + 1, sizeof(*purity));
            purity[alerts++] = purity_of(&s[w], a);
        }
        for (size_t i = 0; i < s[w].truth.n_campaigns; i++) {
            const struct truth_case *c = &s[w].truth.campaigns[i];
            const struct score_finding *f = &s[w].campaigns[i].own;

            if (!is_ring(c) || f->first < 0)
                continue;
            completeness = memory_grow(completeness, &room[1], rings + 1, sizeof(*completeness));
            completeness[rings++] = completeness_of(&s[w], c);
            one += !f->several;
        }
    }
    r.rings = (int64_t)rings;
    r.alerts = (int64_t)alerts;
    r.purity = score_bootstrap(purity, alerts, mean_of);
    r.completeness = score_bootstrap(completeness, rings, mean_of);
    r.one_id = score_rate(one, (int64_t)rings);
    free(purity);
    free(completeness);
    return r;
}
