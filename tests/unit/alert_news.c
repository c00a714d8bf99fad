/* What of an alert is told at once, what once a day, and what not at all: each reason at its bound. */
#include "daemon/engine/alert.h"
#include "tests/support/check.h"

#define MONEY 100000

/* Told a moment ago: of a ring, score 65, three units. */
static struct alert_record told(const struct engine_settings *settings)
{
    struct alert_record a = {.subject = {JD_KIND_RING, 1}, .score = 65};
    a.dossier.amount = MONEY;
    a.dossier.units = 3;
    a.dossier.parties = 8;
    a.signals.used = 2;
    alert_tell(settings, &a, 0);
    return a;
}

#define CHECK_NEWS(change, expected)                                                                         \
    do {                                                                                                     \
        struct engine_settings settings;                                                                     \
        engine_settings_defaults(&settings);                                                                 \
        struct alert_record a = told(&settings);                                                             \
        change;                                                                                              \
        CHECK_INT(alert_news(&settings, &a), expected);                                                      \
    } while (0)

static void told_at_once(void)
{
    CHECK_NEWS(a.revision = 0, NEWS_AT_ONCE);
    CHECK_NEWS(a.score = 75, NEWS_AT_ONCE);
    CHECK_NEWS(a.told.score = 75; a.score = 80, NEWS_AT_ONCE); /* another severity */
    CHECK_NEWS(a.dossier.amount = 2 * MONEY, NEWS_AT_ONCE);
    CHECK_NEWS(a.dossier.units++, NEWS_AT_ONCE);
}

static void told_within_a_day(void)
{
    CHECK_NEWS(a.score = 74, NEWS_LATER);
    CHECK_NEWS(a.score = 70, NEWS_LATER);
    CHECK_NEWS(a.score = 60, NEWS_LATER);
    CHECK_NEWS(a.score = 44, NEWS_LATER);
    CHECK_NEWS(a.dossier.amount = 2 * MONEY - 1, NEWS_LATER);
    CHECK_NEWS(a.dossier.amount = MONEY / 4 * 5, NEWS_LATER);
    CHECK_NEWS(a.dossier.parties++, NEWS_LATER);
    CHECK_NEWS(a.signals.used++, NEWS_LATER);
    CHECK_NEWS(a.subject.kind = JD_KIND_SUPPLIER; a.dossier.units++; a.dossier.parties++, NEWS_LATER);
}

static void not_told(void)
{
    CHECK_NEWS((void)0, NEWS_NONE);
    CHECK_NEWS(a.score = 69, NEWS_NONE);
    CHECK_NEWS(a.score = 61, NEWS_NONE);
    CHECK_NEWS(a.dossier.amount = MONEY / 4 * 5 - 1, NEWS_NONE);
    CHECK_NEWS(a.told.withdrawn = true; a.score = 50; a.dossier.units++, NEWS_NONE);
    CHECK_NEWS(a.told.withdrawn = true; a.score = 51, NEWS_AT_ONCE);
}

static const struct check_test tests[] = {
    {"told at once", told_at_once},
    {"told within a day", told_within_a_day},
    {"not told", not_told},
};
CHECK_MAIN(tests)
