#include "detectors/procurement_progress/procurement_progress.h"

/* Gregorian: 719162 days from 0001-01-01 to 1970-01-01. */
int64_t procurement_new_year(int64_t year)
{
    int64_t before = year - 1;
    return 365 * before + before / 4 - before / 100 + before / 400 - 719162;
}

int64_t procurement_year_of(int64_t day)
{
    int64_t year = 1970 + day / 366; /* never too late */
    while (procurement_new_year(year + 1) <= day)
        year++;
    return year;
}

/* The budget year decides, not the day: an event may name one, of the year before to the year after. */
int64_t procurement_year_at(const struct jd_event *e)
{
    int64_t year = procurement_year_of(jd_day(e->time)), named = jd_num(e, JD_F_YEAR);
    return named >= year - 1 && named <= year + 1 ? named : year;
}
