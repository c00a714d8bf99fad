#include "daemon/engine/wording.h"
#include "tests/support/check.h"

static struct names *names;

static const char *value(enum language language, int unit, int64_t n)
{
    static char text[128];
    const struct wording w = {language, names, 0, NULL, NULL};
    wording_value(&w, unit, n, text, sizeof text);
    return text;
}

static void values_in_two_languages(void)
{
    CHECK_TEXT(value(CHINESE, JD_UNIT_FEN, 304806), "3048.06元");
    CHECK_TEXT(value(ENGLISH, JD_UNIT_FEN, 304806), "CNY 3048.06");
    CHECK_TEXT(value(CHINESE, JD_UNIT_MS, 720000), "12分钟");
    CHECK_TEXT(value(ENGLISH, JD_UNIT_MS, 720000), "12 minutes");
    CHECK_TEXT(value(ENGLISH, JD_UNIT_MS, 1000), "1 second");
    CHECK_TEXT(value(ENGLISH, JD_UNIT_MS, 3 * 86400000LL), "3 days");
    CHECK_TEXT(value(ENGLISH, JD_UNIT_DAYS, 30), "30 days");
    CHECK_TEXT(value(ENGLISH, JD_UNIT_TIME, 1762905600342), "2025-11-12 08:00");
    CHECK_TEXT(value(ENGLISH, JD_UNIT_TIME, 951782400000), "2000-02-29 08:00");
    CHECK_TEXT(value(CHINESE, JD_UNIT_DIVISION, 440304), "440304");
    CHECK_TEXT(value(ENGLISH, JD_UNIT_PERCENT, 37), "37%");
    CHECK_TEXT(value(CHINESE, JD_UNIT_KMH, 2100), "每小时2100公里");
}

static const struct jd_signal signal = {
    .value_unit = JD_UNIT_NUMBER, .facts = {{"device", JD_ENTITY(DEVICE)}, {"money", JD_UNIT_FEN}}};

static bool hides_devices(void *context, enum jd_kind kind, uint64_t key)
{
    (void)context;
    (void)key;
    return kind != JD_KIND_DEVICE;
}

static void sentences_are_filled(void)
{
    char text[128];
    const int64_t facts[JD_FACTS] = {77, 100};
    const struct wording w = {ENGLISH, names, 0, NULL, NULL};
    names_remember(names, JD_KIND_DEVICE, 77, "fp1", 3, 0);
    wording_sentence(
        &w, "{device}: {value} of {threshold}, {money} {other} {", &signal, 5, 3, facts, text, sizeof text);
    CHECK_TEXT(text, "fp1: 5 of 3, CNY 1.00 {other} {");
    const struct wording hidden = {CHINESE, names, 0, hides_devices, NULL};
    wording_sentence(&hidden, "设备{device}", &signal, 0, 0, facts, text, sizeof text);
    CHECK_TEXT(text, "设备（他处）");
}

static void cut_between_characters(void)
{
    const int64_t facts[JD_FACTS] = {0};
    const struct wording w = {CHINESE, names, 0, NULL, NULL};
    for (size_t size = 1; size < 12; size++) {
        char text[16];
        wording_sentence(&w, "疑似虚假", &signal, 0, 0, facts, text, size);
        CHECK_INT(strlen(text), (size - 1) / 3 * 3);
    }
}

static const struct check_test tests[] = {
    {"values in two languages", values_in_two_languages},
    {"sentences are filled", sentences_are_filled},
    {"texts are cut between characters", cut_between_characters},
};

int main(int argc, char **argv)
{
    struct error err;
    names = names_create(100, 100, NULL, &err);
    int code = names ? check_main(tests, sizeof tests / sizeof tests[0], argc, argv) : 1;
    names_destroy(names);
    return code;
}
