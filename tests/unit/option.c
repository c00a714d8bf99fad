/* Options of subcommands: what each kind takes, what is said of what it does not take, and the help. */
#include "daemon/ctl/option.h"

#include "tests/support/check.h"

#include <getopt.h>

struct inner {
    const char *file;
    struct option_texts sets;
};

struct asked {
    bool json;
    int64_t count;
    int level;
    uint64_t seed;
    struct inner inner;
};

static const char *const levels[] = {"low", "medium", "high", NULL};

static const struct option_row inner_options[] = {
    {OPTION_TEXT, 'c', "config", "FILE", "a file", .at = offsetof(struct inner, file), .needed = true},
    {OPTION_TEXTS, 0, "set", "PATH=VALUE", "a value", .at = offsetof(struct inner, sets)},
    {0},
};

static const struct option_row options[] = {
    {OPTION_FLAG, 'j', "json", NULL, "one\ntwo", .at = offsetof(struct asked, json)},
    {OPTION_ROWS, .rows = inner_options, .at = offsetof(struct asked, inner)},
    {OPTION_NUMBER, 'n', "count", "N", "a number", .at = offsetof(struct asked, count), .min = 1, .max = 9},
    {OPTION_WORD, 0, "level", "WORD", "a word", .at = offsetof(struct asked, level), .words = levels},
    {OPTION_HEX, 0, "seed", "HEX", "a seed", .at = offsetof(struct asked, seed)},
    {0},
};

#define WORDS_MAX 160

/* Reads a call whose words are parted by blanks; `words` gets those that are left. */
static int read_call(struct asked *a, const char *call, char *words, struct error *err)
{
    char text[1024], program[] = "test", *argv[WORDS_MAX] = {program}, *rest = text;
    int argc = 1, first = 0;
    snprintf(text, sizeof text, "%s", call);
    for (char *word; (word = strsep(&rest, " ")) && argc < WORDS_MAX;)
        argv[argc++] = word;
    optind = 0;
    int read = option_read(options, a, argc, argv, &first, err);
    words[0] = 0;
    for (int i = first; read == 0 && i < argc; i++)
        strcat(strcat(words, argv[i]), ";");
    return read;
}

static void test_values(void)
{
    struct asked a = {.count = 5};
    struct error err;
    char words[64];
    CHECK_INT(
        read_call(&a, "one --config x --set a=1 --set b=2 -j --seed ff two --level high", words, &err), 0);
    CHECK_TEXT(words, "one;two;");
    CHECK_TEXT(a.inner.file, "x");
    CHECK_INT(a.inner.sets.count, 2);
    CHECK_TEXT(a.inner.sets.item[1], "b=2");
    CHECK(a.json);
    CHECK_INT(a.seed, 0xff);
    CHECK_INT(a.level, 2);
    CHECK_INT(a.count, 5); /* the default stays */
    CHECK_INT(read_call(&a, "-n 9 -c y -- -j", words, &err), 0);
    CHECK_INT(a.count, 9);
    CHECK_TEXT(words, "-j;");
    CHECK_INT(read_call(&a, "-c x --help --nonsense", words, &err), 1);
}

static void test_wrong_calls(void)
{
    static const struct {
        const char *call, *said;
    } calls[] = {
        {"-j", "--config FILE is missing"},
        {"--config", "--config: its value FILE is missing"},
        {"-c", "--config: its value FILE is missing"},
        {"-c x --nonsense", "--nonsense: there is no such option"},
        {"-c x -q", "there is no option -q"},
        {"-c x --count 0", "--count 0: expected an integer from 1 to 9"},
        {"-c x -n 10", "--count 10: expected an integer from 1 to 9"},
        {"-c x -n 3x", "--count 3x: expected an integer from 1 to 9"},
        {"-c x --count 99999999999999999999",
            "--count 99999999999999999999: expected an integer from 1 to 9"},
        {"-c x --level no", "--level no: expected low, medium or high"},
        {"-c x --seed -1", "--seed -1: expected up to 16 hexadecimal digits"},
        {"-c x --seed 12345678901234567", "--seed 12345678901234567: expected up to 16 hexadecimal digits"},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        struct asked a = {.json = false};
        struct error err = {{0}};
        char words[64];
        CHECK_INT(read_call(&a, calls[i].call, words, &err), -1);
        CHECK_TEXT(err.text, calls[i].said);
    }
}

static void test_too_many(void)
{
    struct asked a = {.json = false};
    struct error err;
    char call[1024] = "-c x", words[64];
    for (int i = 0; i < 64; i++)
        strcat(call, " --set a");
    CHECK_INT(read_call(&a, call, words, &err), 0);
    CHECK_INT(a.inner.sets.count, 64);
    a.inner.sets.count = 0;
    strcat(call, " --set b");
    CHECK_INT(read_call(&a, call, words, &err), -1);
    CHECK_TEXT(err.text, "--set b: it is given more than 64 times");
}

static void test_help(void)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    REQUIRE(out);
    option_synopsis(options, out);
    fputc('\n', out);
    option_help(options, out);
    fclose(out);
    CHECK_TEXT(text, " --config FILE\n"
                     "  -j, --json          one\n"
                     "                      two\n"
                     "  -c, --config FILE   a file\n"
                     "  --set PATH=VALUE    a value\n"
                     "  -n, --count N       a number\n"
                     "  --level WORD        a word\n"
                     "  --seed HEX          a seed\n");
    free(text);
}

static const struct check_test tests[] = {
    {"each kind of option takes its value, other words are left", test_values},
    {"a wrong call is told with the option and what was expected", test_wrong_calls},
    {"an option is given 64 times and not more", test_too_many},
    {"the help has a line for each", test_help},
};

CHECK_MAIN(tests)
