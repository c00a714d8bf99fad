#include "tests/support/check.h"

#include <stdarg.h>

int check_failures;
uint64_t check_seed = 1;

void check_fail(const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("# %s:%d: ", file, line);
    vprintf(format, args);
    printf("\n");
    va_end(args);
    check_failures++;
}

uint64_t check_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int check_main(const struct check_test *tests, size_t count, int argc, char **argv)
{
    int failed = 0;
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], "-s") == 0)
            check_seed = strtoull(argv[i + 1], NULL, 10);
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("1..%zu\n", count);
    for (size_t i = 0; i < count; i++) {
        check_failures = 0;
        tests[i].run();
        printf("%s %zu - %s\n", check_failures ? "not ok" : "ok", i + 1, tests[i].name);
        failed += check_failures != 0;
    }
    if (failed)
        printf("# seed %llu\n", (unsigned long long)check_seed);
    return failed ? 1 : 0;
}
