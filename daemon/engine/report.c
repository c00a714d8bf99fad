#include "daemon/engine/report.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/engine/budget.h"
#include "daemon/engine/leaf.h"
#include "daemon/engine/page.h"
#include "daemon/event/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const roles[] = {
#define X(id, word) word,
    JD_ROLES(X)
#undef X
};
static json_t *title(struct page *p)
{
    char zh[256], en[256];
    struct wording chinese = page_wording(p, CHINESE), english = page_wording(p, ENGLISH);
    wording_title(&chinese, p->detector, p->alert->subject, zh, sizeof zh);
    wording_title(&english, p->detector, p->alert->subject, en, sizeof en);
    return leaf_both(zh, en);
}

static json_t *subject_object(struct page *p, const struct jd_member *m)
{
    json_t *o = leaf_object();
    struct wording w = page_wording(p, ENGLISH);
    leaf_put(o, "kind", leaf_text(event_kind_word((enum jd_kind)m->kind)));
    leaf_put(o, "id", leaf_text(names_of(p->view->names, m->key, p->view->now)));
    leaf_put(o, "role", leaf_text(roles[m->role < JD_ROLE_COUNT ? m->role : JD_ROLE_SUBJECT]));
    if (m->unit && m->kind != JD_KIND_UNIT)
        leaf_put(o, "unit", leaf_text(wording_entity(&w, JD_KIND_UNIT, m->unit)));
    if (m->amount)
        leaf_put(o, "amount", leaf_integer(m->amount));
    return o;
}

/* The alert's own subject first, then everybody else whom the reader may see. */
static json_t *subjects(struct page *p, int64_t *amount)
{
    json_t *a = leaf_array();
    struct jd_subject first = p->alert->subject;
    struct jd_member subject = {.kind = first.kind, .role = JD_ROLE_SUBJECT, .key = first.key};
    for (uint32_t i = 0; i < p->members->count; i++)
        if (p->members->member[i].key == first.key && p->members->member[i].kind == first.kind)
            subject.unit = p->members->member[i].unit;
    if (page_shows(p, (enum jd_kind)first.kind, first.key))
        leaf_push(a, subject_object(p, &subject));
    for (uint32_t i = 0; i < p->members->count; i++) {
        const struct jd_member *m = &p->members->member[i];
        if (!audience_sees(p->view, p->reader, p->members, i))
            continue;
        *amount += m->amount;
        if (m->key != first.key || m->kind != first.kind)
            leaf_push(a, subject_object(p, m));
    }
    return a;
}

static void put_entity(struct page *p, json_t *o, enum jd_kind kind, uint64_t key)
{
    if (key && page_shows(p, kind, key))
        leaf_put(o, event_kind_word(kind), leaf_text(names_of(p->view->names, key, p->view->now)));
}

static json_t *evidence_object(struct page *p, const struct jd_ref *ref)
{
    char entry[48];
    snprintf(entry, sizeof entry, "%lld-%llu", (long long)ref->id_ms, (unsigned long long)ref->id_seq);
    json_t *o = leaf_object();
    leaf_put(o, "entry", leaf_text(entry));
    leaf_put(o, "type", leaf_text(event_type_word((enum jd_type)ref->type)));
    leaf_put(o, "time", leaf_integer(ref->time));
    put_entity(p, o, JD_KIND_ACCOUNT, ref->account);
    put_entity(p, o, JD_KIND_UNIT, ref->unit);
    put_entity(p, o, JD_KIND_DEVICE, ref->device);
    put_entity(p, o, JD_KIND_SUPPLIER, ref->supplier);
    put_entity(p, o, JD_KIND_ORDER, ref->order);
    put_entity(p, o, JD_KIND_WAYBILL, ref->waybill);
    if (ref->amount)
        leaf_put(o, "amount", leaf_integer(ref->amount));
    if (ref->region)
        leaf_put(o, "region", leaf_integer(ref->region));
    return o;
}

/* An entry is the reader's if its unit is, or, where it names no unit, its order. */
static bool entry_visible(struct page *p, const struct jd_ref *ref)
{
    if (ref->unit)
        return page_shows(p, JD_KIND_UNIT, ref->unit);
    return !ref->order || page_shows(p, JD_KIND_ORDER, ref->order);
}

static json_t *evidence(struct page *p)
{
    json_t *a = leaf_array();
    struct jd_ref ref;
    for (uint32_t i = 0; i < dossier_evidence_count(&p->alert->dossier); i++)
        if (dossier_evidence(
                casebook_dossiers(p->view->casebook), &p->alert->dossier, i, p->view->now, &ref) &&
            entry_visible(p, &ref))
            leaf_push(a, evidence_object(p, &ref));
    return a;
}

static json_t *offices(const struct page *p)
{
    json_t *a = leaf_array();
    for (size_t i = 1; i < p->audience->count; i++)
        if (p->reader->whole || p->reader == &p->audience->reader[i])
            leaf_push(a, leaf_text(p->audience->reader[i].office));
    return a;
}

/* Offices that read of it in their digest only. */
static json_t *deferred(const struct page *p)
{
    json_t *a = leaf_array();
    for (size_t i = 1; i < p->audience->count; i++)
        if (p->waits[i])
            leaf_push(a, leaf_text(p->audience->reader[i].office));
    return a;
}

static void put_unless_empty(json_t *o, const char *name, json_t *array)
{
    if (json_array_size(array))
        leaf_put(o, name, array);
    else
        json_decref(array);
}

static void put_head(struct page *p, json_t *o)
{
    const struct alert_record *alert = p->alert;
    char hash[20];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)alert->id);
    leaf_put(o, "id", leaf_text(hash));
    leaf_put(o, "revision", leaf_integer(alert->revision));
    leaf_put(o, "kind", leaf_text("detection"));
    leaf_put(o, "detector", leaf_text(p->detector->name));
    leaf_put(o, "detector_version", leaf_text(p->detector->version));
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)p->view->settings->config_hash);
    leaf_put(o, "config_generation", leaf_text(hash));
    leaf_put(o, "time", leaf_integer(p->view->now));
    json_t *window = leaf_object();
    leaf_put(window, "from", leaf_integer(alert->first));
    leaf_put(window, "to", leaf_integer(alert->last));
    leaf_put(o, "window", window);
    leaf_put(o, "score", leaf_integer(alert->score));
    leaf_put(o, "severity", leaf_text(severity_words[alert->told.severity]));
}

static char *render(struct page *p)
{
    const struct alert_record *alert = p->alert;
    json_t *o = leaf_object();
    int64_t amount = 0;
    put_head(p, o);
    leaf_put(o, "title", title(p));
    leaf_put(o, "explanation", page_explanation(p));
    leaf_put(o, "clause", leaf_both(p->detector->clause_zh, p->detector->clause_en));
    leaf_put(o, "subjects", subjects(p, &amount));
    leaf_put(o, "region", leaf_integer(p->members->region));
    leaf_put(o, "offices", offices(p));
    leaf_put(o, "amount", leaf_integer(amount));
    leaf_put(o, "signals", page_signals(p));
    leaf_put(o, "evidence", evidence(p));
    leaf_put(o, "folded", leaf_integer(alert->folded));
    leaf_put(o, "dropped_subjects", leaf_integer(alert->dossier.dropped));
    leaf_put(o, "incomplete", json_boolean(p->view->incomplete || alert->flags & JD_INCOMPLETE));
    leaf_put(o, "warmup", json_boolean(p->view->warmup));
    leaf_put(o, "missing_registries", page_missing_registries(p));
    put_unless_empty(o, "not_evaluable", page_not_evaluable(p));
    if (alert->verdict)
        leaf_put(o, "verdict", leaf_text(event_word(JD_F_VERDICT, alert->verdict)));
    if (!p->reader->office)
        put_unless_empty(o, "deferred", deferred(p));
    if (alert->exculpation)
        leaf_put(o, "exculpation", leaf_integer(alert->exculpation));
    if (alert->closed)
        leaf_put(o, "state", leaf_text("closed"));
    return leaf_line(o);
}

/* Does the reader have to wait for its digest? Everybody's stream and the security reviewers never do. */
static bool has_to_wait(struct page *p)
{
    const struct engine_settings *s = p->view->settings;
    const struct alert_record *alert = p->alert;
    if (!p->reader->office || (s->security_office && strcmp(p->reader->office, s->security_office) == 0))
        return false;
    struct budget_item item = {
        .alert_id = alert->id,
        .detector = alert->detector,
        .subject = alert->subject,
        .score = alert->score,
        .severity = alert->told.severity,
        .revision = alert->revision,
        .named = page_shows(p, (enum jd_kind)alert->subject.kind, alert->subject.key),
    };
    for (uint32_t i = 0; i < p->members->count; i++)
        if (audience_sees(p->view, p->reader, p->members, i))
            item.amount += p->members->member[i].amount;
    return !budget_admits(p->view->budget, p->reader->office, &item, p->view->now);
}

#define READERS (sizeof((struct audience *)0)->reader / sizeof((struct audience *)0)->reader[0])

size_t report_publish(const struct report_view *view, unsigned detector, const struct alert_record *alert,
    struct entry_id at, uint32_t index, output_sink sink, void *context)
{
    const struct detector_instance *instance = &view->settings->detectors[detector];
    struct membership *members = memory_zeroed(1, sizeof *members, "an alert's members");
    struct audience audience;
    struct output_copy copies[READERS];
    char *lines[READERS];
    bool waits[READERS] = {false};
    struct page page = {view, instance->detector, alert, members, &audience, audience.reader, waits};
    membership_collect(view, alert, members);
    audience_of(view, alert, members, &audience);
    for (size_t i = 1; i < audience.count && !instance->shadow; i++) {
        page.reader = &audience.reader[i];
        waits[i] = has_to_wait(&page);
    }
    size_t n = 0;
    for (size_t i = 0; i < audience.count; i++) {
        page.reader = &audience.reader[i];
        if (waits[i])
            continue;
        lines[n] = render(&page);
        copies[n] = (struct output_copy){i ? page.reader->office : "", lines[n]};
        n++;
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
        .n_copies = n,
    };
    snprintf(out.id, sizeof out.id, "%016llx", (unsigned long long)alert->id);
    sink(context, &out);
    for (size_t i = 0; i < n; i++)
        free(lines[i]);
    free(members);
    return audience.count - n;
}
