/* The geography of the detectors against known distances. */
#include "detectors/places.h"
#include "tests/support/check.h"

struct pair {
    uint32_t a, b;
    int32_t km;
};

/* By the haversine formula in floating point, from the cities' coordinates in public gazetteers. */
static const struct pair known[] = {
    {110000, 310100, 1067}, /* Beijing - Shanghai */
    {440100, 440300, 105},  /* Guangzhou - Shenzhen */
    {650100, 230100, 3047}, /* Urumqi - Harbin */
    {510100, 540100, 1247}, /* Chengdu - Lhasa */
    {330100, 330200, 141},  /* Hangzhou - Ningbo */
    {653100, 231000, 4385}, /* Kashgar - Mudanjiang */
    {460200, 231100, 3901}, /* Sanya - Heihe */
};

static void test_known_distances(void)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        int32_t km = places_distance(known[i].a, known[i].b);
        int32_t off = km > known[i].km ? km - known[i].km : known[i].km - km;
        if (off > known[i].km / 100 + 3)
            check_fail(
                __FILE__, __LINE__, "%u - %u: %d km, expected %d", known[i].a, known[i].b, km, known[i].km);
    }
}

static void test_symmetry_and_triangle(void)
{
    static const uint32_t codes[] = {110000, 310100, 440300, 650100, 230100, 540100, 710100, 460300, 659001};
    const size_t n = sizeof(codes) / sizeof(codes[0]);

    for (size_t i = 0; i < n * n * n; i++) {
        uint32_t a = codes[i % n], b = codes[i / n % n], c = codes[i / n / n];
        int32_t ab = places_distance(a, b);

        CHECK_INT(places_distance(a, a), 0);
        CHECK_INT(ab, places_distance(b, a));
        CHECK(ab <= places_distance(a, c) + places_distance(c, b) + 2);
    }
}

static void test_a_county_stands_with_its_city(void)
{
    CHECK_INT(places_distance(330108, 330100), 0);
    CHECK_INT(places_distance(330108, 310115), places_distance(330100, 310100));
    CHECK_INT(places_place(330108), 3301);
    CHECK_INT(places_place(310000), places_place(310115)); /* a municipality is one place */
}

static void test_neighbours_are_not_apart(void)
{
    CHECK_INT(places_apart(440100, 440100), 0);
    CHECK_INT(places_apart(440100, 440600), 0); /* Guangzhou, Foshan: one built-up area */
    CHECK(places_apart(110000, 310100) > 900);
    CHECK(places_apart(110000, 310100) <= places_distance(110000, 310100));
}

static void test_a_province_is_no_place(void)
{
    CHECK_INT(places_apart(650000, 653100), 0); /* Xinjiang, and Kashgar in it */
    CHECK_INT(places_apart(659900, 653100), 0); /* a prefecture that nobody knows */
    CHECK(places_apart(650000, 440300) > 1000);
}

static void test_unknown_codes(void)
{
    CHECK_INT(places_place(0), 0);
    CHECK_INT(places_place(999999), 0);
    CHECK_INT(places_distance(0, 110000), -1);
    CHECK_INT(places_apart(0, 110000), 0);
    CHECK_INT(places_apart(UINT32_MAX, 110000), 0);
}

static const struct check_test tests[] = {
    {"known distances", test_known_distances},
    {"distances are symmetric and obey the triangle", test_symmetry_and_triangle},
    {"a county stands with its city", test_a_county_stands_with_its_city},
    {"neighbouring cities are not apart", test_neighbours_are_not_apart},
    {"a place known by province only is near its neighbours", test_a_province_is_no_place},
    {"unknown codes are nowhere", test_unknown_codes},
};

CHECK_MAIN(tests)
