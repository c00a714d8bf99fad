/* Dates of the Gregorian calendar and the number of days since 1970-01-01, by the method of Howard Hinnant,
 * "chrono-compatible low-level date algorithms": years begin in March, so that the leap day is the last, and
 * 400 of them make an era. */
#ifndef JIANDU_BASE_DATE_H
#define JIANDU_BASE_DATE_H

#include <stdint.h>

struct date {
    int64_t year;
    int month, day; /* from 1 */
};

struct date date_of_days(int64_t days);
/* A day beyond the month's end is one of the next month. */
int64_t date_to_days(struct date);

#endif
