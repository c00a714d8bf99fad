#include "daemon/state/names.h"
#include "tests/support/check.h"

static const struct sip_key secret = {1, 2};

static const char *masked(enum jd_kind kind, const char *text)
{
    static char out[NAME_LONG];
    size_t n = name_mask(kind, text, strlen(text), out, sizeof out);
    CHECK_INT(n, strlen(out));
    return out;
}

static void masks_personal_texts(void)
{
    CHECK_TEXT(masked(JD_KIND_PHONE, "13812345678"), "138****5678");
    CHECK_TEXT(masked(JD_KIND_PHONE, "9f86d081884c7d65"), "9f86…");
    CHECK_TEXT(masked(JD_KIND_PHONE, "1381234567x"), "1381…");
    CHECK_TEXT(masked(JD_KIND_PAYER, "6222021234567890123"), "****0123");
    CHECK_TEXT(masked(JD_KIND_ADDRESS, "山西省太原市小店区长风街1号"), "山西省太原市***");
    CHECK_TEXT(masked(JD_KIND_IP, "183.97.4.200"), "183.97.*.*");
    CHECK_TEXT(masked(JD_KIND_IP, "2408:8207:2440::17"), "2408:8207:*");
    CHECK_TEXT(masked(JD_KIND_IP, "5e884898da28"), "5e88…");
    CHECK_TEXT(masked(JD_KIND_OPERATOR, "wang.xiaoming"), "wang…");
}

static void never_shows_more_than_half(void)
{
    CHECK_TEXT(masked(JD_KIND_OPERATOR, "wang"), "wa…");
    CHECK_TEXT(masked(JD_KIND_OPERATOR, "w"), "…");
    CHECK_TEXT(masked(JD_KIND_PAYER, "123456"), "****456");
    CHECK_TEXT(masked(JD_KIND_PAYER, ""), "****");
    CHECK_TEXT(masked(JD_KIND_ADDRESS, "太原市"), "太***");
    CHECK_TEXT(masked(JD_KIND_PHONE, "8812"), "88…");
    CHECK_TEXT(masked(JD_KIND_IP, "10.1"), "10…");
}

static void shows_others_whole(void)
{
    CHECK_TEXT(masked(JD_KIND_UNIT, "91110000MA00000X1Y"), "91110000MA00000X1Y");
    CHECK_TEXT(masked(JD_KIND_TEXT, "代购服务部"), "代购服务部");
}

/* Every length of buffer: whole characters only, always terminated, never past the end. */
static void cuts_at_characters(void)
{
    const char *text = "a太é原𠮷市xy😀街";
    const enum jd_kind kinds[] = {JD_KIND_TEXT, JD_KIND_ADDRESS, JD_KIND_PHONE, JD_KIND_IP, JD_KIND_PAYER};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (size_t size = 1; size < 40; size++) {
            char out[48];
            memset(out, '!', sizeof out);
            size_t n = name_mask(kinds[k], text, strlen(text), out, size);
            CHECK(n < size && out[n] == '\0' && out[size] == '!');
            if (kinds[k] == JD_KIND_TEXT)
                CHECK(memcmp(out, text, n) == 0 && ((unsigned char)text[n] & 0xc0) != 0x80);
        }
}

static void remembers(void)
{
    struct names *names = names_create(100, 100, NULL, NULL);
    REQUIRE(names);
    const char *unit = "91110000MA00000X1Y", *phone = "13812345678";
    char longest[JD_TEXT_MAX];
    memset(longest, 'x', sizeof longest);
    names_remember(names, JD_KIND_UNIT, 1, unit, strlen(unit), JD_DAY);
    names_remember(names, JD_KIND_PHONE, 2, phone, strlen(phone), JD_DAY);
    names_remember(names, JD_KIND_TEXT, 3, longest, sizeof longest, JD_DAY);
    names_remember(names, JD_KIND_ADDRESS, 4, "山西省太原市", 18, JD_DAY);
    CHECK_TEXT(names_of(names, 1, JD_DAY), unit);
    CHECK_TEXT(names_of(names, 2, JD_DAY), "138****5678");
    CHECK_INT(strlen(names_of(names, 3, JD_DAY)), NAME_LONG - 1);
    CHECK_TEXT(names_of(names, 4, JD_DAY), "山西省***");
    CHECK_TEXT(names_of(names, 5, JD_DAY), "?");
    CHECK_TEXT(names_of(names, 0, JD_DAY), "?");
    /* what is remembered again lives on, the rest is forgotten after 400 days */
    names_remember(names, JD_KIND_UNIT, 1, unit, strlen(unit), 300 * JD_DAY);
    CHECK_TEXT(names_of(names, 1, 500 * JD_DAY), unit);
    CHECK_TEXT(names_of(names, 2, 500 * JD_DAY), "?");
    CHECK(names_table(names, 0) && names_table(names, 1) && !names_table(names, 2));
    names_destroy(names);
    names_destroy(NULL);
}

static void pseudonyms_tell_apart(void)
{
    const char *a = "13812345678", *b = "13899995678";
    struct names *names = names_create(100, 100, &secret, NULL);
    REQUIRE(names);
    names_remember(names, JD_KIND_PHONE, 1, a, strlen(a), 1);
    names_remember(names, JD_KIND_PHONE, 2, b, strlen(b), 1);
    names_remember(names, JD_KIND_OPERATOR, 3, a, strlen(a), 1);
    names_remember(names, JD_KIND_PHONE, 4, "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷", 32, 1);
    names_remember(names, JD_KIND_ADDRESS, 5, "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷", 48, 1);
    char first[NAME_LONG];
    snprintf(first, sizeof first, "%s", names_of(names, 1, 1));
    CHECK(strncmp(first, "138****5678~", 12) == 0);
    CHECK_INT(strlen(first), 28);
    CHECK(strcmp(first, names_of(names, 2, 1)) != 0);
    CHECK(strcmp(first + 11, names_of(names, 3, 1) + strlen("1381…")) != 0); /* the kind counts */
    for (uint64_t key = 1; key <= 5; key++) {
        const char *mark = strchr(names_of(names, key, 1), '~');
        REQUIRE(mark);
        CHECK_INT(strspn(mark + 1, "0123456789abcdef"), 16);
        CHECK_INT(strlen(mark), 17);
    }
    names_destroy(names);
}

static void outsiders_never_in_plain(void)
{
    const char *plain = "13812345678";
    struct names *names = names_create(10, 10, &secret, NULL);
    for (uint64_t kind = JD_KIND_PHONE; kind <= JD_KIND_OPERATOR; kind++) {
        names_remember(names, (enum jd_kind)kind, kind, plain, strlen(plain), 1);
        CHECK(!strstr(names_of(names, kind, 1), plain));
    }
    names_destroy(names);
}

static const struct check_test tests[] = {
    {"personal texts are masked", masks_personal_texts},
    {"a mask never shows more than half", never_shows_more_than_half},
    {"other texts are shown whole", shows_others_whole},
    {"texts are cut at characters", cuts_at_characters},
    {"names are remembered, refreshed and forgotten", remembers},
    {"pseudonyms tell personal texts apart", pseudonyms_tell_apart},
    {"no personal kind is shown in plain", outsiders_never_in_plain},
};
CHECK_MAIN(tests)
