#include "daemon/sim/scheme.h"

const char *scheme_grade_word(enum grade grade)
{
    static const char *const word[] = {"naive", "careful", "adaptive"};

    return word[grade];
}

void scheme_also(struct scheme *c, const char *detector)
{
    truth_also(c->stage->truth, c->label, detector);
}

size_t scheme_size(struct scheme *c)
{
    const struct sim_params *p = c->stage->params;
    const int64_t range[GRADES][2] = {
        {p->naive_min, p->naive_max},
        {p->careful_min, p->careful_max},
        {p->adaptive_min, p->adaptive_max},
    };

    return (size_t)random_between(&c->random, range[c->grade][0], range[c->grade][1]);
}

size_t scheme_fake_size(struct scheme *c)
{
    return (size_t)random_between(&c->random, c->stage->params->fake_min, c->stage->params->fake_max);
}

bool scheme_take(struct scheme *c, struct unit *u)
{
    if (u->taken)
        return false;
    u->taken = true;
    if (c->n_own < SCHEME_UNITS)
        c->own[c->n_own++] = u;
    truth_add(c->stage->truth, c->label, TRUTH_UNIT, u->code);
    return true;
}

static bool is_stranger(const struct unit *u, struct unit *const *known, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (world_related(u, known[i]))
            return false;
    }
    return true;
}

size_t scheme_units(struct scheme *c, struct unit **out, size_t n, const struct place *place)
{
    const struct world *w = &c->stage->world;
    size_t found = 0;

    for (size_t tries = 0; found < n && tries < 60 * w->n_districts + 40 * n; tries++) {
        struct unit *u = &w->units[random_below(&c->random, w->n_units)];

        if ((place && u->place != place) || !is_stranger(u, out, found))
            continue;
        if (scheme_take(c, u))
            out[found++] = u;
    }
    return found;
}

size_t scheme_family(struct scheme *c, struct unit **out, size_t n)
{
    const struct world *w = &c->stage->world;

    for (size_t tries = 0; tries < 400; tries++) {
        size_t head = (size_t)w->units[random_below(&c->random, w->n_units)].top;
        size_t free = 0;

        for (size_t i = head; i < w->n_units && w->units[i].top == (int)head; i++)
            free += !w->units[i].taken;
        if (free < 3 || w->units[head].taken)
            continue;
        free = 0;
        for (size_t i = head; free < n && i < w->n_units && w->units[i].top == (int)head; i++) {
            if (scheme_take(c, &w->units[i]))
                out[free++] = &w->units[i];
        }
        return free;
    }
    return 0;
}

struct supplier *scheme_supplier(struct scheme *c)
{
    const struct world *w = &c->stage->world;
    struct supplier *s = NULL;

    for (size_t tries = 0; tries < 200; tries++) {
        s = &w->suppliers[random_below(&c->random, w->n_suppliers)];
        if (!s->taken)
            break;
    }
    s->taken = true;
    truth_add(c->stage->truth, c->label, TRUTH_SUPPLIER, s->id);
    return s;
}

const struct supplier *scheme_seller(struct scheme *c, const struct unit *u)
{
    return world_supplier(&c->stage->world, &c->random, u);
}

const struct district *scheme_district(struct scheme *c)
{
    const struct world *w = &c->stage->world;

    return &w->districts[random_below(&c->random, w->n_districts)];
}

struct firm *scheme_firm(struct scheme *c, struct firm *firms, size_t n, bool known)
{
    for (size_t tries = 0; tries < 8 * n; tries++) {
        struct firm *f = &firms[random_below(&c->random, n)];

        if (f->known == known && !f->taken) {
            f->taken = true;
            return f;
        }
    }
    return NULL;
}

const struct place *scheme_far(struct scheme *c, const struct place *from, int64_t km)
{
    const struct place *p;

    do
        p = &geography_districts[random_below(&c->random, geography_n_districts)];
    while (geography_km(p, from) < km);
    return p;
}

const struct place *scheme_near(struct scheme *c, const struct place *from, int64_t km, int64_t most)
{
    for (int tries = 0; tries < 300; tries++) {
        const struct place *p = scheme_far(c, from, km);

        if (geography_km(p, from) <= most)
            return p;
    }
    return scheme_far(c, from, km);
}

int64_t scheme_moment(struct scheme *c, size_t i, size_t n)
{
    int64_t part = c->span / (int64_t)(n ? n : 1);
    int64_t time = c->begin + part * (int64_t)i + random_between(&c->random, 0, part / 2);

    time = calendar_next_working(&c->random, time);
    return time < c->stage->end ? time : c->stage->end - HOUR - random_between(&c->random, 0, HOUR);
}

void scheme_account(struct scheme *c, const char *account)
{
    truth_add(c->stage->truth, c->label, TRUTH_ACCOUNT, account);
}

void scheme_device(struct scheme *c, const struct seat *seat)
{
    truth_add(c->stage->truth, c->label, TRUTH_DEVICE, seat->device);
}

void scheme_order(struct scheme *c, struct order_plan *p, const struct unit *u,
    const struct supplier *supplier, int64_t placed)
{
    struct stage *s = c->stage;
    struct random *r = &c->random;

    if (placed > s->end - HOUR) /* what does not leave is no member */
        placed = s->end - HOUR;
    order_plan(s, r, p, u, supplier, placed);
    for (int tries = 0; (p->cancelled != ORDER_NEVER || p->voucher) && tries < 100; tries++)
        order_plan(s, r, p, u, supplier, placed);
    p->refunded = ORDER_NEVER;
    p->label = c->label;
    truth_add(s->truth, c->label, TRUTH_ORDER, p->order);
}

void scheme_honest(struct scheme *c, struct order_plan *p, const struct unit *u, int64_t placed)
{
    scheme_order(c, p, u, scheme_seller(c, u), placed);
}

void scheme_send(struct scheme *c, struct order_plan *p)
{
    order_ship(c->stage, &c->random, p,
        calendar_next_working(&c->random, p->placed + random_between(&c->random, 3 * HOUR, 24 * HOUR)));
}

void scheme_reserve(struct scheme *c, const struct unit *u, int64_t login, int64_t filed, int64_t reserved)
{
    struct actor a = acts_manager(u, &u->staff[0], &u->staff[0].desk);
    char session[SESSION_ID];

    writer_label(c->stage->writer, c->label);
    acts_login(c->stage, &c->random, &a, login, session);
    acts_reservation(c->stage, &a, u, filed, session, reserved, reserved * 5);
    writer_label(c->stage->writer, 0);
    scheme_account(c, u->management);
}

void scheme_operate(struct scheme *c, struct order_plan *p, const struct unit *u, const struct person *who,
    const struct seat *seat)
{
    p->buyer = acts_buyer(u, who, seat);
    p->buyer.phone = u->staff[0].phone; /* the account's phone, whoever holds the password */
    p->receiver = p->buyer;
    scheme_device(c, seat);
}

void scheme_play(struct scheme *c, struct order_plan *p)
{
    scheme_account(c, p->buyer.account);
    scheme_account(c, p->receiver.account);
    order_play(c->stage, &c->random, p);
}

void scheme_cover(struct scheme *c)
{
    for (size_t i = 0; i < c->n_own; i++) {
        const struct unit *u = c->own[i];
        struct order_plan p;
        int64_t placed;

        if (!random_chance(&c->random, c->stage->params->cover))
            continue;
        placed = scheme_moment(c, i, c->n_own);
        order_plan(c->stage, &c->random, &p, u, scheme_seller(c, u), placed);
        order_play(c->stage, &c->random, &p);
    }
}
