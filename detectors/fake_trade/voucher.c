/* F12, for vouchers: one hand takes the goods of several units' vouchers. */
#include "detectors/fake_trade/fake_trade.h"

/* The slot of a unit, or the one that is oldest. */
static struct fake_trade_redeemed *slot_of(struct fake_trade_redeemer *r, uint64_t unit)
{
    struct fake_trade_redeemed *slot = &r->units[0];
    for (unsigned i = 0; i < REDEEMER_UNITS; i++) {
        if (r->units[i].unit == unit)
            return &r->units[i];
        if (r->units[i].last < slot->last)
            slot = &r->units[i];
    }
    *slot = (struct fake_trade_redeemed){.unit = unit};
    return slot;
}

/* Units that have nothing to do with each other and whose vouchers were redeemed more than once. */
static unsigned strangers_of(struct jd_host *h, const struct fake_trade_redeemer *r,
    const struct fake_trade_redeemed *found[REDEEMER_UNITS], int64_t *redeemed)
{
    int64_t oldest = jd_now(h) - fake_trade_config(h)->f12_voucher_window;
    unsigned n = 0;
    *redeemed = 0;
    for (unsigned i = 0; i < REDEEMER_UNITS; i++) {
        bool related = r->units[i].unit == 0 || r->units[i].count < 2 || r->units[i].last < oldest;
        for (unsigned k = 0; k < n && !related; k++)
            related = jd_related(h, found[k]->unit, r->units[i].unit);
        if (related)
            continue;
        found[n++] = &r->units[i];
        *redeemed += r->units[i].count;
    }
    return n;
}

static void raise(struct jd_host *h, const struct jd_event *e, struct jd_subject hand,
    const struct fake_trade_redeemed *const *units, unsigned n, int64_t redeemed)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    uint64_t address = jd_key(e, JD_F_ADDRESS);
    struct jd_member members[2 * REDEEMER_UNITS + 1];
    struct jd_ref refs[REDEEMER_UNITS + 1] = {jd_ref_of(e)};
    uint32_t n_members = 0, n_refs = 1;
    members[n_members++] = (struct jd_member){hand.kind, JD_ROLE_RESOURCE, hand.key, 0, 0};
    for (unsigned i = 0; i < n; i++) {
        const struct fake_trade_order *o = jd_find(h, ORDERS, units[i]->order);
        members[n_members++] =
            (struct jd_member){JD_KIND_UNIT, JD_ROLE_BUYER, units[i]->unit, units[i]->unit, 0};
        if (!o)
            continue;
        members[n_members++] = (struct jd_member){JD_KIND_ORDER, JD_ROLE_ORDER, o->key, o->unit, o->amount};
        refs[n_refs++] = fake_trade_ref(o, ORDERED);
    }
    const struct jd_emit emit = {
        .signal = F12_VOUCHER,
        .strength = (int32_t)c->f12_voucher,
        .flags = JD_HARD | (jd_lost(h, REDEEMERS, c->f12_voucher_window) ? JD_INCOMPLETE : 0),
        .subject = hand,
        .rollup = address ? (struct jd_subject){JD_KIND_ADDRESS, address} : hand,
        .value = redeemed,
        .threshold = c->f12_redeemed,
        .facts = {(int64_t)jd_key(e, JD_F_ORDER), (int64_t)units[n - 1]->unit, n, e->time},
        .refs = refs,
        .n_refs = n_refs,
        .members = members,
        .n_members = n_members,
    };
    jd_remember(h, e, JD_F_ADDRESS);
    jd_emit(h, &emit);
}

/* F12.voucher: vouchers are lawful, and redeemed by the staff, each for himself, or by somebody of the unit
 * for those without a smartphone. Nobody redeems for units that are strangers to each other but who cashes
 * them. */
void fake_trade_redeem(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    enum jd_field f = jd_has(e, JD_F_DEVICE) ? JD_F_DEVICE : JD_F_PHONE;
    struct jd_subject hand = {f == JD_F_DEVICE ? JD_KIND_DEVICE : JD_KIND_PHONE, jd_key(e, f)};
    o->product = JD_PRODUCT_VOUCHER;
    struct fake_trade_redeemer *r = hand.key && o->unit ? jd_get(h, REDEEMERS, hand.key) : NULL;
    if (!r)
        return;
    struct fake_trade_redeemed *slot = slot_of(r, o->unit);
    if (slot->order == o->key && slot->last == e->time && slot->count)
        return; /* said again */
    slot->order = o->key;
    slot->last = e->time;
    slot->count++;
    const struct fake_trade_redeemed *units[REDEEMER_UNITS];
    int64_t redeemed;
    unsigned n = strangers_of(h, r, units, &redeemed);
    bool news = redeemed == c->f12_redeemed ||
                (redeemed > c->f12_redeemed && (slot->count == 2 || redeemed % 8 == 0));
    if (n < 2 || !news || jd_listed(h, JD_LIST_DESK_DEVICE, hand.key, NULL))
        return;
    jd_remember(h, e, f);
    raise(h, e, hand, units, n, redeemed);
}
