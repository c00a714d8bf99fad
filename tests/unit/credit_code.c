#include "daemon/event/credit_code.h"

#include "tests/support/check.h"

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* The formula, written the slow way. */
static char slow_check(const char *text)
{
    int sum = 0, weight = 1;
    for (int i = 0; i < 17; i++, weight = weight * 3 % 31)
        sum += (int)(strchr(alphabet, text[i]) - alphabet) * weight;
    int check = 31 - sum % 31;
    return alphabet[check == 31 ? 0 : check];
}

static void known_codes(void)
{
    /* Published codes of three large companies, then made-up ones of public bodies. */
    CHECK(credit_code_valid("91110108551385082Q", 18));
    CHECK(credit_code_valid("91330100799655058B", 18));
    CHECK(credit_code_valid("91440300708461136T", 18));
    CHECK(credit_code_valid("113301083674458310", 18));
    CHECK(credit_code_valid("12330110768554561H", 18));
    CHECK(credit_code_valid("91140929258843953P", 18));
}

static void every_check_digit(void)
{
    uint64_t random = check_seed;
    int seen[128] = {0};
    for (int n = 0; n < 2000; n++) {
        char code[19] = {0};
        for (int i = 0; i < 17; i++)
            code[i] = alphabet[check_random(&random) % 31];
        CHECK_INT(credit_code_check(code), slow_check(code));
        for (int i = 0; i < 31; i++) {
            code[17] = alphabet[i];
            CHECK(credit_code_valid(code, 18) == (code[17] == slow_check(code)));
        }
        seen[(int)slow_check(code)]++;
    }
    for (int i = 0; i < 31; i++)
        CHECK(seen[(int)alphabet[i]] > 0);
}

/* What the check digit is for: one wrong character, or two neighbours swapped. */
static void finds_slips(void)
{
    char code[19] = "91110108551385082Q";
    for (int i = 0; i < 18; i++) {
        char right = code[i];
        for (int c = 0; c < 31; c++) {
            code[i] = alphabet[c];
            CHECK(credit_code_valid(code, 18) == (alphabet[c] == right));
        }
        code[i] = right;
    }
    for (int i = 0; i < 16; i++) {
        char left = code[i], right = code[i + 1];
        code[i] = right;
        code[i + 1] = left;
        CHECK(credit_code_valid(code, 18) == (left == right));
        code[i] = left;
        code[i + 1] = right;
    }
}

static void malformed(void)
{
    CHECK(!credit_code_valid("", 0));
    CHECK(!credit_code_valid("91110108551385082", 17));
    CHECK(!credit_code_valid("91110108551385082Q0", 19));
    CHECK(!credit_code_valid("91110108551385082q", 18));
    const char *foreign[] = {"I", "O", "S", "V", "Z", "a", "-", " ", "\x80", "\xff"};
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        char code[19] = "91110108551385082Q";
        code[5] = foreign[i][0];
        CHECK(!credit_code_valid(code, 18));
        CHECK_INT(credit_code_check(code), 0);
    }
    CHECK(!credit_code_valid("I1110108551385082\0", 18)); /* no check digit is not a check digit of 0 */
}

static const struct check_test tests[] = {
    {"known codes are valid", known_codes},
    {"check digits follow the formula, all 31 of them", every_check_digit},
    {"a wrong character and swapped neighbours are found", finds_slips},
    {"malformed codes are not valid", malformed},
};
CHECK_MAIN(tests)
