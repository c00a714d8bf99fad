#include "daemon/base/date.h"

#include <stdbool.h>

#include "tests/support/check.h"

/* Every day of an era before the epoch and of one after it: each follows the one before, there and back. */
static void days_follow_each_other(void)
{
    struct date before = date_of_days(-146098);
    int wrong = 0;
    for (int64_t days = -146097; days <= 146097; days++) {
        struct date d = date_of_days(days);
        bool next_day = d.year == before.year && d.month == before.month && d.day == before.day + 1;
        bool next_month =
            d.day == 1 && before.day >= 28 && d.year * 12 + d.month == before.year * 12 + before.month + 1;
        wrong += (!next_day && !next_month) || date_to_days(d) != days;
        before = d;
    }
    CHECK_INT(wrong, 0);
}

static void known_days(void)
{
    CHECK_INT(date_to_days((struct date){1970, 1, 1}), 0);
    CHECK_INT(date_to_days((struct date){2000, 2, 29}), 11016);
    CHECK_INT(date_to_days((struct date){2000, 3, 1}), 11017);
    CHECK_INT(date_to_days((struct date){1900, 3, 1}) - date_to_days((struct date){1900, 2, 28}), 1);
    CHECK_INT(date_to_days((struct date){2025, 2, 30}), date_to_days((struct date){2025, 3, 2}));
}

static const struct check_test tests[] = {
    {"days follow each other", days_follow_each_other},
    {"known days", known_days},
};
CHECK_MAIN(tests)
