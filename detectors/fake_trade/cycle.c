#include "detectors/fake_trade/cycle.h"

#include "detectors/fake_trade/fake_trade.h"

#define TIGHT_PERCENT 2 /* within what of the following amount a transfer through a hub is believed, */
#define TIGHT_TIME (72 * JD_HOUR)

static bool is_before(const struct fake_trade_money *a, const struct fake_trade_money *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    return a->id_ms != b->id_ms ? a->id_ms < b->id_ms : a->id_seq < b->id_seq;
}

/* ---- what is kept of a transfer ---- */

/* The two largest of a list: their indices, or n. */
static void largest_of(const struct fake_trade_money *list, unsigned n, unsigned large[2])
{
    large[0] = large[1] = n;
    for (unsigned i = 0; i < n; i++) {
        if (large[0] == n || list[i].amount > list[large[0]].amount) {
            large[1] = large[0];
            large[0] = i;
        } else if (large[1] == n || list[i].amount > list[large[1]].amount) {
            large[1] = i;
        }
    }
}

/* Where there is no room the oldest makes it, but not the two largest, and first one whose sender had been
 * paid by nobody: he can hardly stand in the middle of a circle, and at its end he is found by the pair. */
static unsigned victim_of(const struct fake_trade_money *list, unsigned n)
{
    unsigned large[2];
    unsigned oldest = n;
    largest_of(list, n, large);
    for (unsigned i = n; i-- > 0;) {
        if (i == large[0] || i == large[1])
            continue;
        if (!list[i].fed)
            return i;
        oldest = oldest == n ? i : oldest;
    }
    return oldest;
}

/* Lists are in order of time, the newest first. */
static void insert(struct fake_trade_money *list, uint32_t *n, const struct fake_trade_money *m)
{
    uint32_t at = (*n)++;
    for (; at > 0 && is_before(&list[at - 1], m); at--)
        list[at] = list[at - 1];
    list[at] = *m;
}

static void take_out(struct fake_trade_money *list, uint32_t *n, unsigned at)
{
    for (unsigned i = at + 1; i < *n; i++)
        list[i - 1] = list[i];
    --*n;
}

static void drop_old(struct fake_trade_money *list, uint32_t *n, int64_t oldest)
{
    while (*n && list[*n - 1].time < oldest)
        --*n;
}

static bool is_known(const struct fake_trade_flows *pair, const struct fake_trade_money *m)
{
    for (uint32_t i = 0; i < pair->n; i++)
        if (pair->list[i].time == m->time && pair->list[i].amount == m->amount &&
            pair->list[i].order == m->order)
            return true;
    return false;
}

/* False if it is known already. */
static bool store(struct jd_host *h, uint64_t to, struct fake_trade_money *m)
{
    m->fed = jd_find(h, INFLOWS, m->from) != NULL;
    int64_t oldest = jd_now(h) - 2 * fake_trade_config(h)->f6_window;
    struct fake_trade_flows *pair = jd_get(h, FLOWS, fake_trade_mix(m->from, to));
    if (!pair || is_known(pair, m))
        return false;
    drop_old(pair->list, &pair->n, oldest);
    if (pair->n == FLOWS_KEPT)
        take_out(pair->list, &pair->n, FLOWS_KEPT - 1);
    insert(pair->list, &pair->n, m);
    struct fake_trade_inflow *in = jd_get(h, INFLOWS, to);
    if (!in)
        return true;
    bool news = fake_trade_reach_pass_on(h, in, m->from, fake_trade_reach_note(h, m->from, to));
    in->count[0]++;
    drop_old(in->list, &in->n, oldest);
    if (in->n == INFLOW_KEPT)
        take_out(in->list, &in->n, victim_of(in->list, in->n));
    insert(in->list, &in->n, m);
    if (news)
        fake_trade_reach_propagate(h, to);
    return true;
}

/* ---- the search ---- */

struct search {
    struct jd_host *h;
    const struct fake_trade_flow *flow;
    struct fake_trade_circle *circle;
    int64_t window;
    uint64_t numbers[2]; /* of the new transfer's receiver and of his account */
    unsigned limit;      /* hops of the circle that is sought */
    unsigned budget;
};

/* How far the search has come: at `node`, over `last`. Walking back in time, it may once jump from the
 * circle's first transfer to its last: then it has `wrapped`, and comes down to the new transfer again. */
struct walk {
    uint64_t node;
    struct fake_trade_money last;
    int64_t earliest;
    bool wrapped;
};

static bool is_near(struct jd_host *h, int64_t amount, int64_t following)
{
    const struct fake_trade_config *c = fake_trade_config(h);
    return amount * 100 >= following * c->f6_low && amount * 100 <= following * c->f6_high;
}

/* The pair's transfers of the same day together: a sum may be sent in parts. */
static int64_t day_sum(const struct fake_trade_money *list, uint32_t n, const struct fake_trade_money *m)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < n; i++)
        if (list[i].from == m->from && jd_day(list[i].time) == jd_day(m->time))
            sum += list[i].amount;
    return sum;
}

/* Can list[i] be the transfer before? Then `next` is where it leads. */
static bool step_back(struct search *s, const struct walk *w, const struct fake_trade_money *list, uint32_t n,
    uint32_t i, struct walk *next)
{
    const struct fake_trade_money *f = &list[i];
    const struct fake_trade_money *new = &s->flow->money;
    *next = *w;
    next->last = *f;
    next->node = f->from;
    if (!is_before(f, &w->last)) { /* the circle's last transfer, if anything */
        next->wrapped = true;
        return !w->wrapped && is_before(new, f) && f->time - w->earliest <= s->window;
    }
    if (w->wrapped ? !is_before(new, f) : f->time < new->time - s->window)
        return false;
    if (!w->wrapped)
        next->earliest = f->time;
    if (!is_near(s->h, f->amount, w->last.amount))
        next->last.amount = day_sum(list, n, f);
    return is_near(s->h, next->last.amount, w->last.amount);
}

static bool is_target(const struct search *s, uint64_t node)
{
    return node == s->flow->to || node == s->flow->payee;
}

static bool on_path(const struct search *s, uint64_t node)
{
    for (unsigned i = 0; i < s->circle->n; i++)
        if (s->circle->hop[i].from == node)
            return true;
    return is_target(s, node);
}

/* Did the money of the new transfer come from here at once? */
static bool close_circle(struct search *s, const struct walk *w)
{
    const uint64_t names[] = {s->flow->to, s->flow->payee};
    for (unsigned k = 0; k < (names[0] == names[1] ? 1 : 2) && s->budget; k++) {
        s->budget--;
        const struct fake_trade_flows *pair = jd_find(s->h, FLOWS, fake_trade_mix(names[k], w->node));
        for (uint32_t i = 0; pair && i < pair->n && s->budget; i++) {
            struct walk next;
            s->budget--;
            if (!step_back(s, w, pair->list, pair->n, i, &next) ||
                (next.wrapped && !is_near(s->h, s->flow->money.amount, pair->list[i].amount)))
                continue;
            s->circle->hop[s->circle->n++] = pair->list[i];
            return true;
        }
    }
    return false;
}

/* Many are paid through a hub (a clearing account): only what comes out as it went in leads on beyond it.
 * Whether the circle closes there is asked of the pair, so that a busy supplier is no hiding place. */
static bool leads_on(
    const struct search *s, const struct fake_trade_inflow *in, const struct walk *w, const struct walk *next)
{
    if (in->count[0] + in->count[1] <= fake_trade_config(s->h)->f6_hub || s->circle->n + 2 == s->limit)
        return true;
    int64_t difference = next->last.amount - w->last.amount;
    difference = difference < 0 ? -difference : difference;
    return difference * 100 <= w->last.amount * TIGHT_PERCENT && w->last.time - next->last.time <= TIGHT_TIME;
}

/* An account may have found its owner since. */
static uint64_t node_at(const struct search *s, const struct walk *w)
{
    return w->node == w->last.payer ? fake_trade_money_node(s->h, w->node) : w->node;
}

static void go_on(struct search *s, const struct fake_trade_money *m, uint64_t from)
{
    s->circle->hop[s->circle->n] = *m;
    s->circle->hop[s->circle->n++].from = from;
}

/* A busy node has forgotten most of those who paid it. Whom the new transfer's receiver has paid is known,
 * and what those have paid here. */
static bool close_over_one(struct search *s, const struct walk *w)
{
    const struct fake_trade_outflow *out = jd_find(s->h, OUTFLOWS, s->flow->to);
    for (unsigned k = 0; out && k < OUTFLOW_NODES; k++) {
        uint64_t node = out->to[k];
        if (!node || node == w->node || on_path(s, node) || !s->budget)
            continue;
        s->budget--;
        const struct fake_trade_flows *pair = jd_find(s->h, FLOWS, fake_trade_mix(node, w->node));
        for (uint32_t i = 0; pair && i < pair->n && s->budget; i++) {
            struct walk next;
            s->budget--;
            if (!step_back(s, w, pair->list, pair->n, i, &next))
                continue;
            go_on(s, &pair->list[i], node);
            if (close_circle(s, &next))
                return true;
            s->circle->n--;
        }
    }
    return false;
}

static bool walk_back(struct search *s, const struct walk *w)
{
    if (s->circle->n + 1 == s->limit)
        return close_circle(s, w);
    const struct fake_trade_inflow *here = jd_find(s->h, INFLOWS, w->node);
    for (uint32_t i = 0; here && i < here->n && s->budget; i++) {
        struct walk next;
        s->budget--;
        if (!step_back(s, w, here->list, here->n, i, &next))
            continue;
        next.node = node_at(s, &next);
        const struct fake_trade_inflow *in = on_path(s, next.node) ? NULL : jd_find(s->h, INFLOWS, next.node);
        if (!in || !fake_trade_reach_by(in, s->numbers) || !leads_on(s, in, w, &next))
            continue;
        go_on(s, &here->list[i], next.node);
        if (walk_back(s, &next))
            return true;
        s->circle->n--;
    }
    bool busy = here && here->n == INFLOW_KEPT;
    return busy && s->circle->n + 2 == s->limit && close_over_one(s, w);
}

/* Shortest first, so that a long way round is never taken for the circle. */
static void search(struct jd_host *h, const struct fake_trade_flow *flow, const uint64_t numbers[2],
    struct fake_trade_circle *circle)
{
    struct search s = {.h = h,
        .flow = flow,
        .circle = circle,
        .window = fake_trade_config(h)->f6_window,
        .numbers = {numbers[0], numbers[1]},
        .budget = CYCLE_BUDGET};
    const struct walk start = {
        .node = flow->money.from, .last = flow->money, .earliest = flow->money.time, .wrapped = false};
    bool found = false;
    for (s.limit = 2; s.limit <= CYCLE_HOPS && s.budget && !found; s.limit++) {
        circle->n = 1;
        circle->hop[0] = flow->money;
        found = walk_back(&s, &start);
    }
    if (!found)
        circle->n = 0;
    struct fake_trade_searches *count = jd_get(h, SEARCHES, SEARCHES_KEY);
    if (!count)
        return;
    count->done++;
    count->cut += !found && !s.budget;
    count->reads += CYCLE_BUDGET - s.budget;
}

bool fake_trade_cycle_add(struct jd_host *h, struct fake_trade_flow *flow, struct fake_trade_circle *circle)
{
    circle->n = 0;
    if (flow->money.from == flow->to || flow->money.amount <= 0 || !store(h, flow->to, &flow->money))
        return false;
    const struct fake_trade_inflow *in = jd_find(h, INFLOWS, flow->money.from);
    if (!in || !in->n)
        return true;
    const uint64_t numbers[] = {fake_trade_reach_number(h, flow->to),
        flow->payee == flow->to ? 0 : fake_trade_reach_number(h, flow->payee)};
    if (fake_trade_reach_by(in, numbers))
        search(h, flow, numbers, circle);
    return true;
}

void fake_trade_cycle_adopt(struct jd_host *h, uint64_t account, uint64_t node)
{
    const struct fake_trade_inflow *in = jd_find(h, INFLOWS, account);
    if (!in)
        return;
    struct fake_trade_inflow copy = *in;
    jd_remove(h, INFLOWS, account);
    for (uint32_t i = copy.n; i-- > 0;)
        store(h, node, &copy.list[i]);
}

int64_t fake_trade_cycle_cut(struct jd_host *h)
{
    const struct fake_trade_searches *count = jd_find(h, SEARCHES, SEARCHES_KEY);
    return count ? (int64_t)count->cut : 0;
}
