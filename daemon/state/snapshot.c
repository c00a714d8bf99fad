#include "daemon/state/snapshot.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* \r\n at the end: what a transfer in text mode breaks */
static const unsigned char magic[8] = {'J', 'D', 'S', 'T', 'A', 'T', '\r', '\n'};
static const struct sip_key sum_key = SNAPSHOT_SUM_KEY;

#define BYTE_ORDER_MARK 0x01020304u
#define FIXED_SIZE 24 /* magic to reserved */
#define HEADER_NUMBERS 10
#define SUM_SIZE 8
#define RECORD_SIZE 17 /* before the value */
#define TIMER_SIZE 32
#define SECTION_NAME_MAX 127

enum section { SECTION_END, SECTION_TABLE, SECTION_TIMERS, SECTION_BLOB };

_Static_assert(SNAPSHOT_HEADER_SIZE == FIXED_SIZE + 8 * HEADER_NUMBERS, "documented and written alike");

/* ---- numbers ---- */

static unsigned char *put_u32(unsigned char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        *p++ = (unsigned char)(v >> 8 * i);
    return p;
}

static unsigned char *put_u64(unsigned char *p, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        *p++ = (unsigned char)(v >> 8 * i);
    return p;
}

static uint32_t get_u32(const unsigned char *p)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++)
        v |= (uint32_t)p[i] << 8 * i;
    return v;
}

static uint64_t get_u64(const unsigned char *p)
{
    return get_u32(p) | (uint64_t)get_u32(p + 4) << 32;
}

/* What must be the same where it is written and where it is read. */
static void put_machine(unsigned char p[8])
{
    const uint32_t mark = BYTE_ORDER_MARK;
    memcpy(p, &mark, sizeof mark);
    p[4] = sizeof(int);
    p[5] = sizeof(long);
    p[6] = sizeof(void *);
    p[7] = _Alignof(struct snapshot_header);
}

/* ---- writing ---- */

static int fail_writing(struct snapshot_writer *w)
{
    errno = w->failed;
    return -1;
}

static int hand_over(struct snapshot_writer *w, const void *data, size_t length)
{
    if (w->sink(w->context, data, length) == 0)
        return 0;
    w->failed = errno ? errno : EIO;
    return fail_writing(w);
}

static int flush(struct snapshot_writer *w)
{
    size_t length = w->used;
    w->used = 0;
    sip_stream_add(&w->sum, w->buffer, length);
    return length ? hand_over(w, w->buffer, length) : 0;
}

static int put(struct snapshot_writer *w, const void *data, size_t length)
{
    const unsigned char *p = data;
    if (w->failed)
        return fail_writing(w);
    while (length) {
        size_t room = sizeof w->buffer - w->used;
        size_t n = length < room ? length : room;
        memcpy(w->buffer + w->used, p, n);
        w->used += n;
        p += n;
        length -= n;
        if (w->used == sizeof w->buffer && flush(w) != 0)
            return -1;
    }
    return 0;
}

static uint32_t name_length(const char *name)
{
    return (uint32_t)strnlen(name, SECTION_NAME_MAX);
}

static int put_section(struct snapshot_writer *w, enum section section, const char *name)
{
    unsigned char head[8];
    put_u32(put_u32(head, section), name_length(name));
    return put(w, head, sizeof head) || put(w, name, name_length(name)) ? -1 : 0;
}

int snapshot_begin(
    struct snapshot_writer *w, snapshot_sink sink, void *context, const struct snapshot_header *header)
{
    const uint64_t numbers[HEADER_NUMBERS] = {header->config_hash, header->seed.k0, header->seed.k1,
        (uint64_t)header->pos_ms, header->pos_seq, header->read, header->fingerprint, (uint64_t)header->now,
        header->started, header->warmup_until};
    unsigned char bytes[SNAPSHOT_HEADER_SIZE + SUM_SIZE] = {0};
    memcpy(bytes, magic, sizeof magic);
    put_u32(bytes + 8, SNAPSHOT_FORMAT);
    put_machine(bytes + 12);
    for (size_t i = 0; i < HEADER_NUMBERS; i++)
        put_u64(bytes + FIXED_SIZE + 8 * i, numbers[i]);
    put_u64(bytes + SNAPSHOT_HEADER_SIZE, siphash24(&sum_key, bytes, SNAPSHOT_HEADER_SIZE));

    w->sink = sink;
    w->context = context;
    w->failed = 0;
    w->used = 0;
    sip_stream_init(&w->sum, &sum_key);
    return put(w, bytes, sizeof bytes);
}

int snapshot_put_table(struct snapshot_writer *w, const struct table *table)
{
    const struct jd_table *spec = table_spec(table);
    struct table_stats stats;
    table_stats(table, &stats);
    unsigned char head[32];
    unsigned char *p = put_u32(put_u32(head, spec->value_size), spec->version);
    put_u64(put_u64(put_u64(p, stats.records), stats.evicted), (uint64_t)stats.newest_evicted);
    if (put_section(w, SECTION_TABLE, spec->name) || put(w, head, sizeof head))
        return -1;

    uint64_t cursor = 0, key;
    void *value;
    int64_t touched;
    bool pinned;
    while (table_next(table, &cursor, &key, &value, &touched, &pinned)) {
        unsigned char record[RECORD_SIZE];
        *put_u64(put_u64(record, key), (uint64_t)touched) = pinned;
        if (put(w, record, sizeof record) || put(w, value, spec->value_size))
            return -1;
    }
    return 0;
}

int snapshot_put_timers(struct snapshot_writer *w, const struct timers *timers)
{
    uint64_t count, next_order;
    const struct timer *all = timers_all(timers, &count, &next_order);
    unsigned char bytes[TIMER_SIZE];
    put_u64(put_u64(bytes, count), next_order);
    if (put_section(w, SECTION_TIMERS, "timers") || put(w, bytes, 16))
        return -1;
    for (uint64_t i = 0; i < count; i++) {
        unsigned char *p = put_u64(bytes, (uint64_t)all[i].deadline);
        put_u32(put_u32(put_u64(put_u64(p, all[i].order), all[i].key), all[i].owner), all[i].table);
        if (put(w, bytes, sizeof bytes))
            return -1;
    }
    return 0;
}

int snapshot_put_blob(struct snapshot_writer *w, const char *name, const void *data, size_t length)
{
    unsigned char head[8];
    put_u64(head, length);
    return put_section(w, SECTION_BLOB, name) || put(w, head, sizeof head) || put(w, data, length) ? -1 : 0;
}

int snapshot_end(struct snapshot_writer *w)
{
    unsigned char bytes[SUM_SIZE];
    put_u32(bytes, SECTION_END);
    if (put(w, bytes, 4) || flush(w))
        return -1;
    put_u64(bytes, sip_stream_end(&w->sum));
    return hand_over(w, bytes, sizeof bytes);
}

/* ---- reading ---- */

static void sum_up(struct snapshot_reader *r)
{
    sip_stream_add(&r->sum, r->buffer + r->summed, r->at - r->summed);
    r->summed = r->at;
}

/* Reads more when all was handed out: 1, 0 at the end, or -1. */
static int refill(struct snapshot_reader *r, struct error *err)
{
    sum_up(r);
    r->at = r->summed = r->end = 0;
    long n = r->source(r->context, r->buffer, sizeof r->buffer);
    if (n < 0)
        return error_set(err, "cannot read the snapshot: %s", strerror(errno));
    invariant((size_t)n <= sizeof r->buffer);
    r->end = (size_t)n;
    return n > 0;
}

static int get(struct snapshot_reader *r, void *data, size_t length, struct error *err)
{
    unsigned char *p = data;
    while (length) {
        size_t have = r->end - r->at;
        size_t n = length < have ? length : have;
        memcpy(p, r->buffer + r->at, n);
        r->at += n;
        p += n;
        length -= n;
        int more = length ? refill(r, err) : 1;
        if (more < 0)
            return -1;
        if (!more)
            return error_set(err, "the snapshot is cut short");
    }
    return 0;
}

static int check_fixed(const unsigned char *bytes, struct error *err)
{
    if (memcmp(bytes, magic, sizeof magic) != 0)
        return error_set(err, "this is no snapshot");
    uint32_t format = get_u32(bytes + 8);
    if (format != SNAPSHOT_FORMAT)
        return error_set(err, "the snapshot has format %" PRIu32 "%s, this program reads format %d", format,
            format == 1 ? " (without pinned flags)" : "", SNAPSHOT_FORMAT);
    unsigned char machine[8];
    put_machine(machine);
    if (memcmp(bytes + 12, machine, sizeof machine) != 0)
        return error_set(
            err, "the snapshot was written on another class of machine (byte order or type sizes)");
    return 0;
}

int snapshot_open(struct snapshot_reader *r, snapshot_source source, void *context,
    struct snapshot_header *header, struct error *err)
{
    r->source = source;
    r->context = context;
    r->summed = r->at = r->end = 0;
    sip_stream_init(&r->sum, &sum_key);

    unsigned char bytes[SNAPSHOT_HEADER_SIZE + SUM_SIZE];
    if (get(r, bytes, FIXED_SIZE, err) || check_fixed(bytes, err) ||
        get(r, bytes + FIXED_SIZE, sizeof bytes - FIXED_SIZE, err))
        return -1;
    if (get_u64(bytes + SNAPSHOT_HEADER_SIZE) != siphash24(&sum_key, bytes, SNAPSHOT_HEADER_SIZE))
        return error_set(err, "the snapshot is damaged: its header does not fit its checksum");
    uint64_t numbers[HEADER_NUMBERS];
    for (size_t i = 0; i < HEADER_NUMBERS; i++)
        numbers[i] = get_u64(bytes + FIXED_SIZE + 8 * i);
    *header = (struct snapshot_header){
        .config_hash = numbers[0],
        .seed = {numbers[1], numbers[2]},
        .pos_ms = (int64_t)numbers[3],
        .pos_seq = numbers[4],
        .read = numbers[5],
        .fingerprint = numbers[6],
        .now = (int64_t)numbers[7],
        .started = numbers[8],
        .warmup_until = numbers[9],
    };
    return 0;
}

static int get_section(struct snapshot_reader *r, enum section section, const char *name, struct error *err)
{
    unsigned char head[8];
    char found[SECTION_NAME_MAX + 1] = "";
    if (get(r, head, sizeof head, err))
        return -1;
    uint32_t length = get_u32(head + 4);
    if (get(r, found, length < SECTION_NAME_MAX ? length : SECTION_NAME_MAX, err))
        return -1;
    if (get_u32(head) == (uint32_t)section && length == name_length(name) && memcmp(found, name, length) == 0)
        return 0;
    for (char *p = found; *p; p++)
        if (*p < ' ' || *p > '~')
            *p = '?';
    return error_set(err,
        "the snapshot holds \"%s\" where \"%s\" is expected: it is of another configuration, or damaged",
        found, name);
}

static int get_records(struct snapshot_reader *r, struct table *table, uint64_t count, struct error *err)
{
    const struct jd_table *spec = table_spec(table);
    for (uint64_t i = 0; i < count; i++) {
        unsigned char record[RECORD_SIZE];
        if (get(r, record, sizeof record, err))
            return -1;
        void *value = NULL;
        if (record[16] <= 1)
            value = table_restore(table, get_u64(record), (int64_t)get_u64(record + 8), record[16]);
        if (!value)
            return error_set(err, "the snapshot is damaged: table %s has an impossible record", spec->name);
        if (get(r, value, spec->value_size, err))
            return -1;
    }
    return 0;
}

int snapshot_get_table(struct snapshot_reader *r, struct table *table, struct error *err)
{
    const struct jd_table *spec = table_spec(table);
    struct table_stats stats;
    table_stats(table, &stats);
    invariant(stats.records == 0);
    unsigned char head[32];
    if (get_section(r, SECTION_TABLE, spec->name, err) || get(r, head, sizeof head, err))
        return -1;
    uint32_t size = get_u32(head), version = get_u32(head + 4);
    if (size != spec->value_size || version != spec->version)
        return error_set(err,
            "table %s has layout %" PRIu32 " (%" PRIu32 " bytes) in the snapshot, %" PRIu32 " (%" PRIu32
            " bytes) here",
            spec->name, version, size, spec->version, spec->value_size);
    uint64_t count = get_u64(head + 8);
    if (count > spec->bound)
        return error_set(err, "table %s has %" PRIu64 " records in the snapshot, its bound here is %" PRIu32,
            spec->name, count, spec->bound);
    if (get_records(r, table, count, err))
        return -1;
    table_restore_stats(table, get_u64(head + 16), (int64_t)get_u64(head + 24));
    return 0;
}

int snapshot_get_timers(struct snapshot_reader *r, struct timers *timers, struct error *err)
{
    unsigned char bytes[TIMER_SIZE];
    if (get_section(r, SECTION_TIMERS, "timers", err) || get(r, bytes, 16, err))
        return -1;
    uint64_t count = get_u64(bytes), next_order = get_u64(bytes + 8);
    if (count > timers_bound(timers))
        return error_set(err, "the snapshot has %" PRIu64 " timers, the bound here is %" PRIu64, count,
            timers_bound(timers));
    struct timer *all = memory_zeroed(count, sizeof *all, "timers");
    int result = -1;
    for (uint64_t i = 0; i < count; i++) {
        if (get(r, bytes, sizeof bytes, err))
            goto out;
        all[i] = (struct timer){(int64_t)get_u64(bytes), get_u64(bytes + 8), get_u64(bytes + 16),
            get_u32(bytes + 24), get_u32(bytes + 28)};
    }
    result = timers_restore(timers, all, count, next_order);
    if (result)
        error_set(err, "the snapshot is damaged: a timer has an impossible order");
out:
    free(all);
    return result;
}

int snapshot_get_blob(
    struct snapshot_reader *r, const char *name, void *data, size_t length, struct error *err)
{
    unsigned char head[8];
    if (get_section(r, SECTION_BLOB, name, err) || get(r, head, sizeof head, err))
        return -1;
    if (get_u64(head) != length)
        return error_set(
            err, "\"%s\" has %" PRIu64 " bytes in the snapshot, %zu here", name, get_u64(head), length);
    return get(r, data, length, err);
}

int snapshot_finish(struct snapshot_reader *r, struct error *err)
{
    unsigned char bytes[SUM_SIZE];
    if (get(r, bytes, 4, err))
        return -1;
    if (get_u32(bytes) != SECTION_END)
        return error_set(
            err, "the snapshot holds more than is expected: it is of another configuration, or damaged");
    sum_up(r);
    uint64_t sum = sip_stream_end(&r->sum);
    if (get(r, bytes, sizeof bytes, err))
        return -1;
    if (get_u64(bytes) != sum)
        return error_set(err, "the snapshot is damaged: it does not fit its checksum");
    int more = r->at < r->end ? 1 : refill(r, err);
    if (more > 0)
        return error_set(err, "the snapshot goes on after its end");
    return more;
}
