/* F5: the buyer and the seller of one order are the same people. */
#include "detectors/fake_trade/fake_trade.h"

#define NAME_DAYS 100 /* how often a name is kept anew, well below the 400 d that it lasts */

/* Who has used a key, and as what. */
struct use {
    uint64_t party;
    uint16_t side;
    struct fake_trade_order *order; /* a buyer's */
};

static bool is_party(const struct fake_trade_party *p, uint64_t party, uint16_t side)
{
    return p->party == party && p->side == side;
}

static struct fake_trade_parties parties_of(struct fake_trade_identity *id, struct fake_trade_crowd *crowd)
{
    if (id->n <= IDENTITY_INLINE)
        return (struct fake_trade_parties){id->parties, id->n};
    return (struct fake_trade_parties){crowd ? crowd->parties : NULL, crowd ? id->n : 0};
}

struct fake_trade_parties fake_trade_identity_parties(
    struct jd_host *h, uint64_t key, struct fake_trade_identity *id)
{
    if (!id)
        return (struct fake_trade_parties){NULL, 0};
    return parties_of(id, id->n > IDENTITY_INLINE ? jd_find(h, CROWDS, key) : NULL);
}

/* Makes room for one party more; false when there is none. */
static bool grow(
    struct jd_host *h, uint64_t key, struct fake_trade_identity *id, struct fake_trade_parties *parties)
{
    if (id->n == IDENTITY_PARTIES)
        return false;
    if (id->n == IDENTITY_INLINE) {
        struct fake_trade_crowd *crowd = jd_get(h, CROWDS, key);
        if (!crowd)
            return false;
        for (unsigned i = 0; i < IDENTITY_INLINE; i++)
            crowd->parties[i] = id->parties[i];
        parties->list = crowd->parties;
    }
    parties->n = ++id->n;
    return true;
}

/* The slot of a party, one filled anew, or NULL when more parties use the key than fit: then it is a hub for
 * good. A crowd that was evicted comes back as empty slots, which are old ones. */
static struct fake_trade_party *party_slot(struct jd_host *h, uint64_t key, struct fake_trade_identity *id,
    struct use use, struct fake_trade_parties *parties)
{
    int64_t oldest = jd_now(h) - fake_trade_config(h)->f5_window;
    struct fake_trade_party *slot = NULL;
    *parties = parties_of(id, id->n > IDENTITY_INLINE ? jd_get(h, CROWDS, key) : NULL);
    for (uint32_t i = 0; i < parties->n; i++) {
        if (is_party(&parties->list[i], use.party, use.side))
            return &parties->list[i];
        if (!slot && parties->list[i].last < oldest)
            slot = &parties->list[i];
    }
    if (grow(h, key, id, parties))
        slot = &parties->list[parties->n - 1];
    if (!slot)
        return NULL;
    id->sellers = (uint8_t)(id->sellers + (use.side == SIDE_SELLER) - (slot->side == SIDE_SELLER));
    *slot = (struct fake_trade_party){.party = use.party, .side = use.side};
    return slot;
}

static void judge_parties(struct jd_host *h, struct fake_trade_parties parties)
{
    uint64_t orders[IDENTITY_PARTIES];
    uint32_t n = parties.n;
    for (uint32_t i = 0; i < n; i++)
        orders[i] = parties.list[i].side == SIDE_BUYER ? parties.list[i].buyer.order : 0;
    for (uint32_t i = 0; i < n; i++) {
        struct fake_trade_order *o = orders[i] ? jd_find(h, ORDERS, orders[i]) : NULL;
        if (!o)
            continue;
        o->flags |= ORDER_PARTIES_SHARED;
        fake_trade_judge(h, o, PARTIES_CHANGED);
    }
}

/* Buyers' keys are named with each order. */
static void keep_name(struct jd_host *h, const struct jd_event *e, enum jd_field f, int32_t *named)
{
    int32_t today = (int32_t)jd_day(jd_now(h));
    if (*named && today < *named + NAME_DAYS)
        return;
    *named = today;
    jd_remember(h, e, f);
}

/* Notes that a party has used a key. A seller who turns up where buyers were before casts a new light on
 * their orders. */
static void note(struct jd_host *h, const struct jd_event *e, uint64_t key, enum jd_field f, struct use use)
{
    struct fake_trade_identity *id = key && use.party ? jd_get(h, IDENTITIES, key) : NULL;
    if (!id || id->hub)
        return;
    struct fake_trade_parties parties;
    struct fake_trade_party *p = party_slot(h, key, id, use, &parties);
    if (!p) {
        id->hub = 1;
        return;
    }
    p->last = jd_now(h);
    if (use.side == SIDE_SELLER)
        keep_name(h, e, f, &id->named);
    if (use.order) {
        p->buyer.order = use.order->key;
        use.order->flags |= id->sellers ? ORDER_PARTIES_SHARED : 0;
    }
    bool fresh = use.side == SIDE_SELLER && !p->seen.id_ms;
    if (fresh) {
        p->seen = fake_trade_step_of(e);
        p->type = (uint16_t)e->type;
    }
    if (e->type == JD_TYPE_RECEIPT && use.order)
        fake_trade_receipt_hand(h, e, use.order, parties, p);
    if (fresh)
        judge_parties(h, parties);
}

static void note_field(struct jd_host *h, const struct jd_event *e, enum jd_field f, struct use use)
{
    note(h, e, jd_key(e, f), f, use);
}

static void note_seller(struct jd_host *h, const struct jd_event *e)
{
    uint64_t code = jd_key(e, JD_F_ACCOUNT_UNIT);
    uint64_t supplier = jd_key(e, JD_F_SUPPLIER);
    struct use use = {.party = code ? code : supplier, .side = SIDE_SELLER};
    if (code && supplier) {
        struct fake_trade_supplier *s = jd_get(h, SUPPLIERS, supplier);
        struct fake_trade_unit *u = s && s->credit_code != code ? jd_get(h, UNITS, code) : NULL;
        if (s)
            s->credit_code = code;
        if (u)
            u->sells = 1;
    }
    note_field(h, e, JD_F_DEVICE, use);
    note_field(h, e, JD_F_PHONE, use);
    note_field(h, e, JD_F_ADDRESS, use);
    if (e->type == JD_TYPE_ACCOUNT_CHANGE && jd_num(e, JD_F_CHANGE) == JD_CHANGE_PHONE)
        note_field(h, e, JD_F_NEW_VALUE, use);
}

/* The phone that a buyer's account was last seen with. */
static void note_phone(struct jd_host *h, const struct jd_event *e)
{
    bool changed = e->type == JD_TYPE_ACCOUNT_CHANGE && jd_num(e, JD_F_CHANGE) == JD_CHANGE_PHONE;
    enum jd_field f = changed ? JD_F_NEW_VALUE : JD_F_PHONE;
    uint64_t phone = jd_key(e, f);
    uint64_t account = jd_key(e, JD_F_ACCOUNT);
    struct fake_trade_account *a = phone && account ? jd_get(h, ACCOUNTS, account) : NULL;
    if (!a)
        return;
    if (a->phone != phone)
        a->named = 0;
    a->phone = phone;
    keep_name(h, e, f, &a->named);
}

static void note_buyer(struct jd_host *h, const struct jd_event *e, struct fake_trade_order *o)
{
    struct use use = {.party = o->unit, .side = SIDE_BUYER, .order = o};
    struct use receipt = use;
    if (jd_key(e, JD_F_ACCOUNT_UNIT)) /* whose account was used, whomever it was for */
        receipt.party = jd_key(e, JD_F_ACCOUNT_UNIT);
    if (e->type == JD_TYPE_RECEIPT)
        note_field(h, e, JD_F_DEVICE, receipt);
    if (e->type == JD_TYPE_ORDER) {
        note_field(h, e, JD_F_DEVICE, use);
        note(h, e, o->consignee, JD_F_CONSIGNEE_PHONE, use);
        note(h, e, o->phone == o->consignee ? 0 : o->phone, JD_F_PHONE, use);
        note(h, e, o->address, JD_F_ADDRESS, use);
    }
    if (e->type == JD_TYPE_PAYMENT)
        note_field(h, e, JD_F_PAYER, use);
}

void fake_trade_identity_note(struct jd_host *h, const struct jd_event *e, struct fake_trade_order *o)
{
    if (jd_num(e, JD_F_ACCOUNT_KIND) == JD_ACCOUNT_SUPPLIER) {
        note_seller(h, e);
        return;
    }
    if (jd_num(e, JD_F_ACCOUNT_KIND) == JD_ACCOUNT_DESK)
        return;
    if (e->type == JD_TYPE_LOGIN || e->type == JD_TYPE_ACCOUNT_CHANGE)
        note_phone(h, e);
    if (!o)
        return;
    note_buyer(h, e, o);
    struct use seller = {.party = o->supplier, .side = SIDE_SELLER};
    if (e->type == JD_TYPE_PAYMENT)
        note_field(h, e, JD_F_PAYEE, seller);
    if (e->type == JD_TYPE_REFUND)
        note_field(h, e, JD_F_PAYER, seller);
}

bool fake_trade_paid_before(struct jd_host *h, uint64_t payer, uint64_t unit)
{
    struct fake_trade_parties parties = fake_trade_identity_parties(h, payer, jd_find(h, IDENTITIES, payer));
    for (uint32_t i = 0; i < parties.n; i++) {
        const struct fake_trade_party *p = &parties.list[i];
        if (p->side == SIDE_BUYER && (p->party == unit || jd_related(h, p->party, unit)))
            return true;
    }
    return false;
}

bool fake_trade_identity_hub(struct jd_host *h, uint64_t key)
{
    const struct fake_trade_identity *id = jd_find(h, IDENTITIES, key);
    return id && (id->hub || id->n > fake_trade_config(h)->f5_hub);
}

/* ---- judging ---- */

struct link {
    enum fake_trade_signal signal;
    enum jd_kind kind;
    int64_t strength;
    uint64_t key;
    const struct fake_trade_party *seller; /* in the identity's record */
    bool on_receipt;
};

bool fake_trade_sells(struct jd_host *h, const struct fake_trade_order *o, const struct fake_trade_party *p)
{
    if (p->side != SIDE_SELLER || p->party == o->supplier)
        return p->side == SIDE_SELLER;
    const struct fake_trade_supplier *s = o->supplier ? jd_find(h, SUPPLIERS, o->supplier) : NULL;
    return s && s->credit_code == p->party;
}

/* The order's seller among those who have used the key, or NULL. */
static const struct fake_trade_party *seller_of(
    struct jd_host *h, const struct fake_trade_order *o, uint64_t key)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    struct fake_trade_identity *id = key && o->supplier ? jd_find(h, IDENTITIES, key) : NULL;
    if (!id || id->hub || id->n > c->f5_hub || !id->sellers)
        return NULL;
    struct fake_trade_parties parties = fake_trade_identity_parties(h, key, id);
    for (uint32_t i = 0; i < parties.n; i++) {
        const struct fake_trade_party *p = parties.list + i;
        if (p->last >= jd_now(h) - c->f5_window && fake_trade_sells(h, o, p))
            return p;
    }
    return NULL;
}

/* Devices of the service desk serve everybody; those of agents and pavilions are a matter of proxy
 * purchasing; a treasury pays for all. */
static bool helper(struct jd_host *h, enum jd_kind kind, uint64_t key)
{
    if (kind == JD_KIND_PAYER)
        return jd_listed(h, JD_LIST_TREASURY_PAYER, key, NULL);
    return kind == JD_KIND_DEVICE &&
           (jd_listed(h, JD_LIST_DESK_DEVICE, key, NULL) || jd_listed(h, JD_LIST_AGENT_DEVICE, key, NULL) ||
               jd_listed(h, JD_LIST_PAVILION_DEVICE, key, NULL));
}

static bool find_link(
    struct jd_host *h, const struct fake_trade_order *o, struct link *link, const uint64_t *keys, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        link->seller = seller_of(h, o, keys[i]);
        if (link->seller && !helper(h, link->kind, keys[i])) {
            link->key = keys[i];
            link->on_receipt = link->kind == JD_KIND_DEVICE && i > 0;
            return true;
        }
    }
    return false;
}

/* Fills `links` with one link a kind of key, strongest kind first; how many. */
static unsigned find_links(struct jd_host *h, const struct fake_trade_order *o, struct link *links)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    uint64_t payers[ORDER_PAYMENTS] = {0};
    struct fake_trade_payment payments[ORDER_PAYMENTS];
    unsigned n_payments = fake_trade_payments_of(h, o, payments);
    for (unsigned i = 0; i < n_payments; i++)
        payers[i] = payments[i].payer;
    const uint64_t devices[] = {o->device, o->receipt_device};
    const uint64_t phones[] = {o->consignee, o->phone};
    unsigned n = 0;
    links[n] = (struct link){.signal = F5_PAYER, .kind = JD_KIND_PAYER, .strength = c->f5_payer};
    n += find_link(h, o, &links[n], payers, ORDER_PAYMENTS);
    links[n] = (struct link){.signal = F5_DEVICE, .kind = JD_KIND_DEVICE, .strength = c->f5_device};
    n += find_link(h, o, &links[n], devices, 2);
    links[n] = (struct link){.signal = F5_PHONE, .kind = JD_KIND_PHONE, .strength = c->f5_phone};
    n += find_link(h, o, &links[n], phones, 2);
    return n;
}

static void raise_link(
    struct jd_host *h, struct fake_trade_order *o, const struct link *link, bool hard, unsigned kinds)
{
    const struct jd_ref seller = {
        .id_ms = link->seller->seen.id_ms,
        .id_seq = link->seller->seen.id_seq,
        .time = link->seller->seen.time,
        .device = link->kind == JD_KIND_DEVICE ? link->key : 0,
        .supplier = o->supplier,
        .type = link->seller->type,
    };
    const struct jd_member tie = {link->kind, JD_ROLE_RESOURCE, link->key, 0, 0};
    struct fake_trade_finding finding = {
        .signal = link->signal,
        .strength = hard ? fake_trade_config(h)->f5_linked : link->strength,
        .flags = hard || link->kind == JD_KIND_PAYER ? JD_HARD : 0,
        .steps = STEP(ORDERED) | (link->kind == JD_KIND_PAYER ? STEP(PAID) : 0) |
                 (link->on_receipt ? STEP(RECEIVED) : 0),
        .refs = &seller,
        .n_refs = 1,
        .members = &tie,
        .n_members = 1,
        .value = kinds,
        .threshold = 1,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)link->key, (int64_t)o->supplier,
            link->seller->seen.time},
    };
    fake_trade_raise(h, o, &finding);
}

/* F5: a key with both a buyer's and the seller's side of the same order. One kind of key may
 * be chance or a helping hand; two kinds, several units, or the seller's own bank account paying are a hard
 * fact. */
void fake_trade_identity_link(struct jd_host *h, struct fake_trade_order *o)
{
    static const enum fake_trade_signal all[] = {F5_DEVICE, F5_PHONE, F5_PAYER, F5_ADDRESS};
    if (!fake_trade_has(o, ORDERED) || fake_trade_has(o, CANCELLED)) {
        for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
            fake_trade_clear(h, o, all[i]);
        return;
    }
    if (!(o->flags & ORDER_PARTIES_SHARED))
        return;
    struct link links[3];
    unsigned n = find_links(h, o, links);
    struct link door = {
        .signal = F5_ADDRESS, .kind = JD_KIND_ADDRESS, .strength = fake_trade_config(h)->f5_address};
    if (find_link(h, o, &door, &o->address, 1))
        raise_link(h, o, &door, false, n + 1);
    if (n == 0)
        return;
    const struct fake_trade_habit habit = {/* of several unrelated units: no chance visit to one's office */
        .kind = LINKED,
        .time = o->step[ORDERED].time,
        .units = fake_trade_config(h)->repeat_units};
    struct fake_trade_repeated found = fake_trade_fault_add(h, o, &habit);
    for (unsigned i = 0; i < n; i++)
        raise_link(h, o, &links[i], i == 0 && (found.repeated || n > 1), n);
    if (found.added && found.repeated)
        fake_trade_fault_judge(h, o, LINKED);
}
