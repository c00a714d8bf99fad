#include "daemon/sim/order.h"

#include "daemon/sim/calendar.h"
#include "daemon/sim/person.h"

#include <stdio.h>
#include <string.h>

static void play_order(struct stage *s, struct random *r, struct order_plan *p)
{
    struct writer *w = s->writer;

    if (!p->session[0])
        acts_login(s, r, &p->buyer, p->login, p->session);
    acts_begin(s, "order", &p->buyer, p->target, p->placed, p->session);
    writer_text(w, "operator", p->buyer.operator_id);
    writer_text(w, "order", p->order);
    writer_text(w, "supplier", p->supplier->id);
    writer_division(w, "supplier_region", p->supplier->place->code);
    writer_text(w, "sku", p->sku->id);
    writer_text(w, "category", p->sku->category);
    writer_number(w, "quantity", p->quantity);
    writer_number(w, "unit_price", p->sku->price);
    writer_number(w, "amount", p->amount);
    writer_text(w, "purchase_type", p->purchase_type);
    writer_text(w, "product_type", p->voucher ? "voucher" : "goods");
    writer_text(w, "address", p->address);
    writer_text(w, "consignee_phone", p->consignee);
    writer_worth(w, WROTE_ORDER, p->amount);
    writer_end(w, LAG_ONLINE);
    if (p->logout != ORDER_NEVER)
        acts_logout(s, &p->buyer, p->logout, p->session);
}

static void play_cancel(struct stage *s, struct random *r, struct order_plan *p)
{
    char session[SESSION_ID];

    if (p->logout != ORDER_NEVER && p->cancelled > p->logout)
        acts_login(s, r, &p->buyer, p->cancelled - 2 * MINUTE, session);
    else
        snprintf(session, sizeof(session), "%s", p->session);
    acts_begin(s, "cancel", &p->buyer, p->target, p->cancelled, session);
    writer_text(s->writer, "order", p->order);
    writer_end(s->writer, LAG_ONLINE);
}

static void play_about(struct stage *s, const struct order_plan *p, const char *type, int64_t time)
{
    writer_begin(s->writer, type, time);
    writer_text(s->writer, "order", p->order);
    writer_text(s->writer, "unit", p->target->code);
    writer_division(s->writer, "region", p->target->place->code);
    writer_text(s->writer, "supplier", p->supplier->id);
}

static void play_payment(struct stage *s, const struct order_plan *p)
{
    play_about(s, p, "payment", p->paid);
    writer_money(s->writer, "amount", p->amount);
    writer_text(s->writer, "payer", p->payer);
    writer_number(s->writer, "payer_name_matches", p->payer_matches);
    writer_text(s->writer, "payee", p->payee);
    writer_worth(s->writer, WROTE_MONEY, p->amount);
    writer_end(s->writer, LAG_PAYMENT);
}

static void play_refund(struct stage *s, const struct order_plan *p)
{
    play_about(s, p, "refund", p->refunded);
    writer_number(s->writer, "amount", p->refund);
    writer_text(s->writer, "payer", p->payee);
    writer_text(s->writer, "payee", p->refund_to);
    writer_end(s->writer, LAG_PAYMENT);
}

/* A step that the carrier's or supplier's feed reports. */
static void end_of_feed(struct stage *s, const struct order_plan *p, int64_t time, enum writer_lag lag)
{
    if (p->feed_delay > 0)
        writer_arrives(s->writer, time + p->feed_delay);
    writer_end(s->writer, lag);
}

static void play_shipment(struct stage *s, const struct order_plan *p, int64_t time, const char *waybill)
{
    struct writer *w = s->writer;
    const struct actor *a = &p->shipper;

    writer_begin(w, "shipment", time);
    writer_text(w, "account", a->account);
    writer_text(w, "account_kind", a->kind);
    writer_text(w, "account_unit", a->unit);
    writer_text(w, "supplier", p->supplier->id);
    writer_division(w, "supplier_region", p->supplier->place->code);
    writer_text(w, "device", a->seat->device);
    writer_text(w, "ip", a->seat->ip);
    writer_division(w, "ip_region", a->seat->ip_region);
    writer_text(w, "ip_class", a->seat->ip_class);
    writer_text(w, "channel", a->seat->channel);
    writer_text(w, "order", p->order);
    writer_text(w, "ship_mode", p->ship_mode);
    writer_division(w, "origin_region", p->origin->code);
    writer_number(w, "weight", p->weight);
    writer_text(w, "waybill", waybill);
    writer_text(w, "carrier", p->carrier);
    end_of_feed(s, p, time, LAG_SHIPMENT);
}

static void play_scan(
    struct stage *s, const struct order_plan *p, int64_t time, const char *status, uint32_t where)
{
    if (time == ORDER_NEVER)
        return;
    writer_begin(s->writer, "tracking", time);
    writer_text(s->writer, "order", p->order);
    writer_text(s->writer, "waybill", p->waybill);
    writer_text(s->writer, "carrier", p->carrier);
    writer_text(s->writer, "status", status);
    writer_division(s->writer, "origin_region", where);
    if (!strcmp(status, "collected"))
        writer_number(s->writer, "weight", p->scanned_weight ? p->scanned_weight : p->weight);
    end_of_feed(s, p, time, LAG_TRACKING);
}

static void play_delivery(struct stage *s, const struct order_plan *p)
{
    uint32_t home = p->target->place->code;

    if (p->shipped != ORDER_NEVER)
        play_shipment(s, p, p->shipped, p->mistyped[0] ? p->mistyped : p->waybill);
    if (p->mistyped[0])
        play_shipment(s, p, p->corrected, p->waybill);
    play_scan(s, p, p->collected, "collected", p->scanned ? p->scanned->code : home);
    play_scan(s, p, p->transit, "transit", geography_city(home));
    play_scan(s, p, p->out, "out_for_delivery", home);
    play_scan(s, p, p->delivered, "delivered", home);
}

static void play_receipt(struct stage *s, struct random *r, struct order_plan *p)
{
    struct writer *w = s->writer;

    if (!p->receipt_session[0])
        acts_login(s, r, &p->receiver, p->receipt_login, p->receipt_session);
    acts_begin(s, "receipt", &p->receiver, p->target, p->received, p->receipt_session);
    writer_text(w, "operator", p->receiver.operator_id);
    writer_text(w, "order", p->order);
    writer_end(w, LAG_ONLINE);
    if (p->reviewed == ORDER_NEVER)
        return;
    acts_begin(s, "review", &p->receiver, p->target, p->reviewed, p->receipt_session);
    writer_text(w, "review_hash", p->review_hash);
    writer_text(w, "operator", p->receiver.operator_id);
    writer_text(w, "order", p->order);
    writer_end(w, LAG_ONLINE);
}

static void play_invoice(struct stage *s, struct random *r, const struct order_plan *p)
{
    char number[WORLD_ID];

    random_digits(r, number, "24", 19);
    play_about(s, p, "invoice", p->invoiced);
    writer_division(s->writer, "supplier_region", p->supplier->place->code);
    writer_text(s->writer, "invoice", number);
    writer_number(s->writer, "invoice_time", p->invoice_date);
    writer_number(s->writer, "amount", p->amount);
    writer_end(s->writer, LAG_INVOICE);
}

void order_redeemer(struct random *r, struct redeemer *who, const struct place *place)
{
    person_phone(r, who->phone);
    person_ip(r, who->ip, NET_MOBILE);
    random_hex(r, who->device, "wx", 16);
    snprintf(who->address, sizeof(who->address), "%s%06u小区%d号", place->city, (unsigned)place->code,
        (int)random_between(r, 1, 999));
}

static void play_redemptions(struct stage *s, struct random *r, const struct order_plan *p)
{
    for (int i = 0; i < p->redemptions; i++) {
        struct writer *w = s->writer;
        struct redeemer who;

        if (p->redeemer)
            who = p->redeemer[i % p->redeemers];
        else
            order_redeemer(r, &who, p->target->place);
        play_about(s, p, "redeem", p->received + random_skewed(r, 2 * HOUR, p->redeemed_within));
        writer_text(w, "device", who.device);
        writer_text(w, "phone", who.phone);
        writer_text(w, "ip", who.ip);
        writer_text(w, "ip_class", "mobile");
        writer_text(w, "channel", "h5");
        writer_number(w, "quantity", 1000);
        writer_number(w, "amount", p->amount / p->redemptions);
        writer_text(w, "address", who.address);
        writer_end(w, LAG_ONLINE);
    }
}

void order_play(struct stage *s, struct random *r, struct order_plan *p)
{
    writer_label(s->writer, p->label);
    play_order(s, r, p);
    if (p->cancelled != ORDER_NEVER)
        play_cancel(s, r, p);
    if (p->paid != ORDER_NEVER && (p->cancelled == ORDER_NEVER || p->paid < p->cancelled))
        play_payment(s, p);
    if (p->refunded != ORDER_NEVER)
        play_refund(s, p);
    if (p->cancelled == ORDER_NEVER) {
        play_delivery(s, p);
        if (p->received != ORDER_NEVER)
            play_receipt(s, r, p);
        if (p->invoiced != ORDER_NEVER)
            play_invoice(s, r, p);
        play_redemptions(s, r, p);
    }
    writer_label(s->writer, 0);
}
