#include "daemon/engine/casebook.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/engine/fusion.h"
#include "daemon/engine/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASE_TTL (400 * JD_DAY)   /* a budget year and some: an account orders 0.6 to 3 times a year */
#define VERDICT_TTL (90 * JD_DAY) /* how long `cleared` speaks for the innocent */
#define DIRTY_MAX 64

enum mark { MARK_CASE = 1, MARK_ALERT, MARK_SIGNAL, MARK_ID };

/* Under an alert's key: what its office said last. Under MARK_ID and its id: its key. */
struct verdict_record {
    uint64_t alert_key;
    uint32_t verdict;
    uint32_t reserved;
};

struct casebook {
    const struct engine_settings *settings;
    struct sip_key seed;
    struct timers *timers;
    casebook_publish publish;
    void *context;
    struct dossiers *dossiers;
    struct names *names;
    struct table *cases, *alerts, *signals, *verdicts;
    uint8_t (*groups)[CASE_SIGNALS]; /* group number of each detector's signals */
    struct entry_id at;              /* being processed */
    uint32_t room;                   /* outputs that it may still have */
    uint64_t dirty[DIRTY_MAX];
    unsigned n_dirty;
};

static const struct sip_key id_key = {UINT64_C(0x6a69616e64752d61), UINT64_C(0x6c6572742d696431)};

uint64_t casebook_tag(const char *detector_name)
{
    return siphash24(&id_key, detector_name, strlen(detector_name));
}

/* Numbers the groups of a detector's signals in order of appearance. */
static void number_groups(const struct jd_detector *detector, uint8_t group_of[CASE_SIGNALS])
{
    invariant(detector->n_signals <= CASE_SIGNALS);
    unsigned groups = 0;
    for (size_t i = 0; i < detector->n_signals; i++) {
        size_t same = 0;
        while (same < i && strcmp(detector->signals[same].group, detector->signals[i].group) != 0)
            same++;
        group_of[i] = same < i ? group_of[same] : (uint8_t)groups++;
    }
    invariant(groups <= FUSION_GROUPS);
}

static struct table *make(const char *name, size_t size, uint32_t bound, int64_t ttl, struct error *err)
{
    const struct jd_table spec = {name, (uint32_t)size, 1, bound, ttl, 0};
    return table_create(&spec, err);
}

struct casebook *casebook_create(const struct engine_settings *settings, const struct sip_key *seed,
    struct timers *timers, struct names *names, casebook_publish publish, void *context, struct error *err)
{
    struct casebook *b = memory_zeroed(1, sizeof *b, "the casebook");
    b->settings = settings;
    b->seed = *seed;
    b->timers = timers;
    b->names = names;
    b->publish = publish;
    b->context = context;
    b->groups = memory_zeroed(settings->n_detectors, sizeof *b->groups, "the casebook");
    for (size_t i = 0; i < settings->n_detectors; i++)
        number_groups(settings->detectors[i].detector, b->groups[i]);
    uint32_t bound = settings->cases_bound;
    b->dossiers = dossiers_create(settings->members_bound, seed, CASE_TTL, err);
    if (!b->dossiers || !(b->cases = make("cases", sizeof(struct case_record), bound, CASE_TTL, err)) ||
        !(b->alerts = make("alerts", sizeof(struct alert_record), bound, settings->alert_quiet, err)) ||
        !(b->signals = make("signals", sizeof(struct signal_record), bound * 4, CASE_TTL, err)) ||
        !(b->verdicts = make("verdicts", sizeof(struct verdict_record), bound * 2, VERDICT_TTL, err))) {
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
    table_destroy(b->cases);
    table_destroy(b->alerts);
    table_destroy(b->signals);
    table_destroy(b->verdicts);
    free(b->groups);
    free(b);
}

static const struct jd_detector *detector_of(const struct casebook *b, unsigned detector)
{
    return b->settings->detectors[detector].detector;
}

static int64_t half_life(const struct casebook *b, unsigned detector, unsigned signal)
{
    return detector_of(b, detector)->signals[signal].half_life_days * JD_DAY;
}

static uint64_t signal_key(const struct casebook *b, uint64_t owner, unsigned signal)
{
    return key_mix(&b->seed, MARK_SIGNAL, owner, signal);
}

/* Keeps the stronger of what is known (as it has decayed) and what is new; counts both. */
static void keep_signal(struct casebook *b, unsigned detector, uint64_t owner, struct signal_list *list,
    const struct signal_record *new, int64_t now)
{
    bool fresh;
    struct signal_record *known = table_get(b->signals, signal_key(b, owner, new->signal), now, &fresh);
    if (!known)
        return;
    bool listed = list->used && memchr(list->index, (int)new->signal, list->used);
    if (!listed && list->used < CASE_SIGNALS)
        list->index[list->used++] = (uint8_t) new->signal;
    uint32_t count = known->count + new->count;
    int32_t standing = fusion_decay(known->strength, now - known->time, half_life(b, detector, new->signal));
    if (fresh || new->strength >= standing)
        *known = *new;
    known->count = count;
}

static int32_t prior_of(uint32_t kind)
{
    switch (kind) {
    case JD_KIND_DEVICE:
    case JD_KIND_PHONE:
    case JD_KIND_PAYER:
    case JD_KIND_ADDRESS:
    case JD_KIND_IP:
    case JD_KIND_RING:
        return FUSION_PRIOR_SHARED;
    default:
        return FUSION_PRIOR;
    }
}

static bool is_cleared(struct casebook *b, uint64_t alert_key, int64_t now)
{
    const struct verdict_record *v = table_find(b->verdicts, alert_key, now);
    return v && v->verdict == JD_VERDICT_CLEARED;
}

static uint32_t score_of(
    struct casebook *b, unsigned detector, uint64_t owner, const struct case_record *c, int64_t now)
{
    struct fusion fusion;
    fusion_init(&fusion);
    for (uint32_t i = 0; i < c->signals.used; i++) {
        unsigned signal = c->signals.index[i];
        const struct signal_record *s = table_find(b->signals, signal_key(b, owner, signal), now);
        if (!s || signal >= detector_of(b, detector)->n_signals)
            continue;
        int32_t strength = fusion_decay(s->strength, now - s->time, half_life(b, detector, signal));
        fusion_add(&fusion, b->groups[detector][signal], strength, (s->flags & JD_HARD) != 0);
    }
    uint64_t alert_key = key_mix(&b->seed, MARK_ALERT, c->detector ^ c->rollup.kind, c->rollup.key);
    int32_t exculpation = is_cleared(b, alert_key, now) ? FUSION_CLEARED : 0;
    return fusion_score(&fusion, prior_of(c->subject.kind), exculpation);
}

enum severity casebook_severity(
    const struct engine_settings *s, uint32_t score, int64_t amount, uint32_t units)
{
    if (score >= 92 && (amount >= s->critical_money || units >= s->critical_units))
        return SEVERITY_CRITICAL;
    if (score >= 80)
        return SEVERITY_HIGH;
    return score >= s->alert_score ? SEVERITY_MEDIUM : SEVERITY_LOW;
}

static enum severity severity_of(const struct casebook *b, const struct alert_record *alert)
{
    return casebook_severity(b->settings, alert->score, alert->dossier.amount, alert->dossier.units);
}

static void mark_dirty(struct casebook *b, uint64_t alert_key, int64_t now)
{
    for (unsigned i = 0; i < b->n_dirty; i++)
        if (b->dirty[i] == alert_key)
            return;
    if (b->n_dirty == DIRTY_MAX)
        casebook_flush(b, now);
    b->dirty[b->n_dirty++] = alert_key;
}

/* Made of what everybody sees, never of seeded keys: the same in each run. */
static uint64_t id_of(struct casebook *b, unsigned detector, struct jd_subject subject, int64_t now)
{
    char text[256];
    int n = snprintf(text, sizeof text, "%s\n%u\n%s\n%lld-%llu", detector_of(b, detector)->name,
        (unsigned)subject.kind, names_of(b->names, subject.key, now), (long long)b->at.ms,
        (unsigned long long)b->at.seq);
    invariant(n > 0 && (size_t)n < sizeof text);
    return siphash24(&id_key, text, (size_t)n);
}

static void open_alert(struct casebook *b, struct alert_record *alert, uint64_t alert_key, unsigned detector,
    const struct case_record *c, int64_t now)
{
    alert->detector = c->detector;
    alert->id = id_of(b, detector, c->rollup, now);
    alert->subject = c->rollup;
    alert->first = c->first;
    alert->dossier.owner = alert_key;
    table_pin(b->alerts, alert, true);
    struct verdict_record *index =
        table_get(b->verdicts, key_mix(&b->seed, MARK_ID, alert->id, 0), now, NULL);
    if (index)
        index->alert_key = alert_key;
}

/* The alert that a case belongs to now: the one it has joined if that is still open, else the one of its
 * rollup. */
static struct alert_record *join_alert(struct casebook *b, unsigned detector, struct case_record *c,
    uint64_t case_key, uint64_t *alert_key, int64_t now)
{
    *alert_key = key_mix(&b->seed, MARK_ALERT, c->detector ^ c->rollup.kind, c->rollup.key);
    bool fresh;
    struct alert_record *alert = table_get(b->alerts, *alert_key, now, &fresh);
    if (!alert)
        return NULL;
    if (fresh)
        open_alert(b, alert, *alert_key, detector, c, now);
    if (c->first < alert->first)
        alert->first = c->first;
    dossier_merge(b->dossiers, &alert->dossier, &c->dossier, now);
    for (uint32_t i = 0; i < c->signals.used; i++) {
        const struct signal_record *s =
            table_find(b->signals, signal_key(b, case_key, c->signals.index[i]), now);
        if (s) {
            struct signal_record copy = *s;
            keep_signal(b, detector, *alert_key, &alert->signals, &copy, now);
        }
    }
    c->alert = *alert_key;
    c->alert_id = alert->id;
    table_pin(b->cases, c, true);
    return alert;
}

static struct alert_record *joined_alert(struct casebook *b, struct case_record *c, int64_t now)
{
    if (!c->alert)
        return NULL;
    struct alert_record *alert = table_find(b->alerts, c->alert, now);
    if (alert && alert->id == c->alert_id)
        return table_get(b->alerts, c->alert, now, NULL);
    c->alert = 0; /* closed after a quiet time; what comes now may open another */
    table_pin(b->cases, c, false);
    return NULL;
}

static struct case_record *case_of(
    struct casebook *b, unsigned detector, const struct jd_emit *emit, uint64_t *key, int64_t now)
{
    uint64_t tag = casebook_tag(detector_of(b, detector)->name);
    *key = key_mix(&b->seed, MARK_CASE, tag ^ emit->subject.kind, emit->subject.key);
    bool fresh;
    struct case_record *c = table_get(b->cases, *key, now, &fresh);
    if (!c)
        return NULL;
    if (fresh) {
        c->detector = tag;
        c->subject = emit->subject;
        c->dossier.owner = *key;
        c->first = now;
    }
    for (uint32_t i = 0; i < emit->n_refs; i++)
        if (emit->refs[i].type && emit->refs[i].id_ms < c->first)
            c->first = emit->refs[i].id_ms;
    if (!c->alert)
        c->rollup = emit->rollup.kind ? emit->rollup : emit->subject;
    return c;
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

void casebook_emit(
    struct casebook *b, unsigned detector, const struct jd_emit *emit, uint64_t missing, int64_t now)
{
    invariant(emit->signal < detector_of(b, detector)->n_signals);
    uint64_t case_key, alert_key;
    struct case_record *c = case_of(b, detector, emit, &case_key, now);
    if (!c || emit->strength <= 0)
        return;
    struct signal_record signal = signal_of(emit, missing, now);
    keep_signal(b, detector, case_key, &c->signals, &signal, now);
    struct alert_record *alert = joined_alert(b, c, now);
    add_to(b, alert ? &alert->dossier : &c->dossier, emit, now);
    uint32_t score = score_of(b, detector, case_key, c, now);
    if (alert) {
        alert_key = c->alert;
        keep_signal(b, detector, alert_key, &alert->signals, &signal, now);
    } else {
        if (score < b->settings->alert_score)
            return;
        alert = join_alert(b, detector, c, case_key, &alert_key, now);
        if (!alert)
            return;
    }
    alert->last = now;
    alert->flags |= emit->flags;
    alert->pending++;
    if (score > alert->score || alert->verdict == JD_VERDICT_CLEARED)
        alert->score = score;
    mark_dirty(b, alert_key, now);
}

void casebook_retract(
    struct casebook *b, unsigned detector, unsigned signal, struct jd_subject subject, int64_t now)
{
    uint64_t tag = casebook_tag(detector_of(b, detector)->name);
    uint64_t case_key = key_mix(&b->seed, MARK_CASE, tag ^ subject.kind, subject.key);
    struct signal_record *s = table_find(b->signals, signal_key(b, case_key, signal), now);
    if (s)
        s->strength = 0;
}

/* `of_its_own`: the latest emission made this revision, so it is not folded in. */
static void publish_revision(
    struct casebook *b, uint64_t key, struct alert_record *alert, int64_t now, bool of_its_own)
{
    alert->severity = severity_of(b, alert);
    if (alert->revision++ > 0)
        alert->folded += alert->pending - of_its_own;
    alert->pending = 0;
    alert->published = now;
    b->room--;
    for (unsigned i = 0; i < b->settings->n_detectors; i++)
        if (casebook_tag(detector_of(b, i)->name) == alert->detector)
            b->publish(b->context, i, alert, key);
}

/* Publishes what is urgent (a new alert, a higher severity) and, when its timer has fired, what has been
 * folded in; sets a timer for the rest. An entry has room for so many outputs: the next entry brings what is
 * left. */
static void consider(struct casebook *b, uint64_t key, int64_t now, bool fired)
{
    struct alert_record *alert = table_find(b->alerts, key, now);
    if (!alert)
        return;
    if (fired)
        alert->timer = 0;
    bool urgent = alert->revision == 0 || severity_of(b, alert) > (enum severity)alert->severity;
    bool cleared = alert->verdict == JD_VERDICT_CLEARED && alert->score < b->settings->alert_score;
    int64_t due = urgent ? now : alert->published + b->settings->summary_interval;
    if (!urgent && (cleared || !alert->pending))
        return;
    if (b->room && (urgent || (fired && due <= now)))
        publish_revision(b, key, alert, now, urgent);
    else if (urgent || !alert->timer)
        alert->timer = timers_set(b->timers, due > now ? due : now, CASEBOOK_OWNER, 0, key);
}

void casebook_begin(struct casebook *b, struct entry_id at, uint32_t room)
{
    b->at = at;
    b->room = room;
}

uint32_t casebook_room(const struct casebook *b)
{
    return b->room;
}

void casebook_flush(struct casebook *b, int64_t now)
{
    for (unsigned i = 0; i < b->n_dirty; i++)
        consider(b, b->dirty[i], now, false);
    b->n_dirty = 0;
}

void casebook_timer(struct casebook *b, uint64_t key, int64_t now)
{
    consider(b, key, now, true);
}

bool casebook_verdict(struct casebook *b, uint64_t alert_id, enum jd_verdict verdict, int64_t now)
{
    const struct verdict_record *index =
        table_find(b->verdicts, key_mix(&b->seed, MARK_ID, alert_id, 0), now);
    if (!index)
        return false;
    uint64_t alert_key = index->alert_key;
    struct verdict_record *record = table_get(b->verdicts, alert_key, now, NULL);
    if (!record)
        return false;
    record->verdict = verdict;
    struct alert_record *alert = table_find(b->alerts, alert_key, now);
    if (alert && alert->id == alert_id)
        alert->verdict = verdict;
    return true;
}

struct dossiers *casebook_dossiers(struct casebook *b)
{
    return b->dossiers;
}

const struct signal_record *casebook_signal(
    struct casebook *b, uint64_t alert_key, unsigned signal, int64_t now)
{
    return table_find(b->signals, signal_key(b, alert_key, signal), now);
}

struct table *casebook_table(struct casebook *b, unsigned which)
{
    struct table *const all[CASEBOOK_TABLES] = {b->cases, b->alerts, b->signals, b->verdicts,
        dossiers_table(b->dossiers, 0), dossiers_table(b->dossiers, 1)};
    invariant(which < CASEBOOK_TABLES);
    return all[which];
}
