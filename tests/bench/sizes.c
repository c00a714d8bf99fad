/* The records of each state table: bytes, the cache lines that a look-up touches, and memory when the table
 * is full.
 *
 *   sizes CONFIG */
#include "daemon/engine/parts.h"
#include "daemon/ops/config.h"

#include <inttypes.h>

#define LINE 64
#define HEADER 32 /* of a record, before its value: table.c asserts it */
#define KEYS_PER_TWO_BUCKETS 7

struct sum {
    uint64_t bytes;
};

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* In hundredths, over all places that a record of an array may have in a line. */
static uint32_t lines_of(uint32_t record)
{
    return (record - common_divisor(record, LINE)) * 100 / LINE + 100;
}

static int print_table(void *context, const char *owner, struct table *table)
{
    struct sum *sum = context;
    const struct jd_table *t = table_spec(table);
    uint32_t record = HEADER + t->value_size, lines = lines_of(record);
    uint64_t bytes = t->bound * (uint64_t)(record + LINE * 2 / KEYS_PER_TWO_BUCKETS);
    printf("%-22s %-18s %7" PRIu32 " %7" PRIu32 " %5" PRIu32 ".%02" PRIu32 " %10" PRIu32 " %9" PRIu64
           "  %s\n",
        owner, t->name, t->value_size, record, lines / 100 + 1, lines % 100, t->bound, bytes >> 20,
        t->keyed_by ? "fetched ahead" : "");
    sum->bytes += bytes;
    return 0;
}

static void ignore(void *context, const struct output *out)
{
    (void)context;
    (void)out;
}

int main(int argc, char **argv)
{
    struct config_errors errors = {0};
    struct error err;
    struct sum sum = {0};
    const struct sip_key seed = {1, 2};
    struct config *config = argc == 2 ? config_load(argv[1], NULL, 0, &errors) : NULL;
    if (!config) {
        for (size_t i = 0; i < errors.count; i++)
            fprintf(stderr, "sizes: %s\n", errors.text[i]);
        config_errors_clear(&errors);
        fprintf(stderr, "usage: sizes CONFIG\n");
        return 64;
    }
    struct engine *engine = engine_create(config_engine_settings(config), &seed, ignore, NULL, &err);
    if (!engine) {
        fprintf(stderr, "sizes: %s\n", err.text);
        return 70;
    }
    printf("%-22s %-18s %7s %7s %8s %10s %9s\n", "owner", "table", "value", "record", "lines", "bound",
        "MiB full");
    engine_each_table(engine, print_table, &sum);
    printf("%-22s %-18s %7s %7s %8s %10s %9" PRIu64 "\n", "all", "", "", "", "", "", sum.bytes >> 20);
    puts("lines: cache lines of a look-up that reads the whole record, on average: the index's one and the "
         "record's;\n"
         "a key that is not there costs 1, the head of a record 2.");
    printf("an event record: %zu bytes of %d fields\n", sizeof(struct jd_event), JD_F_COUNT);
    engine_destroy(engine);
    config_destroy(config);
    return 0;
}
