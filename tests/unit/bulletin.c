/* The sums of a bulletin for everybody and for each office, against sums made here from the same rows. */
#include "daemon/engine/bulletin.h"

#include "daemon/engine/routes.h"
#include "tests/support/check.h"

#include <jansson.h>

#define ROWS 3000
#define LISTED 7

enum { MONEY, PERCENT };

static const struct jd_report report = {
    .columns = {{"money", JD_UNIT_FEN}, {"percent", JD_UNIT_PERCENT}},
    .marks = {{"odd", MONEY, LISTED}},
};
static const struct jd_detector detector = {.name = "figures", .version = "1.0.0", .report = &report};
/* one office under two prefixes, and nobody for the rest of the country */
static const struct route routes[] = {
    {"44", "south"}, {"4403", "shenzhen"}, {"45", "south"}, {"330108", "binjiang"}};
#define N_ROUTES (sizeof routes / sizeof routes[0])

struct scene {
    struct engine_settings settings;
    struct detector_instance instance;
    struct names *names;
    struct bulletin *bulletin;
    struct jd_row rows[ROWS];
    size_t n_rows, copies;
};

static const char *office_of(uint32_t region)
{
    uint32_t route = region ? routes_of(routes, N_ROUTES, region) : ROUTE_NONE;
    return route == ROUTE_NONE ? "" : routes[route].office;
}

static const struct jd_row *row_named(const struct scene *s, const char *unit)
{
    return &s->rows[strtoul(unit + 1, NULL, 10)];
}

static bool belongs(const struct jd_row *row, const char *office, int64_t year)
{
    return row->year == year && (!*office || strcmp(office_of(row->region), office) == 0);
}

static int64_t number(const json_t *o, const char *name)
{
    return json_integer_value(json_object_get(o, name));
}

static const char *text(const json_t *o, const char *name)
{
    const char *found = json_string_value(json_object_get(o, name));
    return found ? found : "";
}

static void check_listed(const struct scene *s, const json_t *year, const char *office, int64_t marked)
{
    const json_t *listed = json_object_get(json_object_get(year, "listed"), "odd");
    int64_t before = INT64_MAX;
    size_t i;
    json_t *unit;
    CHECK_INT(json_array_size(listed), marked < LISTED ? marked : LISTED);
    json_array_foreach(listed, i, unit)
    {
        const struct jd_row *row = row_named(s, text(unit, "unit"));
        CHECK(belongs(row, office, number(year, "year")) && row->marks);
        CHECK(number(unit, "money") <= before);
        CHECK_INT(json_object_get(unit, "percent") != NULL, row->values[PERCENT] >= 0);
        before = number(unit, "money");
    }
}

/* Sums of the year, and of all divisions of one level; what has no region is in the year's alone. */
static void check_year(const struct scene *s, const json_t *year, const char *office)
{
    int64_t units = 0, money = 0, marked = 0, placed = 0, levels[3] = {0};
    size_t i;
    json_t *region;
    for (i = 0; i < s->n_rows; i++) {
        const struct jd_row *row = &s->rows[i];
        if (!belongs(row, office, number(year, "year")))
            continue;
        units++;
        money += row->values[MONEY];
        placed += row->region ? row->values[MONEY] : 0;
        marked += row->marks;
    }
    CHECK(units > 0);
    CHECK_INT(number(year, "units"), units);
    CHECK_INT(number(year, "money"), money);
    CHECK(json_object_get(year, "percent") == NULL);
    CHECK_INT(number(json_object_get(year, "marked"), "odd"), marked);
    json_array_foreach(json_object_get(year, "regions"), i, region)
    {
        size_t digits = strlen(text(region, "region"));
        REQUIRE(digits >= 2 && digits <= 6);
        levels[digits / 2 - 1] += number(region, "money");
    }
    for (i = 0; i < 3; i++)
        CHECK_INT(levels[i], placed);
    check_listed(s, year, office, marked);
}

static void check_copies(void *context, const struct output *out)
{
    struct scene *s = context;
    CHECK_INT(out->report, 1);
    CHECK_TEXT(out->copies[0].office, "");
    for (size_t i = 0; i < out->n_copies; i++) {
        json_t *copy = json_loads(out->copies[i].data, 0, NULL), *year;
        size_t k;
        CHECK_TEXT(out->copies[i].office, text(copy, "office"));
        CHECK_TEXT(text(copy, "date"), "2026-02-28");
        CHECK_INT(json_array_size(json_object_get(copy, "years")), 2);
        json_array_foreach(json_object_get(copy, "years"), k, year)
        {
            check_year(s, year, out->copies[i].office);
        }
        json_decref(copy);
        s->copies++;
    }
}

static void add_row(struct scene *s, uint32_t region, uint16_t year, uint32_t random)
{
    struct jd_row *row = &s->rows[s->n_rows];
    char name[16];
    *row = (struct jd_row){.unit = s->n_rows + 1, .region = region, .year = year, .marks = random % 3 == 0};
    row->values[MONEY] = random % 1000;
    row->values[PERCENT] = (int64_t)(random % 5) - 1;
    snprintf(name, sizeof name, "u%zu", s->n_rows);
    names_remember(s->names, JD_KIND_UNIT, row->unit, name, strlen(name), 0);
    bulletin_add(s->bulletin, row);
    s->n_rows++;
}

static void each_office_gets_its_own(void)
{
    static const uint32_t regions[] = {440304, 440305, 440106, 450103, 330108, 330110, 330100, 110105, 0};
    struct scene *s = calloc(1, sizeof *s);
    struct error err;
    uint64_t state = check_seed;
    engine_settings_defaults(&s->settings);
    s->settings.routes = routes;
    s->settings.n_routes = N_ROUTES;
    s->instance.detector = &detector;
    s->names = names_create(ROWS, 1, NULL, &err);
    s->bulletin = bulletin_create(&report);
    for (int i = 0; i < ROWS; i++) {
        uint32_t random = (uint32_t)(check_random(&state) >> 33);
        add_row(s, regions[random % 9], 2025 + (random >> 8) % 2, random >> 4);
    }
    /* 2026-02-28 is day 20512 */
    const struct bulletin_view view = {
        .settings = &s->settings, .instance = &s->instance, .names = s->names, .day = 20512};
    bulletin_publish(s->bulletin, &view, check_copies, s);
    CHECK_INT(s->copies, 4);
    bulletin_clear(s->bulletin);
    bulletin_publish(s->bulletin, &view, check_copies, s); /* nothing to say: no output */
    CHECK_INT(s->copies, 4);
    bulletin_destroy(s->bulletin);
    names_destroy(s->names);
    free(s);
}

static const struct check_test tests[] = {{"each office gets its own", each_office_gets_its_own}};
CHECK_MAIN(tests)
