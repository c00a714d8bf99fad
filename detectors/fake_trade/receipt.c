/* F12: goods accepted by somebody else than the buyer. */
#include "detectors/fake_trade/fake_trade.h"

/* The units whose accounts have accepted goods with a device, one of each group of related ones. */
struct hand {
    const struct fake_trade_party *of[IDENTITY_PARTIES];
    unsigned n;
    int64_t first, last;
    bool seller; /* the device is also another supplier's (that of the order's own is F5) */
};

static bool related_to_any(struct jd_host *h, const struct hand *hand, uint64_t unit)
{
    for (unsigned i = 0; i < hand->n; i++)
        if (jd_related(h, hand->of[i]->party, unit))
            return true;
    return false;
}

static void look_at(
    struct jd_host *h, const struct fake_trade_order *o, struct fake_trade_parties parties, struct hand *hand)
{
    int64_t oldest = jd_now(h) - fake_trade_config(h)->f12_window;
    for (uint32_t i = 0; i < parties.n; i++) {
        const struct fake_trade_party *p = &parties.list[i];
        hand->seller |= p->side == SIDE_SELLER && !fake_trade_sells(h, o, p);
        if (p->side != SIDE_BUYER || !p->buyer.received || p->buyer.received < oldest ||
            related_to_any(h, hand, p->party))
            continue;
        hand->of[hand->n++] = p;
        if (!hand->first || p->buyer.received < hand->first)
            hand->first = p->buyer.received;
        if (p->buyer.received > hand->last)
            hand->last = p->buyer.received;
    }
}

enum { MEMBERS_OF_PARTY = 3 };

static uint32_t add_party(struct jd_host *h, struct jd_member *members, uint32_t n, struct jd_ref *ref,
    const struct fake_trade_party *p)
{
    const struct fake_trade_order *o = jd_find(h, ORDERS, p->buyer.received_order);
    members[n++] = (struct jd_member){JD_KIND_UNIT, JD_ROLE_BUYER, p->party, p->party, 0};
    if (!o)
        return n;
    *ref = fake_trade_ref(o, RECEIVED);
    members[n++] = (struct jd_member){JD_KIND_ORDER, JD_ROLE_ORDER, o->key, o->unit, o->amount};
    if (o->receipt_account)
        members[n++] = (struct jd_member){JD_KIND_ACCOUNT, JD_ROLE_ACTOR, o->receipt_account, p->party, 0};
    return n;
}

static void raise(struct jd_host *h, uint64_t device, const struct hand *hand, const struct jd_emit *what)
{
    struct jd_member members[IDENTITY_PARTIES * MEMBERS_OF_PARTY + 1];
    struct jd_ref refs[IDENTITY_PARTIES];
    struct jd_emit emit = *what;
    uint32_t n = 0;
    members[n++] = (struct jd_member){JD_KIND_DEVICE, JD_ROLE_RESOURCE, device, 0, 0};
    emit.n_refs = 0;
    for (unsigned i = 0; i < hand->n; i++) {
        refs[emit.n_refs].id_ms = 0;
        n = add_party(h, members, n, &refs[emit.n_refs], hand->of[i]);
        emit.n_refs += refs[emit.n_refs].id_ms != 0;
    }
    emit.flags |= jd_lost(h, IDENTITIES, fake_trade_config(h)->f12_window) ? JD_INCOMPLETE : 0;
    emit.subject = (struct jd_subject){JD_KIND_DEVICE, device};
    emit.value = hand->n;
    emit.refs = refs;
    emit.members = members;
    emit.n_members = n;
    jd_emit(h, &emit);
}

/* F12: a device that accepts goods round robin, in one sitting or over days,
 * with the accounts of units that have nothing to do with each other. */
static void raise_round_robin(
    struct jd_host *h, const struct fake_trade_order *o, uint64_t device, const struct hand *hand)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    if (hand->n < c->f12_least)
        return;
    const struct jd_emit emit = {.signal = F12,
        .strength = (int32_t)(hand->n >= c->f12_units ? c->f12_hand : c->f12_few),
        .flags = JD_HARD,
        .threshold = c->f12_least,
        .facts = {(int64_t)device, (int64_t)o->key, (int64_t)o->unit, hand->first, hand->last}};
    raise(h, device, hand, &emit);
}

/* F12.side: the device of a registered third party, or of a supplier for more than
 * one unit (one unit may have had a visitor). */
static void raise_wrong_side(
    struct jd_host *h, const struct fake_trade_order *o, uint64_t device, const struct hand *hand)
{
    bool agent = jd_listed(h, JD_LIST_AGENT_DEVICE, device, NULL) ||
                 jd_listed(h, JD_LIST_PAVILION_DEVICE, device, NULL);
    if (!agent && !hand->seller)
        return;
    const struct jd_emit emit = {.signal = F12_SIDE,
        .strength = (int32_t)fake_trade_config(h)->f12_side,
        .flags = agent || hand->n >= 2 ? JD_HARD : 0,
        .threshold = agent ? 1 : 2,
        .facts = {(int64_t)device, (int64_t)o->key, (int64_t)o->unit, hand->last}};
    raise(h, device, hand, &emit);
}

/* Whoever accepts what he has ordered himself buys in the unit's place, which is proxy purchasing. */
void fake_trade_receipt_hand(struct jd_host *h, const struct jd_event *e, const struct fake_trade_order *o,
    struct fake_trade_parties parties, struct fake_trade_party *by)
{
    uint64_t device = jd_key(e, JD_F_DEVICE);
    if (o->device == device)
        return;
    int64_t oldest = jd_now(h) - fake_trade_config(h)->f12_window;
    bool again = by->buyer.received_order == o->key || by->buyer.received >= oldest;
    if (!by->buyer.received || e->time > by->buyer.received) {
        by->buyer.received = e->time;
        by->buyer.received_order = o->key;
    }
    if (again || jd_listed(h, JD_LIST_DESK_DEVICE, device, NULL))
        return;
    struct hand hand = {0};
    look_at(h, o, parties, &hand);
    raise_round_robin(h, o, device, &hand);
    raise_wrong_side(h, o, device, &hand);
}
