#include "daemon/engine/routes.h"
#include "tests/support/check.h"

static const struct route routes[] = {
    {"", "national"}, {"44", "guangdong"}, {"4403", "shenzhen"}, {"440304", "futian"}, {"33", "zhejiang"}};
#define N (sizeof routes / sizeof routes[0])

static const char *office(uint32_t region)
{
    uint32_t i = routes_of(routes, N, region);
    return i == ROUTE_NONE ? "none" : routes[i].office;
}

static void longest_prefix_wins(void)
{
    CHECK_TEXT(office(440304), "futian");
    CHECK_TEXT(office(440305), "shenzhen");
    CHECK_TEXT(office(440106), "guangdong");
    CHECK_TEXT(office(110105), "national");
    CHECK_INT(routes_of(routes + 1, N - 1, 110105), ROUTE_NONE);
}

static void parent_stands_above_all(void)
{
    const uint32_t city[] = {440304, 440305}, province[] = {440304, 440305, 440106},
                   country[] = {440304, 330106};
    CHECK_TEXT(routes[routes_above(routes, N, city, 2)].office, "shenzhen");
    CHECK_TEXT(routes[routes_above(routes, N, province, 3)].office, "guangdong");
    CHECK_TEXT(routes[routes_above(routes, N, country, 2)].office, "national");
    CHECK_INT(routes_above(routes + 1, N - 1, country, 2), ROUTE_NONE);
}

static void regions_in_common(void)
{
    CHECK_INT(routes_common(440304, 440304), 440304);
    CHECK_INT(routes_common(440304, 440305), 440300);
    CHECK_INT(routes_common(440304, 440106), 440000);
    CHECK_INT(routes_common(440304, 330106), 0);
}

static const struct check_test tests[] = {
    {"the longest prefix wins", longest_prefix_wins},
    {"the parent stands above all", parent_stands_above_all},
    {"what regions have in common", regions_in_common},
};
CHECK_MAIN(tests)
