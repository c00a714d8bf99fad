/* What the platform sends, by event type, over 30 to 40 days. */
#include "daemon/engine/sight.h"
#include "tests/support/check.h"

static void see(struct sight *s, int64_t at, enum jd_type type, uint64_t fields)
{
    const struct jd_event event = {.id_ms = at, .type = type, .present = fields};
    sight_note(s, &event);
}

static void a_field_is_remembered_for_30_days_at_least(void)
{
    for (int start = 0; start < 10; start++) {
        struct sight s = {0};
        const int64_t at = (20000 + start) * JD_DAY;
        see(&s, at, JD_TYPE_ORDER, JD_FIELD_BIT(DEVICE));
        for (int64_t day = 1; day <= 60; day++) {
            see(&s, at + day * JD_DAY, JD_TYPE_LOGIN, JD_FIELD_BIT(IP));
            bool missing = sight_missing(&s, JD_TYPE_BIT(ORDER), JD_FIELD_BIT(DEVICE)) != 0;
            if (day <= 30)
                CHECK(!missing);
            if (day >= 40)
                CHECK(missing);
        }
    }
}

static void fields_are_of_their_events(void)
{
    struct sight s = {0};
    see(&s, JD_DAY, JD_TYPE_ORDER, JD_FIELD_BIT(DEVICE));
    see(&s, JD_DAY, JD_TYPE_RECEIPT, JD_FIELD_BIT(IP));
    const uint64_t both = JD_FIELD_BIT(DEVICE) | JD_FIELD_BIT(IP);
    CHECK_INT(sight_missing(&s, JD_TYPE_BIT(RECEIPT), both), JD_FIELD_BIT(DEVICE));
    CHECK_INT(sight_missing(&s, JD_TYPE_BIT(RECEIPT) | JD_TYPE_BIT(ORDER), both), 0);
}

/* A long silence forgets everything, and an entry from before changes nothing. */
static void gaps(void)
{
    struct sight s = {0};
    see(&s, 1000 * JD_DAY, JD_TYPE_ORDER, JD_FIELD_BIT(DEVICE));
    see(&s, 2000 * JD_DAY, JD_TYPE_TICK, 0);
    CHECK(sight_missing(&s, JD_TYPE_BIT(ORDER), JD_FIELD_BIT(DEVICE)) != 0);
    see(&s, 1000 * JD_DAY, JD_TYPE_ORDER, JD_FIELD_BIT(DEVICE));
    CHECK_INT(sight_missing(&s, JD_TYPE_BIT(ORDER), JD_FIELD_BIT(DEVICE)), 0);
}

static const struct check_test tests[] = {
    {"a field is remembered for 30 days at least", a_field_is_remembered_for_30_days_at_least},
    {"fields are of their events", fields_are_of_their_events},
    {"gaps", gaps},
};
CHECK_MAIN(tests)
