#include "detectors/proxy_purchasing/proxy_purchasing.h"

#define REMEMBER_AGAIN (30 * JD_DAY) /* a name stays for 400 days */

/* ---- what an event says ---- */

/* A machine between the unit and the platform: it acts for all units of a province by design. */
static bool through_machine(const struct jd_event *e)
{
    int64_t channel = jd_num(e, JD_F_CHANNEL);
    return channel == JD_CHANNEL_API || channel == JD_CHANNEL_ESTORE ||
           jd_num(e, JD_F_ACCOUNT_KIND) == JD_ACCOUNT_DESK;
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

/* ---- what ties an order's unit to others ---- */

/* What is known of who ordered for whom. */
struct standing {
    bool elsewhere; /* the account belongs to another unit */
    bool contract;  /* that has a listed contract with this one */
    bool company;   /* and is a company, not an office: perhaps a contractor */
};

static struct standing standing_of(struct jd_host *h, const struct jd_event *e)
{
    uint64_t account_unit = jd_key(e, JD_F_ACCOUNT_UNIT), unit = jd_key(e, JD_F_UNIT);
    struct standing s = {.elsewhere = account_unit && unit && account_unit != unit};
    s.contract = s.elsewhere && jd_paired(h, JD_LIST_CONTRACTOR, account_unit, unit);
    s.company = s.elsewhere && e->field[JD_F_ACCOUNT_UNIT].text[0] == '9';
    return s;
}

/* The block of addresses that an office's connection lies in: /24, or /48 of the longer ones; 0 for all
 * others, where it says nothing. The hash is that of Fowler, Noll and Vo. */
static uint64_t network_of(struct jd_host *h, const struct jd_event *e)
{
    if (jd_num(e, JD_F_IP_CLASS) != JD_IP_BUSINESS || !jd_has(e, JD_F_IP) || jd_egress(h, e))
        return 0;
    const struct jd_value *ip = &e->field[JD_F_IP];
    uint64_t key = UINT64_C(0xcbf29ce484222325);
    unsigned marks = 0;
    for (uint32_t i = 0; i < ip->length && marks < 3; i++) {
        marks += ip->text[i] == '.' || ip->text[i] == ':';
        key = (key ^ (unsigned char)ip->text[i]) * UINT64_C(0x100000001b3);
    }
    return marks == 3 ? key : 0;
}

/* Bits of the parts that tie the unit to somebody else's orders. */
static uint16_t parts_to_link(
    struct jd_host *h, const struct jd_event *e, const struct order *o, const struct standing *s)
{
    uint16_t parts = 0;
    if (o->flags & ORDER_EXEMPT)
        return 0;
    if (!through_machine(e)) {
        if (o->ref.device && !jd_listed(h, JD_LIST_DESK_DEVICE, o->ref.device, NULL) && !jd_egress(h, e))
            parts |= 1 << PART_DEVICE;
        bool lawful =
            s->contract || (s->elsewhere && jd_related(h, jd_key(e, JD_F_ACCOUNT_UNIT), o->ref.unit));
        if (o->ref.account && ((s->elsewhere && !lawful) || o->known >> PART_ACCOUNT & 1))
            parts |= 1 << PART_ACCOUNT;
        if (o->login_phone && !s->elsewhere) /* one that switches units is one account, whatever it orders */
            parts |= 1 << PART_LOGIN_PHONE;
        if (o->network)
            parts |= 1 << PART_NETWORK;
    }
    if (jd_listed(h, JD_LIST_COMPOUND_ADDRESS, o->address, NULL))
        return parts; /* a mail room takes the goods of all, with its own phone */
    if (o->phone && o->phone != o->login_phone)
        parts |= 1 << PART_PHONE;
    if (o->address)
        parts |= 1 << PART_ADDRESS;
    return parts;
}

static uint16_t listed_parts(
    struct jd_host *h, const struct jd_event *e, const struct order *o, const struct standing *s)
{
    uint16_t parts = 0;
    if (s->contract || own_purchase(e))
        return 0;
    for (unsigned i = 0; i < PARTS; i++)
        if (listed_party(h, (enum part)i, proxy_purchasing_part(o, (enum part)i)))
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

/* What linking has changed, by part. */
struct changes {
    unsigned of[PARTS];
};

static void judge_all(struct jd_host *h, const struct order *o, const struct changes *changes)
{
    bool any = o->flags & ORDER_CANCELLED;
    for (unsigned i = 0; i < PARTS; i++)
        if (i != PART_NETWORK && o->linked >> i & 1 && (changes->of[i] & LINK_SHARED || o->known >> i & 1))
            any |= proxy_purchasing_judge(h, o, (enum part)i, changes->of[i]);
    if (any && changes->of[PART_NETWORK] & LINK_SHARED)
        proxy_purchasing_judge(h, o, PART_NETWORK, changes->of[PART_NETWORK]);
}

/* What a record of an order, or an alert about it, will name. */
static void remember(struct jd_host *h, const struct jd_event *e)
{
    static const enum jd_field fields[] = {JD_F_UNIT, JD_F_ACCOUNT, JD_F_DEVICE, JD_F_ORDER, JD_F_SUPPLIER,
        JD_F_CONSIGNEE_PHONE, JD_F_ADDRESS, JD_F_PAYER};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        jd_remember(h, e, fields[i]);
}

static void take_down(struct jd_host *h, struct order *o, const struct jd_event *e, const struct jd_ref *ref)
{
    struct account *account = ref->account ? jd_get(h, ACCOUNTS, ref->account) : NULL;
    remember(h, e);
    o->ref = *ref;
    o->flags |= ORDER_SEEN;
    o->phone = jd_key(e, JD_F_CONSIGNEE_PHONE);
    o->login_phone = account ? account->phone : 0;
    o->address = jd_key(e, JD_F_ADDRESS);
    int64_t class = jd_num(e, JD_F_IP_CLASS);
    if (class != JD_IP_MOBILE && class != JD_IP_DATACENTER) /* those come out of the net anywhere */
        o->city = (uint16_t)(jd_num(e, JD_F_IP_REGION) / 100);
    if (account)
        account->orders++;
}

/* A seller at home or of the county that the division is paired with (对口帮扶) is anybody's choice there. */
static bool sells_near(struct jd_host *h, const struct jd_event *e)
{
    int64_t division = jd_num(e, JD_F_REGION), county = jd_num(e, JD_F_SUPPLIER_REGION);
    return county && (county / 100 == division / 100 ||
                         jd_paired(h, JD_LIST_PAIRING, (uint64_t)division, (uint64_t)county) ||
                         jd_paired(h, JD_LIST_PAIRING, (uint64_t)(division / 100 * 100), (uint64_t)county));
}

/* The supplier is no part that the event itself names: whether it ties units is found out here. */
static void link_all(struct jd_host *h, struct order *o, const struct jd_event *e, uint16_t parts)
{
    struct changes changes = {.of = {0}};
    for (unsigned i = 0; i < PARTS; i++)
        if (parts >> i & 1)
            changes.of[i] = proxy_purchasing_link(h, o, (enum part)i, false);
    o->linked |= parts;
    uint16_t before = o->linked;
    if ((changes.of[PART_PHONE] | changes.of[PART_ADDRESS]) & LINK_SHARED && sells_near(h, e))
        o->flags |= ORDER_NEAR;
    if (changes.of[PART_DEVICE] & LINK_SHARED)
        proxy_purchasing_tie_supplier(h, o);
    if (!through_machine(e) && !(o->flags & ORDER_EXEMPT))
        proxy_purchasing_sit(h, o, e);
    for (unsigned i = PART_SUPPLIER; i < PARTS; i++)
        if ((o->linked & ~before) >> i & 1)
            changes.of[i] = LINK_SHARED | LINK_NEW;
    if (o->linked >> PART_PAYER & 1)
        changes.of[PART_PAYER] = LINK_SHARED;
    judge_all(h, o, &changes);
}

void proxy_purchasing_on_order(struct jd_host *h, const struct jd_event *e)
{
    struct jd_ref ref = jd_ref_of(e);
    struct order *o = ref.order && ref.unit ? jd_get(h, ORDERS, ref.order) : NULL;
    if (!o || o->flags & ORDER_SEEN)
        return;
    take_down(h, o, e, &ref);
    if (o->flags & ORDER_CANCELLED)
        return;
    struct standing s = standing_of(h, e);
    proxy_purchasing_tally(h, &ref);
    if (s.company && !s.contract && jd_empty(h, JD_LIST_CONTRACTOR))
        o->flags |= ORDER_EXEMPT;
    o->known = listed_parts(h, e, o, &s);
    o->network = network_of(h, e);
    if (o->network) {
        o->ip = jd_key(e, JD_F_IP);
        jd_remember(h, e, JD_F_IP);
    }
    link_all(h, o, e, parts_to_link(h, e, o, &s));
}

/* Payments come days later, or before their order is known, and name only the order, the unit and the payer.
 */
void proxy_purchasing_on_payment(struct jd_host *h, const struct jd_event *e)
{
    uint64_t key = jd_key(e, JD_F_ORDER), payer = jd_key(e, JD_F_PAYER);
    struct order *o = key && payer ? jd_get(h, ORDERS, key) : NULL;
    if (!o || o->payer == payer || o->flags & (ORDER_CANCELLED | ORDER_EXEMPT))
        return;
    if (!o->ref.type) {
        o->ref = jd_ref_of(e);
        remember(h, e);
    }
    if (!o->ref.unit)
        return;
    proxy_purchasing_payee(h, jd_key(e, JD_F_PAYEE), o->ref.supplier);
    jd_remember(h, e, JD_F_PAYER);
    o->payer = payer;
    o->paid_ms = e->id_ms;
    o->paid_seq = e->id_seq;
    o->paid_time = e->time;
    if (treasury_pays(h, payer, o->ref.region))
        return;
    o->linked |= 1 << PART_PAYER;
    unsigned changed = proxy_purchasing_link(h, o, PART_PAYER, jd_num(e, JD_F_PAYER_NAME_MATCHES) == 1);
    if (changed & LINK_SHARED)
        proxy_purchasing_judge(h, o, PART_PAYER, changed);
}

/* A cancelled order counts for nothing: the way to put right a wrong unit is to cancel and order again. */
void proxy_purchasing_on_cancel(struct jd_host *h, const struct jd_event *e)
{
    uint64_t key = jd_key(e, JD_F_ORDER);
    struct order *o = key ? jd_get(h, ORDERS, key) : NULL;
    if (!o || o->flags & ORDER_CANCELLED)
        return;
    struct changes changes = {.of = {0}};
    o->flags |= ORDER_CANCELLED;
    for (unsigned i = 0; i < PARTS; i++)
        if (o->linked >> i & 1)
            changes.of[i] = proxy_purchasing_unlink(h, o, (enum part)i);
    o->known = 0;
    judge_all(h, o, &changes);
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
