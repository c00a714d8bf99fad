#include "daemon/engine/fusion.h"
#include "tests/support/check.h"

#include <math.h>

static uint32_t score_of(int32_t weight)
{
    struct fusion f;
    fusion_init(&f);
    fusion_add(&f, 0, 70, 70, 0);
    fusion_add(&f, 1, 70, 70, 0);
    return fusion_score(&f, weight - 140, 0);
}

static void table_is_the_formula(void)
{
    for (int32_t w = -FUSION_LIMIT; w <= FUSION_LIMIT; w++)
        CHECK_INT(score_of(w), lround(100.0 / (1.0 + pow(10.0, -w / 100.0))));
    CHECK_INT(score_of(5000), 100);
    CHECK_INT(score_of(-5000), 0);
}

static void one_soft_group_is_capped(void)
{
    struct fusion f;
    fusion_init(&f);
    fusion_add(&f, 3, 400, 400, 0);
    CHECK_INT(fusion_score(&f, FUSION_PRIOR, 0), FUSION_ONE_GROUP);
    fusion_add(&f, 4, FUSION_STRONG - 1, FUSION_STRONG - 1, 0);
    CHECK_INT(fusion_score(&f, FUSION_PRIOR, 0), FUSION_ONE_GROUP);
    fusion_add(&f, 5, FUSION_STRONG, FUSION_STRONG, 0);
    CHECK(fusion_score(&f, FUSION_PRIOR, 0) > 90);
}

/* What was 6 dB when it was raised corroborates for a half-life, not only on that day. */
static void corroboration_stands(void)
{
    static const int32_t left[] = {FUSION_STRONG - 1, FUSION_STANDS, FUSION_STANDS - 1};
    for (unsigned i = 0; i < 3; i++) {
        struct fusion f;
        fusion_init(&f);
        fusion_add(&f, 3, 400, 400, 0);
        fusion_add(&f, 4, FUSION_STRONG, left[i], 0);
        CHECK_INT(fusion_score(&f, FUSION_PRIOR, 0) > FUSION_ONE_GROUP, left[i] >= FUSION_STANDS);
    }
}

static void a_hard_fact_alerts_alone(void)
{
    struct fusion f;
    fusion_init(&f);
    fusion_add(&f, 0, 260, 260, 1);
    CHECK_INT(fusion_score(&f, FUSION_PRIOR, 0), 80);
    fusion_add(&f, 0, 400, 400, 1);
    CHECK_INT(fusion_score(&f, FUSION_PRIOR, 0), FUSION_HARD);
    CHECK(fusion_score(&f, FUSION_PRIOR, FUSION_CLEARED + 200) < 60);
}

static void second_of_a_group_counts_a_quarter(void)
{
    struct fusion f;
    fusion_init(&f);
    fusion_add(&f, 2, 100, 100, 0);
    fusion_add(&f, 2, 80, 80, 0);
    fusion_add(&f, 2, 60, 60, 0);
    CHECK_INT(fusion_weight(&f, 0, 0), 120);
    fusion_add(&f, 2, 120, 120, 0);
    CHECK_INT(fusion_weight(&f, -200, 0), -200 + 120 + 25);
}

static void decay_halves(void)
{
    CHECK_INT(fusion_decay(160, 0, 1000), 160);
    CHECK_INT(fusion_decay(160, 1000, 1000), 80);
    CHECK_INT(fusion_decay(160, 1500, 1000), 60);
    CHECK_INT(fusion_decay(160, 2000, 1000), 40);
    CHECK_INT(fusion_decay(160, INT64_MAX, 1000), 0);
    CHECK_INT(fusion_decay(160, INT64_MAX, 0), 160);
    for (int64_t age = 1; age < 8000; age++)
        CHECK(fusion_decay(300, age, 1000) <= fusion_decay(300, age - 1, 1000));
}

static const struct check_test tests[] = {
    {"the score table is the formula", table_is_the_formula},
    {"one soft group is capped", one_soft_group_is_capped},
    {"corroboration stands for a half-life", corroboration_stands},
    {"a hard fact alerts alone", a_hard_fact_alerts_alone},
    {"the second signal of a group counts a quarter", second_of_a_group_counts_a_quarter},
    {"decay halves, and never rises", decay_halves},
};
CHECK_MAIN(tests)
