/* Which signals an event asks about. */
#include "detectors/fake_trade/fake_trade.h"

/* Counts each order once for its supplier and for the feeds that should report on it. Done here and not where
 * an event is handled, since the order's own event, which names supplier and goods, may come last. */
static void count(struct jd_host *h, struct fake_trade_order *o)
{
    if (!fake_trade_has(o, ORDERED) || o->product == JD_PRODUCT_VOUCHER)
        return;
    if (fake_trade_has(o, RECEIVED)) {
        int64_t received = o->step[RECEIVED].time;
        if (!(o->flags & ORDER_RECEIPT_COUNTED)) {
            fake_trade_supplier_received(h, o);
            fake_trade_feed_expect(h, FEED_FAULTS, received);
            fake_trade_feed_expect(h, FEED_SHIPMENTS, received);
            o->flags |= ORDER_RECEIPT_COUNTED;
        }
        if (fake_trade_has(o, SHIPPED) && !(o->flags & ORDER_SHIPMENT_COUNTED)) {
            fake_trade_feed_see(h, FEED_SHIPMENTS, received);
            o->flags |= ORDER_SHIPMENT_COUNTED;
        }
    }
    if (fake_trade_has(o, SHIPPED) && o->n_waybills && o->carrier) {
        int64_t shipped = o->step[SHIPPED].time;
        if (!(o->flags & ORDER_LABEL_COUNTED)) {
            fake_trade_feed_expect(h, o->carrier, shipped);
            o->flags |= ORDER_LABEL_COUNTED;
        }
        if (fake_trade_has(o, SCANNED) && !(o->flags & ORDER_SCAN_COUNTED)) {
            fake_trade_feed_see(h, o->carrier, shipped);
            o->flags |= ORDER_SCAN_COUNTED;
        }
    }
}

#define GOODS_EVENTS                                                                                         \
    (ORDER_CHANGED | SHIPMENT_CHANGED | SCAN_CHANGED | CANCEL_CHANGED | GOODS_CHANGED | TIME_CHANGED |       \
        FAULTS_CHANGED)

/* Neither acceptance nor time changes where a parcel has been. */
#define PARCEL_EVENTS (GOODS_EVENTS & ~(uint32_t)TIME_CHANGED)

/* A signal is judged again only where something that it depends on has changed. */
static const struct {
    uint32_t on; /* fake_trade_change bits */
    bool late;   /* money is looked at however late it moves */
    void (*judge)(struct jd_host *h, struct fake_trade_order *o);
} rules[] = {
    {ORDER_CHANGED | SHIPMENT_CHANGED | RECEIPT_CHANGED | CANCEL_CHANGED | TIME_CHANGED | PARCEL_CHANGED,
        false, fake_trade_waybill_reuse},
    {GOODS_EVENTS, false, fake_trade_no_shipment},
    {GOODS_EVENTS, false, fake_trade_label_only},
    {GOODS_EVENTS | RECEIPT_CHANGED, false, fake_trade_light_parcel},
    {PARCEL_EVENTS, false, fake_trade_false_trace},
    {PARCEL_EVENTS, false, fake_trade_wrong_place},
    {PARCEL_EVENTS, false, fake_trade_wrong_origin},
    {GOODS_EVENTS, false, fake_trade_local_scan}, /* what F3.origin has not said more of */
    {GOODS_EVENTS, false, fake_trade_fast_receipt},
    {GOODS_EVENTS, false, fake_trade_early_receipt},
    {ORDER_CHANGED | PAYMENT_CHANGED | RECEIPT_CHANGED | CANCEL_CHANGED | PARTIES_CHANGED | FAULTS_CHANGED,
        false, fake_trade_identity_link},
    {ORDER_CHANGED | INVOICE_CHANGED | CANCEL_CHANGED, false, fake_trade_invoice_older},
    {ORDER_CHANGED | PAYMENT_CHANGED | REFUND_CHANGED | TIME_CHANGED, true, fake_trade_refund_diverted},
    {ORDER_CHANGED | RECEIPT_CHANGED | REFUND_CHANGED | TIME_CHANGED, true, fake_trade_refund_after_year},
    {ORDER_CHANGED | CANCEL_CHANGED, false, fake_trade_split},
    {ORDER_CHANGED, false, fake_trade_price},
    {PAYMENT_CHANGED | RECEIPT_CHANGED | REFUND_CHANGED | TIME_CHANGED | SCAN_CHANGED | ORDER_CHANGED, true,
        fake_trade_wash},
    {ORDER_CHANGED | RECEIPT_CHANGED | REFUND_CHANGED, true, fake_trade_paid_back_again},
    {ORDER_CHANGED | RECEIPT_CHANGED, false, fake_trade_mutual},
};

/* Says something else about the order? */
static bool is_suspect(const struct fake_trade_order *o)
{
    return o->raised & ~(RAISED(F10) | RAISED(F11));
}

/* Has it been received or cancelled so long ago that what explained it may be forgotten by now? */
static bool long_closed(struct jd_host *h, const struct fake_trade_order *o)
{
    int64_t keep = fake_trade_config(h)->keep_closed;
    return fake_trade_waited(h, o, RECEIVED, keep) || fake_trade_waited(h, o, CANCELLED, keep);
}

void fake_trade_judge(struct jd_host *h, struct fake_trade_order *o, uint32_t changes)
{
    bool closed = long_closed(h, o);
    if (closed)
        jd_pin(h, ORDERS, o, false);
    if (!closed && changes & (ORDER_CHANGED | SHIPMENT_CHANGED | SCAN_CHANGED | RECEIPT_CHANGED))
        count(h, o);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].on & changes && (rules[i].late || !closed))
            rules[i].judge(h, o);
    if (!closed && is_suspect(o)) {
        fake_trade_season(h, o);
        fake_trade_fault_rate(h, o);
    }
}

void fake_trade_judge_key(struct jd_host *h, uint64_t order, uint32_t changes)
{
    struct fake_trade_order *o = order ? jd_find(h, ORDERS, order) : NULL;
    if (o)
        fake_trade_judge(h, o, changes);
}
