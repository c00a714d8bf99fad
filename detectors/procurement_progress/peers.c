/* A unit is compared with the others of its county, or where there are too few of them with those of its
 * city, its province, the country. Averages are of money, not of units, and nobody counts for more than it
 * reserved: overshoot up to 267 % is normal, and one such unit must not make laggards of its neighbours. */
#include "detectors/procurement_progress/procurement_progress.h"

/* A county's code without its last digits: county, city, province, country. */
static const uint32_t levels[] = {1, 100, 10000, 1000000};
enum { LEVELS = sizeof levels / sizeof levels[0] };

static uint64_t division_key(uint32_t region, unsigned level, const struct year *y)
{
    return (uint64_t)y->year << 32 | region / levels[level];
}

int64_t procurement_percent(int64_t part, int64_t whole)
{
    if (whole <= 0)
        return 0;
    return part > INT64_MAX / 100 ? part / (whole / 100 + 1) : part * 100 / whole;
}

/* Of what it has reserved, so much is bought. */
int64_t procurement_done(const struct year *y)
{
    return y->figures.purchased < y->reserved ? y->figures.purchased : y->reserved;
}

void procurement_peers_add(
    struct jd_host *h, const struct edition *ed, const struct unit *unit, const struct year *y)
{
    for (unsigned level = unit->region ? 0 : LEVELS - 1; level < LEVELS; level++) {
        struct division *d = jd_get(h, DIVISIONS, division_key(unit->region, level, y));
        if (!d)
            continue;
        if (d->day != ed->day)
            *d = (struct division){.day = ed->day};
        d->reserved = procurement_sum(d->reserved, y->reserved);
        d->done = procurement_sum(d->done, procurement_done(y));
        d->purchased = procurement_sum(d->purchased, y->figures.purchased);
        d->year_end = procurement_sum(d->year_end, y->figures.year_end);
        d->reserving += y->reserved > 0;
        d->buying += y->figures.purchased > 0;
    }
}

/* The smallest division with enough other units that bought, or that reserved; NULL if none has. */
static const struct division *among(
    struct jd_host *h, const struct edition *ed, const struct unit *unit, const struct year *y, bool buying)
{
    const struct config *c = jd_config(h);
    uint32_t itself = buying ? y->figures.purchased > 0 : y->reserved > 0;
    for (unsigned level = unit->region ? 0 : LEVELS - 1; level < LEVELS; level++) {
        const struct division *d = jd_find(h, DIVISIONS, division_key(unit->region, level, y));
        if (d && d->day == ed->day && (buying ? d->buying : d->reserving) - itself >= c->peers)
            return d;
    }
    return NULL;
}

/* What part of their reservations the others have bought, percent; -1: too few others. */
int64_t procurement_peers_done(
    struct jd_host *h, const struct edition *ed, const struct unit *unit, const struct year *y)
{
    const struct division *d = among(h, ed, unit, y, false);
    return d ? procurement_percent(d->done - procurement_done(y), d->reserved - y->reserved) : -1;
}

/* What part of their purchases the others placed in the last days of the year, percent; -1: too few others.
 */
int64_t procurement_peers_year_end(
    struct jd_host *h, const struct edition *ed, const struct unit *unit, const struct year *y)
{
    const struct figures *f = &y->figures;
    const struct division *d = among(h, ed, unit, y, true);
    return d ? procurement_percent(d->year_end - f->year_end, d->purchased - f->purchased) : -1;
}
