/* An order's record, and what has been raised about it. */
#include "detectors/fake_trade/fake_trade.h"

#include <string.h>

static const uint16_t step_types[STEPS] = {
    [ORDERED] = JD_TYPE_ORDER,
    [PAID] = JD_TYPE_PAYMENT,
    [SHIPPED] = JD_TYPE_SHIPMENT,
    [SCANNED] = JD_TYPE_TRACKING,
    [DELIVERED] = JD_TYPE_TRACKING,
    [RECEIVED] = JD_TYPE_RECEIPT,
    [INVOICED] = JD_TYPE_INVOICE,
    [REFUNDED] = JD_TYPE_REFUND,
    [CANCELLED] = JD_TYPE_CANCEL,
};

void fake_trade_remember(struct jd_host *h, const struct jd_event *e, const enum jd_field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++)
        jd_remember(h, e, fields[i]);
}

/* A key of what comes before floor and room: all up to the number of the house (号). The hash is that of
 * Fowler, Noll and Vo; it is only compared. */
static uint64_t house_of(const struct jd_event *e)
{
    const struct jd_value *address = &e->field[JD_F_ADDRESS];
    uint64_t key = UINT64_C(0xcbf29ce484222325);
    if (!jd_has(e, JD_F_ADDRESS))
        return 0;
    for (uint32_t i = 0; i + 3 <= address->length; i++) {
        if (memcmp(address->text + i, "\xe5\x8f\xb7", 3) == 0)
            return key;
        key = (key ^ (unsigned char)address->text[i]) * UINT64_C(0x100000001b3);
    }
    return 0;
}

/* What only the order's own event says. A second one about the same order changes nothing. */
static void fill_from_order(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e)
{
    static const enum jd_field named[] = {JD_F_ORDER, JD_F_UNIT, JD_F_ACCOUNT_UNIT, JD_F_SUPPLIER,
        JD_F_ACCOUNT, JD_F_DEVICE, JD_F_PHONE, JD_F_CONSIGNEE_PHONE, JD_F_ADDRESS, JD_F_SKU};
    if (fake_trade_has(o, ORDERED))
        return;
    fake_trade_remember(h, e, named, sizeof named / sizeof *named);
    o->unit = jd_key(e, JD_F_UNIT) ? jd_key(e, JD_F_UNIT) : jd_key(e, JD_F_ACCOUNT_UNIT);
    o->region = (uint32_t)jd_num(e, JD_F_REGION);
    o->account = jd_key(e, JD_F_ACCOUNT);
    o->device = jd_key(e, JD_F_DEVICE);
    o->phone = jd_key(e, JD_F_PHONE);
    o->consignee = jd_key(e, JD_F_CONSIGNEE_PHONE);
    o->address = jd_key(e, JD_F_ADDRESS);
    o->house = house_of(e);
    o->sku = jd_key(e, JD_F_SKU);
    o->category = jd_key(e, JD_F_CATEGORY);
    o->amount = jd_num(e, JD_F_AMOUNT);
    o->price = jd_num(e, JD_F_UNIT_PRICE);
    o->quantity = jd_num(e, JD_F_QUANTITY);
    if (jd_has(e, JD_F_PRODUCT_TYPE))
        o->product = (uint8_t)jd_num(e, JD_F_PRODUCT_TYPE);
}

struct fake_trade_order *fake_trade_order_get(struct jd_host *h, const struct jd_event *e)
{
    uint64_t key = jd_key(e, JD_F_ORDER);
    struct fake_trade_order *o = key ? jd_get(h, ORDERS, key) : NULL;
    if (!o)
        return NULL;
    if (!o->key) {
        static const enum jd_field named[] = {JD_F_ORDER, JD_F_UNIT, JD_F_SUPPLIER};
        o->key = key;
        jd_pin(h, ORDERS, o, true);
        fake_trade_remember(h, e, named, sizeof named / sizeof *named);
    }
    if (e->type == JD_TYPE_ORDER)
        fill_from_order(h, o, e);
    if (!o->unit)
        o->unit = jd_key(e, JD_F_UNIT);
    if (!o->region && jd_key(e, JD_F_UNIT))
        o->region = (uint32_t)jd_num(e, JD_F_REGION);
    if (!o->supplier)
        o->supplier = jd_key(e, JD_F_SUPPLIER);
    if (!o->supplier_region)
        o->supplier_region = (uint32_t)jd_num(e, JD_F_SUPPLIER_REGION);
    return o;
}

bool fake_trade_order_step(
    struct fake_trade_order *o, enum fake_trade_step_kind kind, const struct jd_event *e)
{
    struct fake_trade_step *step = &o->step[kind];
    if (step->id_ms && step->time <= e->time)
        return false;
    *step = fake_trade_step_of(e);
    return true;
}

struct jd_ref fake_trade_ref(const struct fake_trade_order *o, enum fake_trade_step_kind kind)
{
    struct jd_ref ref = {
        .id_ms = o->step[kind].id_ms,
        .id_seq = o->step[kind].id_seq,
        .time = o->step[kind].time,
        .amount = o->amount,
        .unit = o->unit,
        .supplier = o->supplier,
        .order = o->key,
        .region = o->region,
        .type = step_types[kind],
    };
    if (kind == ORDERED) {
        ref.account = o->account;
        ref.device = o->device;
    } else if (kind == RECEIVED) {
        ref.account = o->receipt_account;
        ref.device = o->receipt_device;
    } else if (kind == SHIPPED) {
        ref.account = o->shipment_account;
        ref.device = o->shipment_device;
    }
    if (kind == SHIPPED || kind == SCANNED || kind == DELIVERED)
        ref.waybill = o->waybills[0];
    return ref;
}

static uint32_t add_refs(struct jd_ref *refs, uint32_t n, const struct fake_trade_order *o, uint32_t steps)
{
    for (unsigned kind = 0; kind < STEPS; kind++)
        if (steps & STEP(kind) && fake_trade_has(o, (enum fake_trade_step_kind)kind))
            refs[n++] = fake_trade_ref(o, (enum fake_trade_step_kind)kind);
    return n;
}

static uint32_t add_member(
    struct jd_member *members, uint32_t n, enum jd_kind kind, enum jd_role role, uint64_t key, uint64_t unit)
{
    if (!key)
        return n;
    for (uint32_t i = 0; i < n; i++)
        if (members[i].kind == kind && members[i].key == key)
            return n;
    members[n] = (struct jd_member){.kind = kind, .role = role, .key = key, .unit = unit};
    return n + 1;
}

enum { MEMBERS_OF_ORDER = 7 };

static uint32_t add_members(struct jd_member *members, uint32_t n, const struct fake_trade_order *o)
{
    n = add_member(members, n, JD_KIND_SUPPLIER, JD_ROLE_SUPPLIER, o->supplier, 0);
    n = add_member(members, n, JD_KIND_UNIT, JD_ROLE_BUYER, o->unit, o->unit);
    n = add_member(members, n, JD_KIND_ORDER, JD_ROLE_ORDER, o->key, o->unit);
    members[n - 1].amount = o->amount;
    n = add_member(members, n, JD_KIND_ACCOUNT, JD_ROLE_ACTOR, o->account, o->unit);
    n = add_member(members, n, JD_KIND_DEVICE, JD_ROLE_ACTOR, o->device, o->unit);
    n = add_member(members, n, JD_KIND_ACCOUNT, JD_ROLE_ACTOR, o->receipt_account, o->unit);
    return add_member(members, n, JD_KIND_DEVICE, JD_ROLE_ACTOR, o->receipt_device, o->unit);
}

static struct jd_subject rollup_of(const struct fake_trade_order *o)
{
    return o->supplier ? (struct jd_subject){JD_KIND_SUPPLIER, o->supplier}
                       : (struct jd_subject){JD_KIND_UNIT, o->unit};
}

int64_t fake_trade_raised(struct jd_host *h, const struct fake_trade_order *o, enum fake_trade_signal signal)
{
    const struct fake_trade_strengths *s = o->raised & RAISED(signal) ? jd_find(h, FINDINGS, o->key) : NULL;
    return s ? s->of[signal] : 0;
}

static void note_raised(
    struct jd_host *h, struct fake_trade_order *o, const struct fake_trade_finding *finding)
{
    struct fake_trade_strengths *s = jd_get(h, FINDINGS, o->key);
    if (s)
        s->of[finding->signal] = (int16_t)finding->strength;
    o->raised |= RAISED(finding->signal);
}

void fake_trade_raise(struct jd_host *h, struct fake_trade_order *o, const struct fake_trade_finding *finding)
{
    if (finding->strength <= fake_trade_raised(h, o, finding->signal))
        return;
    struct jd_ref refs[2 * STEPS + FINDING_MORE];
    struct jd_member members[2 * MEMBERS_OF_ORDER + FINDING_MORE];
    uint32_t n_refs = add_refs(refs, 0, o, finding->steps);
    uint32_t n_members = add_members(members, 0, o);
    if (finding->other) {
        n_refs = add_refs(refs, n_refs, finding->other, finding->other_steps);
        n_members = add_members(members, n_members, finding->other);
    }
    for (uint32_t i = 0; i < finding->n_refs; i++)
        refs[n_refs++] = finding->refs[i];
    for (uint32_t i = 0; i < finding->n_members; i++) {
        const struct jd_member *m = &finding->members[i];
        n_members =
            add_member(members, n_members, (enum jd_kind)m->kind, (enum jd_role)m->role, m->key, m->unit);
    }
    struct jd_emit emit = {
        .signal = finding->signal,
        .strength = (int32_t)finding->strength,
        .flags = finding->flags | (jd_lost(h, ORDERS, 90 * JD_DAY) ? JD_INCOMPLETE : 0),
        .subject = {.kind = JD_KIND_ORDER, .key = o->key},
        .rollup = finding->rollup.kind ? finding->rollup : rollup_of(o),
        .value = finding->value,
        .threshold = finding->threshold,
        .refs = refs,
        .n_refs = n_refs,
        .members = members,
        .n_members = n_members,
    };
    for (unsigned i = 0; i < JD_FACTS; i++)
        emit.facts[i] = finding->facts[i];
    note_raised(h, o, finding);
    jd_emit(h, &emit);
}

void fake_trade_clear(struct jd_host *h, struct fake_trade_order *o, enum fake_trade_signal signal)
{
    if (!(o->raised & RAISED(signal)))
        return;
    o->raised &= ~RAISED(signal);
    jd_retract(h, signal, (struct jd_subject){.kind = JD_KIND_ORDER, .key = o->key});
}
