#include "daemon/base/lanes.h"

#include "tests/support/check.h"

#define LONGEST 100

/* Runs of their exact size, so that a sanitizer sees what lies beside them. */
static unsigned char *run(size_t n)
{
    unsigned char *bytes = malloc(n ? n : 1);
    if (!bytes)
        abort();
    for (size_t i = 0; i < n; i++)
        bytes[i] = (unsigned char)(0x81 + i);
    return bytes;
}

static void heads(void)
{
    for (size_t n = 0; n <= 12; n++) {
        unsigned char *bytes = run(n);
        uint64_t expected = 0;
        for (size_t i = 0; i < n && i < 8; i++)
            expected |= (uint64_t)bytes[i] << (8 * i);
        CHECK(bytes_head(bytes, n) == expected);
        free(bytes);
    }
}

static void equality_looks_at_every_byte(void)
{
    for (size_t n = 0; n <= LONGEST; n++) {
        unsigned char *a = run(n), *b = run(n);
        CHECK(bytes_equal(a, b, n));
        for (size_t i = 0; i < n; i++) {
            b[i] ^= 0x80;
            CHECK(!bytes_equal(a, b, n));
            b[i] ^= 0x80;
        }
        free(a);
        free(b);
    }
}

static void copies_are_whole(void)
{
    for (size_t n = 0; n <= LONGEST; n++) {
        unsigned char *from = run(n), *to = run(n);
        memset(to, 0, n);
        bytes_copy(to, from, n);
        CHECK(memcmp(from, to, n) == 0);
        free(from);
        free(to);
    }
}

static void digits_are_numbers(void)
{
    uint64_t value, expected = 0;
    char text[17] = "";
    for (size_t n = 1; n <= 16; n++) {
        text[n - 1] = (char)('0' + (n * 7 + 2) % 10);
        expected = expected * 10 + (n * 7 + 2) % 10;
        char *exact = (char *)run(n);
        memcpy(exact, text, n);
        CHECK(bytes_digits(exact, n, &value) && value == expected);
        for (size_t i = 0; i < n; i++)
            for (int c = 0; c < 256; c++) {
                exact[i] = (char)c;
                CHECK(bytes_digits(exact, n, &value) == (c >= '0' && c <= '9'));
                exact[i] = text[i];
            }
        free(exact);
    }
    CHECK(bytes_digits("9999999999999999", 16, &value) && value == UINT64_C(9999999999999999));
    CHECK(bytes_digits("0000000000000000", 16, &value) && value == 0);
}

static void lanes_say_where(void)
{
    unsigned char bytes[LANES];
    for (unsigned c = 0; c < 256; c++) {
        memset(bytes, (int)c, sizeof bytes);
        CHECK_INT(lanes_mask(lanes_load(bytes)), c >= 0x80 ? 0xffff : 0);
        CHECK_INT(lanes_mask(lanes_in(lanes_load(bytes), 'a', 25)), c >= 'a' && c <= 'z' ? 0xffff : 0);
    }
    for (unsigned i = 0; i < LANES; i++) {
        memset(bytes, 'x', sizeof bytes);
        bytes[i] = '"';
        CHECK_INT(lanes_mask((lanes)(lanes_load(bytes) == lanes_all('"'))), 1 << i);
    }
    for (size_t n = 1; n <= LANES; n++) {
        char *exact = (char *)run(n);
        memset(exact, 'x', n);
        lanes is_x = (lanes)(lanes_short(exact, n, 'y') == lanes_all('x'));
        CHECK(lanes_mask(is_x));
        for (size_t i = 0; i < n; i++) {
            exact[i] = 'z';
            CHECK(lanes_mask((lanes)(lanes_short(exact, n, 'y') == lanes_all('z'))));
            exact[i] = 'x';
        }
        free(exact);
    }
}

static const struct check_test tests[] = {
    {"the first bytes as a word", heads},
    {"equality looks at every byte", equality_looks_at_every_byte},
    {"copies are whole", copies_are_whole},
    {"digits are numbers", digits_are_numbers},
    {"lanes say where", lanes_say_where},
};
CHECK_MAIN(tests)
