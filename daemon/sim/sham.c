#include "daemon/sim/sham.h"

bool sham_begin(struct scheme *c, struct sham *f, size_t units, const struct place *place)
{
    f->supplier = scheme_supplier(c);
    f->orders = scheme_fake_size(c);
    f->units = scheme_units(c, f->unit, units < f->orders ? units : f->orders, place);
    return f->units > 0;
}

void sham_order(struct scheme *c, struct sham *f, size_t i, struct order_plan *p)
{
    struct random *r = &c->random;
    int64_t placed = scheme_moment(c, i, f->orders);

    scheme_order(c, p, f->unit[i % f->units], f->supplier, placed);
    if (!p->waybill[0]) /* staged on paper: a label costs nothing */
        order_express(r, p, "ZT");
    p->origin = f->supplier->place;
    p->paid = placed + random_between(r, 10 * MINUTE, 6 * HOUR);
    order_ship(c->stage, r, p, calendar_next_working(r, p->paid + random_between(r, 2 * HOUR, 20 * HOUR)));
    p->invoiced = p->shipped + random_between(r, HOUR, 20 * HOUR);
    p->invoice_date = p->invoiced;
}

void sham_accept(struct scheme *c, struct order_plan *p, int64_t time)
{
    p->received = time;
    p->receipt_login = time - 2 * MINUTE;
    p->reviewed = time + random_between(&c->random, 20, 200) * SECOND;
}

void sham_each(struct scheme *c, size_t units, void (*change)(struct scheme *, struct order_plan *))
{
    struct sham f;

    if (!sham_begin(c, &f, units, NULL))
        return;
    for (size_t i = 0; i < f.orders; i++) {
        struct order_plan p;

        sham_order(c, &f, i, &p);
        change(c, &p);
        scheme_play(c, &p);
    }
}
