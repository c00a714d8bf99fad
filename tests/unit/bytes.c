#include "daemon/base/bytes.h"

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

static const struct check_test tests[] = {
    {"the first bytes as a word", heads},
    {"equality looks at every byte", equality_looks_at_every_byte},
    {"copies are whole", copies_are_whole},
};
CHECK_MAIN(tests)
