#include "daemon/state/index.h"
#include "tests/support/check.h"

#include <stdbool.h>

enum { BOUND = 20000 };

static uint64_t keys[BOUND];

static const struct index_keys where = {(const unsigned char *)keys, sizeof *keys};

static void agrees_with_the_keys(void)
{
    struct index x;
    struct error err;
    uint64_t seed = check_seed;
    REQUIRE(index_init(&x, BOUND, "test", &err) == 0);
    int asked = 0, guessed = 0;
    memset(keys, 0, sizeof keys);
    for (int i = 0; i < 400000; i++) {
        uint32_t number = 1 + (uint32_t)(check_random(&seed) % BOUND);
        uint64_t key = number * UINT64_C(0x100000001);
        bool there = keys[number - 1] != 0;
        CHECK_INT(index_find(&x, where, key), there ? number : 0);
        guessed += there && index_guess(&x, key) == number;
        asked += there;
        if (there) {
            index_remove(&x, key, number);
            keys[number - 1] = 0;
        } else {
            keys[number - 1] = key;
            index_add(&x, key, number);
        }
    }
    for (uint32_t number = 1; number <= BOUND; number++)
        CHECK_INT(index_find(&x, where, number * UINT64_C(0x100000001)), keys[number - 1] ? number : 0);
    CHECK(guessed > asked / 2); /* the home bucket mostly says it */
    index_fini(&x);
}

/* Keys chosen to fall together (whoever knows the hash can) make one long chain, and nothing worse. */
static void survives_equal_hashes(void)
{
    const uint64_t inverse = UINT64_C(0xf1de83e19937733d); /* of the multiplier, modulo 2^64 */
    struct index x;
    struct error err;
    REQUIRE(UINT64_C(0x9e3779b97f4a7c15) * inverse == 1);
    REQUIRE(index_init(&x, 500, "test", &err) == 0);
    for (uint32_t i = 0; i < 500; i++) {
        uint64_t product = (uint64_t)(i + 1) << 32 | (uint32_t)((i + 1) ^ 12345);
        keys[i] = product * inverse;
        index_add(&x, keys[i], i + 1);
    }
    for (uint32_t i = 0; i < 500; i += 2)
        index_remove(&x, keys[i], i + 1);
    for (uint32_t i = 0; i < 500; i++)
        CHECK_INT(index_find(&x, where, keys[i]), i % 2 ? i + 1 : 0);
    size_t bytes = index_bytes(&x);
    for (uint32_t i = 0; i < 500; i += 2)
        index_add(&x, keys[i], i + 1);
    CHECK(index_bytes(&x) <= bytes + 64 * 150); /* freed spares are used again */
    for (uint32_t i = 0; i < 500; i++)
        CHECK_INT(index_find(&x, where, keys[i]), i + 1);
    index_fini(&x);
}

static const struct check_test tests[] = {
    {"finds what is there and nothing else", agrees_with_the_keys},
    {"survives keys of one hash", survives_equal_hashes},
};
CHECK_MAIN(tests)
