#include "daemon/sim/calendar.h"

#include "daemon/base/date.h"

#include <stdio.h>

#define ZONE (8 * HOUR)

int64_t calendar_midnight(int64_t time)
{
    return time - (time + ZONE) % DAY;
}

static struct date date_of(int64_t time)
{
    return date_of_days((time + ZONE) / DAY);
}

int64_t calendar_parse(const char *date)
{
    int year, month, day, length = 0;

    if (sscanf(date, "%4d-%2d-%2d%n", &year, &month, &day, &length) != 3 || date[length])
        return -1;
    if (year < 1971 || year > 2099 || month < 1 || month > 12 || day < 1 || day > 31)
        return -1;
    return date_to_days((struct date){year, month, day}) * DAY - ZONE;
}

int calendar_year(int64_t time)
{
    return (int)date_of(time).year;
}

int calendar_month(int64_t time)
{
    return date_of(time).month;
}

static bool is_weekend(int64_t time)
{
    int64_t weekday = ((time + ZONE) / DAY + 4) % 7; /* the epoch was a Thursday; Sunday is 0 */

    return weekday == 0 || weekday == 6;
}

int64_t calendar_traffic(const struct sim_params *p, int64_t time)
{
    int64_t percent = is_weekend(time) ? p->weekend : 100;

    return calendar_month(time) == 12 ? percent * p->december / 100 : percent;
}

int64_t calendar_working(struct random *r, int64_t time)
{
    int64_t peak = random_chance(r, 550) ? 10 * HOUR : 15 * HOUR;
    int64_t spread = random_between(r, -100, 100); /* minutes */

    spread += random_between(r, -80, 80);
    return calendar_midnight(time) + peak + spread * MINUTE + random_between(r, 0, MINUTE - 1);
}

int64_t calendar_next_working(struct random *r, int64_t time)
{
    int64_t day = time;

    for (int i = 0; i < 4; i++, day = calendar_midnight(day) + DAY) {
        int64_t moment = calendar_working(r, day);

        if (moment >= time && (!is_weekend(day) || random_chance(r, 100)))
            return moment;
    }
    return time + random_between(r, 0, HOUR);
}
