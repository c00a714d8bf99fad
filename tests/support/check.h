/* The unit test harness: a table of {name, function}, TAP output, CHECK goes on, REQUIRE leaves the function.
 * `-s SEED` sets the seed that randomized tests print and use. */
#ifndef JIANDU_TESTS_SUPPORT_CHECK_H
#define JIANDU_TESTS_SUPPORT_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check_test {
    const char *name;
    void (*run)(void);
};

extern int check_failures; /* of the test that runs now */
extern uint64_t check_seed;

int check_main(const struct check_test *tests, size_t count, int argc, char **argv);
void check_fail(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A seeded generator for tests (splitmix64). */
uint64_t check_random(uint64_t *state);

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            check_fail(__FILE__, __LINE__, "%s", #condition);                                                \
    } while (0)

#define REQUIRE(condition)                                                                                   \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            check_fail(__FILE__, __LINE__, "%s", #condition);                                                \
            return;                                                                                          \
        }                                                                                                    \
    } while (0)

#define CHECK_INT(actual, expected)                                                                          \
    do {                                                                                                     \
        long long check_a_ = (long long)(actual), check_e_ = (long long)(expected);                          \
        if (check_a_ != check_e_)                                                                            \
            check_fail(__FILE__, __LINE__, "%s is %lld, expected %lld", #actual, check_a_, check_e_);        \
    } while (0)

#define CHECK_TEXT(actual, expected)                                                                         \
    do {                                                                                                     \
        const char *check_a_ = (actual), *check_e_ = (expected);                                             \
        if (!check_a_ || strcmp(check_a_, check_e_) != 0)                                                    \
            check_fail(__FILE__, __LINE__, "%s is \"%s\", expected \"%s\"", #actual,                         \
                check_a_ ? check_a_ : "(null)", check_e_);                                                   \
    } while (0)

#define CHECK_MAIN(tests)                                                                                    \
    int main(int argc, char **argv)                                                                          \
    {                                                                                                        \
        return check_main((tests), sizeof(tests) / sizeof(tests)[0], argc, argv);                            \
    }

#endif
