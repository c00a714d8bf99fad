#include "detectors/proxy_purchasing/proxy_purchasing.h"
#include "detectors/proxy_purchasing/rings.h"

#define REFS (2 * LINKS)
#define MEMBERS 256

/* A signal as it is put together: the orders behind it, who took part, and what it comes to. */
struct draft {
    struct jd_ref refs[REFS];
    struct jd_member members[MEMBERS];
    uint32_t n_refs, n_members;
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

static void add_order(struct jd_host *h, struct draft *d, uint64_t key, enum part part)
{
    const struct order *o = jd_find(h, ORDERS, key);
    if (!o || !o->ref.type) {
        d->lost = true;
        return;
    }
    const struct jd_ref *ref = &o->ref;
    d->refs[d->n_refs++] = proof_of(o, part);
    d->amount += ref->amount;
    if (!d->first || ref->time < d->first)
        d->first = ref->time;
    if (ref->time > d->last)
        d->last = ref->time;
    add_member(d, JD_KIND_ORDER, JD_ROLE_ORDER, ref->order, ref->unit, ref->amount);
    add_member(d, JD_KIND_ACCOUNT, JD_ROLE_ACTOR, ref->account, ref->unit, 0);
    bool shared = is_shared(h, ref->device);
    add_member(
        d, JD_KIND_DEVICE, shared ? JD_ROLE_RESOURCE : JD_ROLE_ACTOR, ref->device, shared ? 0 : ref->unit, 0);
}

/* The units that the finding is about, with the first and the latest order of each. Those outside the ring's
 * core are counted, not named. */
static void add_units(struct jd_host *h, struct draft *d, const struct view *v, link_mask links)
{
    if (v->wide && links & ~v->wide->outside)
        links &= ~v->wide->outside;
    for (uint32_t i = 0; i < v->fan.used; i++)
        if (links >> i & 1)
            add_member(d, JD_KIND_UNIT, JD_ROLE_BUYER, v->fan.links[i].unit, v->fan.links[i].unit, 0);
    for (uint32_t i = 0; i < v->fan.used; i++) {
        if (!(links >> i & 1))
            continue;
        add_order(h, d, v->fan.links[i].first_order, v->part);
        if (v->fan.links[i].last_order != v->fan.links[i].first_order)
            add_order(h, d, v->fan.links[i].last_order, v->part);
    }
}

/* Suppliers that two units of the ring bought from; one that sold to a single unit may know nothing of it. */
static void add_suppliers(struct draft *d)
{
    for (uint32_t i = 1; i < d->n_refs; i++) {
        uint32_t j = 0;
        while (j < i && (d->refs[j].supplier != d->refs[i].supplier || d->refs[j].unit == d->refs[i].unit))
            j++;
        if (j < i)
            add_member(d, JD_KIND_SUPPLIER, JD_ROLE_SUPPLIER, d->refs[i].supplier, 0, 0);
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

static void draw_up(struct jd_host *h, struct draft *d, const struct view *v, uint64_t ring, link_mask links)
{
    const struct config *c = jd_config(h);
    d->n_refs = d->n_members = 0;
    d->amount = d->first = d->last = 0;
    d->lost = history_lost(h, c->window);
    add_ring(h, d, ring);
    add_resource(d, v->part, v->shown.key);
    add_units(h, d, v, links);
    add_suppliers(d);
}

static void emit(
    struct jd_host *h, const struct draft *d, const struct view *v, uint64_t ring, const struct finding *f)
{
    bool names_it = f->signal != P8 && f->signal != P10 && f->signal != P13;
    const struct jd_emit emit = {
        .signal = f->signal,
        .strength = f->strength,
        .flags = f->flags | JD_OPEN | (d->lost ? JD_INCOMPLETE : 0),
        .subject = {JD_KIND_RING, ring},
        .value = f->value,
        .threshold = f->threshold,
        .facts = {d->n_refs, d->amount, d->first, d->last, names_it ? (int64_t)v->shown.key : f->extra,
            f->extra},
        .refs = d->refs,
        .n_refs = d->n_refs,
        .members = d->members,
        .n_members = d->n_members,
    };
    jd_emit(h, &emit);
}

void proxy_purchasing_report(
    struct jd_host *h, const struct view *v, uint64_t ring, const struct finding *f, unsigned n)
{
    struct draft d;
    v->resource->reported = jd_now(h);
    for (unsigned i = 0; i < n; i++) {
        v->resource->crowded |= is_crowd(f[i].signal);
        if (i == 0 || f[i].links != f[i - 1].links) /* most are about the same units */
            draw_up(h, &d, v, ring, f[i].links);
        emit(h, &d, v, ring, &f[i]);
    }
}
