/* The job that every peer of `make bench-peers` is given, as a detector, so that what the ABI costs is
 * measured: a   more than 4 different devices of an account in an hour b   more than 2 different units of a
 * device in a day         (a, b: receipts do not count) c1  more than 5 orders of one account, supplier and
 * amount in a day c2  a receipt less than a minute after its order It raises no signal: each event that
 * breaks a rule is a record in that rule's table, so that the statistics tell how many there were. */
#include "detectors/detector.h"

#define DEVICES 5 /* one more than are allowed: the ones touched last decide */
#define UNITS 3
#define ORDERS 6

enum { TABLE_ACCOUNTS, TABLE_DEVICES, TABLE_PURCHASES, TABLE_ORDERS, TABLE_A, TABLE_B, TABLE_C1, TABLE_C2 };

struct account {
    struct {
        struct jd_set head;
        struct jd_slot slot[DEVICES];
    } devices;
};

struct device {
    struct {
        struct jd_set head;
        struct jd_slot slot[UNITS];
    } units;
};

struct purchase {
    uint64_t orders;
    int64_t times[ORDERS]; /* of the newest, as a ring */
};

struct order {
    int64_t time;
};

struct hits {
    uint64_t count;
};

#define BOUND 2000000
/* A touch soon after another one does not lengthen a record's life: it must outlast its window by a little.
 */
#define KEPT(window) ((window) + (window) / 32)
#define ON (JD_TYPE_BIT(LOGIN) | JD_TYPE_BIT(ORDER))
static const struct jd_table tables[] = {
    [TABLE_ACCOUNTS] = {"accounts", sizeof(struct account), 1, BOUND, KEPT(JD_HOUR), JD_FIELD_BIT(ACCOUNT),
        ON},
    [TABLE_DEVICES] = {"devices", sizeof(struct device), 1, BOUND, KEPT(JD_DAY), JD_FIELD_BIT(DEVICE), ON},
    [TABLE_PURCHASES] = {"purchases", sizeof(struct purchase), 1, BOUND, KEPT(JD_DAY), 0, 0},
    [TABLE_ORDERS] = {"orders", sizeof(struct order), 1, BOUND, KEPT(JD_MINUTE), JD_FIELD_BIT(ORDER),
        JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(RECEIPT)},
    [TABLE_A] = {"a", sizeof(struct hits), 1, BOUND, 400 * JD_DAY, 0, 0},
    [TABLE_B] = {"b", sizeof(struct hits), 1, BOUND, 400 * JD_DAY, 0, 0},
    [TABLE_C1] = {"c1", sizeof(struct hits), 1, BOUND, 400 * JD_DAY, 0, 0},
    [TABLE_C2] = {"c2", sizeof(struct hits), 1, BOUND, 400 * JD_DAY, 0, 0},
};

static const struct jd_signal signals[] = {
    {"R1", "rule", "疑似违规", "suspected breach", JD_UNIT_NUMBER, {{0}}, 0, 0},
};

static void hit(struct jd_host *h, unsigned rule, const struct jd_event *e)
{
    jd_get(h, rule, (uint64_t)e->id_ms);
}

static void count_devices(struct jd_host *h, const struct jd_event *e)
{
    uint64_t account = jd_key(e, JD_F_ACCOUNT), device = jd_key(e, JD_F_DEVICE), unit = jd_key(e, JD_F_UNIT);
    if (!account || !device || !unit)
        return;
    struct account *a = jd_get(h, TABLE_ACCOUNTS, account);
    if (a) {
        jd_touch(h, &a->devices.head, DEVICES, device, jd_now(h), JD_HOUR);
        if (a->devices.head.used == DEVICES)
            hit(h, TABLE_A, e);
    }
    struct device *d = jd_get(h, TABLE_DEVICES, device);
    if (d) {
        jd_touch(h, &d->units.head, UNITS, unit, jd_now(h), JD_DAY);
        if (d->units.head.used == UNITS)
            hit(h, TABLE_B, e);
    }
}

static void count_orders(struct jd_host *h, const struct jd_event *e)
{
    uint64_t supplier = jd_key(e, JD_F_SUPPLIER), order = jd_key(e, JD_F_ORDER);
    uint64_t key =
        (jd_key(e, JD_F_ACCOUNT) ^ (supplier << 21 | supplier >> 43)) + (uint64_t)jd_num(e, JD_F_AMOUNT);
    struct purchase *p = key ? jd_get(h, TABLE_PURCHASES, key) : NULL;
    if (p) {
        p->times[p->orders++ % ORDERS] = jd_now(h);
        if (p->orders >= ORDERS && p->times[p->orders % ORDERS] >= jd_now(h) - JD_DAY)
            hit(h, TABLE_C1, e);
    }
    struct order *o = order ? jd_get(h, TABLE_ORDERS, order) : NULL;
    if (o)
        o->time = jd_now(h);
}

static void on_event(struct jd_host *h, const struct jd_event *e)
{
    if (e->type != JD_TYPE_RECEIPT)
        count_devices(h, e);
    if (e->type == JD_TYPE_ORDER)
        count_orders(h, e);
    if (e->type == JD_TYPE_RECEIPT && jd_key(e, JD_F_ORDER)) {
        const struct order *o = jd_find(h, TABLE_ORDERS, jd_key(e, JD_F_ORDER));
        if (o && jd_now(h) - o->time < JD_MINUTE)
            hit(h, TABLE_C2, e);
    }
}

static const struct jd_detector detector = {
    .abi_major = JD_ABI_MAJOR,
    .abi_minor = JD_ABI_MINOR,
    .size = sizeof(struct jd_detector),
    .event_schema = JD_EVENT_SCHEMA,
    .name = "three_rules",
    .version = "1.0.0",
    .summary = "the job of the benchmark",
    .title_zh = "疑似违规：{subject}",
    .title_en = "Suspected breach: {subject}",
    .clause_zh = "测试",
    .clause_en = "Benchmark",
    .wants = ON | JD_TYPE_BIT(RECEIPT),
    .tables = tables,
    .n_tables = sizeof(tables) / sizeof(tables[0]),
    .signals = signals,
    .n_signals = sizeof(signals) / sizeof(signals[0]),
    .on_event = on_event,
};

JD_ENTRY(three_rules)
{
    return &detector;
}
