/* Any bytes as a snapshot: as they are, and with their checksums made right so that what is behind them is
 * reached. What is accepted must save and load again to the same bytes, and the tables must work. */
#include "tests/support/snapshot_fixture.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int condition)
{
    if (!condition)
        abort();
}

static void use(struct state *s)
{
    struct timer timer;
    for (uint64_t key = 1; key <= 64; key++)
        table_get(s->cases, key * 77, INT64_MAX - 64 + (int64_t)key, NULL);
    for (uint64_t key = 1; key <= 64; key++)
        table_get(s->orders, key * 55, (int64_t)key * 100, NULL);
    while (timers_take(s->timers, INT64_MAX, &timer))
        ;
}

static int load(struct memory *in, struct memory *out)
{
    struct state s;
    struct snapshot_header header;
    struct error err;
    state_init(&s);
    int result = state_load(&s, in, &header, &err);
    if (result == 0) {
        expect(state_save(&s, out) == 0);
        use(&s);
    }
    state_fini(&s);
    return result;
}

static void try_bytes(struct memory *in)
{
    struct memory once = {0}, twice = {0};
    if (load(in, &once) == 0) {
        expect(load(&once, &twice) == 0);
        expect(once.length == twice.length && memcmp(once.bytes, twice.bytes, once.length) == 0);
    }
    memory_fini(&once);
    memory_fini(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memory in = {0};
    if (size)
        memory_sink(&in, data, size);
    try_bytes(&in);
    memory_repair(&in);
    try_bytes(&in);
    memory_fini(&in);
    return 0;
}
