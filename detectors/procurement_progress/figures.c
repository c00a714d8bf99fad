/* The daily report: one row for each unit and year that is not over and done with. */
#include "detectors/procurement_progress/procurement_progress.h"

/* Units without a canteen, and those that only buy for their union, have no share to reserve. */
static int64_t target_of(struct jd_host *h, const struct unit *unit, const struct year *y)
{
    if (y->canteen == JD_CANTEEN_NONE || y->canteen == JD_CANTEEN_UNION)
        return 0;
    int64_t percent = jd_target(h, unit->region, y->year);
    return y->canteen_total / 100 * percent + y->canteen_total % 100 * percent / 100;
}

static int64_t shortfall(const struct year *y)
{
    return y->reserved - procurement_done(y);
}

/* The first months of a year say nothing: reservations are filed until March, and by the end of June a
 * province had bought 36 %. */
static bool early(const struct config *c, const struct edition *ed, const struct year *y)
{
    return ed->day - procurement_new_year(y->year) < c->lag_after / JD_DAY;
}

/* A year that is over is done or not; in one that runs a unit lags that has bought much less than its peers.
 */
static bool lags(const struct config *c, const struct edition *ed, const struct year *y, int64_t peers)
{
    if (!y->reserved || early(c, ed, y))
        return false;
    if (y->year < ed->year)
        return shortfall(y) > 0;
    return procurement_percent(procurement_done(y), y->reserved) * 100 < peers * c->lag_percent;
}

/* Nearly everybody buys late; this unit bought nearly everything late, and more so than its peers. */
static bool rushes(const struct config *c, const struct figures *f, int64_t peers)
{
    int64_t share = procurement_percent(f->year_end, f->purchased);
    return peers >= 0 && share >= c->year_end_percent && share >= peers + c->year_end_excess;
}

static void report_year(
    struct jd_host *h, const struct edition *ed, uint64_t key, const struct unit *unit, const struct year *y)
{
    const struct config *c = jd_config(h);
    const struct figures *f = &y->figures;
    const struct peers peers = procurement_peers(h, ed, unit, y);
    struct jd_row row = {
        .unit = key,
        .region = unit->region,
        .year = y->year,
        .values =
            {
                [RESERVED] = y->reserved,
                [TARGET] = target_of(h, unit, y),
                [PURCHASED] = f->purchased,
                [ORDERS_COUNTED] = f->orders,
                [PENDING] = f->pending,
                [SHORTFALL] = shortfall(y),
                [YEAR_END] = f->year_end,
                [PEERS_DONE] = peers.done,
                [PEERS_YEAR_END] = peers.year_end,
            },
    };
    row.marks = (uint16_t)(lags(c, ed, y, peers.done) << LAGGARD |
                           (y->filed && y->reserved < row.values[TARGET]) << UNDER_RESERVED |
                           rushes(c, f, peers.year_end) << RUSH |
                           (!y->filed && f->purchased > 0 && !early(c, ed, y)) << UNRESERVED);
    jd_row(h, &row);
}

/* Last year is reported as long as payments and refunds for it are to be expected. */
static bool in_report(const struct config *c, const struct edition *ed, const struct year *y)
{
    if (y->year == ed->year - 1)
        return ed->day - procurement_new_year(ed->year) < c->settling / JD_DAY;
    return y->year >= ed->year;
}

static void add_up(struct jd_host *h, void *context, uint64_t key, void *record)
{
    struct edition *ed = context;
    const struct unit *unit = record;
    (void)key;
    for (unsigned i = 0; i < PROGRESS_YEARS; i++) {
        if (!in_report(jd_config(h), ed, &unit->years[i]))
            continue;
        ed->changed |= unit->years[i].changed;
        procurement_peers_add(h, ed, unit, &unit->years[i]);
    }
}

static void report_unit(struct jd_host *h, void *context, uint64_t key, void *record)
{
    const struct edition *ed = context;
    struct unit *unit = record;
    for (unsigned i = 0; i < PROGRESS_YEARS; i++) {
        if (in_report(jd_config(h), ed, &unit->years[i]))
            report_year(h, ed, key, unit, &unit->years[i]);
        unit->years[i].changed = 0;
    }
}

void procurement_report(struct jd_host *h, int64_t day)
{
    struct edition ed = {.day = day, .year = procurement_year_of(day)};
    jd_each(h, UNITS, add_up, &ed);
    if (!ed.changed) /* a quiet day: the report before still says it all */
        return;
    procurement_peers_complete(h, &ed);
    jd_each(h, UNITS, report_unit, &ed);
    jd_report(h, day);
}
