/* F6: money that a purchase sends round. */
#include "detectors/fake_trade/cycle.h"
#include "detectors/fake_trade/fake_trade.h"

/* Accounts are contracted to the unit or supplier that they belong to. */
static uint64_t contract(const struct fake_trade_identity *id, uint64_t account)
{
    return id && !id->hub && id->n == 1 ? id->parties[0].party : account;
}

uint64_t fake_trade_money_node(struct jd_host *h, uint64_t account)
{
    return account ? contract(jd_find(h, IDENTITIES, account), account) : 0;
}

/* A treasury and a clearing account stand for whom the order names. */
static uint64_t node_for(struct jd_host *h, uint64_t account, uint64_t party)
{
    const struct fake_trade_identity *id = account ? jd_find(h, IDENTITIES, account) : NULL;
    bool everybodys = id && (id->hub || id->n > fake_trade_config(h)->f5_hub);
    if (!account || everybodys || jd_listed(h, JD_LIST_TREASURY_PAYER, account, NULL))
        return party;
    return contract(id, account);
}

static void adopt(struct jd_host *h, uint64_t account, uint64_t node)
{
    if (account && node != account)
        fake_trade_cycle_adopt(h, account, node);
}

/* Between which nodes the event moves money; false: between none that matter. A refund takes a payment back
 * and is no hop; where it goes is F14's. */
static bool flow_of(struct jd_host *h, const struct jd_event *e, const struct fake_trade_order *o,
    struct fake_trade_flow *flow)
{
    uint64_t payer = jd_key(e, JD_F_PAYER);
    uint64_t payee = jd_key(e, JD_F_PAYEE);
    *flow = (struct fake_trade_flow){
        .money = {.payer = payer,
            .order = o ? o->key : 0,
            .time = e->time,
            .amount = jd_num(e, JD_F_AMOUNT),
            .id_ms = e->id_ms,
            .id_seq = e->id_seq,
            .type = e->type},
        .payee = payee,
    };
    if (e->type == JD_TYPE_TRANSFER) {
        flow->money.from = fake_trade_money_node(h, payer);
        flow->to = fake_trade_money_node(h, payee);
    } else if (e->type == JD_TYPE_PAYMENT && o) {
        flow->money.from = node_for(h, payer, o->unit);
        flow->to = node_for(h, payee, o->supplier);
    }
    if (!flow->payee)
        flow->payee = flow->to;
    return flow->money.from && flow->to;
}

/* Who acts in a movement of money is the account that pays. */
static struct jd_ref ref_of(const struct fake_trade_money *m)
{
    return (struct jd_ref){.id_ms = m->id_ms,
        .id_seq = m->id_seq,
        .time = m->time,
        .amount = m->amount,
        .account = m->payer,
        .order = m->order,
        .type = (uint16_t)m->type};
}

/* What stands in the alert about a circle. */
struct shape {
    const struct fake_trade_money *first, *last; /* in time */
    struct fake_trade_order *order;              /* whose payment goes round; the latest of several */
    bool level;                                  /* nobody keeps more than a twentieth */
};

static struct shape shape_of(struct jd_host *h, const struct fake_trade_circle *circle)
{
    struct shape shape = {.first = &circle->hop[0], .last = &circle->hop[0], .level = true};
    int64_t paid = INT64_MIN;
    for (unsigned i = 0; i < circle->n; i++) {
        const struct fake_trade_money *m = &circle->hop[i];
        shape.first = m->time < shape.first->time ? m : shape.first;
        shape.last = m->time > shape.last->time ? m : shape.last;
        if (m->type == JD_TYPE_PAYMENT && m->order && m->time > paid) {
            shape.order = jd_find(h, ORDERS, m->order);
            paid = m->time;
        }
    }
    for (unsigned i = 0; i < circle->n; i++)
        shape.level &= circle->hop[i].amount * 20 >= shape.first->amount * 19 &&
                       circle->hop[i].amount * 20 <= shape.first->amount * 21;
    return shape;
}

/* F6. */
static void raise(struct jd_host *h, const struct fake_trade_circle *circle)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    const struct shape shape = shape_of(h, circle);
    struct jd_ref refs[CYCLE_HOPS];
    struct jd_member members[CYCLE_HOPS];
    if (!shape.order || fake_trade_has(shape.order, CANCELLED))
        return;
    for (unsigned i = 0; i < circle->n; i++) {
        refs[i] = ref_of(&circle->hop[i]);
        members[i] =
            (struct jd_member){JD_KIND_PAYER, JD_ROLE_PAYER, circle->hop[i].payer, shape.order->unit, 0};
    }
    bool quick = shape.last->time - shape.first->time < 7 * JD_DAY;
    struct fake_trade_finding finding = {
        .signal = F6,
        .strength = (circle->n <= 3 ? c->f6_short : c->f6_long) + (shape.level ? c->f6_level : 0) +
                    (quick ? c->f6_quick : 0),
        .steps = STEP(ORDERED) | STEP(RECEIVED),
        .refs = refs,
        .n_refs = circle->n,
        .members = members,
        .n_members = circle->n,
        .value = circle->n,
        .threshold = CYCLE_HOPS,
        .facts = {(int64_t)shape.order->key, (int64_t)shape.order->unit, shape.first->amount,
            shape.last->amount, shape.last->time, fake_trade_cycle_cut(h)},
    };
    const struct fake_trade_supplier *s = jd_find(h, SUPPLIERS, shape.order->supplier);
    for (uint32_t i = 0; s && i < s->faults[CIRCULAR].n && !finding.other; i++)
        if (s->faults[CIRCULAR].list[i].order != shape.order->key)
            finding.other = jd_find(h, ORDERS, s->faults[CIRCULAR].list[i].order);
    finding.other_steps = STEP(ORDERED) | STEP(PAID);
    const struct fake_trade_habit habit = {
        .kind = CIRCULAR, .time = shape.last->time, .orders = c->f6_orders, .units = 1};
    if (shape.order->circle && shape.order->circle != shape.last->time) { /* more money by the same way */
        finding.strength = c->f6_repeated;
        finding.flags = JD_HARD;
    }
    shape.order->circle = shape.last->time;
    fake_trade_fault_raise(h, shape.order, &habit, &finding, NULL, c->f6_repeated);
}

void fake_trade_money_moves(struct jd_host *h, const struct jd_event *e, const struct fake_trade_order *o)
{
    static const enum jd_field named[] = {JD_F_PAYER, JD_F_PAYEE};
    struct fake_trade_flow flow;
    struct fake_trade_circle circle;
    if (!flow_of(h, e, o, &flow))
        return;
    if (e->type == JD_TYPE_TRANSFER)
        fake_trade_remember(h, e, named, 2);
    adopt(h, flow.money.payer, flow.money.from);
    adopt(h, jd_key(e, JD_F_PAYEE), flow.to);
    if (fake_trade_cycle_add(h, &flow, &circle) && circle.n)
        raise(h, &circle);
}
