/* F14: money that does not go back where it came from, or only once the year has been counted. */
#include "detectors/fake_trade/fake_trade.h"

unsigned fake_trade_payments_of(struct jd_host *h, const struct fake_trade_order *o,
    struct fake_trade_payment payments[static ORDER_PAYMENTS])
{
    const struct fake_trade_instalments *more = o->n_payments > 1 ? jd_find(h, INSTALMENTS, o->key) : NULL;
    payments[0] = o->payment;
    for (unsigned i = 1; more && i < o->n_payments; i++)
        payments[i] = more->list[i - 1];
    return more ? o->n_payments : o->n_payments > 0;
}

static bool add_payment(struct jd_host *h, struct fake_trade_order *o, struct fake_trade_payment p)
{
    if (o->n_payments == ORDER_PAYMENTS)
        return false;
    if (o->n_payments > 0) {
        struct fake_trade_instalments *more = jd_get(h, INSTALMENTS, o->key);
        if (!more)
            return false;
        more->list[o->n_payments - 1] = p;
    } else {
        o->payment = p;
    }
    o->n_payments++;
    return true;
}

void fake_trade_payment(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e)
{
    static const enum jd_field named[] = {JD_F_PAYER};
    struct fake_trade_payment p = {
        .payer = jd_key(e, JD_F_PAYER), .amount = jd_num(e, JD_F_AMOUNT), .time = e->time};
    fake_trade_order_step(o, PAID, e);
    if (!o->payee)
        o->payee = jd_key(e, JD_F_PAYEE);
    struct fake_trade_payment known[ORDER_PAYMENTS];
    unsigned n = fake_trade_payments_of(h, o, known);
    for (unsigned i = 0; i < n; i++) {
        const struct fake_trade_payment *q = &known[i];
        if (q->payer == p.payer && q->amount == p.amount && q->time == p.time)
            return; /* said again */
    }
    if (add_payment(h, o, p))
        fake_trade_remember(h, e, named, 1);
}

void fake_trade_refund(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e)
{
    struct fake_trade_refund r = {
        .payee = jd_key(e, JD_F_PAYEE),
        .amount = jd_num(e, JD_F_AMOUNT),
        .step = fake_trade_step_of(e),
    };
    fake_trade_order_step(o, REFUNDED, e);
    struct fake_trade_refunds *refunds = jd_get(h, REFUNDS, o->key);
    if (!refunds)
        return;
    for (unsigned i = 0; i < o->n_refunds; i++) {
        const struct fake_trade_refund *q = &refunds->list[i];
        if (q->payee == r.payee && q->amount == r.amount && q->step.time == r.step.time)
            return; /* said again */
    }
    if (o->n_refunds == ORDER_REFUNDS)
        return;
    static const enum jd_field named[] = {JD_F_PAYEE};
    refunds->list[o->n_refunds++] = r;
    fake_trade_remember(h, e, named, 1);
    jd_timer(h, ORDERS, o->key, jd_now(h) + fake_trade_config(h)->f14_wait);
}

static bool has_paid(struct jd_host *h, const struct fake_trade_order *o, uint64_t account)
{
    struct fake_trade_payment payments[ORDER_PAYMENTS];
    unsigned n = fake_trade_payments_of(h, o, payments);
    for (unsigned i = 0; i < n; i++)
        if (payments[i].payer == account || !payments[i].payer)
            return true; /* an unnamed payer may be anybody */
    return false;
}

/* All of the order's payments are known: nobody else can turn out to have paid too. */
static bool fully_paid(struct jd_host *h, const struct fake_trade_order *o)
{
    struct fake_trade_payment payments[ORDER_PAYMENTS];
    unsigned n = fake_trade_payments_of(h, o, payments);
    int64_t paid = 0;
    for (unsigned i = 0; i < n; i++)
        paid += payments[i].amount;
    return o->amount > 0 && paid >= o->amount;
}

/* A unit whose bank account was closed gets its money on the new one. */
static bool bank_changed(struct jd_host *h, const struct fake_trade_order *o, int64_t refunded)
{
    const struct fake_trade_unit *u = o->unit ? jd_find(h, UNITS, o->unit) : NULL;
    return u && u->bank_changed && u->bank_changed >= o->payment.time - JD_DAY &&
           u->bank_changed <= refunded + 7 * JD_DAY;
}

/* How strongly a refund speaks of diversion: 0 not at all. */
static int64_t diversion(
    struct jd_host *h, const struct fake_trade_order *o, const struct fake_trade_refund *r)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    if (!r->payee || !o->n_payments || has_paid(h, o, r->payee))
        return 0;
    if (!fully_paid(h, o) && jd_now(h) < r->step.id_ms + c->f14_wait)
        return 0;
    if (jd_listed(h, JD_LIST_TREASURY_PAYER, r->payee, NULL) || fake_trade_identity_hub(h, r->payee) ||
        bank_changed(h, o, r->step.time))
        return 0;
    bool its_own = o->unit && fake_trade_paid_before(h, r->payee, o->unit);
    return its_own || o->n_payments == ORDER_PAYMENTS ? c->f14_known : c->f14_account;
}

/* F14: a refund to an account that has not paid for the order. A refund that arrives before
 * its payment, or before the rest of the payments, waits for them. */
void fake_trade_refund_diverted(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    const struct fake_trade_refund *worst = NULL;
    const struct fake_trade_refund *refunds = fake_trade_refunds_of(h, o);
    int64_t strength = 0;
    for (unsigned i = 0; refunds && i < o->n_refunds; i++) {
        int64_t s = diversion(h, o, &refunds[i]);
        if (s > strength) {
            strength = s;
            worst = &refunds[i];
        }
    }
    if (!worst) {
        fake_trade_clear(h, o, F14);
        return;
    }
    struct jd_ref ref = fake_trade_ref(o, REFUNDED);
    ref.id_ms = worst->step.id_ms;
    ref.id_seq = worst->step.id_seq;
    ref.time = worst->step.time;
    ref.amount = worst->amount;
    const struct jd_member payee = {JD_KIND_PAYER, JD_ROLE_PAYER, worst->payee, o->unit, 0};
    struct fake_trade_finding finding = {
        .signal = F14,
        .strength = strength,
        .flags = strength >= c->f14_account ? JD_HARD : 0,
        .steps = STEP(ORDERED) | STEP(PAID),
        .refs = &ref,
        .n_refs = 1,
        .members = &payee,
        .n_members = 1,
        .value = worst->amount,
        .facts = {(int64_t)o->key, (int64_t)o->unit, (int64_t)o->payment.payer, (int64_t)worst->payee,
            o->payment.time, worst->step.time},
    };
    fake_trade_raise(h, o, &finding);
}

static int64_t pair_count(struct jd_host *h, const struct fake_trade_order *o)
{
    uint64_t pair = fake_trade_pair_key(o);
    struct fake_trade_returns *r = pair ? jd_get(h, RETURNS, pair) : NULL;
    if (!r)
        return 1;
    for (uint64_t i = 0; i < r->n; i++)
        if (r->orders[i] == o->key)
            return (int64_t)r->n;
    if (r->n < PAIR_ORDERS)
        r->orders[r->n++] = o->key;
    return (int64_t)r->n;
}

/* F14.year: paid, counted, and mostly refunded once the year has ended. Returns in January are
 * normal, so this is never enough alone. */
void fake_trade_refund_after_year(struct jd_host *h, struct fake_trade_order *o)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    if (!fake_trade_has(o, REFUNDED) || !fake_trade_has(o, RECEIVED) || !fake_trade_has(o, ORDERED))
        return;
    int64_t counted = fake_trade_date_of(o->step[RECEIVED].time).year;
    const struct fake_trade_refund *refunds = fake_trade_refunds_of(h, o);
    int64_t refunded = 0;
    for (unsigned i = 0; refunds && i < o->n_refunds; i++)
        refunded += fake_trade_date_of(refunds[i].step.time).year > counted ? refunds[i].amount : 0;
    if (o->amount == 0 || refunded * 100 <= o->amount * c->f14_year_percent)
        return;
    int64_t orders = pair_count(h, o);
    struct fake_trade_finding finding = {
        .signal = F14_YEAR,
        .strength = orders >= c->f14_year_orders ? c->f14_year_repeated : c->f14_year,
        .steps = STEP(ORDERED) | STEP(RECEIVED) | STEP(REFUNDED),
        .value = refunded,
        .threshold = o->amount * c->f14_year_percent / 100,
        .facts = {(int64_t)o->key, (int64_t)o->unit, o->step[RECEIVED].time, o->step[REFUNDED].time, orders},
    };
    fake_trade_raise(h, o, &finding);
}
