#include "daemon/engine/targets.h"
#include "tests/support/check.h"

static const struct target targets[] = {
    {.prefix = 0, .digits = 0, .from = 2026, .share = 12},
    {.prefix = 44, .digits = 2, .from = 0, .share = 11},
    {.prefix = 4403, .digits = 4, .from = 2024, .share = 20},
    {.prefix = 4403, .digits = 4, .from = 2027, .share = 25},
    {.prefix = 440304, .digits = 6, .from = 2028, .share = 30},
};

static int64_t share(uint32_t region, int64_t year)
{
    return targets_share(targets, sizeof targets / sizeof targets[0], region, year);
}

static void longest_prefix_decides(void)
{
    CHECK_INT(share(440305, 2025), 20);
    CHECK_INT(share(440106, 2026), 11);
    CHECK_INT(share(330108, 2026), 12);
    CHECK_INT(share(440304, 2028), 30);
}

static void latest_year_that_has_begun_decides(void)
{
    CHECK_INT(share(440304, 2023), 11);
    CHECK_INT(share(440304, 2026), 20);
    CHECK_INT(share(440304, 2027), 25);
    CHECK_INT(share(440304, 2030), 30);
}

static void floor_holds_everywhere(void)
{
    CHECK_INT(share(330108, 2025), TARGET_FLOOR);
    CHECK_INT(share(0, 2025), TARGET_FLOOR);
    CHECK_INT(share(0, 2026), 12);
    CHECK_INT(targets_share(NULL, 0, 440304, 2026), TARGET_FLOOR);
}

static const struct check_test tests[] = {
    {"the longest prefix decides", longest_prefix_decides},
    {"the latest year that has begun decides", latest_year_that_has_begun_decides},
    {"the floor holds everywhere", floor_holds_everywhere},
};
CHECK_MAIN(tests)
