#include "daemon/engine/parts.h"

#include "daemon/base/memory.h"
#include "daemon/engine/digest.h"
#include "daemon/event/decode.h"

#include <stdlib.h>

#define UNIT_REGION_TTL (800 * JD_DAY)

/* A record with nothing in it still takes a word. */
struct seen {
    uint64_t nothing;
};

static void publish(void *context, unsigned detector, const struct alert_record *alert);
static void publish_report(void *context, unsigned detector, int64_t day);

static int create_tables(struct engine *e, struct error *err)
{
    const struct engine_settings *s = e->settings;
    const struct jd_table dedup = {"dedup", sizeof(struct seen), 1, s->dedup_bound, s->dedup_window, 0, 0};
    const struct jd_table regions = {
        "unit_regions", sizeof(struct unit_region), 2, s->names_short, UNIT_REGION_TTL, 0, 0};
    const struct sip_key *pseudonym = s->has_pseudonym_key ? &s->pseudonym_key : NULL;
    if (!(e->dedup = table_create(&dedup, err)) || !(e->unit_regions = table_create(&regions, err)) ||
        !(e->shared.names = names_create(s->names_short, s->names_long, pseudonym, err)) ||
        !(e->shared.registry = registry_create(s->registry_bound, &e->seed, err)) ||
        !(e->shared.timers = timers_create(s->timers_bound, err)))
        return -1;
    e->shared.casebook = casebook_create(s, &e->seed, e->shared.timers, e->shared.names, publish, e, err);
    e->budget = e->shared.casebook ? budget_create(s, &e->seed, e->shared.timers, err) : NULL;
    e->ties = e->budget ? ties_create(&e->seed, s->members_bound, err) : NULL;
    return e->ties ? 0 : -1;
}

struct engine *engine_create(const struct engine_settings *settings, const struct sip_key *seed,
    output_sink sink, void *context, struct error *err)
{
    struct engine *e = memory_zeroed(1, sizeof *e, "the engine");
    e->settings = settings;
    e->seed = *seed;
    e->sink = sink;
    e->sink_context = context;
    e->shared.settings = settings;
    e->shared.now = INT64_MIN;
    e->shared.report = publish_report;
    e->shared.report_context = e;
    e->hosts = memory_zeroed(settings->n_detectors, sizeof *e->hosts, "the detectors' hosts");
    if (create_tables(e, err) != 0)
        goto fail;
    for (unsigned i = 0; i < settings->n_detectors; i++)
        if (host_init(&e->hosts[i], &e->shared, i, err) != 0)
            goto fail;
    return e;
fail:
    engine_destroy(e);
    return NULL;
}

void engine_destroy(struct engine *e)
{
    if (!e)
        return;
    for (size_t i = 0; i < e->settings->n_detectors; i++)
        if (e->hosts[i].instance)
            host_fini(&e->hosts[i]);
    free(e->hosts);
    ties_destroy(e->ties);
    budget_destroy(e->budget);
    casebook_destroy(e->shared.casebook);
    timers_destroy(e->shared.timers);
    registry_destroy(e->shared.registry);
    names_destroy(e->shared.names);
    table_destroy(e->unit_regions);
    table_destroy(e->dedup);
    free(e);
}

static struct report_view view_of(const struct engine *e)
{
    return (struct report_view){
        .settings = e->settings,
        .casebook = e->shared.casebook,
        .budget = e->budget,
        .ties = e->ties,
        .names = e->shared.names,
        .unit_regions = e->unit_regions,
        .sight = &e->sight,
        .empty_registries = registry_empty_lists(e->shared.registry),
        .now = e->shared.now,
        .warmup = e->shared.now < e->warmup_until,
    };
}

/* A new alert counts for the third of the first unit that it names. */
static void watch_fairness(struct engine *e, const struct alert_record *alert)
{
    struct jd_member member;
    for (uint32_t i = 0; i < alert->dossier.members; i++) {
        if (!dossier_member(
                casebook_dossiers(e->shared.casebook), &alert->dossier, i, e->shared.now, &member) ||
            member.kind != JD_KIND_UNIT)
            continue;
        const struct unit_region *unit = table_find(e->unit_regions, member.key, e->shared.now);
        unsigned third = fairness_third(&e->fairness, unit ? unit->ordered : 0);
        fairness_alert(&e->fairness, third);
        casebook_mark(e->shared.casebook, alert->id, third + 1, e->shared.now);
        return;
    }
}

static void publish(void *context, unsigned detector, const struct alert_record *alert)
{
    struct engine *e = context;
    struct report_view view = view_of(e);
    if (alert->revision == 1 && !e->hosts[detector].instance->shadow)
        watch_fairness(e, alert);
    view.incomplete = host_lost_since(&e->hosts[detector], alert->first);
    e->counters.deferred +=
        report_publish(&view, detector, alert, e->at, e->output_index++, e->sink, e->sink_context);
    e->counters.published++;
}

/* Reports of one entry have as many ids as its alerts; what comes of more (days that pass at once) is
 * dropped. */
static void publish_report(void *context, unsigned detector, int64_t day)
{
    struct engine *e = context;
    struct jd_host *host = &e->hosts[detector];
    const struct bulletin_view view = {
        .settings = e->settings,
        .instance = host->instance,
        .names = e->shared.names,
        .at = e->at,
        .index = e->report_index,
        .now = e->shared.now,
        .day = day,
        .warmup = e->shared.now < e->warmup_until,
        .incomplete = host_lost_since(host, e->shared.now - engine_longest_window(e)),
    };
    e->counters.reports++;
    if (e->report_index++ < OUTPUTS_PER_ENTRY)
        bulletin_publish(host->bulletin, &view, e->sink, e->sink_context);
    bulletin_clear(host->bulletin);
}

/* What an office was not shown today. */
static void publish_digest(struct engine *e, uint64_t key)
{
    struct budget_day day;
    const struct report_view view = view_of(e);
    if (!budget_close_day(e->budget, key, e->shared.now, &day))
        return;
    alerts_take_room(casebook_alerts(e->shared.casebook));
    digest_publish(&view, &day, e->at, e->output_index++, e->sink, e->sink_context);
    free(day.items);
    e->counters.digests++;
}

static void fire(struct engine *e, const struct timer *timer)
{
    e->counters.timers_fired++;
    if (timer->owner == ALERTS_OWNER) {
        alerts_timer(casebook_alerts(e->shared.casebook), timer->table, timer->key, e->shared.now);
        return;
    }
    if (timer->owner == BUDGET_OWNER)
        publish_digest(e, timer->key);
    if (timer->owner >= e->settings->n_detectors)
        return;
    struct jd_host *host = &e->hosts[timer->owner];
    const struct jd_detector *d = host->instance->detector;
    if (!d->on_timer || timer->table >= d->n_tables)
        return;
    void *record = table_find(host->tables[timer->table], timer->key, e->shared.now);
    if (record)
        d->on_timer(host, timer->table, timer->key, record);
}

/* Timers fire before the event that passes them, each at its own time. */
static void fire_due(struct engine *e, int64_t until)
{
    struct timer timer;
    struct alerts *alerts = casebook_alerts(e->shared.casebook);
    while (alerts_room(alerts) && timers_take(e->shared.timers, until, &timer)) {
        if (timer.deadline > e->shared.now)
            e->shared.now = timer.deadline;
        fire(e, &timer);
        alerts_flush(alerts, e->shared.now);
    }
}

static bool seen_before(struct engine *e, const struct jd_event *event)
{
    uint64_t id = jd_key(event, JD_F_EVENT_ID);
    bool fresh = true;
    if (id)
        table_get(e->dedup, id, e->shared.now, &fresh);
    return !fresh;
}

/* Alert ids are 16 hex digits. */
static uint64_t alert_id(const struct jd_value *text)
{
    uint64_t id = 0;
    if (text->length != 16)
        return 0;
    for (unsigned i = 0; i < 16; i++) {
        char c = text->text[i];
        if (c >= '0' && c <= '9')
            id = id << 4 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            id = id << 4 | (uint64_t)(c - 'a' + 10);
        else
            return 0;
    }
    return id;
}

static void take_verdict(struct engine *e, const struct jd_event *event)
{
    uint64_t id = alert_id(&event->field[JD_F_ALERT]);
    enum jd_verdict verdict = (enum jd_verdict)jd_num(event, JD_F_VERDICT);
    struct verdicts_taken taken = {0};
    if (id)
        taken = casebook_verdict(e->shared.casebook, id, verdict, e->shared.now);
    e->counters.verdicts += taken.key != 0;
    e->counters.unknown_verdicts += taken.key == 0;
    if (taken.mark)
        fairness_verdict(&e->fairness, taken.mark - 1, taken.before, verdict);
}

/* The unit whose region the event tells, 0 for none: alerts are routed by where their units are. */
static uint64_t tells_region(const struct jd_event *event)
{
    const uint64_t telling = JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(LOGIN) | JD_TYPE_BIT(RESERVATION);
    if (!(telling >> event->type & 1) || !jd_num(event, JD_F_REGION))
        return 0;
    return jd_key(event, jd_has(event, JD_F_UNIT) ? JD_F_UNIT : JD_F_ACCOUNT_UNIT);
}

static void note_region(struct engine *e, const struct jd_event *event)
{
    uint64_t unit = tells_region(event);
    struct unit_region *known = unit ? table_get(e->unit_regions, unit, e->shared.now, NULL) : NULL;
    if (!known)
        return;
    known->region = (uint32_t)jd_num(event, JD_F_REGION);
    if (event->type != JD_TYPE_ORDER)
        return;
    int64_t before = known->ordered, amount = jd_num(event, JD_F_AMOUNT);
    known->ordered = before > INT64_MAX - amount ? INT64_MAX : before + amount;
    fairness_grow(&e->fairness, before, known->ordered);
}

/* What the engine itself takes from an event. */
static void take_in(struct engine *e, const struct jd_event *event)
{
    switch (event->type) {
    case JD_TYPE_REGISTRY:
        if (e->settings->use_registries)
            registry_apply(e->shared.registry, event, e->shared.names, e->shared.now);
        break;
    case JD_TYPE_RESERVATION:
        registry_apply(e->shared.registry, event, e->shared.names, e->shared.now);
        break;
    case JD_TYPE_VERDICT:
        take_verdict(e, event);
        break;
    default:
        break;
    }
}

void engine_process(struct engine *e, const struct jd_event *event)
{
    e->at = (struct entry_id){(uint64_t)event->id_ms, event->id_seq};
    e->output_index = e->report_index = 0;
    e->shared.remembered = 0;
    casebook_begin(e->shared.casebook, e->at, OUTPUTS_PER_ENTRY);
    fire_due(e, event->id_ms);
    if (event->id_ms > e->shared.now)
        e->shared.now = event->id_ms;
    if (!e->started)
        e->started = e->shared.now;
    e->counters.events++;
    if (seen_before(e, event)) {
        e->counters.repeated++;
        return;
    }
    e->counters.by_type[event->type]++;
    sight_note(&e->sight, event);
    note_region(e, event);
    take_in(e, event);
    for (size_t i = 0; i < e->settings->n_detectors; i++) {
        struct jd_host *host = &e->hosts[i];
        if (!(host->instance->detector->wants >> event->type & 1))
            continue;
        host->handled++;
        host->instance->detector->on_event(host, event);
    }
    e->named[event->type] = e->shared.remembered;
    alerts_flush(casebook_alerts(e->shared.casebook), e->shared.now);
}

void engine_prefetch(struct engine *e, const struct jd_event *event)
{
    struct lookahead *l = &e->lookahead;
    lookahead_turn(l);
    if (!event)
        return;
    lookahead_add(l, e->dedup, jd_key(event, JD_F_EVENT_ID));
    lookahead_add(l, e->unit_regions, tells_region(event));
    for (uint64_t fields = event->present & e->named[event->type]; fields; fields &= fields - 1) {
        enum jd_field f = (enum jd_field)__builtin_ctzll(fields);
        const struct jd_value *v = &event->field[f];
        lookahead_add(l, names_home(e->shared.names, event_field_kind(f), v->length), v->key);
    }
    for (size_t i = 0; i < e->settings->n_detectors; i++)
        host_prefetch(&e->hosts[i], event, l);
}

void engine_set_warmup(struct engine *e, int64_t until)
{
    e->warmup_until = until;
}

int64_t engine_now(const struct engine *e)
{
    return e->shared.now;
}

int64_t engine_longest_window(const struct engine *e)
{
    int64_t longest = 0;
    for (size_t i = 0; i < e->settings->n_detectors; i++) {
        const struct jd_detector *d = e->settings->detectors[i].detector;
        for (size_t k = 0; k < d->n_tables; k++)
            if (d->tables[k].ttl_ms > longest)
                longest = d->tables[k].ttl_ms;
    }
    return longest;
}
