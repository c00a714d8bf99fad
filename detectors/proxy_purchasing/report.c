#include "detectors/proxy_purchasing/proxy_purchasing.h"
#include "detectors/proxy_purchasing/rings.h"

#define REFS (2 * LINKS)
#define MEMBERS 256

/* A signal as it is put together: the orders behind it, who took part, and what it comes to. */
struct draft {
    struct jd_ref refs[REFS];
    struct jd_member members[MEMBERS];
    uint32_t n_refs, n_members;
    struct sale {
        uint64_t supplier, unit;
    } suppliers[REFS];
    uint32_t orders;
    int64_t amount, first, last;
    bool lost; /* an order is no longer known */
};

static void add_member(
    struct draft *d, enum jd_kind kind, enum jd_role role, uint64_t key, uint64_t unit, int64_t amount)
{
    if (!key || d->n_members == MEMBERS)
        return;
    for (uint32_t i = 0; i < d->n_members; i++)
        if (d->members[i].key == key && d->members[i].kind == (uint32_t)kind)
            return;
    d->members[d->n_members++] =
        (struct jd_member){.kind = kind, .role = role, .key = key, .unit = unit, .amount = amount};
}

/* ---- units and their orders ---- */

/* The entry that proves the tie: for a payer that is the payment, for all others the order. */
static struct jd_ref proof_of(const struct order *o, enum part part)
{
    struct jd_ref ref = o->ref;
    if (part == PART_PAYER && o->paid_ms) {
        ref.id_ms = o->paid_ms;
        ref.id_seq = o->paid_seq;
        ref.time = o->paid_time;
        ref.type = JD_TYPE_PAYMENT;
    }
    return ref;
}

static bool is_shared(struct jd_host *h, uint64_t device)
{
    const struct resource *r = jd_find(h, RESOURCES, device);
    return r && (r->wide || r->used > 1);
}

static void name_order(struct jd_host *h, struct draft *d, const struct order *o, enum part part)
{
    const struct jd_ref *ref = &o->ref;
    bool shared = is_shared(h, ref->device);
    d->refs[d->n_refs++] = proof_of(o, part);
    add_member(d, JD_KIND_ORDER, JD_ROLE_ORDER, ref->order, ref->unit, ref->amount);
    add_member(d, JD_KIND_ACCOUNT, JD_ROLE_ACTOR, ref->account, ref->unit, 0);
    add_member(
        d, JD_KIND_DEVICE, shared ? JD_ROLE_RESOURCE : JD_ROLE_ACTOR, ref->device, shared ? 0 : ref->unit, 0);
}

static void add_order(struct jd_host *h, struct draft *d, uint64_t key, enum part part, bool named)
{
    const struct order *o = jd_find(h, ORDERS, key);
    if (!o || !o->ref.type) {
        d->lost = true;
        return;
    }
    d->suppliers[d->orders] = (struct sale){o->ref.supplier, o->ref.unit};
    d->orders++;
    d->amount += o->ref.amount;
    if (!d->first || o->ref.time < d->first)
        d->first = o->ref.time;
    if (o->ref.time > d->last)
        d->last = o->ref.time;
    if (named)
        name_order(h, d, o, part);
}

/* The units that the finding is about, with the first and the latest order of each. Those outside the ring's
 * core are counted, not named; nor are those named again that the case knows already, but for `news`. */
static void add_units(
    struct jd_host *h, struct draft *d, const struct view *v, link_mask links, uint64_t news)
{
    if (v->wide && links & ~v->wide->outside)
        links &= ~v->wide->outside;
    link_mask named = 0;
    for (uint32_t i = 0; i < v->fan.used; i++) {
        uint64_t unit = v->fan.links[i].unit;
        if (!(links >> i & 1) || (news && unit != news))
            continue;
        named |= UINT32_C(1) << i;
        add_member(d, JD_KIND_UNIT, JD_ROLE_BUYER, unit, unit, 0);
    }
    for (uint32_t i = 0; i < v->fan.used; i++) {
        const struct link *l = &v->fan.links[i];
        if (!(links >> i & 1))
            continue;
        add_order(h, d, l->first_order, v->part, named >> i & 1);
        if (l->last_order != l->first_order)
            add_order(h, d, l->last_order, v->part, named >> i & 1);
    }
}

/* Suppliers that two units of the ring bought from; one that sold to a single unit may know nothing of it. */
static void add_suppliers(struct draft *d)
{
    for (uint32_t i = 1; i < d->orders; i++) {
        uint32_t j = 0;
        while (j < i && (d->suppliers[j].supplier != d->suppliers[i].supplier ||
                            d->suppliers[j].unit == d->suppliers[i].unit))
            j++;
        if (j < i)
            add_member(d, JD_KIND_SUPPLIER, JD_ROLE_SUPPLIER, d->suppliers[i].supplier, 0, 0);
    }
}

/* ---- resources ---- */

static void add_resource(struct draft *d, enum part part, uint64_t key)
{
    enum jd_kind kind = proxy_purchasing_kind(part);
    add_member(d, kind, kind == JD_KIND_SUPPLIER ? JD_ROLE_SUPPLIER : JD_ROLE_RESOURCE, key, 0, 0);
}

/* The ring's resources, its anchor first, and the ring that became part of it last: whoever had an alert
 * under that name finds it here. A network or a lockstep is shown by its own findings only. */
static void add_ring(struct jd_host *h, struct draft *d, uint64_t ring)
{
    const struct ring *r = jd_find(h, RINGS, ring);
    if (!r)
        return;
    add_member(d, JD_KIND_RING, JD_ROLE_SUBJECT, r->younger, 0, 0);
    for (unsigned anchors = 2; anchors-- > 0;)
        for (uint32_t i = 0; i < r->used; i++) {
            enum part part = (enum part)r->resource[i].part;
            bool anchor = r->resource[i].key == r->anchor;
            if (anchor == (anchors == 1) && part != PART_NETWORK && part != PART_LOCKSTEP)
                add_resource(d, part, r->resource[i].key);
        }
}

static bool history_lost(struct jd_host *h, int64_t window)
{
    return jd_lost(h, RESOURCES, window) || jd_lost(h, WIDES, window) || jd_lost(h, ORDERS, window);
}

/* Is it about the very number of units that the resource serves? */
static bool is_crowd(enum signal signal)
{
    return signal > P0_ADDRESS && signal != P13;
}

/* `news`: the only unit that the case does not know yet; 0: it is to be told of all. */
static void draw_up(
    struct jd_host *h, struct draft *d, const struct view *v, uint64_t ring, link_mask links, uint64_t news)
{
    const struct config *c = jd_config(h);
    d->n_refs = d->n_members = d->orders = 0;
    d->amount = d->first = d->last = 0;
    d->lost = history_lost(h, c->window);
    add_ring(h, d, ring);
    add_resource(d, v->part, v->shown.key);
    add_units(h, d, v, links, news);
    add_suppliers(d);
}

static void emit(
    struct jd_host *h, const struct draft *d, const struct view *v, uint64_t ring, const struct finding *f)
{
    bool names_it = f->signal != P8 && f->signal != P10 && f->signal != P13 && f->signal != P10_NEAR &&
                    (f->signal != P11 || v->part == PART_SUPPLIER);
    const struct jd_emit emit = {
        .signal = f->signal,
        .strength = f->strength,
        .flags = f->flags | JD_OPEN | (d->lost ? JD_INCOMPLETE : 0),
        .subject = {JD_KIND_RING, ring},
        .value = f->value,
        .threshold = f->threshold,
        .facts = {d->orders, d->amount, d->first, d->last, names_it ? (int64_t)v->shown.key : f->extra,
            f->extra},
        .refs = d->refs,
        .n_refs = d->n_refs,
        .members = d->members,
        .n_members = d->n_members,
    };
    jd_emit(h, &emit);
}

/* A case keeps what it is told; once a day it is told everything, in between of the unit that orders. */
void proxy_purchasing_report(
    struct jd_host *h, const struct view *v, uint64_t ring, const struct finding *f, unsigned n)
{
    struct draft d;
    struct resource *r = v->resource;
    bool all = jd_now(h) - r->told >= JD_DAY;
    r->reported = jd_now(h);
    r->told = all ? jd_now(h) : r->told;
    for (unsigned i = 0; i < n; i++) {
        r->crowded |= is_crowd(f[i].signal);
        if (i == 0 || f[i].links != f[i - 1].links) /* most are about the same units */
            draw_up(h, &d, v, ring, f[i].links, all ? 0 : v->unit);
        emit(h, &d, v, ring, &f[i]);
    }
}
