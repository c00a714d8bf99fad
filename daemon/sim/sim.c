#include "daemon/sim/sim.h"

#include "daemon/base/memory.h"
#include "daemon/sim/registry.h"
#include "daemon/sim/scheme.h"

#include <stdlib.h>

/* A campaign or trap that is due on a day of the run. */
struct due {
    const struct scheme_kind *kind;
    struct scheme scheme;
};

struct run {
    const struct sim_options *options;
    struct stage stage;
    struct due *due;
    size_t n_due;
    sim_sink sink;
    void *context;
};

void sim_defaults(struct sim_options *o)
{
    *o = (struct sim_options){.seed = 1, .units = SIM_UNITS, .days = SIM_DAYS, .params = "tune"};
    o->start = calendar_parse(SIM_START);
}

int64_t sim_start(const char *date, struct error *err)
{
    int64_t start = calendar_parse(date);

    if (start < 0)
        error_set(err, "\"%s\" is no date such as 2025-11-12", date);
    return start;
}

/* ---- what is due ---- */

static const struct scheme_kinds *const campaigns[] = {
    &campaign_account, &campaign_proxy, &campaign_fake, &campaign_goods, &campaign_money};
static const struct scheme_kinds *const traps[] = {
    &trap_people, &trap_office, &trap_trade, &trap_season, &trap_delivery, &trap_money};
enum { N_CAMPAIGNS = sizeof(campaigns) / sizeof(campaigns[0]), N_TRAPS = sizeof(traps) / sizeof(traps[0]) };

/* Where in the run a scheme lies: it needs its own days, and some more until the goods have come. */
static void place_in_time(const struct run *run, struct due *d)
{
    const struct sim_params *p = run->stage.params;
    const int64_t days[GRADES] = {p->naive_days, p->careful_days, p->adaptive_days};
    struct scheme *c = &d->scheme;
    int64_t length = run->options->days * DAY;
    int64_t tail = length / 4 < 9 * DAY ? length / 4 : 9 * DAY;

    c->span = (d->kind->detector ? days[c->grade] : 6) * DAY;
    if (c->span < d->kind->days * DAY)
        c->span = d->kind->days * DAY;
    if (c->span > (length - tail) * 4 / 5)
        c->span = (length - tail) * 4 / 5;
    c->begin = run->stage.start + random_between(&c->random, length / 40, length - tail - c->span);
}

static size_t count_kinds(const struct scheme_kinds *const *tables, size_t n_tables)
{
    size_t n = 0;

    for (size_t i = 0; i < n_tables; i++)
        n += tables[i]->n;
    return n;
}

static const struct scheme_kind *kind_at(const struct scheme_kinds *const *tables, size_t k)
{
    while (k >= (*tables)->n)
        k -= (*tables++)->n;
    return &(*tables)->kind[k];
}

/* Deals `n` schemes of all kinds, each kind as often as any other, in every grade by turns. Fewer than there
 * are kinds: those that the seed shuffles to the front. */
static void deal(
    struct run *run, const struct scheme_kinds *const *tables, size_t n_tables, size_t n, uint64_t stream)
{
    size_t kinds = count_kinds(tables, n_tables);
    size_t *deck = memory_zeroed(kinds, sizeof(*deck), "the schemes");
    struct random r;

    random_init(&r, run->options->seed, stream);
    for (size_t k = 0; k < kinds; k++) {
        size_t other = random_below(&r, k + 1);

        deck[k] = deck[other];
        deck[other] = k;
    }
    for (size_t i = 0; kinds > 0 && i < n; i++) {
        struct due *d = &run->due[run->n_due++];
        size_t k = deck[i % kinds], turn = i / kinds;

        d->kind = kind_at(tables, k);
        d->scheme = (struct scheme){.stage = &run->stage, .grade = (enum grade)((turn + k) % GRADES)};
        random_init(&d->scheme.random, run->options->seed, stream << 40 | (uint64_t)k << 24 | (uint64_t)turn);
        d->scheme.variant = (int)random_below(&d->scheme.random, 12);
        place_in_time(run, d);
    }
    free(deck);
}

/* Orders of honest trade in the whole run. */
static int64_t expected_orders(const struct run *run)
{
    int64_t percent = 0;

    for (int64_t day = run->stage.start; day < run->stage.end; day += DAY)
        percent += calendar_traffic(run->stage.params, day);
    return run->stage.params->orders * run->options->units / 1000 * percent / 100;
}

/* How many campaigns: dense, so many of each kind; else one order in 1,000 (2,000) is part of one. */
static size_t count_campaigns(const struct run *run)
{
    const struct sim_params *p = run->stage.params;
    int64_t each = p->campaigns * run->options->units * run->options->days / 60000;
    int64_t per = (run->options->illicit == SIM_LOW ? 2000 : 1000) * p->campaign_orders;
    int64_t n = (expected_orders(run) + per / 2) / per;

    if (run->options->illicit == SIM_DENSE)
        n = (each < 1 ? 1 : each) * (int64_t)count_kinds(campaigns, N_CAMPAIGNS);
    return n < 1 ? 1 : (size_t)n;
}

/* As many look-alikes as campaigns: of each kind where these are dense, in all where they are not. */
static void plan_schemes(struct run *run)
{
    size_t n = count_campaigns(run), n_traps = n;

    if (run->options->illicit == SIM_DENSE)
        n_traps = n / count_kinds(campaigns, N_CAMPAIGNS) * count_kinds(traps, N_TRAPS);
    if (run->options->no_campaigns)
        n = 0;
    run->due = memory_zeroed(n + n_traps, sizeof(*run->due), "the schemes");
    deal(run, campaigns, N_CAMPAIGNS, n, 1);
    deal(run, traps, N_TRAPS, n_traps, 2);
}

static void play_due(struct run *run, int64_t day)
{
    for (size_t i = 0; i < run->n_due; i++) {
        struct due *d = &run->due[i];
        const char *grade = scheme_grade_word(d->scheme.grade);
        struct truth_about about = {d->kind->detector, d->kind->name, grade};

        if (d->scheme.begin < day || d->scheme.begin >= day + DAY)
            continue;
        d->scheme.label = truth_open(run->stage.truth, &about);
        d->kind->play(&d->scheme);
        if (d->kind->detector && d->scheme.grade != NAIVE)
            scheme_cover(&d->scheme);
    }
}

/* ---- an ordinary day ---- */

/* So many of something as `per_1000` of `n` make on a day of that liveliness; the fraction is drawn. */
static size_t draw_count(struct random *r, int64_t per_1000, size_t n, int64_t percent)
{
    int64_t parts = per_1000 * (int64_t)n * percent;

    return (size_t)(parts / 100000) + (random_chance(r, parts % 100000 / 100) ? 1 : 0);
}

static void play_orders(struct stage *s, struct random *r, int64_t day, int64_t traffic)
{
    for (size_t n = draw_count(r, s->params->orders, s->world.n_units, traffic); n > 0; n--) {
        const struct unit *u = world_buyer(&s->world, r);
        int64_t placed = calendar_working(r, day);
        struct order_plan p;

        order_plan(s, r, &p, u, world_supplier(&s->world, r, u), placed);
        order_play(s, r, &p);
    }
}

static void play_visits(struct stage *s, struct random *r, int64_t day, int64_t traffic)
{
    char session[SESSION_ID];

    for (size_t n = draw_count(r, s->params->browses, s->world.n_units, traffic); n > 0; n--) {
        const struct unit *u = &s->world.units[random_below(r, s->world.n_units)];
        const struct person *who = &u->staff[random_below(r, u->n_staff)];
        const struct seat *seat = random_chance(r, s->params->mobile) ? &who->mobile : &who->desk;
        struct actor a = random_chance(r, 200) ? acts_manager(u, who, seat) : acts_buyer(u, who, seat);
        int64_t time = calendar_working(r, day);

        acts_login(s, r, &a, time, session);
        if (random_chance(r, 600))
            acts_logout(s, &a, time + random_between(r, MINUTE, HOUR), session);
    }
    for (size_t n = draw_count(r, s->params->supplier_logins, s->world.n_suppliers, traffic); n > 0; n--) {
        struct actor a = acts_supplier(&s->world.suppliers[random_below(r, s->world.n_suppliers)]);

        acts_login(s, r, &a, calendar_working(r, day), session);
    }
}

static void play_office(struct stage *s, struct random *r, int64_t day, int64_t traffic)
{
    char session[SESSION_ID];

    for (size_t n = draw_count(r, s->params->reservations, s->world.n_units, traffic); n > 0; n--) {
        const struct unit *u = &s->world.units[random_below(r, s->world.n_units)];
        struct actor a = acts_manager(u, &u->staff[0], &u->staff[0].desk);
        int64_t time = calendar_working(r, day), total = random_between(r, 1000000, 80000000);

        acts_login(s, r, &a, time - 5 * MINUTE, session);
        acts_reservation(s, &a, u, time, session, total * random_between(r, 10, 25) / 100, total);
    }
    for (size_t n = draw_count(r, s->params->turnover, s->world.n_units, traffic / 5); n > 0; n--) {
        struct unit *u = &s->world.units[random_below(r, s->world.n_units)];
        struct person *who = &u->staff[u->n_staff - 1];
        struct actor a;
        int64_t time = calendar_working(r, day);

        person_phone(r, who->phone);
        random_hex(r, who->operator_id, "op", 12);
        a = acts_buyer(u, who, &who->desk);
        acts_login(s, r, &a, time, session);
        acts_change(s, &a, time + MINUTE, session, "handler", who->operator_id);
        acts_change(s, &a, time + 2 * MINUTE, session, "phone", who->phone);
    }
    for (size_t n = draw_count(r, s->params->transfers * 10, s->world.n_suppliers, traffic); n > 0; n--) {
        const struct world *w = &s->world;
        char other[WORLD_ID];
        int64_t amount, time;

        random_digits(r, other, "96", 19);
        amount = random_skewed(r, 20000, 9000000);
        time = calendar_working(r, day);
        acts_transfer(s, w->suppliers[random_below(r, w->n_suppliers)].bank, other, time, amount);
    }
}

static void play_ticks(struct stage *s, int64_t day)
{
    for (int64_t time = day; time < day + DAY; time += HOUR) {
        writer_begin(s->writer, "tick", time);
        writer_end(s->writer, LAG_NONE);
    }
}

/* ---- the run ---- */

static int pass_on(void *context, const struct writer_entry *e, struct error *err)
{
    struct run *run = context;
    struct sim_output out = {SIM_EVENT, e->id_ms, e->id_seq, e->line, e->length};

    truth_saw(run->stage.truth, e);
    return run->sink(run->context, &out, err);
}

static int run_days(struct run *run, struct error *err)
{
    struct stage *s = &run->stage;
    struct random r;

    random_init(&r, run->options->seed, UINT64_C(0x64617973));
    writer_outage(
        s->writer, s->start + (s->end - s->start) * 2 / 5, s->start + (s->end - s->start) * 9 / 20, "ST");
    registry_play(s);
    for (int64_t day = s->start; day < s->end; day += DAY) {
        int64_t traffic = calendar_traffic(s->params, day);

        if (writer_flush(s->writer, day, pass_on, run, err) != 0)
            return -1;
        play_ticks(s, day);
        play_orders(s, &r, day, traffic);
        play_visits(s, &r, day, traffic);
        play_office(s, &r, day, traffic);
        play_due(run, day);
        if (run->options->progress)
            run->options->progress(run->options->progress_context, (uint64_t)((day - s->start) / DAY),
                (uint64_t)run->options->days);
    }
    return writer_flush(s->writer, s->end, pass_on, run, err);
}

static int tell_truth(struct run *run, struct error *err)
{
    struct sim_output out = {SIM_TRUTH, run->stage.end, 0, NULL, 0};
    char *text = truth_text(run->stage.truth, &run->stage.world, run->options->days, &out.length);
    int status;

    out.text = text;
    status = run->sink(run->context, &out, err);
    free(text);
    return status == 0 ? 0 : -1;
}

static int check(const struct sim_options *o, struct error *err)
{
    if (o->units < 1 || o->units > SIM_UNITS_MAX)
        return error_set(err, "units must be 1 to %d", SIM_UNITS_MAX);
    if (o->days < 1 || o->days > SIM_DAYS_MAX)
        return error_set(err, "days must be 1 to %d", SIM_DAYS_MAX);
    if (!params_find(o->params))
        return error_set(err, "params must be tune or test, not \"%s\"", o->params);
    return 0;
}

int sim_run(const struct sim_options *o, sim_sink sink, void *context, struct error *err)
{
    struct run run = {.options = o, .sink = sink, .context = context};
    struct stage *s = &run.stage;
    int status = -1;

    if (check(o, err) != 0)
        return -1;
    s->params = params_find(o->params);
    s->start = calendar_midnight(o->start);
    s->end = s->start + o->days * DAY;
    s->writer = writer_create(s->params, o->seed);
    s->truth = truth_create();
    world_init(&s->world, s->params, o->seed, (size_t)o->units);
    plan_schemes(&run);
    if (run_days(&run, err) == 0)
        status = tell_truth(&run, err);
    free(run.due);
    world_fini(&s->world);
    truth_destroy(s->truth);
    writer_destroy(s->writer);
    return status;
}
