#include "detectors/proxy_purchasing/proxy_purchasing.h"

#define FINDINGS 8

/* What one resource shows. */
struct verdict {
    struct finding finding[FINDINGS];
    unsigned n;
};

static void add(struct verdict *all, struct finding f)
{
    if (f.strength > 0 && all->n < FINDINGS)
        all->finding[all->n++] = f;
}

/* A crowd of units and what makes it worse. `now`: an order has just come in. */
static struct verdict crowd(struct jd_host *h, const struct view *v, bool now)
{
    struct verdict all = {.n = 0};
    if (v->part == PART_PAYER)
        add(&all, proxy_purchasing_seller(h, v));
    struct finding f = proxy_purchasing_fan_out(h, v);
    add(&all, f);
    if (!f.strength || v->part == PART_NETWORK)
        return all;
    add(&all, v->part == PART_SUPPLIER ? proxy_purchasing_shared_devices(h, v) : proxy_purchasing_area(h, v));
    if (v->part == PART_PAYER)
        add(&all, proxy_purchasing_declarations(h, v));
    if (v->part == PART_PHONE || v->part == PART_ADDRESS)
        add(&all, proxy_purchasing_steered(h, v));
    if (v->part == PART_DEVICE)
        add(&all, proxy_purchasing_place(h, v));
    if (v->part == PART_DEVICE && now)
        add(&all, proxy_purchasing_hopping(h, v));
    add(&all, proxy_purchasing_burst(h, v));
    return all;
}

/* A case that has been quiet is not opened again because a unit that is known orders once more, by right on
 * its own device; a new one opens it, or three that are known. */
static bool is_quiet(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    if (!v->resource->reported || v->resource->reported >= jd_now(h) - c->quiet)
        return false;
    unsigned again = 0;
    for (uint32_t i = 0; i < v->fan.used; i++)
        again += v->fan.links[i].last > v->resource->reported;
    return again < 3;
}

static void report_all(struct jd_host *h, const struct view *v, uint64_t ring, struct verdict *all)
{
    add(all, proxy_purchasing_ring_kinds(h, v));
    proxy_purchasing_report(h, v, ring, all->finding, all->n);
}

bool proxy_purchasing_judge(struct jd_host *h, const struct order *o, enum part part, unsigned changed)
{
    struct view v;
    if (!proxy_purchasing_view(h, o, part, &v))
        return false;
    bool cancelled = o->flags & ORDER_CANCELLED, known = !cancelled && v.known;
    struct verdict all = crowd(h, &v, !cancelled);
    if (cancelled || !all.n)
        proxy_purchasing_withdraw(h, &v);
    if (!known && (!all.n || (!(changed & LINK_NEW) && is_quiet(h, &v))))
        return false;
    if (known)
        add(&all, proxy_purchasing_known(h, &v));
    uint64_t ring = all.n ? proxy_purchasing_ring(h, &v, changed) : 0;
    if (ring)
        report_all(h, &v, ring, &all);
    return ring != 0;
}

void proxy_purchasing_restate(struct jd_host *h, uint64_t key, enum part part)
{
    struct view v;
    const struct config *c = jd_config(h);
    if (!proxy_purchasing_look(h, key, part, &v) || (!v.resource->crowded && !v.known) ||
        v.resource->reported < jd_now(h) - c->quiet)
        return;
    int64_t reported = v.resource->reported;
    v.resource->told = 0;
    struct verdict all = crowd(h, &v, true);
    if (v.known)
        add(&all, proxy_purchasing_known(h, &v));
    if (all.n)
        report_all(h, &v, v.resource->ring, &all);
    v.resource->reported = reported; /* this is no news */
}
