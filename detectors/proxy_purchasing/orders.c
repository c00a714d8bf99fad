#include "detectors/proxy_purchasing/proxy_purchasing.h"

#define REMEMBER_AGAIN (30 * JD_DAY) /* a name stays for 400 days */

/* ---- what links an order's unit to a resource ---- */

/* A machine between the unit and the platform: it acts for all units of a province by design. */
static bool through_machine(const struct jd_event *e)
{
    int64_t channel = jd_num(e, JD_F_CHANNEL);
    return channel == JD_CHANNEL_API || channel == JD_CHANNEL_ESTORE ||
           jd_num(e, JD_F_ACCOUNT_KIND) == JD_ACCOUNT_DESK;
}

/* Does the unit have a contract or a common superior with the owner of the account? */
static bool lawful(struct jd_host *h, uint64_t account_unit, uint64_t unit)
{
    return jd_related(h, account_unit, unit) || jd_paired(h, JD_LIST_CONTRACTOR, account_unit, unit);
}

static bool listed_party(struct jd_host *h, enum part part, uint64_t key)
{
    static const enum jd_list lists[PARTS][2] = {
        [PART_DEVICE] = {JD_LIST_AGENT_DEVICE, JD_LIST_PAVILION_DEVICE},
        [PART_ACCOUNT] = {JD_LIST_AGENT_ACCOUNT, JD_LIST_PAVILION_ACCOUNT},
        [PART_LOGIN_PHONE] = {JD_LIST_AGENT_PHONE, JD_LIST_PAVILION_PHONE},
        [PART_PHONE] = {JD_LIST_AGENT_PHONE, JD_LIST_PAVILION_PHONE},
        [PART_ADDRESS] = {JD_LIST_AGENT_ADDRESS, JD_LIST_PAVILION_ADDRESS},
    };
    return lists[part][0] &&
           (jd_listed(h, lists[part][0], key, NULL) || jd_listed(h, lists[part][1], key, NULL));
}

/* A company that buys for itself is nobody's agent. */
static bool own_purchase(const struct jd_event *e)
{
    return jd_key(e, JD_F_ACCOUNT_UNIT) == jd_key(e, JD_F_UNIT) && jd_has(e, JD_F_UNIT) &&
           e->field[JD_F_UNIT].text[0] == '9';
}

/* Bits of the parts that tie the unit to somebody else's orders. */
static uint16_t parts_to_link(struct jd_host *h, const struct jd_event *e, const struct order *o)
{
    uint64_t account_unit = jd_key(e, JD_F_ACCOUNT_UNIT);
    bool elsewhere = account_unit && account_unit != o->ref.unit;
    uint16_t parts = 0;
    if (!through_machine(e)) {
        if (o->ref.device && !jd_listed(h, JD_LIST_DESK_DEVICE, o->ref.device, NULL) && !jd_egress(h, e))
            parts |= 1 << PART_DEVICE;
        bool switched = elsewhere && !lawful(h, account_unit, o->ref.unit);
        if (o->ref.account && (switched || o->known >> PART_ACCOUNT & 1))
            parts |= 1 << PART_ACCOUNT;
        if (o->login_phone && !elsewhere) /* one that switches units is one account, whatever it orders */
            parts |= 1 << PART_LOGIN_PHONE;
    }
    if (jd_listed(h, JD_LIST_COMPOUND_ADDRESS, o->address, NULL))
        return parts; /* a mail room takes the goods of all, with its own phone */
    if (o->phone && o->phone != o->login_phone)
        parts |= 1 << PART_PHONE;
    if (o->address)
        parts |= 1 << PART_ADDRESS;
    return parts;
}

static uint16_t listed_parts(struct jd_host *h, const struct jd_event *e, const struct order *o)
{
    uint16_t parts = 0;
    if (own_purchase(e) || jd_paired(h, JD_LIST_CONTRACTOR, jd_key(e, JD_F_ACCOUNT_UNIT), o->ref.unit))
        return 0;
    for (unsigned i = 0; i < PARTS; i++)
        if (listed_party(h, (enum part)i, proxy_purchasing_part(o, (enum part)i).key))
            parts |= (uint16_t)(1 << i);
    return parts;
}

/* Does the division lie in the area? Trailing zero pairs of an area stand for all below. */
static bool covers(uint32_t area, uint32_t division)
{
    uint32_t scale = area % 10000 == 0 ? 10000 : area % 100 == 0 ? 100 : 1;
    return !division || area / scale == division / scale;
}

static bool treasury_pays(struct jd_host *h, uint64_t payer, uint32_t division)
{
    struct jd_entry entry;
    return jd_listed(h, JD_LIST_TREASURY_PAYER, payer, &entry) && covers(entry.division, division);
}

/* ---- what an event does ---- */

/* Judges a resource of an order that has come, or been paid, or been cancelled. A cancelled one shows only
 * what is left of the crowd. */
static void judge(struct jd_host *h, const struct order *o, enum part part)
{
    bool cancelled = o->flags & ORDER_CANCELLED;
    struct finding f[4] = {[0] = proxy_purchasing_fan_out(h, o, part)};
    unsigned n = 0;
    if (cancelled || !f[0].strength)
        proxy_purchasing_withdraw(h, o, part);
    if (f[n++].strength) {
        f[n++] =
            part == PART_SUPPLIER ? proxy_purchasing_shared_devices(h, o) : proxy_purchasing_area(h, o, part);
        if (part == PART_PAYER)
            f[n++] = proxy_purchasing_declarations(h, o);
        if (part == PART_DEVICE && !cancelled)
            f[n++] = proxy_purchasing_hopping(h, o);
    }
    if (!cancelled)
        f[n++] = proxy_purchasing_known(h, o, part);
    for (unsigned i = 0; i < n; i++)
        if (f[i].strength)
            proxy_purchasing_report(h, o, part, &f[i]);
}

static void judge_all(struct jd_host *h, const struct order *o, uint16_t parts)
{
    for (unsigned i = 0; i < PARTS; i++)
        if (parts >> i & 1)
            judge(h, o, (enum part)i);
}

/* What a record of an order, or an alert about it, will name. */
static void remember(struct jd_host *h, const struct jd_event *e)
{
    static const enum jd_field fields[] = {JD_F_UNIT, JD_F_ACCOUNT, JD_F_DEVICE, JD_F_ORDER, JD_F_SUPPLIER,
        JD_F_CONSIGNEE_PHONE, JD_F_ADDRESS, JD_F_PAYER};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (jd_has(e, fields[i]))
            jd_remember(h, e, fields[i]);
}

void proxy_purchasing_on_order(struct jd_host *h, const struct jd_event *e)
{
    struct jd_ref ref = jd_ref_of(e);
    struct order *o = ref.order && ref.unit ? jd_get(h, ORDERS, ref.order) : NULL;
    if (!o || o->flags & ORDER_SEEN)
        return;
    remember(h, e);
    const struct account *account = jd_find(h, ACCOUNTS, ref.account);
    o->ref = ref;
    o->flags |= ORDER_SEEN;
    o->phone = jd_key(e, JD_F_CONSIGNEE_PHONE);
    o->login_phone = account ? account->phone : 0;
    o->address = jd_key(e, JD_F_ADDRESS);
    o->city = (uint16_t)(jd_num(e, JD_F_IP_REGION) / 100);
    if (o->flags & ORDER_CANCELLED)
        return;
    proxy_purchasing_tally(h, &ref);
    o->known = listed_parts(h, e, o);
    uint16_t parts = parts_to_link(h, e, o), shared = 0;
    for (unsigned i = 0; i < PARTS; i++)
        if (parts >> i & 1)
            shared |= (uint16_t)(proxy_purchasing_link(h, o, (enum part)i, false) << i);
    o->linked |= parts;
    if (shared >> PART_DEVICE & 1)
        proxy_purchasing_tie_supplier(h, o);
    judge_all(h, o, (uint16_t)(o->linked & (shared | o->known | 1 << PART_PAYER | 1 << PART_SUPPLIER)));
}

/* Payments come days later, or before their order is known, and name only the order, the unit and the payer.
 */
void proxy_purchasing_on_payment(struct jd_host *h, const struct jd_event *e)
{
    uint64_t key = jd_key(e, JD_F_ORDER), payer = jd_key(e, JD_F_PAYER);
    struct order *o = key && payer ? jd_get(h, ORDERS, key) : NULL;
    if (!o || o->payer == payer || o->flags & ORDER_CANCELLED)
        return;
    if (!o->ref.type) {
        o->ref = jd_ref_of(e);
        remember(h, e);
    }
    if (!o->ref.unit)
        return;
    jd_remember(h, e, JD_F_PAYER);
    o->payer = payer;
    o->paid_ms = e->id_ms;
    o->paid_seq = e->id_seq;
    o->paid_time = e->time;
    if (treasury_pays(h, payer, o->ref.region))
        return;
    o->linked |= 1 << PART_PAYER;
    if (!proxy_purchasing_link(h, o, PART_PAYER, jd_num(e, JD_F_PAYER_NAME_MATCHES) == 1))
        return;
    judge(h, o, PART_PAYER);
    if (!proxy_purchasing_in_case(h, payer))
        return;
    for (unsigned i = PART_PAYER + 1; i < PARTS; i++)
        if (o->linked >> i & 1 && proxy_purchasing_movable(h, o, (enum part)i))
            judge(h, o, (enum part)i);
}

/* A cancelled order counts for nothing: the way to put right a wrong unit is to cancel and order again. */
void proxy_purchasing_on_cancel(struct jd_host *h, const struct jd_event *e)
{
    uint64_t key = jd_key(e, JD_F_ORDER);
    struct order *o = key ? jd_get(h, ORDERS, key) : NULL;
    if (!o || o->flags & ORDER_CANCELLED)
        return;
    o->flags |= ORDER_CANCELLED;
    uint16_t shared = 0;
    for (unsigned i = 0; i < PARTS; i++)
        if (o->linked >> i & 1)
            shared |= (uint16_t)(proxy_purchasing_unlink(h, o, (enum part)i) << i);
    judge_all(h, o, shared);
    o->linked = 0;
}

void proxy_purchasing_on_phone(struct jd_host *h, const struct jd_event *e, enum jd_field field)
{
    int64_t kind = jd_num(e, JD_F_ACCOUNT_KIND);
    if (!jd_has(e, field) || !jd_has(e, JD_F_ACCOUNT) || kind == JD_ACCOUNT_SUPPLIER ||
        kind == JD_ACCOUNT_DESK)
        return;
    struct account *account = jd_get(h, ACCOUNTS, jd_key(e, JD_F_ACCOUNT));
    if (!account)
        return;
    if (account->phone == jd_key(e, field) && account->remembered > jd_now(h) - REMEMBER_AGAIN)
        return;
    account->phone = jd_key(e, field);
    account->remembered = jd_now(h);
    jd_remember(h, e, field);
}
