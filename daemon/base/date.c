#include "daemon/base/date.h"

#define ERA 146097   /* days */
#define EPOCH 719468 /* days from 0000-03-01 to 1970-01-01 */

struct date date_of_days(int64_t days)
{
    days += EPOCH;
    int64_t era = (days >= 0 ? days : days - ERA + 1) / ERA;
    int64_t of_era = days - era * ERA;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * of_year + 2) / 153;
    int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    return (struct date){
        .year = year_of_era + era * 400 + (month <= 2),
        .month = month,
        .day = (int)(of_year - (153 * shifted + 2) / 5 + 1),
    };
}

int64_t date_to_days(struct date d)
{
    int64_t year = d.month <= 2 ? d.year - 1 : d.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    return era * ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - EPOCH;
}
