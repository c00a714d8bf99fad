#include "detectors/procurement_progress/procurement_progress.h"
#include "tests/support/check.h"

static bool leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static void years_begin_and_end(void)
{
    int64_t day = 0; /* 1970-01-01 */
    for (int64_t year = 1970; year <= 9999; year++) {
        CHECK_INT(procurement_new_year(year), day);
        CHECK_INT(procurement_year_of(day), year);
        day += leap(year) ? 366 : 365;
        CHECK_INT(procurement_year_of(day - 1), year);
    }
}

/* The platform's new year is eight hours before that of UTC. */
static void an_event_counts_for_its_year(void)
{
    const int64_t new_year = procurement_new_year(2026) * JD_DAY - JD_ZONE;
    struct jd_event e = {.time = new_year - 1};
    CHECK_INT(procurement_year_at(&e), 2025);
    e.time = new_year;
    CHECK_INT(procurement_year_at(&e), 2026);
    e.present = JD_FIELD_BIT(YEAR);
    e.field[JD_F_YEAR].num = 2025;
    CHECK_INT(procurement_year_at(&e), 2025);
    e.field[JD_F_YEAR].num = 2027;
    CHECK_INT(procurement_year_at(&e), 2027);
    e.field[JD_F_YEAR].num = 2030; /* a slip */
    CHECK_INT(procurement_year_at(&e), 2026);
}

static const struct check_test tests[] = {
    {"years begin and end", years_begin_and_end},
    {"an event counts for its year", an_event_counts_for_its_year},
};
CHECK_MAIN(tests)
