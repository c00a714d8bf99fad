#include "daemon/sim/order.h"

#include "daemon/sim/calendar.h"

#include <stdio.h>

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from);
}

void order_amount(struct order_plan *p, int64_t pieces)
{
    p->quantity = pieces * 1000;
    p->amount = pieces * p->sku->price;
    p->weight = pieces * p->sku->grams + p->sku->grams / 3;
}

int64_t order_transit(const struct sim_params *params, struct random *r, int64_t km)
{
    int64_t base = params->transit_hours * HOUR + km * HOUR / params->transit_speed;

    return base + random_skewed(r, 0, 30 * HOUR);
}

/* Carrier, mode and the waybill's number. */
static void plan_carrier(struct stage *s, struct random *r, struct order_plan *p, int64_t km)
{
    static const char *const express[] = {"SF", "YT", "ZT", "ST", "JD", "YD"};

    p->ship_mode = "express";
    p->carrier = express[random_below(r, 6)];
    if (km < 300 && random_chance(r, s->params->own_truck)) {
        order_own_truck(p);
        return;
    }
    if (random_chance(r, s->params->freight)) {
        p->ship_mode = "freight";
        p->carrier = "DB";
    }
    random_digits(r, p->waybill, p->carrier, 15);
}

void order_ship(struct stage *s, struct random *r, struct order_plan *p, int64_t shipped)
{
    int64_t km = geography_km(p->origin, p->target->place);
    int64_t travel = order_transit(s->params, r, km);

    p->shipped = shipped;
    p->scanned = p->origin;
    p->collected = p->transit = p->out = p->delivered = ORDER_NEVER;
    if (p->waybill[0]) {
        p->collected = shipped + random_skewed(r, HOUR, 14 * HOUR);
        p->delivered = p->collected + travel;
        p->transit = p->collected + travel * random_between(r, 35, 75) / 100;
        p->out = p->delivered - random_between(r, 1, 5) * HOUR;
    }
    p->received = (p->waybill[0] ? p->delivered : shipped + travel / 2) + 20 * MINUTE;
    p->received = calendar_next_working(r, p->received + random_skewed(r, 0, s->params->receipt_days * DAY));
    p->receipt_login = p->received - random_between(r, 1, 9) * MINUTE;
    p->reviewed = p->received + random_between(r, 30 * SECOND, 15 * MINUTE);
    if (random_chance(r, s->params->unreviewed))
        p->reviewed = ORDER_NEVER;
}

void order_unship(struct order_plan *p, bool label_only)
{
    p->collected = p->transit = p->out = p->delivered = ORDER_NEVER;
    if (!label_only)
        p->shipped = ORDER_NEVER;
}

void order_own_truck(struct order_plan *p)
{
    p->ship_mode = "own";
    p->carrier = NULL;
    p->waybill[0] = '\0';
}

void order_express(struct random *r, struct order_plan *p, const char *carrier)
{
    p->ship_mode = "express";
    p->carrier = carrier;
    random_digits(r, p->waybill, carrier, 15);
}

void order_accept(struct order_plan *p, int64_t received, int64_t review)
{
    p->received = received;
    p->receipt_login = received - MINUTE;
    p->reviewed = received + review;
}

void order_voucher(struct random *r, struct order_plan *p)
{
    p->voucher = true;
    p->purchase_type = "union";
    order_unship(p, false);
    if (p->paid == ORDER_NEVER)
        p->paid = p->placed + random_between(r, 10 * MINUTE, 2 * HOUR);
    p->received = calendar_next_working(r, p->paid + random_between(r, DAY, 4 * DAY));
    p->receipt_login = p->received - 3 * MINUTE;
    p->redemptions = (int)random_between(r, 4, 25);
    p->redeemed_within = 40 * DAY;
}

static void plan_review(struct stage *s, struct random *r, struct order_plan *p)
{
    /* the platform's ready-made sentences and people's favourite words: many reviews have the same hash */
    static const char *const common[] = {
        "29af0c1c193016d", "5b1f7e88d0a4c21", "c0de44a1907e3b5", "71e9aa03f45d6b8"};

    if (random_chance(r, s->params->default_review))
        copy(p->review_hash, sizeof(p->review_hash), common[random_below(r, 4)]);
    else
        random_hex(r, p->review_hash, "", 15);
}

static void plan_payment(struct stage *s, struct random *r, struct order_plan *p)
{
    bool first = p->voucher || random_chance(r, s->params->pay_first);

    copy(p->payee, sizeof(p->payee), p->supplier->bank);
    copy(p->payer, sizeof(p->payer), p->target->payer);
    p->payer_matches = !p->target->treasury;
    if (random_chance(r, s->params->personal_payer)) {
        random_digits(r, p->payer, "62", 19);
        p->payer_matches = false;
    }
    p->paid = first ? p->placed + random_skewed(r, 5 * MINUTE, s->params->pay_days * DAY) : ORDER_NEVER;
}

/* What goes wrong in honest trade: cancelled orders, goods that are refunded in part. */
static void plan_mishaps(struct stage *s, struct random *r, struct order_plan *p)
{
    copy(p->refund_to, sizeof(p->refund_to), p->payer);
    if (p->voucher)
        return;
    if (random_chance(r, s->params->cancelled)) {
        p->cancelled = p->placed + random_skewed(r, 10 * MINUTE, 20 * HOUR);
        if (p->paid != ORDER_NEVER && p->paid < p->cancelled) {
            p->refunded = p->cancelled + random_between(r, HOUR, 3 * DAY);
            p->refund = p->amount;
        }
        return;
    }
    if (random_chance(r, s->params->refunded)) {
        p->refunded = p->received + random_between(r, HOUR, 5 * DAY);
        p->refund = p->amount * random_between(r, 3, 30) / 100;
    }
}

static void plan_goods(struct stage *s, struct random *r, struct order_plan *p)
{
    const int64_t percent[] = {s->params->small_amount, 100, s->params->large_amount};
    static const char *const purpose[] = {
        "canteen", "canteen", "canteen", "canteen", "canteen", "union", "union", "union", "other"};
    int64_t pieces;

    p->sku = &p->supplier->sku[random_below(r, p->supplier->n_sku)];
    p->purchase_type = purpose[random_below(r, 9)];
    pieces = random_between(r, 8, 40);
    pieces *= 1 + random_skewed(r, 0, 45);
    order_amount(p, 1 + pieces * percent[p->target->size] / 100);
    random_digits(r, p->order, "20", 19);
    copy(p->address, sizeof(p->address), p->target->address);
    copy(p->consignee, sizeof(p->consignee), p->target->consignee);
}

void order_plan(struct stage *s, struct random *r, struct order_plan *p, const struct unit *u,
    const struct supplier *supplier, int64_t placed)
{
    const struct person *who = &u->staff[random_below(r, u->n_staff)];
    const struct seat *seat = random_chance(r, s->params->mobile) ? &who->mobile : &who->desk;

    *p = (struct order_plan){.target = u, .supplier = supplier, .placed = placed, .cancelled = ORDER_NEVER};
    p->buyer = p->receiver = acts_buyer(u, who, seat);
    p->shipper = acts_supplier(supplier);
    p->login = placed - random_between(r, MINUTE, 25 * MINUTE);
    p->logout = random_chance(r, 500) ? placed + random_between(r, MINUTE, 10 * MINUTE) : ORDER_NEVER;
    p->refunded = ORDER_NEVER;
    plan_goods(s, r, p);
    p->voucher = random_chance(r, s->params->vouchers);
    plan_payment(s, r, p);
    p->origin = supplier->place;
    if (supplier->warehouse && random_chance(r, 500))
        p->origin = supplier->warehouse;
    plan_carrier(s, r, p, geography_km(p->origin, u->place));
    order_ship(s, r, p,
        calendar_next_working(r, (p->paid != ORDER_NEVER ? p->paid : placed) +
                                     random_skewed(r, 2 * HOUR, s->params->ship_hours * HOUR)));
    if (p->voucher)
        order_voucher(r, p);
    if (p->paid == ORDER_NEVER)
        p->paid = calendar_next_working(r, p->received + random_skewed(r, DAY, s->params->credit_days * DAY));
    p->invoiced = (p->shipped != ORDER_NEVER ? p->shipped : p->received) + random_skewed(r, 0, 3 * DAY);
    p->invoice_date = p->invoiced;
    plan_review(s, r, p);
    plan_mishaps(s, r, p);
}
