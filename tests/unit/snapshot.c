#include "tests/support/check.h"
#include "tests/support/snapshot_fixture.h"

#include <errno.h>

#define CORPUS "tests/fuzz/corpus/snapshot"
#define SMALL 9 /* records of the snapshot that is damaged bit by bit */

static struct memory saved(uint64_t records)
{
    struct state s;
    struct memory m = {0};
    state_init(&s);
    state_fill(&s, records);
    CHECK_INT(state_save(&s, &m), 0);
    state_fini(&s);
    return m;
}

/* 0 and the state dropped, or -1 with the reason */
static int try_load(struct memory *m, struct error *err)
{
    struct state s;
    struct snapshot_header header;
    state_init(&s);
    err->text[0] = '\0';
    int result = state_load(&s, m, &header, err);
    CHECK((result == 0) == (err->text[0] == '\0'));
    state_fini(&s);
    return result;
}

static void check_refused(struct memory *m, const char *words)
{
    struct error err;
    CHECK_INT(try_load(m, &err), -1);
    if (!strstr(err.text, words))
        check_fail(__FILE__, __LINE__, "\"%s\" does not say \"%s\"", err.text, words);
}

static void same_tables(const struct table *a, const struct table *b)
{
    uint64_t cursor_a = 0, cursor_b = 0, key_a, key_b;
    void *value_a, *value_b;
    int64_t touched_a, touched_b;
    bool pinned_a, pinned_b;
    while (table_next(a, &cursor_a, &key_a, &value_a, &touched_a, &pinned_a)) {
        REQUIRE(table_next(b, &cursor_b, &key_b, &value_b, &touched_b, &pinned_b));
        REQUIRE(key_a == key_b && touched_a == touched_b && pinned_a == pinned_b);
        REQUIRE(memcmp(value_a, value_b, table_spec(a)->value_size) == 0);
    }
    REQUIRE(!table_next(b, &cursor_b, &key_b, &value_b, &touched_b, &pinned_b));
    struct table_stats x, y;
    table_stats(a, &x);
    table_stats(b, &y);
    CHECK(x.records == y.records && x.pinned == y.pinned && x.evicted == y.evicted);
    CHECK_INT(x.newest_evicted, y.newest_evicted);
}

static void behave_alike(struct state *a, struct state *b)
{
    struct timer x, y;
    for (int64_t now = 4000 * 10; now < 60000; now++) {
        bool fresh_a, fresh_b;
        uint64_t key = 55 * (uint64_t)(now % 31 + 1);
        uint64_t *p = table_get(a->orders, key, now, &fresh_a), *q = table_get(b->orders, key, now, &fresh_b);
        REQUIRE(fresh_a == fresh_b && *p == *q);
        bool more = timers_take(a->timers, now, &x);
        REQUIRE(timers_take(b->timers, now, &y) == more);
        REQUIRE(!more || memcmp(&x, &y, sizeof x) == 0);
    }
    same_tables(a->orders, b->orders);
}

static void round_trip(void)
{
    const size_t steps[] = {0, 1, 7, 4096};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct state a, b;
        struct memory m = {0}, again = {0};
        struct snapshot_header header;
        struct error err = {""};
        state_init(&a);
        state_init(&b);
        state_fill(&a, 4000);
        CHECK_INT(state_save(&a, &m), 0);
        m.step = steps[i];
        CHECK_INT(state_load(&b, &m, &header, &err), 0);
        CHECK_TEXT(err.text, "");
        CHECK(memcmp(&header, &state_header, sizeof header) == 0);
        CHECK(memcmp(a.blob, b.blob, sizeof a.blob) == 0);
        same_tables(a.cases, b.cases);
        same_tables(a.orders, b.orders);
        CHECK_INT(state_save(&b, &again), 0);
        CHECK(again.length == m.length && memcmp(again.bytes, m.bytes, m.length) == 0);
        behave_alike(&a, &b);
        memory_fini(&m);
        memory_fini(&again);
        state_fini(&a);
        state_fini(&b);
    }
}

static void values_beyond_the_buffer(void)
{
    static struct snapshot_writer w;
    static struct snapshot_reader r;
    const struct jd_table spec = {"large", 3 * SNAPSHOT_BUFFER + 8, 1, 4, 0, 0, 0};
    struct table *a = table_create(&spec, NULL), *b = table_create(&spec, NULL);
    for (uint64_t key = 1; key <= 3; key++)
        memset(table_get(a, key, 1, NULL), (int)key, spec.value_size);
    struct memory m = {0};
    struct snapshot_header header;
    struct error err;
    CHECK_INT(snapshot_begin(&w, memory_sink, &m, &state_header), 0);
    CHECK_INT(snapshot_put_table(&w, a), 0);
    CHECK_INT(snapshot_end(&w), 0);
    CHECK_INT(snapshot_open(&r, memory_source, &m, &header, &err), 0);
    CHECK_INT(snapshot_get_table(&r, b, &err), 0);
    CHECK_INT(snapshot_finish(&r, &err), 0);
    same_tables(a, b);
    memory_fini(&m);
    table_destroy(a);
    table_destroy(b);
}

static void every_flipped_bit(void)
{
    struct memory m = saved(SMALL);
    struct error err;
    CHECK_INT(try_load(&m, &err), 0);
    for (size_t bit = 0; bit < m.length * 8; bit++) {
        m.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        if (try_load(&m, &err) == 0)
            check_fail(__FILE__, __LINE__, "bit %zu flipped, not noticed", bit);
        m.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    CHECK_INT(try_load(&m, &err), 0);
    memory_fini(&m);
}

static void every_length(void)
{
    struct memory m = saved(SMALL);
    while (m.length) {
        m.length--;
        check_refused(&m, "cut short");
    }
    memory_fini(&m);
}

static void bytes_after_the_end(void)
{
    struct memory m = saved(SMALL);
    memory_sink(&m, "", 1);
    check_refused(&m, "goes on after its end");
    m.step = m.length - 1; /* nothing behind the checksum until the source is asked */
    check_refused(&m, "goes on after its end");
    memory_fini(&m);
}

static void other_formats(void)
{
    struct memory m = saved(SMALL);
    m.bytes[8] = 1;
    check_refused(&m, "format 1 (without pinned flags), this program reads format 2");
    m.bytes[8] = 3;
    check_refused(&m, "format 3, this program reads format 2");
    m.bytes[8] = SNAPSHOT_FORMAT;
    m.bytes[12] ^= 5;
    check_refused(&m, "another class of machine");
    m.bytes[0] = 'x';
    check_refused(&m, "no snapshot");
    m.length = 0;
    check_refused(&m, "cut short");
    memory_fini(&m);
}

/* Loads a table of one spec into a table of another. */
static void check_spec(const struct jd_table *spec, const char *words)
{
    static struct snapshot_writer w;
    static struct snapshot_reader r;
    const struct jd_table first = {"orders", 16, 1, 10, 0, 0, 0};
    struct table *a = table_create(&first, NULL), *b = table_create(spec, NULL);
    for (uint64_t key = 1; key <= 10; key++)
        table_get(a, key, 1, NULL);
    struct memory m = {0};
    struct snapshot_header header;
    struct error err = {""};
    snapshot_begin(&w, memory_sink, &m, &state_header);
    snapshot_put_table(&w, a);
    snapshot_end(&w);
    CHECK_INT(snapshot_open(&r, memory_source, &m, &header, &err), 0);
    CHECK_INT(snapshot_get_table(&r, b, &err), -1);
    if (!strstr(err.text, words))
        check_fail(__FILE__, __LINE__, "\"%s\" does not say \"%s\"", err.text, words);
    memory_fini(&m);
    table_destroy(a);
    table_destroy(b);
}

static void other_layouts(void)
{
    check_spec(&(struct jd_table){"orders", 16, 2, 10, 0, 0, 0},
        "layout 1 (16 bytes) in the snapshot, 2 (16 bytes) here");
    check_spec(&(struct jd_table){"orders", 24, 1, 10, 0, 0, 0},
        "layout 1 (16 bytes) in the snapshot, 1 (24 bytes) here");
    check_spec(
        &(struct jd_table){"orders", 16, 1, 9, 0, 0, 0}, "10 records in the snapshot, its bound here is 9");
    check_spec(&(struct jd_table){"order", 16, 1, 10, 0, 0, 0}, "\"orders\" where \"order\" is expected");
    check_spec(&(struct jd_table){"oRders", 16, 1, 10, 0, 0, 0}, "\"orders\" where \"oRders\" is expected");
}

static void other_sections(void)
{
    struct memory m = saved(SMALL);
    static struct snapshot_reader r;
    struct snapshot_header header;
    struct error err;
    CHECK_INT(snapshot_open(&r, memory_source, &m, &header, &err), 0);
    CHECK_INT(snapshot_finish(&r, &err), -1);
    CHECK(strstr(err.text, "more than is expected") != NULL);
    m.at = 0;
    CHECK_INT(snapshot_open(&r, memory_source, &m, &header, &err), 0);
    uint64_t number;
    CHECK_INT(snapshot_get_blob(&r, "cases", &number, sizeof number, &err), -1); /* a table of that name */
    CHECK(strstr(err.text, "\"cases\"") != NULL);
    memory_fini(&m);
}

/* Damage that the checksums do not show: each is caught where it would do harm. */
static void impossible_contents(void)
{
    const size_t table = SNAPSHOT_HEADER_SIZE + 8, records = table + 8 + 5 + 32;
    const size_t timers = records + SMALL * (17 + 16);
    const struct {
        size_t at;
        int value;
        const char *words;
    } damages[] = {
        {table + 6, 1, "is expected"},              /* length of the name: 65541 */
        {table + 8 + 5 + 8 + 7, 0x80, "its bound"}, /* count */
        {records + 16, 2, "impossible record"},     /* pinned */
        {records, 154, "impossible record"},        /* key 77 becomes the next one's */
        {records, 0, "impossible record"},          /* key 0 */
        {timers + 8 + 6 + 7, 1, "timers"},          /* count */
        {timers + 8 + 6 + 8, 4, "impossible order"},
    };
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        struct memory m = saved(SMALL);
        m.bytes[damages[i].at] = (unsigned char)damages[i].value;
        memory_repair(&m);
        check_refused(&m, damages[i].words);
        memory_fini(&m);
    }
}

static void failing_sink(void)
{
    struct state s;
    state_init(&s);
    state_fill(&s, 4500);
    struct memory whole = {0};
    CHECK_INT(state_save(&s, &whole), 0);
    CHECK(whole.calls > 3);
    for (unsigned n = 1; n <= whole.calls; n++) {
        struct memory m = {.fail_at = n};
        errno = 0;
        CHECK_INT(state_save(&s, &m), -1);
        CHECK_INT(errno, ENOSPC);
        CHECK_INT(m.calls, n); /* nothing is written after a failure */
        memory_fini(&m);
    }
    memory_fini(&whole);
    state_fini(&s);
}

static void failing_source(void)
{
    struct memory m = saved(SMALL);
    m.step = 100;
    m.calls = 0;
    struct error err;
    CHECK_INT(try_load(&m, &err), 0);
    for (unsigned calls = m.calls, n = 1; n <= calls; n++) {
        m.calls = 0;
        m.fail_at = n;
        check_refused(&m, strerror(EIO));
    }
    memory_fini(&m);
}

/* ---- the corpus of the fuzz target, which is the format's golden copy too ---- */

static const struct {
    const char *path;
    uint64_t records;
} corpus[] = {
    {CORPUS "/empty", 0},
    {CORPUS "/small", SMALL},
    {CORPUS "/evicted", 40},
};

static void format_is_stable(void)
{
    for (size_t i = 0; i < sizeof corpus / sizeof corpus[0]; i++) {
        struct memory m = saved(corpus[i].records);
        unsigned char bytes[8192];
        FILE *file = fopen(corpus[i].path, "rb");
        if (!file)
            check_fail(__FILE__, __LINE__, "%s: %s", corpus[i].path, strerror(errno));
        else {
            CHECK_INT(fread(bytes, 1, sizeof bytes, file), m.length);
            CHECK(m.length < sizeof bytes && memcmp(bytes, m.bytes, m.length) == 0);
            fclose(file);
        }
        memory_fini(&m);
    }
}

static int write_corpus(void)
{
    for (size_t i = 0; i < sizeof corpus / sizeof corpus[0]; i++) {
        struct memory m = saved(corpus[i].records);
        FILE *file = fopen(corpus[i].path, "wb");
        if (!file || fwrite(m.bytes, 1, m.length, file) != m.length || fclose(file) != 0) {
            perror(corpus[i].path);
            return 1;
        }
        memory_fini(&m);
    }
    return 0;
}

static const struct check_test tests[] = {
    {"a state comes back equal and behaves alike", round_trip},
    {"values may be larger than the buffer", values_beyond_the_buffer},
    {"every flipped bit is refused", every_flipped_bit},
    {"every shorter length is refused", every_length},
    {"bytes after the end are refused", bytes_after_the_end},
    {"other formats are told apart", other_formats},
    {"other layouts are refused", other_layouts},
    {"other sections are refused", other_sections},
    {"impossible contents are refused under right checksums", impossible_contents},
    {"a failing sink fails the snapshot", failing_sink},
    {"a failing source fails the loading", failing_source},
    {"the format is the one of the stored copies", format_is_stable},
};

/* `--write-corpus` makes the stored copies anew, after a change of the format. */
int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--write-corpus") == 0)
        return write_corpus();
    return check_main(tests, sizeof tests / sizeof tests[0], argc, argv);
}
