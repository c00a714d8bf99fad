#include "daemon/engine/report.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/engine/audience.h"
#include "daemon/engine/wording.h"
#include "daemon/event/decode.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One copy in the making: whose it is and what it may show. */
struct page {
    const struct report_view *view;
    const struct jd_detector *detector;
    const struct alert_record *alert;
    const struct membership *members;
    const struct audience *audience;
    const struct reader *reader;
};

static const char *const roles[] = {
#define X(id, word) word,
    JD_ROLES(X)
#undef X
};
static const char *const lists[] = {"",
#define X(id, word, key, value, several) word,
    JD_LISTS(X)
#undef X
};

static json_t *text(const char *s)
{
    return memory_need(json_string(s), "an alert");
}

static json_t *integer(int64_t n)
{
    return memory_need(json_integer(n), "an alert");
}

static json_t *object(void)
{
    return memory_need(json_object(), "an alert");
}

static json_t *array(void)
{
    return memory_need(json_array(), "an alert");
}

/* Steals `value`. */
static void put(json_t *o, const char *name, json_t *value)
{
    if (json_object_set_new(o, name, value) != 0)
        memory_exhausted("an alert");
}

static void push(json_t *a, json_t *value)
{
    if (json_array_append_new(a, value) != 0)
        memory_exhausted("an alert");
}

/* Units, accounts and orders belong to a unit: a reader sees those of the members that it may see. */
static bool visible(void *context, enum jd_kind kind, uint64_t key)
{
    const struct page *p = context;
    if (p->reader->whole || (kind != JD_KIND_UNIT && kind != JD_KIND_ACCOUNT && kind != JD_KIND_ORDER))
        return true;
    for (uint32_t i = 0; i < p->members->count; i++)
        if (p->members->member[i].key == key)
            return audience_sees(p->view, p->reader, p->members, i);
    return false;
}

static struct wording wording_of(struct page *p, enum language language)
{
    return (struct wording){language, p->view->names, p->view->now, visible, p};
}

static const struct signal_record *signal_at(const struct page *p, uint32_t i)
{
    const struct signal_record *s = signals_of(casebook_signals(p->view->casebook), p->alert->dossier.owner,
        p->alert->signals.index[i], p->view->now);
    return s && s->strength > 0 && s->signal < p->detector->n_signals ? s : NULL;
}

static json_t *both(const char *zh, const char *en)
{
    json_t *o = object();
    put(o, "zh", text(zh));
    put(o, "en", text(en));
    return o;
}

static void titled(struct page *p, enum language language, const char *title, char *out, size_t size)
{
    struct wording w = wording_of(p, language);
    const struct jd_signal subject = {.facts = {{"subject", JD_UNIT_ENTITY + (int)p->alert->subject.kind}}};
    const int64_t facts[JD_FACTS] = {(int64_t)p->alert->subject.key};
    wording_sentence(&w, title, &subject, 0, 0, facts, out, size);
}

static json_t *title(struct page *p)
{
    char zh[256], en[256];
    titled(p, CHINESE, p->detector->title_zh, zh, sizeof zh);
    titled(p, ENGLISH, p->detector->title_en, en, sizeof en);
    return both(zh, en);
}

static void explain(struct page *p, enum language language, char *out, size_t size)
{
    struct wording w = wording_of(p, language);
    size_t used = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < p->alert->signals.used; i++) {
        const struct signal_record *s = signal_at(p, i);
        if (!s || size - used < 640)
            continue;
        const struct jd_signal *signal = &p->detector->signals[s->signal];
        char sentence[512];
        wording_sentence(&w, language == CHINESE ? signal->zh : signal->en, signal, s->value, s->threshold,
            s->facts, sentence, sizeof sentence);
        const char *before = !used ? "" : language == CHINESE ? "；" : "; ";
        used += (size_t)snprintf(out + used, size - used, "%s%s", before, sentence);
    }
    snprintf(out + used, size - used, "%s", language == CHINESE ? "。" : ".");
}

static json_t *explanation(struct page *p)
{
    char zh[8192], en[8192];
    explain(p, CHINESE, zh, sizeof zh);
    explain(p, ENGLISH, en, sizeof en);
    return both(zh, en);
}

static json_t *shown(struct page *p, int unit, int64_t value)
{
    if (unit < JD_UNIT_ENTITY)
        return integer(value);
    struct wording w = wording_of(p, ENGLISH);
    return text(wording_entity(&w, (enum jd_kind)(unit - JD_UNIT_ENTITY), (uint64_t)value));
}

static json_t *registries_in(uint64_t set)
{
    json_t *a = array();
    for (unsigned list = 1; list < JD_LIST_COUNT; list++)
        if (set >> list & 1)
            push(a, text(lists[list]));
    return a;
}

static json_t *signal_object(struct page *p, const struct signal_record *s)
{
    const struct jd_signal *signal = &p->detector->signals[s->signal];
    json_t *o = object(), *facts = object();
    put(o, "name", text(signal->name));
    put(o, "group", text(signal->group));
    put(o, "strength", integer(s->strength));
    put(o, "hard", json_boolean(s->flags & JD_HARD));
    put(o, "value", shown(p, signal->value_unit, s->value));
    put(o, "threshold", shown(p, signal->value_unit, s->threshold));
    for (unsigned i = 0; i < JD_FACTS && signal->facts[i].name; i++)
        put(facts, signal->facts[i].name, shown(p, signal->facts[i].unit, s->facts[i]));
    put(o, "facts", facts);
    put(o, "count", integer(s->count));
    put(o, "time", integer(s->time));
    return o;
}

static json_t *signals(struct page *p, uint64_t *missing)
{
    json_t *a = array();
    for (uint32_t i = 0; i < p->alert->signals.used; i++) {
        const struct signal_record *s = signal_at(p, i);
        if (!s)
            continue;
        *missing |= s->missing;
        push(a, signal_object(p, s));
    }
    return a;
}

static json_t *subject_object(struct page *p, const struct jd_member *m)
{
    json_t *o = object();
    struct wording w = wording_of(p, ENGLISH);
    put(o, "kind", text(event_kind_word((enum jd_kind)m->kind)));
    put(o, "id", text(names_of(p->view->names, m->key, p->view->now)));
    put(o, "role", text(roles[m->role < JD_ROLE_COUNT ? m->role : JD_ROLE_SUBJECT]));
    if (m->unit && m->kind != JD_KIND_UNIT)
        put(o, "unit", text(wording_entity(&w, JD_KIND_UNIT, m->unit)));
    if (m->amount)
        put(o, "amount", integer(m->amount));
    return o;
}

/* The alert's own subject first, then everybody else whom the reader may see. */
static json_t *subjects(struct page *p, int64_t *amount)
{
    json_t *a = array();
    struct jd_subject first = p->alert->subject;
    struct jd_member subject = {.kind = first.kind, .role = JD_ROLE_SUBJECT, .key = first.key};
    for (uint32_t i = 0; i < p->members->count; i++)
        if (p->members->member[i].key == first.key && p->members->member[i].kind == first.kind)
            subject.unit = p->members->member[i].unit;
    if (visible(p, (enum jd_kind)first.kind, first.key))
        push(a, subject_object(p, &subject));
    for (uint32_t i = 0; i < p->members->count; i++) {
        const struct jd_member *m = &p->members->member[i];
        if (!audience_sees(p->view, p->reader, p->members, i))
            continue;
        *amount += m->amount;
        if (m->key != first.key || m->kind != first.kind)
            push(a, subject_object(p, m));
    }
    return a;
}

static void put_entity(struct page *p, json_t *o, enum jd_kind kind, uint64_t key)
{
    if (key && visible(p, kind, key))
        put(o, event_kind_word(kind), text(names_of(p->view->names, key, p->view->now)));
}

static json_t *evidence_object(struct page *p, const struct jd_ref *ref)
{
    char entry[48];
    snprintf(entry, sizeof entry, "%lld-%llu", (long long)ref->id_ms, (unsigned long long)ref->id_seq);
    json_t *o = object();
    put(o, "entry", text(entry));
    put(o, "type", text(event_type_word((enum jd_type)ref->type)));
    put(o, "time", integer(ref->time));
    put_entity(p, o, JD_KIND_ACCOUNT, ref->account);
    put_entity(p, o, JD_KIND_UNIT, ref->unit);
    put_entity(p, o, JD_KIND_DEVICE, ref->device);
    put_entity(p, o, JD_KIND_SUPPLIER, ref->supplier);
    put_entity(p, o, JD_KIND_ORDER, ref->order);
    put_entity(p, o, JD_KIND_WAYBILL, ref->waybill);
    if (ref->amount)
        put(o, "amount", integer(ref->amount));
    if (ref->region)
        put(o, "region", integer(ref->region));
    return o;
}

/* An entry is the reader's if its unit is, or, where it names no unit, its order. */
static bool entry_visible(struct page *p, const struct jd_ref *ref)
{
    if (ref->unit)
        return visible(p, JD_KIND_UNIT, ref->unit);
    return !ref->order || visible(p, JD_KIND_ORDER, ref->order);
}

static json_t *evidence(struct page *p)
{
    json_t *a = array();
    struct jd_ref ref;
    for (uint32_t i = 0; i < dossier_evidence_count(&p->alert->dossier); i++)
        if (dossier_evidence(
                casebook_dossiers(p->view->casebook), &p->alert->dossier, i, p->view->now, &ref) &&
            entry_visible(p, &ref))
            push(a, evidence_object(p, &ref));
    return a;
}

static json_t *offices(const struct page *p)
{
    json_t *a = array();
    for (size_t i = 1; i < p->audience->count; i++)
        if (p->reader->whole || p->reader == &p->audience->reader[i])
            push(a, text(p->audience->reader[i].office));
    return a;
}

static void put_head(struct page *p, json_t *o)
{
    const struct alert_record *alert = p->alert;
    char hash[20];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)alert->id);
    put(o, "id", text(hash));
    put(o, "revision", integer(alert->revision));
    put(o, "kind", text("detection"));
    put(o, "detector", text(p->detector->name));
    put(o, "detector_version", text(p->detector->version));
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)p->view->settings->config_hash);
    put(o, "config_generation", text(hash));
    put(o, "time", integer(p->view->now));
    json_t *window = object();
    put(window, "from", integer(alert->first));
    put(window, "to", integer(alert->last));
    put(o, "window", window);
    put(o, "score", integer(alert->score));
    put(o, "severity", text(severity_words[alert->told.severity]));
}

static char *render(struct page *p)
{
    const struct alert_record *alert = p->alert;
    json_t *o = object();
    int64_t amount = 0;
    uint64_t missing = 0;
    put_head(p, o);
    put(o, "title", title(p));
    put(o, "explanation", explanation(p));
    put(o, "clause", both(p->detector->clause_zh, p->detector->clause_en));
    put(o, "subjects", subjects(p, &amount));
    put(o, "region", integer(p->members->region));
    put(o, "offices", offices(p));
    put(o, "amount", integer(amount));
    put(o, "signals", signals(p, &missing));
    put(o, "evidence", evidence(p));
    put(o, "folded", integer(alert->folded));
    put(o, "dropped_subjects", integer(alert->dossier.dropped));
    put(o, "incomplete", json_boolean(p->view->incomplete || alert->flags & JD_INCOMPLETE));
    put(o, "warmup", json_boolean(p->view->warmup));
    put(o, "missing_registries", registries_in(missing));
    if (alert->verdict)
        put(o, "verdict", text(event_word(JD_F_VERDICT, alert->verdict)));
    if (alert->closed)
        put(o, "state", text("closed"));
    char *line = memory_need(json_dumps(o, JSON_COMPACT), "an alert");
    json_decref(o);
    return line;
}

void report_publish(const struct report_view *view, unsigned detector, const struct alert_record *alert,
    struct entry_id at, uint32_t index, output_sink sink, void *context)
{
    const struct detector_instance *instance = &view->settings->detectors[detector];
    struct membership *members = memory_zeroed(1, sizeof *members, "an alert's members");
    struct audience audience;
    struct output_copy copies[sizeof audience.reader / sizeof audience.reader[0]];
    char *lines[sizeof audience.reader / sizeof audience.reader[0]];
    membership_collect(view, alert, members);
    audience_of(view, alert, members, &audience);
    for (size_t i = 0; i < audience.count; i++) {
        struct page page = {view, instance->detector, alert, members, &audience, &audience.reader[i]};
        lines[i] = render(&page);
        copies[i] = (struct output_copy){i ? audience.reader[i].office : "", lines[i]};
    }
    struct output out = {
        .id_ms = (int64_t)at.ms,
        .id_seq = at.seq,
        .index = index,
        .revision = alert->revision,
        .score = alert->score,
        .shadow = instance->shadow != 0,
        .kind = "detection",
        .severity = severity_words[alert->told.severity],
        .detector = instance->detector->name,
        .copies = copies,
        .n_copies = audience.count,
    };
    snprintf(out.id, sizeof out.id, "%016llx", (unsigned long long)alert->id);
    sink(context, &out);
    for (size_t i = 0; i < audience.count; i++)
        free(lines[i]);
    free(members);
}
