/* What counts as purchased through the platform: orders that are paid and neither cancelled nor refunded, for
 * the unit that the order names and the year that it was placed for. Unpaid orders do not count (Ministry of
 * Finance, notice of 2021-05 on the platform); a purchase that was paid for twice counts once. Some places
 * count an order only once it is accepted, or accepted and reviewed (Guangxi, 2022): options say so. Canteen,
 * union and other purchases count alike, goods as well as vouchers, whenever those are redeemed. */
#include "detectors/procurement_progress/procurement_progress.h"

enum { /* flags of an order */
    PLACED = 1,
    PAID_WHOLE = 2,     /* a payment that names no amount */
    REFUNDED_WHOLE = 4, /* the same of a refund */
    CANCELLED = 8,
    RECEIVED = 16,
    REVIEWED = 32,
    IN_LAST_DAYS = 64, /* placed in the last days of its year */
};

/* What an order adds, and where. */
struct share {
    uint64_t unit;
    int64_t year;
    struct figures figures;
};

static int64_t counting(const struct config *c, const struct order *o)
{
    bool complete = (!c->need_receipt || o->flags & RECEIVED) && (!c->need_review || o->flags & REVIEWED);
    int64_t paid = o->flags & PAID_WHOLE ? o->amount : o->paid;
    if (o->flags & (CANCELLED | REFUNDED_WHOLE) || !complete)
        return 0;
    if (o->amount && paid > o->amount)
        paid = o->amount;
    return paid > o->refunded ? paid - o->refunded : 0;
}

static struct share share_of(const struct config *c, const struct order *o)
{
    struct share s = {.unit = o->unit, .year = o->year};
    bool open = o->flags & PLACED && !(o->flags & (CANCELLED | REFUNDED_WHOLE)) && !o->refunded;
    s.figures.purchased = counting(c, o);
    s.figures.pending = open && o->amount > s.figures.purchased ? o->amount - s.figures.purchased : 0;
    s.figures.year_end = o->flags & IN_LAST_DAYS ? s.figures.purchased : 0;
    s.figures.orders = s.figures.purchased > 0;
    return s;
}

static bool same(const struct share *a, const struct share *b)
{
    return a->unit == b->unit && a->year == b->year && a->figures.purchased == b->figures.purchased &&
           a->figures.pending == b->figures.pending && a->figures.year_end == b->figures.year_end;
}

/* What the unit's record has forgotten meanwhile cannot be taken away from it. */
static void add(int64_t *figure, int64_t change)
{
    int64_t result = procurement_sum(*figure, change);
    *figure = result > 0 ? result : 0;
}

static void add_figures(struct year *y, const struct figures *f, int sign)
{
    add(&y->figures.purchased, sign * f->purchased);
    add(&y->figures.pending, sign * f->pending);
    add(&y->figures.year_end, sign * f->year_end);
    add(&y->figures.orders, sign * f->orders);
    y->changed = 1;
}

/* Takes what the order added before from where it stood, and adds what it adds now: mostly to the same unit.
 */
static void settle(
    struct jd_host *h, const struct jd_event *e, const struct share *before, const struct share *after)
{
    if (same(before, after))
        return;
    struct unit *unit = after->unit ? procurement_unit(h, after->unit) : NULL;
    struct year *y = unit ? procurement_year(unit, after->year) : NULL;
    if (y && jd_key(e, JD_F_UNIT) == after->unit)
        procurement_introduce(h, e, unit);
    if (y)
        add_figures(y, &after->figures, 1);
    if (before->unit != after->unit)
        unit = before->unit ? jd_find(h, UNITS, before->unit) : NULL;
    y = unit ? procurement_year(unit, before->year) : NULL;
    if (y)
        add_figures(y, &before->figures, -1);
}

static void place(const struct config *c, struct order *o, const struct jd_event *e)
{
    int64_t day = jd_day(e->time), year = procurement_year_at(e);
    /* without a word on it, an order counts for the unit of its account */
    o->unit = jd_key(e, jd_has(e, JD_F_UNIT) ? JD_F_UNIT : JD_F_ACCOUNT_UNIT);
    o->year = (uint16_t)year;
    o->amount = jd_num(e, JD_F_AMOUNT);
    o->flags |= PLACED;
    o->flags &= (uint16_t)~IN_LAST_DAYS;
    if (day >= procurement_new_year(year + 1) - c->year_end / JD_DAY)
        o->flags |= IN_LAST_DAYS;
}

/* Where the order has not been seen (yet), what its payment says of it has to do. */
static void pay(struct order *o, const struct jd_event *e)
{
    o->paid = procurement_sum(o->paid, jd_num(e, JD_F_AMOUNT));
    if (!jd_has(e, JD_F_AMOUNT))
        o->flags |= PAID_WHOLE;
    if (o->flags & PLACED || o->unit)
        return;
    o->unit = jd_key(e, JD_F_UNIT);
    o->year = (uint16_t)procurement_year_at(e);
}

static void refund(struct order *o, const struct jd_event *e)
{
    o->refunded = procurement_sum(o->refunded, jd_num(e, JD_F_AMOUNT));
    if (!jd_has(e, JD_F_AMOUNT))
        o->flags |= REFUNDED_WHOLE;
}

static void apply(const struct config *c, struct order *o, const struct jd_event *e)
{
    switch (e->type) {
    case JD_TYPE_ORDER:
        place(c, o, e);
        break;
    case JD_TYPE_PAYMENT:
        pay(o, e);
        break;
    case JD_TYPE_REFUND:
        refund(o, e);
        break;
    case JD_TYPE_CANCEL:
        o->flags |= CANCELLED;
        break;
    case JD_TYPE_RECEIPT:
        o->flags |= RECEIVED;
        break;
    default:
        o->flags |= REVIEWED;
    }
}

void procurement_purchase(struct jd_host *h, const struct jd_event *e)
{
    const struct config *c = jd_config(h);
    struct order *o = jd_get(h, ORDERS, jd_key(e, JD_F_ORDER));
    if (!o)
        return;
    struct share before = share_of(c, o);
    apply(c, o, e);
    struct share after = share_of(c, o);
    settle(h, e, &before, &after);
}
