#include "detectors/proxy_purchasing/proxy_purchasing.h"

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
    add_member(d, JD_KIND_UNIT, JD_ROLE_BUYER, ref->unit, ref->unit, 0);
    add_member(d, JD_KIND_ORDER, JD_ROLE_ORDER, ref->order, ref->unit, ref->amount);
    add_member(d, JD_KIND_ACCOUNT, JD_ROLE_ACTOR, ref->account, ref->unit, 0);
    bool shared = proxy_purchasing_fan(h, ref->device).used > 1;
    add_member(
        d, JD_KIND_DEVICE, shared ? JD_ROLE_RESOURCE : JD_ROLE_ACTOR, ref->device, shared ? 0 : ref->unit, 0);
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

/* The resources of this order that are part of a ring. */
static void add_resources(struct jd_host *h, struct draft *d, const struct order *o)
{
    for (unsigned i = 0; i < PARTS; i++) {
        struct jd_subject s = proxy_purchasing_part(o, (enum part)i);
        const struct resource *r = o->linked >> i & 1 ? jd_find(h, RESOURCES, s.key) : NULL;
        enum jd_role role = i == PART_SUPPLIER ? JD_ROLE_SUPPLIER : JD_ROLE_RESOURCE;
        if (r && r->anchor_kind)
            add_member(d, (enum jd_kind)s.kind, role, s.key, 0, 0);
    }
}

static bool history_lost(struct jd_host *h, int64_t window)
{
    return jd_lost(h, RESOURCES, window) || jd_lost(h, WIDES, window) || jd_lost(h, ORDERS, window);
}

void proxy_purchasing_report(
    struct jd_host *h, const struct order *o, enum part part, const struct finding *f)
{
    const struct config *c = jd_config(h);
    struct jd_subject self = proxy_purchasing_part(o, part), anchor = proxy_purchasing_anchor(h, o, part);
    struct resource *r = jd_find(h, RESOURCES, self.key);
    if (r) {
        bool crowd = f->signal == P1 || f->signal == P9 || f->signal == P11 ||
                     (f->signal >= P3_PHONE && f->signal <= P3_ADDRESS);
        r->rooted |= !crowd || f->flags & JD_HARD;
        r->crowded |= crowd;
    }
    struct draft d = {.n_refs = 0};
    add_member(&d, (enum jd_kind)anchor.kind, JD_ROLE_RESOURCE, anchor.key, 0, 0);
    add_resources(h, &d, o);
    struct fan fan = proxy_purchasing_fan(h, self.key);
    for (uint32_t i = 0; i < fan.used; i++) {
        if (!(f->links >> i & 1))
            continue;
        add_order(h, &d, fan.links[i].first_order, part);
        if (fan.links[i].last_order != fan.links[i].first_order)
            add_order(h, &d, fan.links[i].last_order, part);
    }
    add_suppliers(&d);
    const struct jd_emit emit = {
        .signal = f->signal,
        .strength = f->strength,
        .flags = f->flags | (d.lost || history_lost(h, c->window) ? JD_INCOMPLETE : 0),
        .subject = anchor,
        .value = f->value,
        .threshold = f->threshold,
        .facts = {d.n_refs, d.amount, d.first, d.last, (int64_t)self.key, f->extra},
        .refs = d.refs,
        .n_refs = d.n_refs,
        .members = d.members,
        .n_members = d.n_members,
    };
    jd_emit(h, &emit);
}
