/* F13: an order that was made up after the fact: its invoice is older than itself. */
#include "detectors/fake_trade/fake_trade.h"

/* Orders for the same goods and amount are found again by who ordered: the unit, or, where the wrong unit was
 * chosen, the account. */
static uint64_t basket_key(const struct fake_trade_order *o, uint64_t owner)
{
    return owner && o->sku ? fake_trade_mix(fake_trade_mix(owner, o->sku), (uint64_t)o->amount) : 0;
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
                fake_trade_judge_key(h, b->orders[i]);
    }
}

/* Did the order replace a cancelled one that was there before the invoice? */
static bool replaces(struct jd_host *h, const struct fake_trade_order *o, uint64_t key)
{
    const struct fake_trade_basket *b = key ? jd_find(h, BASKETS, key) : NULL;
    for (unsigned i = 0; b && i < BASKET_ORDERS; i++) {
        const struct fake_trade_order *x = b->orders[i] ? jd_find(h, ORDERS, b->orders[i]) : NULL;
        if (!x || x == o || !fake_trade_has(x, CANCELLED))
            continue;
        int64_t ordered = o->step[ORDERED].time;
        bool soon = ordered - x->step[CANCELLED].time <= fake_trade_config(h)->f13_reorder;
        bool before =
            x->step[ORDERED].time <= ordered && jd_day(x->step[ORDERED].time) <= jd_day(o->invoice_time);
        if (soon && before)
            return true;
    }
    return false;
}

/* detection.md 3.3 F13, domain.md 6.4: the cleanest fact of a back-filled order. Invoices carry a day, not a
 * time, so whole local days are compared. */
void fake_trade_invoice_older(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    if (!fake_trade_has(o, INVOICED) || !fake_trade_has(o, ORDERED))
        return;
    int64_t ordered = o->step[ORDERED].time;
    bool older = jd_day(o->invoice_time) < jd_day(ordered) && ordered - o->invoice_time > c->f13_tolerance;
    if (!older || fake_trade_has(o, CANCELLED) || replaces(h, o, basket_key(o, o->unit)) ||
        replaces(h, o, basket_key(o, o->account))) {
        fake_trade_clear(h, o, F13);
        return;
    }
    struct fake_trade_finding finding = {
        .signal = F13,
        .strength = c->f13_invoice,
        .flags = JD_HARD,
        .steps = STEP(ORDERED) | STEP(INVOICED),
        .value = jd_day(ordered) - jd_day(o->invoice_time),
        .threshold = c->f13_tolerance / JD_DAY,
        .facts = {(int64_t)o->key, (int64_t)o->unit, o->invoice_time, ordered},
    };
    fake_trade_raise(h, o, &finding);
}
