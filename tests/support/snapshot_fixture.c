#include "tests/support/snapshot_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct snapshot_header state_header = {
    .config_hash = UINT64_C(0x1122334455667788),
    .seed = {3, 5},
    .pos_ms = INT64_C(1767225600000),
    .pos_seq = 7,
    .read = 11,
    .fingerprint = UINT64_C(0xfedcba9876543210),
    .now = INT64_C(1767225600001),
    .started = UINT64_C(1767225599000),
    .warmup_until = UINT64_C(1767225700000),
};

void state_init(struct state *s)
{
    *s = (struct state){
        .cases = table_create(&(struct jd_table){"cases", 16, 3, 5000, 0, 0, 0}, NULL),
        .orders = table_create(&(struct jd_table){"orders", 8, 1, 20, 1000, 0, 0}, NULL),
        .timers = timers_create(5000, NULL),
    };
    if (!s->cases || !s->orders || !s->timers)
        abort();
}

void state_fini(struct state *s)
{
    table_destroy(s->cases);
    table_destroy(s->orders);
    timers_destroy(s->timers);
}

void state_fill(struct state *s, uint64_t records)
{
    for (uint64_t i = 1; i <= records; i++) {
        uint64_t *value = table_get(s->cases, i * 77, (int64_t)i, NULL);
        value[0] = i * i;
        table_pin(s->cases, value, i % 3 == 0);
        *(uint64_t *)table_get(s->orders, i * 55, (int64_t)(i * 10), NULL) = i;
        if (i % 2)
            timers_set(s->timers, (int64_t)(10 * records - i), 1, 2, i);
    }
    for (uint64_t i = 0; i < 3; i++)
        s->blob[i] = i + records;
}

int state_save_to(const struct state *s, snapshot_sink sink, void *context)
{
    static struct snapshot_writer w;
    int result = snapshot_begin(&w, sink, context, &state_header);
    result |= snapshot_put_table(&w, s->cases);
    result |= snapshot_put_timers(&w, s->timers);
    result |= snapshot_put_blob(&w, "blob", s->blob, sizeof s->blob);
    result |= snapshot_put_table(&w, s->orders);
    return result | snapshot_end(&w);
}

int state_load_from(
    struct state *s, snapshot_source source, void *context, struct snapshot_header *header, struct error *err)
{
    static struct snapshot_reader r;
    if (snapshot_open(&r, source, context, header, err) || snapshot_get_table(&r, s->cases, err) ||
        snapshot_get_timers(&r, s->timers, err) ||
        snapshot_get_blob(&r, "blob", s->blob, sizeof s->blob, err) || snapshot_get_table(&r, s->orders, err))
        return -1;
    return snapshot_finish(&r, err);
}

int state_save(const struct state *s, struct memory *memory)
{
    return state_save_to(s, memory_sink, memory);
}

int state_load(struct state *s, struct memory *memory, struct snapshot_header *header, struct error *err)
{
    memory->at = 0;
    return state_load_from(s, memory_source, memory, header, err);
}

int memory_sink(void *context, const void *data, size_t length)
{
    struct memory *m = context;
    if (++m->calls == m->fail_at) {
        errno = ENOSPC;
        return -1;
    }
    unsigned char *grown = realloc(m->bytes, m->length + length);
    if (!grown)
        abort();
    memcpy(grown + m->length, data, length);
    m->bytes = grown;
    m->length += length;
    return 0;
}

long memory_source(void *context, void *data, size_t length)
{
    struct memory *m = context;
    if (++m->calls == m->fail_at) {
        errno = EIO;
        return -1;
    }
    size_t n = m->length - m->at;
    n = n < length ? n : length;
    n = m->step && n > m->step ? m->step : n;
    if (n)
        memcpy(data, m->bytes + m->at, n);
    m->at += n;
    return (long)n;
}

void memory_fini(struct memory *m)
{
    free(m->bytes);
}

static void repair(unsigned char *bytes, size_t length)
{
    uint64_t sum = siphash24(&SNAPSHOT_SUM_KEY, bytes, length);
    for (int i = 0; i < 8; i++)
        bytes[length + (size_t)i] = (unsigned char)(sum >> 8 * i);
}

void memory_repair(struct memory *m)
{
    if (m->length < SNAPSHOT_HEADER_SIZE + 16)
        return;
    repair(m->bytes, SNAPSHOT_HEADER_SIZE);
    repair(m->bytes, m->length - 8);
}
