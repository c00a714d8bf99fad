/* Thousands of histories of the stream module, and proof that they can fail.
 *   build/simulation/simulation [-s SEED]            CI; JIANDU_HISTORIES=N sets how many
 *   build/simulation/simulation --history SEED       one of them again, with its log */
#include "tests/simulation/history.h"

#include "daemon/ops/log.h"
#include "tests/support/check.h"

#define HISTORIES 3000

static struct server_data calm; /* what a history publishes in which nothing goes wrong */

static uint64_t seed_of(uint64_t i)
{
    return check_seed * 1000000 + i;
}

static void report(const struct history *h, const struct history_result *r)
{
    check_fail(__FILE__, __LINE__, "history %llu: %s", (unsigned long long)h->seed, r->why);
}

static void test_calm(void)
{
    struct history_result r;
    history_run(&(struct history){.seed = 1, .calm = true}, NULL, &calm, &r);
    CHECK_TEXT(r.why, "");
    CHECK_INT(calm.outputs[0].count, 40); /* each fifth of 200 events */
    CHECK_INT(calm.outputs[1].count, 40);
    CHECK_INT(calm.republished, 0);
}

static void add(struct history_result *sum, const struct history_result *r)
{
    sum->faults += r->faults;
    sum->takeovers += r->takeovers;
    sum->handovers += r->handovers;
    sum->republished += r->republished;
    sum->loaded += r->loaded;
    sum->discarded += r->discarded;
    sum->fresh += r->fresh;
    sum->fenced += r->fenced;
}

static void test_histories(void)
{
    const char *wanted = getenv("JIANDU_HISTORIES");
    uint64_t n = wanted ? strtoull(wanted, NULL, 10) : HISTORIES;
    struct history_result sum = {0};
    for (uint64_t i = 0, failed = 0; i < n && failed < 5; i++) {
        struct history h = {.seed = seed_of(i)};
        struct history_result r;
        history_run(&h, &calm, NULL, &r);
        add(&sum, &r);
        if (!r.good) {
            report(&h, &r);
            failed++;
        }
    }
    printf("# %llu histories from seed %llu: %llu faults, %llu leases taken, %llu hand-overs, %llu states "
           "dropped, %llu "
           "snapshots "
           "loaded, %llu thrown away, %llu states begun anew, %llu alerts there already\n",
        (unsigned long long)n, (unsigned long long)seed_of(0), (unsigned long long)sum.faults,
        (unsigned long long)sum.takeovers, (unsigned long long)sum.handovers, (unsigned long long)sum.fenced,
        (unsigned long long)sum.loaded, (unsigned long long)sum.discarded, (unsigned long long)sum.fresh,
        (unsigned long long)sum.republished);
}

static void test_same_seed_same_history(void)
{
    for (uint64_t i = 0; i < 20; i++) {
        struct history h = {.seed = seed_of(i)};
        struct history_result a, b;
        history_run(&h, &calm, NULL, &a);
        history_run(&h, &calm, NULL, &b);
        CHECK(a.digest == b.digest && a.faults == b.faults && strcmp(a.why, b.why) == 0);
    }
}

static void test_planted_bugs_are_found(void)
{
    static const struct {
        const char *name;
        uint64_t within; /* histories: ten times as many as it takes on average, at the least */
    } bugs[SERVER_BUGS] = {[SERVER_NO_TOKEN_CHECK] = {"no check of the token", 1000},
        [SERVER_NO_POSITION_CHECK] = {"no check of the position", 5000},
        [SERVER_SHOWS_OTHER] = {"another state when replayed or followed", 1000},
        [SERVER_APPENDS_AGAIN] = {"alerts appended again", 1000}};
    for (enum server_bug bug = 1; bug < SERVER_BUGS; bug++) {
        struct history_result r = {.good = true};
        uint64_t i = 0;
        while (r.good && i < bugs[bug].within)
            history_run(&(struct history){.seed = seed_of(i++), .bug = bug}, &calm, NULL, &r);
        printf("# %s: found in history %llu: %s\n", bugs[bug].name, (unsigned long long)i, r.why);
        CHECK(!r.good);
    }
}

static int replay(uint64_t seed)
{
    struct history_result r;
    history_run(&(struct history){.seed = 1, .calm = true}, NULL, &calm, &r);
    log_set_level(LOG_LEVEL_DEBUG);
    history_run(&(struct history){.seed = seed}, &calm, NULL, &r);
    printf("%s %llu: %s\n", r.good ? "good" : "bad", (unsigned long long)seed, r.why);
    history_free(&calm);
    return !r.good;
}

static const struct check_test tests[] = {
    {"a calm history", test_calm},
    {"histories end like the calm one", test_histories},
    {"the same seed gives the same history", test_same_seed_same_history},
    {"planted bugs are found", test_planted_bugs_are_found},
};

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--history") == 0)
        return replay(strtoull(argv[2], NULL, 10));
    log_set_level(LOG_LEVEL_ERROR);
    int result = check_main(tests, sizeof tests / sizeof *tests, argc, argv);
    history_free(&calm);
    return result;
}
