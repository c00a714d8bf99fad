/* Reading a metrics page. */
#include "daemon/ctl/scrape.h"
#include "tests/support/check.h"

static void note(void *context, const char *labels)
{
    char signal[16], (*found)[16] = context;
    unsigned i = 0;
    while (found[i][0])
        i++;
    snprintf(found[i], sizeof found[i], "%s", scrape_label(labels, "signal", signal, sizeof signal));
}

static void samples_of_a_value_are_found(void)
{
    static const char page[] =
        "HTTP/1.0 200 OK\r\n\r\n# HELP a_b{ x\na_b{detector=\"d\",signal=\"S1\"} 0\n"
        "a_b{detector=\"d\",signal=\"S2\"} 1\na_bc{signal=\"S3\"} 0\n"
        "a_b{detector=\"d\",signal=\"S4\"} 0\na_b{detector=\"d\",signal=\"S5\"} 01\na_b 0\n";
    char found[8][16] = {""};
    scrape_each(page, "a_b", "0", note, found);
    CHECK_TEXT(found[0], "S1");
    CHECK_TEXT(found[1], "S4");
    CHECK_TEXT(found[2], "");
}

static void labels(void)
{
    char out[4];
    CHECK_TEXT(scrape_label("a=\"x\",b=\"yz\"", "b", out, sizeof out), "yz");
    CHECK_TEXT(scrape_label("a=\"x\",b=\"longer\"", "b", out, sizeof out), "lon");
    CHECK_TEXT(scrape_label("a=\"x\"", "c", out, sizeof out), "");
}

static void nobody_answers(void)
{
    struct error err;
    CHECK(scrape_metrics("unix:/nonexistent/socket", &err) == NULL);
    CHECK(strstr(err.text, "No such file") != NULL);
}

static const struct check_test tests[] = {
    {"samples of a value are found", samples_of_a_value_are_found},
    {"labels", labels},
    {"nobody answers", nobody_answers},
};
CHECK_MAIN(tests)
