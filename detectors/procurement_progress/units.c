#include "detectors/procurement_progress/procurement_progress.h"

#define CALENDAR_KEY 1
#define NAME_AGE (30 * JD_DAY) /* names are kept for 400 days at least */

/* The first unit starts the daily reports. Should their timer ever have been refused, a later one does. */
static void start_reports(struct jd_host *h)
{
    int64_t now = jd_now(h), due = (jd_day(now) + 1) * JD_DAY - JD_ZONE;
    const struct calendar *known = jd_find(h, CALENDAR, CALENDAR_KEY);
    struct calendar *calendar = known && known->due + JD_DAY > now ? NULL : jd_get(h, CALENDAR, CALENDAR_KEY);
    if (!calendar)
        return;
    calendar->due = due;
    jd_timer(h, CALENDAR, CALENDAR_KEY, due);
}

struct unit *procurement_unit(struct jd_host *h, uint64_t key)
{
    struct unit *unit = jd_get(h, UNITS, key);
    if (unit && !unit->known) {
        unit->known = 1;
        start_reports(h);
    }
    return unit;
}

struct year *procurement_year(struct unit *unit, int64_t year)
{
    struct year *oldest = &unit->years[0];
    for (unsigned i = 0; i < PROGRESS_YEARS; i++) {
        if (unit->years[i].year == year)
            return &unit->years[i];
        if (unit->years[i].year < oldest->year)
            oldest = &unit->years[i];
    }
    if (oldest->year > year)
        return NULL;
    *oldest = (struct year){.year = (uint16_t)year};
    return oldest;
}

void procurement_introduce(struct jd_host *h, const struct jd_event *e, struct unit *unit)
{
    if (jd_has(e, JD_F_REGION))
        unit->region = (uint32_t)jd_num(e, JD_F_REGION);
    if (unit->named && jd_now(h) - unit->named < NAME_AGE)
        return;
    unit->named = jd_now(h);
    jd_remember(h, e, jd_has(e, JD_F_UNIT) ? JD_F_UNIT : JD_F_ACCOUNT_UNIT);
}

/* The newest by when it happened holds, however late an older one arrives. */
void procurement_reservation(struct jd_host *h, const struct jd_event *e)
{
    struct unit *unit = procurement_unit(h, jd_key(e, JD_F_UNIT));
    int64_t year = procurement_year_at(e);
    struct year *y = unit ? procurement_year(unit, year) : NULL;
    if (!y)
        return;
    procurement_introduce(h, e, unit);
    if (y->filed && y->filed_at > e->time)
        return;
    y->filed = 1;
    y->filed_at = e->time;
    y->canteen = (uint8_t)jd_num(e, JD_F_CANTEEN_TYPE);
    y->reserved = jd_num(e, JD_F_RESERVED);
    y->canteen_total = jd_num(e, JD_F_CANTEEN_TOTAL);
    y->changed = 1;
}
