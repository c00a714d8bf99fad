/* A unit is compared with the others of its county, or where there are too few of them with those of its
 * city, its province, the country. Averages are of money, not of units, and nobody counts for more than it
 * reserved: overshoot up to 267 % is normal, and one such unit must not make laggards of its neighbours. */
#include "detectors/procurement_progress/procurement_progress.h"

/* A county's code without its last digits: county, city, province, country. */
static const uint32_t levels[] = {1, 100, 10000, 1000000};
enum { LEVELS = sizeof levels / sizeof levels[0] };
#define COUNTY_MIN 100000 /* a county's code has six digits, a city's four */

static uint64_t division_key(uint32_t region, unsigned level, int64_t year)
{
    return (uint64_t)year << 32 | region / levels[level];
}

/* A unit is added to the smallest division that it is known to be in: the whole country without a code. */
static unsigned level_of(uint32_t region)
{
    return region ? 0 : LEVELS - 1;
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

static struct division *begin(struct jd_host *h, const struct edition *ed, uint64_t key)
{
    struct division *d = jd_get(h, DIVISIONS, key);
    if (d && d->day != ed->day)
        *d = (struct division){.day = ed->day};
    return d;
}

/* The division's sums, with those above it made too when it is new in this report. */
static struct division *begin_all(
    struct jd_host *h, const struct edition *ed, uint32_t region, const struct year *y)
{
    uint64_t key = division_key(region, level_of(region), y->year);
    struct division *d = jd_find(h, DIVISIONS, key);
    if (d && d->day == ed->day)
        return d;
    for (unsigned level = LEVELS - 1; level > level_of(region); level--)
        begin(h, ed, division_key(region, level, y->year));
    return begin(h, ed, key);
}

void procurement_peers_add(
    struct jd_host *h, const struct edition *ed, const struct unit *unit, const struct year *y)
{
    struct division *d = begin_all(h, ed, unit->region, y);
    if (!d)
        return;
    d->reserved = procurement_sum(d->reserved, y->reserved);
    d->done = procurement_sum(d->done, procurement_done(y));
    d->purchased = procurement_sum(d->purchased, y->figures.purchased);
    d->year_end = procurement_sum(d->year_end, y->figures.year_end);
    d->reserving += y->reserved > 0;
    d->buying += y->figures.purchased > 0;
}

static void add_county(struct jd_host *h, void *context, uint64_t key, void *record)
{
    const struct edition *ed = context;
    const struct division *county = record;
    uint32_t region = (uint32_t)key;
    if (county->day != ed->day || region < COUNTY_MIN)
        return;
    for (unsigned level = 1; level < LEVELS; level++) {
        struct division *d = jd_find(h, DIVISIONS, division_key(region, level, (int64_t)(key >> 32)));
        if (!d)
            continue;
        d->reserved = procurement_sum(d->reserved, county->reserved);
        d->done = procurement_sum(d->done, county->done);
        d->purchased = procurement_sum(d->purchased, county->purchased);
        d->year_end = procurement_sum(d->year_end, county->year_end);
        d->reserving += county->reserving;
        d->buying += county->buying;
    }
}

void procurement_peers_complete(struct jd_host *h, struct edition *ed)
{
    jd_each(h, DIVISIONS, add_county, ed);
}

struct peers procurement_peers(
    struct jd_host *h, const struct edition *ed, const struct unit *unit, const struct year *y)
{
    const struct config *c = jd_config(h);
    const struct figures *f = &y->figures;
    const struct division *reserving = NULL, *buying = NULL;
    for (unsigned level = level_of(unit->region); level < LEVELS && !(reserving && buying); level++) {
        const struct division *d = jd_find(h, DIVISIONS, division_key(unit->region, level, y->year));
        if (!d || d->day != ed->day)
            continue;
        if (!reserving && d->reserving - (y->reserved > 0) >= c->peers)
            reserving = d;
        if (!buying && d->buying - (f->purchased > 0) >= c->peers)
            buying = d;
    }
    return (struct peers){
        .done = reserving ? procurement_percent(
                                reserving->done - procurement_done(y), reserving->reserved - y->reserved)
                          : -1,
        .year_end =
            buying ? procurement_percent(buying->year_end - f->year_end, buying->purchased - f->purchased)
                   : -1,
    };
}
