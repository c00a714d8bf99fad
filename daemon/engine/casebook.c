#include "daemon/engine/casebook.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/engine/fusion.h"
#include "daemon/engine/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASE_TTL (400 * JD_DAY) /* a budget year and some: an account orders 0.6 to 3 times a year */

enum mark { MARK_CASE = 1, MARK_ALERT, MARK_OWNER };

struct case_record {
    uint64_t detector; /* tag */
    uint64_t alert;    /* key of the alert it has joined, 0: none */
    uint64_t alert_id; /* which one of that key */
    struct jd_subject subject, rollup;
    struct signal_list signals;
    struct dossier dossier;
    int64_t first;          /* ms of its first evidence */
    struct entry_id newest; /* of its evidence */
    uint64_t held;          /* emissions that a verdict has held back since it last was in an alert */
};

struct casebook {
    const struct engine_settings *settings;
    struct sip_key seed;
    casebook_publish publish;
    void *context;
    struct dossiers *dossiers;
    struct signals *signals;
    struct alerts *alerts;
    struct names *names;
    struct verdicts *verdicts;
    struct table *cases;
    struct entry_id at; /* being processed */
};

static const struct sip_key id_key = {UINT64_C(0x6a69616e64752d61), UINT64_C(0x6c6572742d696431)};

static const char *name_of(const struct engine_settings *s, unsigned detector)
{
    return s->detectors[detector].detector->name;
}

static uint64_t tag_of(const struct engine_settings *s, unsigned detector)
{
    const char *name = name_of(s, detector);
    return siphash24(&id_key, name, strlen(name));
}

unsigned casebook_detector(const struct engine_settings *s, uint64_t tag)
{
    unsigned i = 0;
    while (i < s->n_detectors && tag_of(s, i) != tag)
        i++;
    return i;
}

static void publish(void *context, const struct alert_record *alert)
{
    struct casebook *b = context;
    unsigned detector = casebook_detector(b->settings, alert->detector);
    if (detector < b->settings->n_detectors)
        b->publish(b->context, detector, alert);
}

struct casebook *casebook_create(const struct engine_settings *settings, const struct sip_key *seed,
    struct timers *timers, struct names *names, casebook_publish publisher, void *context, struct error *err)
{
    struct casebook *b = memory_zeroed(1, sizeof *b, "the casebook");
    b->settings = settings;
    b->seed = *seed;
    b->names = names;
    b->publish = publisher;
    b->context = context;
    uint32_t bound = settings->cases_bound;
    const struct jd_table cases = {"cases", sizeof(struct case_record), 2, bound, CASE_TTL, 0, 0};
    if (!(b->dossiers = dossiers_create(settings->members_bound, seed, CASE_TTL, err)) ||
        !(b->signals = signals_create(settings, seed, bound * 4, CASE_TTL, err)) ||
        !(b->alerts = alerts_create(settings, timers, bound, CASE_TTL, publish, b, err)) ||
        !(b->verdicts = verdicts_create(seed, bound * 2, CASE_TTL, err)) ||
        !(b->cases = table_create(&cases, err))) {
        casebook_destroy(b);
        return NULL;
    }
    return b;
}

void casebook_destroy(struct casebook *b)
{
    if (!b)
        return;
    dossiers_destroy(b->dossiers);
    signals_destroy(b->signals);
    alerts_destroy(b->alerts);
    table_destroy(b->cases);
    verdicts_destroy(b->verdicts);
    free(b);
}

/* ---- keys and scores ---- */

static uint64_t case_key_of(const struct casebook *b, unsigned detector, struct jd_subject subject)
{
    return key_mix(&b->seed, MARK_CASE, tag_of(b->settings, detector) ^ subject.kind, subject.key);
}

static uint64_t alert_key_of(const struct casebook *b, const struct case_record *c)
{
    return key_mix(&b->seed, MARK_ALERT, c->detector ^ c->rollup.kind, c->rollup.key);
}

/* An alert's signals are the strongest of all of its cases, so fused they score at least as high as any of
 * them; it scores no higher than one case ever did by itself. */
static void score_alert(
    struct casebook *b, unsigned detector, uint64_t key, struct alert_record *alert, int64_t now)
{
    alert->exculpation = verdicts_exculpation(b->verdicts, key, now);
    alert->fused = signals_score(
        b->signals, detector, alert->dossier.owner, &alert->signals, alert->prior, alert->exculpation, now);
    alert->score = alert->fused < alert->peak ? alert->fused : alert->peak;
}

/* ---- from cases to alerts ---- */

/* Made of what everybody sees, never of seeded keys: the same in each run. */
static uint64_t id_of(struct casebook *b, unsigned detector, struct jd_subject subject, int64_t now)
{
    char text[256];
    int n = snprintf(text, sizeof text, "%s\n%u\n%s\n%lld-%llu", name_of(b->settings, detector),
        (unsigned)subject.kind, names_of(b->names, subject.key, now), (long long)b->at.ms,
        (unsigned long long)b->at.seq);
    invariant(n > 0 && (size_t)n < sizeof text);
    return siphash24(&id_key, text, (size_t)n);
}

static void open_alert(struct casebook *b, struct alert_record *alert, uint64_t key, unsigned detector,
    const struct case_record *c, int64_t now)
{
    alert->detector = c->detector;
    alert->id = id_of(b, detector, c->rollup, now);
    alert->subject = c->rollup;
    alert->first = c->first;
    alert->dossier.owner = key_mix(&b->seed, MARK_OWNER, alert->id, 0);
    alert->prior = fusion_prior(c->subject.kind);
    verdicts_expect(b->verdicts, alert->id, key, now);
}

/* The alert of the case's rollup, opened if need be, with all that the case knows. */
static struct alert_record *join_alert(
    struct casebook *b, unsigned detector, struct case_record *c, uint64_t case_key, int64_t now)
{
    uint64_t key = alert_key_of(b, c);
    bool fresh;
    struct alert_record *alert = alerts_open(b->alerts, key, now, &fresh);
    if (!alert)
        return NULL;
    if (fresh)
        open_alert(b, alert, key, detector, c, now);
    if (c->first < alert->first)
        alert->first = c->first;
    if (fusion_prior(c->subject.kind) > alert->prior)
        alert->prior = fusion_prior(c->subject.kind);
    dossier_merge(b->dossiers, &alert->dossier, &c->dossier, now);
    signals_join(b->signals, detector, case_key, &c->signals, alert->dossier.owner, &alert->signals, now);
    alert->folded += (uint32_t)c->held;
    c->held = 0;
    c->alert = key;
    c->alert_id = alert->id;
    return alert;
}

static struct alert_record *joined_alert(struct casebook *b, struct case_record *c, int64_t now)
{
    if (!c->alert)
        return NULL;
    struct alert_record *alert = alerts_find(b->alerts, c->alert, now);
    if (alert && alert->id == c->alert_id)
        return alert;
    c->alert = 0;
    return NULL;
}

static struct case_record *case_of(
    struct casebook *b, unsigned detector, const struct jd_emit *emit, uint64_t key, int64_t now)
{
    bool fresh;
    struct case_record *c = table_get(b->cases, key, now, &fresh);
    if (!c)
        return NULL;
    if (fresh) {
        c->detector = tag_of(b->settings, detector);
        c->subject = emit->subject;
        c->dossier.owner = key;
        c->first = now;
    }
    for (uint32_t i = 0; i < emit->n_refs; i++)
        if (emit->refs[i].type && emit->refs[i].id_ms < c->first)
            c->first = emit->refs[i].id_ms;
    return c;
}

/* Is an entry among the evidence that is newer than all before? */
static bool note_newest(struct case_record *c, const struct jd_emit *emit)
{
    struct entry_id before = c->newest;
    for (uint32_t i = 0; i < emit->n_refs; i++) {
        struct entry_id id = {(uint64_t)emit->refs[i].id_ms, emit->refs[i].id_seq};
        if (emit->refs[i].type && entry_id_compare(id, c->newest) > 0)
            c->newest = id;
    }
    return entry_id_compare(c->newest, before) > 0;
}

static void add_to(struct casebook *b, struct dossier *dossier, const struct jd_emit *emit, int64_t now)
{
    for (uint32_t i = 0; i < emit->n_members; i++)
        dossier_add_member(b->dossiers, dossier, &emit->members[i], now);
    for (uint32_t i = 0; i < emit->n_refs; i++)
        dossier_add_evidence(b->dossiers, dossier, &emit->refs[i], now);
}

/* A registry that would have decided and has no entry lowers a strength by an eighth. */
static struct signal_record signal_of(const struct jd_emit *emit, uint64_t missing, int64_t now)
{
    struct signal_record s = {
        .signal = emit->signal,
        .flags = emit->flags,
        .strength = missing ? emit->strength - emit->strength / 8 : emit->strength,
        .count = 1,
        .time = now,
        .value = emit->value,
        .threshold = emit->threshold,
        .missing = missing,
    };
    memcpy(s.facts, emit->facts, sizeof s.facts);
    return s;
}

/* A case's score; `held`: only an office's verdict keeps it from being an alert. */
static uint32_t case_score_of(struct casebook *b, unsigned detector, uint64_t case_key,
    const struct case_record *c, int64_t now, bool *held)
{
    int32_t prior = fusion_prior(c->subject.kind),
            exculpation = verdicts_exculpation(b->verdicts, alert_key_of(b, c), now);
    uint32_t score = signals_score(b->signals, detector, case_key, &c->signals, prior, exculpation, now);
    *held =
        exculpation && score < b->settings->alert_score &&
        signals_score(b->signals, detector, case_key, &c->signals, prior, 0, now) >= b->settings->alert_score;
    return score;
}

void casebook_emit(
    struct casebook *b, unsigned detector, const struct jd_emit *emit, uint64_t missing, int64_t now)
{
    if (emit->strength <= 0)
        return;
    uint64_t case_key = case_key_of(b, detector, emit->subject);
    struct case_record *c = case_of(b, detector, emit, case_key, now);
    if (!c)
        return;
    struct signal_record signal = signal_of(emit, missing, now);
    bool news = signals_keep(b->signals, detector, case_key, &c->signals, &signal, now);
    news |= note_newest(c, emit);
    struct alert_record *alert = joined_alert(b, c, now);
    if (!alert && (emit->rollup.kind || !c->rollup.kind))
        c->rollup = emit->rollup.kind ? emit->rollup : emit->subject;
    add_to(b, alert ? &alert->dossier : &c->dossier, emit, now);
    bool held;
    uint32_t score = case_score_of(b, detector, case_key, c, now, &held);
    alerts_counters(b->alerts)->held_back += held;
    if (alert) {
        signal.source = case_key;
        signals_keep(b->signals, detector, alert->dossier.owner, &alert->signals, &signal, now);
    } else {
        c->held += held;
        alert = news && score >= b->settings->alert_score ? join_alert(b, detector, c, case_key, now) : NULL;
        if (!alert)
            return;
    }
    if (news)
        alert->last = now;
    alert->flags |= emit->flags;
    alert->pending++;
    alert->peak = score > alert->peak ? score : alert->peak;
    score_alert(b, detector, c->alert, alert, now);
    alerts_mark(b->alerts, c->alert, now);
}

void casebook_retract(
    struct casebook *b, unsigned detector, unsigned signal, struct jd_subject subject, int64_t now)
{
    uint64_t case_key = case_key_of(b, detector, subject);
    signals_retract(b->signals, case_key, signal, 0, now);
    struct case_record *c = table_find(b->cases, case_key, now);
    struct alert_record *alert = c ? joined_alert(b, c, now) : NULL;
    if (!alert)
        return;
    signals_retract(b->signals, alert->dossier.owner, signal, case_key, now);
    score_alert(b, detector, c->alert, alert, now);
    alerts_mark(b->alerts, c->alert, now);
}

/* A cleared alert stays, silent until there is enough without what was cleared; any other verdict brings it
 * back to what it was. */
static void judge(
    struct casebook *b, struct alert_record *alert, uint64_t key, enum jd_verdict verdict, int64_t now)
{
    unsigned detector = casebook_detector(b->settings, alert->detector);
    bool cleared = verdict == JD_VERDICT_CLEARED;
    alert->verdict = verdict;
    if (detector == b->settings->n_detectors)
        return;
    if (!cleared && alert->told.withdrawn && alert->peak < alert->told.score)
        alert->peak = alert->told.score;
    score_alert(b, detector, key, alert, now);
    alert->told.withdrawn = cleared;
    if (cleared)
        alert->peak = 0;
}

struct verdicts_taken casebook_verdict(
    struct casebook *b, uint64_t alert_id, enum jd_verdict verdict, int64_t now)
{
    struct verdicts_taken taken = verdicts_take(b->verdicts, alert_id, verdict, now);
    struct alert_record *alert = taken.key ? alerts_find(b->alerts, taken.key, now) : NULL;
    if (alert && alert->id == alert_id)
        judge(b, alert, taken.key, verdict, now);
    return taken;
}

void casebook_mark(struct casebook *b, uint64_t alert_id, uint32_t mark, int64_t now)
{
    verdicts_mark(b->verdicts, alert_id, mark, now);
}

void casebook_begin(struct casebook *b, struct entry_id at, uint32_t room)
{
    b->at = at;
    alerts_begin(b->alerts, room);
}

struct alerts *casebook_alerts(struct casebook *b)
{
    return b->alerts;
}

struct dossiers *casebook_dossiers(struct casebook *b)
{
    return b->dossiers;
}

struct signals *casebook_signals(struct casebook *b)
{
    return b->signals;
}

struct table *casebook_table(struct casebook *b, unsigned which)
{
    struct table *const all[CASEBOOK_TABLES] = {b->cases, alerts_table(b->alerts), signals_table(b->signals),
        verdicts_table(b->verdicts), dossiers_table(b->dossiers, 0), dossiers_table(b->dossiers, 1)};
    invariant(which < CASEBOOK_TABLES);
    return all[which];
}
