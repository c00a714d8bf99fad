/* F13: an order that was made up after the fact: its invoice is older than itself. */
#include "detectors/fake_trade/fake_trade.h"

/* Orders from the same supplier are found again by who ordered: the unit, or, where the wrong unit was
 * chosen, the account. */
static uint64_t basket_key(const struct fake_trade_order *o, uint64_t owner)
{
    return owner && o->supplier ? fake_trade_mix(owner, o->supplier) : 0;
}

static void add_to_basket(struct jd_host *h, uint64_t key, uint64_t order)
{
    struct fake_trade_basket *b = key ? jd_get(h, BASKETS, key) : NULL;
    for (unsigned i = 0; b && i < BASKET_ORDERS; i++)
        if (b->orders[i] == order)
            return;
    if (b)
        b->orders[b->next++ % BASKET_ORDERS] = order;
}

void fake_trade_basket_note(struct jd_host *h, const struct fake_trade_order *o)
{
    add_to_basket(h, basket_key(o, o->unit), o->key);
    add_to_basket(h, basket_key(o, o->account), o->key);
}

/* A cancelled order may explain its successors. */
void fake_trade_basket_judge(struct jd_host *h, const struct fake_trade_order *o)
{
    const uint64_t keys[] = {basket_key(o, o->unit), basket_key(o, o->account)};
    for (unsigned k = 0; k < 2; k++) {
        const struct fake_trade_basket *b = keys[k] ? jd_find(h, BASKETS, keys[k]) : NULL;
        for (unsigned i = 0; b && i < BASKET_ORDERS; i++)
            if (b->orders[i] != o->key)
                fake_trade_judge_key(h, b->orders[i], CANCEL_CHANGED);
    }
}

enum replaced { REPLACES_NOTHING, REPLACES_OTHER_GOODS, REPLACES_SAME_GOODS };

/* Did the order replace a cancelled one that was there before the invoice, and was that for the same goods?
 */
static enum replaced replaces(struct jd_host *h, const struct fake_trade_order *o, uint64_t key)
{
    const struct fake_trade_basket *b = key ? jd_find(h, BASKETS, key) : NULL;
    enum replaced best = REPLACES_NOTHING;
    int64_t ordered = o->step[ORDERED].time;
    for (unsigned i = 0; b && i < BASKET_ORDERS && best != REPLACES_SAME_GOODS; i++) {
        const struct fake_trade_order *x = b->orders[i] ? jd_find(h, ORDERS, b->orders[i]) : NULL;
        if (!x || x == o || !fake_trade_has(x, CANCELLED) || !fake_trade_has(x, ORDERED))
            continue;
        bool soon = ordered - x->step[CANCELLED].time <= fake_trade_config(h)->f13_reorder;
        bool before =
            x->step[ORDERED].time <= ordered && jd_day(x->step[ORDERED].time) <= jd_day(o->invoice_time);
        if (soon && before)
            best = x->sku == o->sku ? REPLACES_SAME_GOODS : REPLACES_OTHER_GOODS;
    }
    return best;
}

/* F13: the cleanest fact of a back-filled order. Invoices carry a day, not a
 * time, so whole local days are compared. Whoever cancels and orders the same goods again, in whatever
 * quantity, keeps the first order's invoice; if the goods are others, that is a soft sign. */
void fake_trade_invoice_older(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    if (!fake_trade_has(o, INVOICED) || !fake_trade_has(o, ORDERED))
        return;
    int64_t ordered = o->step[ORDERED].time;
    bool older = jd_day(o->invoice_time) < jd_day(ordered) && ordered - o->invoice_time > c->f13_tolerance;
    enum replaced replaced = REPLACES_SAME_GOODS;
    if (older && !fake_trade_has(o, CANCELLED)) {
        enum replaced of_account = replaces(h, o, basket_key(o, o->account));
        replaced = replaces(h, o, basket_key(o, o->unit));
        replaced = of_account > replaced ? of_account : replaced;
    }
    int64_t strength = replaced == REPLACES_NOTHING ? c->f13_invoice : c->f13_replaced;
    if (replaced == REPLACES_SAME_GOODS || strength < fake_trade_raised(h, o, F13))
        fake_trade_clear(h, o, F13);
    if (replaced == REPLACES_SAME_GOODS)
        return;
    struct fake_trade_finding finding = {
        .signal = F13,
        .strength = strength,
        .flags = replaced == REPLACES_NOTHING ? JD_HARD : 0,
        .steps = STEP(ORDERED) | STEP(INVOICED),
        .value = jd_day(ordered) - jd_day(o->invoice_time),
        .threshold = c->f13_tolerance / JD_DAY,
        .facts = {(int64_t)o->key, (int64_t)o->unit, o->invoice_time, ordered},
    };
    fake_trade_raise(h, o, &finding);
}
