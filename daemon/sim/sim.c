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
    *o = (struct sim_options){.seed = 1, .units = 2000, .days = 30, .params = "tune"};
    o->start = calendar_parse("2025-11-12");
}

int64_t sim_start(const char *date, struct error *err)
{
    int64_t start = calendar_parse(date);

    if (start < 0)
        error_set(err, "\"%s\" is no date such as 2025-11-12", date);
    return start;
}

/* ---- what is due ---- */

static size_t count_of(const struct run *run, int64_t per_60000, bool low)
{
    int64_t n = per_60000 * run->options->units * run->options->days / 60000;

    if (low)
        n /= 2;
    return n < 1 ? 1 : (size_t)n;
}

/* Where in the run a scheme lies: it needs its own days, and some more until the goods have come. */
static void place_in_time(const struct run *run, struct scheme *c, bool campaign)
{
    const struct sim_params *p = run->stage.params;
    const int64_t days[GRADES] = {p->naive_days, p->careful_days, p->adaptive_days};
    int64_t length = run->options->days * DAY;
    int64_t tail = length / 4 < 9 * DAY ? length / 4 : 9 * DAY;

    c->span = campaign ? days[c->grade] * DAY : 6 * DAY;
    if (c->span > (length - tail) / 2)
        c->span = (length - tail) / 2;
    c->begin = run->stage.start + random_between(&c->random, length / 40, length - tail - c->span);
}

static void add_kinds(
    struct run *run, const struct scheme_kind *kinds, size_t n_kinds, size_t each, uint64_t stream)
{
    for (size_t k = 0; k < n_kinds; k++) {
        for (size_t i = 0; i < each; i++) {
            struct due *d = &run->due[run->n_due++];

            d->kind = &kinds[k];
            d->scheme = (struct scheme){
                .stage = &run->stage, .variant = (int)i, .grade = (enum grade)((i + k) % GRADES)};
            random_init(
                &d->scheme.random, run->options->seed, stream << 32 | (uint64_t)k << 16 | (uint64_t)i);
            place_in_time(run, &d->scheme, kinds[k].detector != NULL);
        }
    }
}

static void plan_schemes(struct run *run)
{
    const struct sim_params *p = run->stage.params;
    bool low = run->options->illicit == SIM_LOW;
    size_t campaigns = run->options->no_campaigns ? 0 : count_of(run, p->campaigns, low);
    size_t traps = count_of(run, p->traps, false);
    size_t n = (campaign_n_account_kinds + campaign_n_proxy_kinds + campaign_n_fake_kinds) * campaigns +
               (trap_n_people_kinds + trap_n_trade_kinds + trap_n_delivery_kinds) * traps;

    run->due = memory_zeroed(n, sizeof(*run->due), "the schemes");
    add_kinds(run, campaign_account_kinds, campaign_n_account_kinds, campaigns, 1);
    add_kinds(run, campaign_proxy_kinds, campaign_n_proxy_kinds, campaigns, 2);
    add_kinds(run, campaign_fake_kinds, campaign_n_fake_kinds, campaigns, 3);
    add_kinds(run, trap_people_kinds, trap_n_people_kinds, traps, 4);
    add_kinds(run, trap_trade_kinds, trap_n_trade_kinds, traps, 5);
    add_kinds(run, trap_delivery_kinds, trap_n_delivery_kinds, traps, 6);
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
        const struct unit *u = &s->world.units[random_below(r, s->world.n_units)];
        struct order_plan p;

        order_plan(s, r, &p, u, world_supplier(&s->world, r, u), calendar_working(r, day));
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

        random_digits(r, other, "96", 19);
        acts_transfer(s, w->suppliers[random_below(r, w->n_suppliers)].bank, other, calendar_working(r, day),
            random_skewed(r, 20000, 9000000));
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
    char *text = truth_text(run->stage.truth, run->options->units, run->options->days, &out.length);
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
