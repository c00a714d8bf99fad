/* A starting point for a new detector: copy it to detectors/NAME/NAME.c, and rename `template` everywhere.
 *
 * It is whole, of one signal: vouchers of several unrelated units are redeemed on one device, as when
 * somebody collects them for money. Its look-alikes: a school district's units, which jd_related knows, and
 * staff with vouchers of their one unit. A signal is a fact that honest units rarely show, in words that an
 * office can check, with a guard and a golden case for each look-alike. */
#include "detectors/detector.h"

/* Options, one int64_t each. In a config: {"name": "template", "options": {"units": 4, "window": "60d"}} */
struct config {
    int64_t units, window;
};

#define LONG (400 * JD_DAY) /* a budget year and its overlap */

static const struct jd_option options[] = {
    {"units", JD_OPTION_INT, offsetof(struct config, units), 2, 8, 3, "unrelated units on one device"},
    {"window", JD_OPTION_DURATION, offsetof(struct config, window), JD_HOUR, LONG, 30 * JD_DAY,
        "counts within"},
};

/* State lives in tables of the host, never in variables. A record is zeroed when it is made; it holds plain
 * integers: times, counts, keys of entities, and refs to the entries that prove something. */
enum { TABLE_DEVICES, UNITS = 8, PROOFS = 8 };

struct device {
    uint64_t redemptions;
    struct jd_ref proof[PROOFS]; /* the newest of them, as a ring */
    struct {
        struct jd_set head;
        struct jd_slot slot[UNITS];
    } units; /* whose vouchers they were */
};

static const struct jd_table tables[] = {
    [TABLE_DEVICES] = {"devices", sizeof(struct device), 1, 100000, LONG, JD_FIELD_BIT(DEVICE),
        JD_TYPE_BIT(REDEEM)},
};

/* Signals of one group count once: a group is one independent source of knowledge. The lists at the end could
 * have cleared this; without any entry in them it weighs less. */
static const struct jd_signal signals[] = {
    {"T1", "device",
        "疑似集中兑付：设备 {device} 兑付了 {value} 个互无隶属关系单位的提货券（阈值 {threshold}）",
        "suspected: device {device} redeemed vouchers of {value} unrelated units (threshold {threshold})",
        JD_UNIT_NUMBER, {{"device", JD_ENTITY(DEVICE)}}, 90, JD_LIST_BIT(PARENT)},
};

/* Makes members of the device's units, of which no two are related, and says how many there are. */
static unsigned unrelated_units(struct jd_host *h, const struct device *d, struct jd_member *members)
{
    unsigned n = 0;

    for (unsigned i = 0; i < d->units.head.used; i++) {
        uint64_t unit = d->units.slot[i].key;
        bool counts = true;
        for (unsigned j = 0; counts && j < n; j++)
            counts = !jd_related(h, unit, members[j].key);
        if (counts)
            members[n++] = (struct jd_member){JD_KIND_UNIT, JD_ROLE_BUYER, unit, unit, 0};
    }
    return n;
}

static void on_event(struct jd_host *h, const struct jd_event *e)
{
    const struct config *c = jd_config(h);
    uint64_t device = jd_key(e, JD_F_DEVICE), unit = jd_key(e, JD_F_UNIT);
    struct jd_member members[UNITS];
    struct jd_emit emit = {
        .strength = JD_DB(14),
        .flags = jd_lost(h, TABLE_DEVICES, c->window) ? JD_INCOMPLETE : 0,
        .subject = {JD_KIND_DEVICE, device},
        .threshold = c->units,
        .facts = {(int64_t)device},
        .members = members,
    };
    struct device *d;

    if (!device || !unit) /* any field may be missing: a signal that needs it stays silent */
        return;
    d = jd_get(h, TABLE_DEVICES, device);
    if (!d || jd_touch(h, &d->units.head, UNITS, unit, e->time, c->window)->count > 1)
        return;
    d->proof[d->redemptions++ % PROOFS] = jd_ref_of(e);
    jd_remember(h, e, JD_F_DEVICE); /* the names of all that an alert may show */
    jd_remember(h, e, JD_F_UNIT);
    emit.n_members = unrelated_units(h, d, members);
    if (emit.n_members < (uint64_t)c->units)
        return;
    emit.value = emit.n_members;
    emit.refs = d->proof;
    emit.n_refs = d->redemptions < PROOFS ? (uint32_t)d->redemptions : PROOFS;
    jd_emit(h, &emit);
}

static const struct jd_detector detector = {
    .abi_major = JD_ABI_MAJOR,
    .abi_minor = JD_ABI_MINOR,
    .size = sizeof(struct jd_detector),
    .event_schema = JD_EVENT_SCHEMA,
    .name = "template",
    .version = "1.0.0",
    .summary = "vouchers of unrelated units redeemed on one device",
    .title_zh = "疑似集中兑付提货券：{subject}",
    .title_en = "Suspected collecting of vouchers on {subject}",
    .clause_zh = "不得虚假交易、套取资金",
    .clause_en = "No fake trades, no turning of goods into money",
    .wants = JD_TYPE_BIT(REDEEM),
    .options = options,
    .n_options = sizeof(options) / sizeof(options[0]),
    .config_size = sizeof(struct config),
    .tables = tables,
    .n_tables = sizeof(tables) / sizeof(tables[0]),
    .signals = signals,
    .n_signals = sizeof(signals) / sizeof(signals[0]),
    .on_event = on_event,
};

JD_ENTRY(template)
{
    return &detector;
}
