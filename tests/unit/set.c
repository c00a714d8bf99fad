#include "daemon/state/set.h"
#include "tests/support/check.h"

#define NOON (20000 * JD_DAY + 4 * JD_HOUR) /* 12:00 at UTC+8 */

struct small {
    struct jd_set head;
    struct jd_slot slot[4];
};

static struct jd_slot *touch(struct small *s, uint64_t key, int64_t time, int64_t window)
{
    return set_touch(&s->head, 4, key, time, time, window);
}

static void keeps_members_in_order(void)
{
    struct small s = {0};
    for (uint64_t key = 10; key < 14; key++)
        CHECK_INT(touch(&s, key, NOON + (int64_t)key, 0)->count, 1);
    CHECK_INT(touch(&s, 11, NOON + 20, 0)->count, 2);
    CHECK_INT(s.head.used, 4);
    CHECK_INT(s.head.saturated, 0);
    for (unsigned i = 0; i < 4; i++)
        CHECK_INT(s.slot[i].key, 10 + i);
    CHECK_INT(s.slot[1].first, NOON + 11);
    CHECK_INT(s.slot[1].last, NOON + 20);
}

static void replaces_longest_untouched(void)
{
    struct small s = {0};
    for (uint64_t key = 10; key < 14; key++)
        touch(&s, key, NOON + (int64_t)key, 0);
    touch(&s, 10, NOON + 20, 0);
    const struct jd_slot *slot = touch(&s, 99, NOON + 30, 0);
    CHECK(slot == &s.slot[1]); /* 11 was the longest untouched */
    CHECK_INT(slot->count, 1);
    CHECK_INT(slot->first, NOON + 30);
    CHECK_INT(s.head.saturated, 1);
    CHECK_INT(s.head.used, 4);
}

static void forgets_past_window(void)
{
    struct small s = {0};
    touch(&s, 1, NOON, 100);
    touch(&s, 2, NOON + 50, 100);
    touch(&s, 3, NOON + 60, 100);
    CHECK_INT(touch(&s, 1, NOON + 100, 100)->count, 2); /* at the edge it is still there */
    const struct jd_slot *slot = touch(&s, 2, NOON + 151, 100);
    CHECK_INT(slot->count, 1); /* forgotten before it is looked for */
    CHECK_INT(slot->first, NOON + 151);
    CHECK_INT(s.head.used, 3);
    CHECK(s.slot[0].key == 1 && s.slot[1].key == 3 && s.slot[2].key == 2);
    touch(&s, 4, NOON + 10000, 100);
    CHECK_INT(s.head.used, 1);
    CHECK_INT(s.head.saturated, 0); /* forgetting is not replacing */
}

static void takes_late_events(void)
{
    struct small s = {0};
    set_touch(&s.head, 4, 1, NOON + 500, NOON + 500, 1000);
    const struct jd_slot *slot = set_touch(&s.head, 4, 1, NOON + 100, NOON + 600, 1000);
    CHECK_INT(slot->first, NOON + 100);
    CHECK_INT(slot->last, NOON + 500); /* what is late does not make it older */
    CHECK_INT(slot->count, 2);
}

static void counts_days(void)
{
    struct small s = {0};
    const int64_t midnight = 20000 * JD_DAY + 16 * JD_HOUR; /* of UTC+8 */
    CHECK_INT(touch(&s, 1, midnight - 1, 0)->days, 1);
    CHECK_INT(touch(&s, 1, midnight, 0)->days, 2);
    CHECK_INT(touch(&s, 1, midnight + JD_DAY - 1, 0)->days, 2);
    CHECK_INT(touch(&s, 1, midnight - JD_DAY - 1, 0)->days, 3);
    CHECK_INT(touch(&s, 1, midnight + 5, 0)->days, 3);
    for (int i = 0; i < 50; i++)
        touch(&s, 1, midnight + i * JD_DAY, 0);
    CHECK_INT(s.slot[0].days, 32);
}

static void saturates(void)
{
    struct small s = {0};
    touch(&s, 1, NOON, 0)->count = UINT32_MAX - 1;
    touch(&s, 1, NOON, 0);
    CHECK(touch(&s, 1, NOON, 0)->count == UINT32_MAX);
    s.head.used = 9; /* of a larger capacity */
    touch(&s, 2, NOON, 0);
    CHECK_INT(s.head.used, 4);
}

static const struct check_test tests[] = {
    {"members are kept in order of arrival", keeps_members_in_order},
    {"a full set replaces the member longest untouched", replaces_longest_untouched},
    {"members past the window are forgotten first", forgets_past_window},
    {"late events widen, never age", takes_late_events},
    {"days are days of UTC+8", counts_days},
    {"counts saturate, sizes hold", saturates},
};
CHECK_MAIN(tests)
