/* F7 and F11: shares of a seller's orders that went wrong, too high even by their lower bounds. */
#include "detectors/fake_trade/fake_trade.h"

int64_t fake_trade_root(int64_t x)
{
    int64_t r = 0;
    for (int64_t bit = INT64_C(1) << 30; bit; bit >>= 1)
        if ((r + bit) * (r + bit) <= x)
            r += bit;
    return r;
}

/* What the share k of n is at least, in millionths, with 95 %: mean less 1.645 standard deviations of the
 * Beta distribution of the share, which began as Beta(1, 19). */
int64_t fake_trade_share_at_least(int64_t k, int64_t n)
{
    int64_t mean = (1 + k) * 1000000 / (20 + n);
    int64_t deviation = fake_trade_root(mean * (1000000 - mean) / (21 + n));
    int64_t least = mean - deviation * 1645 / 1000;
    return least > 0 ? least : 0;
}

/* ---- F7: one purse ---- */

/* Paid back after it had been accepted, for the most part. */
static bool paid_back(struct jd_host *h, const struct fake_trade_order *o)
{
    const struct fake_trade_refund *refunds = fake_trade_refunds_of(h, o);
    int64_t back = 0;
    for (unsigned i = 0; refunds && i < o->n_refunds; i++)
        back += refunds[i].step.time > o->step[RECEIVED].time ? refunds[i].amount : 0;
    return back * 2 > o->amount;
}

static bool went_wrong(struct jd_host *h, const struct fake_trade_order *o)
{
    return o->flags & ORDER_FAULTS || paid_back(h, o);
}

/* How many suppliers' an identity is: 0 for a hub, which is nobody's. */
static int64_t sellers_of(struct jd_host *h, uint64_t key)
{
    const struct fake_trade_identity *id = key ? jd_find(h, IDENTITIES, key) : NULL;
    return id && !id->hub ? id->sellers : 0;
}

/* Two periods, half the window each. */
static void turn_purse(struct jd_host *h, struct fake_trade_purse *p)
{
    int64_t epoch = jd_now(h) / (fake_trade_config(h)->f7_window / 2);
    if (p->epoch == epoch)
        return;
    bool next = p->epoch + 1 == epoch;
    p->received[1] = next ? p->received[0] : 0;
    p->wrong[1] = next ? p->wrong[0] : 0;
    p->received[0] = p->wrong[0] = 0;
    p->epoch = epoch;
}

static void raise_hand(struct jd_host *h, struct fake_trade_order *o, int64_t suppliers)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    bool device_too = sellers_of(h, o->shipment_device) >= c->f7_suppliers;
    const struct jd_member purse = {JD_KIND_PAYER, JD_ROLE_RESOURCE, o->payee, 0, 0};
    struct fake_trade_finding finding = {
        .signal = F7_HAND,
        .strength = device_too ? c->f7_hand_device : c->f7_hand,
        .rollup = {JD_KIND_PAYER, o->payee},
        .steps = STEP(PAID) | STEP(SHIPPED),
        .members = &purse,
        .n_members = 1,
        .value = suppliers,
        .threshold = c->f7_suppliers,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)o->payee, (int64_t)o->supplier},
    };
    fake_trade_raise(h, o, &finding);
}

static int64_t wash_strength(const struct fake_trade_config *c, int64_t least, int64_t suppliers)
{
    if (least > 500000)
        return c->f7_most;
    if (least > 200000)
        return c->f7_many;
    return least > 100000 && suppliers >= c->f7_suppliers ? c->f7_some : 0;
}

/* Counts the order for the account that was paid for it; true if it adds to what went wrong there. */
static bool add_to_purse(struct jd_host *h, struct fake_trade_purse *p, struct fake_trade_order *o)
{
    if (!(o->flags & ORDER_PURSE_COUNTED)) {
        o->flags |= ORDER_PURSE_COUNTED;
        p->received[0]++;
    }
    if (o->flags & ORDER_WENT_WRONG || !went_wrong(h, o))
        return false;
    o->flags |= ORDER_WENT_WRONG;
    p->wrong[0]++;
    p->orders[p->next++ % PURSE_ORDERS] = o->key;
    return true;
}

/* F7, for the account that was paid, whatever shops stand before it: with 0.6 to 3 orders a unit and year a
 * pair alone has no rate. Several suppliers with one purse are one hand: lawful, so it is said only where the
 * purse's orders go wrong. That all of them are of one county is no sign. */
void fake_trade_wash(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    if (!o->payee || !fake_trade_has(o, RECEIVED) || !fake_trade_has(o, ORDERED) ||
        o->product == JD_PRODUCT_VOUCHER || (o->flags & ORDER_PURSE_COUNTED && !went_wrong(h, o)))
        return;
    struct fake_trade_purse *p = jd_get(h, PURSES, o->payee);
    if (!p)
        return;
    turn_purse(h, p);
    bool added = add_to_purse(h, p, o);
    int64_t suppliers = o->flags & ORDER_WENT_WRONG ? sellers_of(h, o->payee) : 0;
    int64_t wrong = p->wrong[0] + p->wrong[1];
    int64_t received = p->received[0] + p->received[1];
    int64_t least = fake_trade_share_at_least(wrong, received < wrong ? wrong : received);
    int64_t strength = suppliers ? wash_strength(c, least, suppliers) : 0;
    if (strength == 0)
        return;
    struct fake_trade_finding finding = {
        .signal = F7,
        .strength = strength,
        .steps = STEP(ORDERED) | STEP(PAID) | STEP(RECEIVED) | STEP(REFUNDED),
        .value = least / 10000,
        .threshold = 20,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)o->payee, wrong, received},
    };
    const struct fake_trade_purse before = *p; /* judging others may move it */
    fake_trade_raise(h, o, &finding);
    if (suppliers >= c->f7_suppliers)
        raise_hand(h, o, suppliers);
    for (unsigned i = 0; added && i < PURSE_ORDERS; i++)
        if (before.orders[i] != o->key)
            fake_trade_judge_key(h, before.orders[i], REFUND_CHANGED);
}

/* How many of the pair's orders were placed after one had been paid back; `other` is one of those. */
static unsigned placed_again(const struct fake_trade_returns *r, const struct fake_trade_order *o,
    const struct fake_trade_back **other)
{
    unsigned again = 0;
    unsigned n = r->n_back < PAIR_BACK ? (unsigned)r->n_back : PAIR_BACK;
    for (unsigned i = 0; i < n; i++) {
        again += r->back[i].ordered > r->first_back;
        if (r->back[i].order != o->key)
            *other = &r->back[i];
    }
    return again;
}

/* F7.again, for the pair: whoever has had his money back buys elsewhere. To order again, accept and have it
 * paid back again, time after time, only makes a year's figures. */
void fake_trade_paid_back_again(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    if (o->flags & ORDER_PAID_BACK || !fake_trade_has(o, RECEIVED) || !fake_trade_has(o, ORDERED) ||
        !fake_trade_has(o, REFUNDED) || !paid_back(h, o))
        return;
    uint64_t pair = fake_trade_pair_key(o);
    struct fake_trade_returns *r = pair ? jd_get(h, RETURNS, pair) : NULL;
    if (!r)
        return;
    o->flags |= ORDER_PAID_BACK;
    r->back[r->n_back++ % PAIR_BACK] = (struct fake_trade_back){
        .order = o->key, .ordered = o->step[ORDERED].time, .refunded = o->step[REFUNDED].time};
    if (!r->first_back || o->step[REFUNDED].time < r->first_back)
        r->first_back = o->step[REFUNDED].time;
    const struct fake_trade_back *other = NULL;
    unsigned again = placed_again(r, o, &other);
    if (r->n_back < (uint64_t)c->f7_back || again + 1 < c->f7_back || !other)
        return;
    struct fake_trade_finding finding = {
        .signal = F7_AGAIN,
        .strength = c->f7_again,
        .flags = JD_HARD,
        .steps = STEP(ORDERED) | STEP(RECEIVED) | STEP(REFUNDED),
        .other = jd_find(h, ORDERS, other->order),
        .other_steps = STEP(ORDERED) | STEP(RECEIVED) | STEP(REFUNDED),
        .value = (int64_t)r->n_back,
        .threshold = c->f7_back,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)o->supplier, other->refunded,
            o->step[ORDERED].time, o->step[REFUNDED].time},
    };
    fake_trade_raise(h, o, &finding);
}

/* F7.mutual: what two parties buy from each other cancels out, and both have their figures. Fellow shops of
 * one county do so by right: a soft sign, beside others. */
void fake_trade_mutual(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    if (!(o->flags & ORDER_OF_SELLER) || o->flags & ORDER_MUTUAL || !fake_trade_has(o, RECEIVED) || !o->unit)
        return;
    const struct fake_trade_supplier *s = o->supplier ? jd_find(h, SUPPLIERS, o->supplier) : NULL;
    uint64_t code = s ? s->credit_code : 0;
    struct fake_trade_pair *there = code ? jd_get(h, PAIRS, fake_trade_mix(o->unit, code)) : NULL;
    if (!there || code == o->unit)
        return;
    o->flags |= ORDER_MUTUAL;
    there->recent[there->next++ % PAIR_RECENT] = o->key;
    const struct fake_trade_pair *back = jd_find(h, PAIRS, fake_trade_mix(code, o->unit));
    int64_t n_back = back ? (int64_t)back->next : 0, n_there = (int64_t)there->next;
    if (!back || n_there < c->f7_mutual_orders || n_back < c->f7_mutual_orders ||
        jd_related(h, o->unit, code))
        return;
    struct fake_trade_finding finding = {
        .signal = F7_MUTUAL,
        .strength = c->f7_mutual,
        .steps = STEP(ORDERED) | STEP(RECEIVED),
        .other = jd_find(h, ORDERS, back->recent[(back->next - 1) % PAIR_RECENT]),
        .other_steps = STEP(ORDERED) | STEP(RECEIVED),
        .value = n_there < n_back ? n_there : n_back,
        .threshold = c->f7_mutual_orders,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)o->supplier, n_there, n_back},
    };
    fake_trade_raise(h, o, &finding);
}

/* ---- F11: a seller with a record ---- */

/* F11. Context for an order about which something else speaks too; its own faults do not count. */
void fake_trade_fault_rate(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    const struct fake_trade_supplier *s = o->supplier ? jd_find(h, SUPPLIERS, o->supplier) : NULL;
    int64_t usual = s && s->received >= (uint64_t)c->f11_least ? fake_trade_fault_share(h, s) : 0;
    if (usual == 0)
        return;
    int64_t faults = 0;
    for (unsigned kind = 0; kind < FAULT_KINDS; kind++)
        faults += (int64_t)s->faults[kind].total - (o->flags & ORDER_FAULT(kind) ? 1 : 0);
    int64_t received = (int64_t)s->received;
    faults = faults < 0 ? 0 : faults > received ? received : faults;
    int64_t least = fake_trade_share_at_least(faults, received);
    if (least <= 3 * usual) {
        fake_trade_clear(h, o, F11);
        return;
    }
    struct fake_trade_finding finding = {
        .signal = F11,
        .strength = least > 10 * usual ? c->f11_high : c->f11_raised,
        .steps = STEP(ORDERED),
        .value = faults,
        .threshold = usual * received / 1000000,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)o->supplier, received},
    };
    fake_trade_raise(h, o, &finding);
}
