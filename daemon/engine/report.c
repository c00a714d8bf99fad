#include "daemon/engine/report.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/engine/budget.h"
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

static void put_title(struct page *p, struct json_writer *out)
{
    char zh[256], en[256];
    struct wording chinese = page_wording(p, CHINESE), english = page_wording(p, ENGLISH);
    wording_title(&chinese, p->detector, p->alert->subject, zh, sizeof zh);
    wording_title(&english, p->detector, p->alert->subject, en, sizeof en);
    json_put_both(out, "title", zh, en);
}

static void put_subject(struct page *p, struct json_writer *out, const struct jd_member *m)
{
    struct wording w = page_wording(p, ENGLISH);
    json_open_object(out, NULL);
    json_put_text(out, "kind", event_kind_word((enum jd_kind)m->kind));
    json_put_text(out, "id", names_of(p->view->names, m->key, p->view->now));
    json_put_text(out, "role", roles[m->role < JD_ROLE_COUNT ? m->role : JD_ROLE_SUBJECT]);
    if (m->unit && m->kind != JD_KIND_UNIT)
        json_put_text(out, "unit", wording_entity(&w, JD_KIND_UNIT, m->unit));
    if (m->amount)
        json_put_integer(out, "amount", m->amount);
    json_close_object(out);
}

/* The alert's own subject first, then everybody else whom the reader may see. Returns the amount at stake. */
static int64_t put_subjects(struct page *p, struct json_writer *out)
{
    int64_t amount = 0;
    struct jd_subject first = p->alert->subject;
    struct jd_member subject = {.kind = first.kind, .role = JD_ROLE_SUBJECT, .key = first.key};
    for (uint32_t i = 0; i < p->members->count; i++)
        if (p->members->member[i].key == first.key && p->members->member[i].kind == first.kind)
            subject.unit = p->members->member[i].unit;
    json_open_array(out, "subjects");
    if (page_shows(p, (enum jd_kind)first.kind, first.key))
        put_subject(p, out, &subject);
    for (uint32_t i = 0; i < p->members->count; i++) {
        const struct jd_member *m = &p->members->member[i];
        if (!audience_sees(p->view, p->recipient, p->members, i))
            continue;
        amount += m->amount;
        if (m->key != first.key || m->kind != first.kind)
            put_subject(p, out, m);
    }
    json_close_array(out);
    return amount;
}

static void put_entity(struct page *p, struct json_writer *out, enum jd_kind kind, uint64_t key)
{
    if (key && page_shows(p, kind, key))
        json_put_text(out, event_kind_word(kind), names_of(p->view->names, key, p->view->now));
}

static void put_entry(struct page *p, struct json_writer *out, const struct jd_ref *ref)
{
    char entry[48];
    snprintf(entry, sizeof entry, "%lld-%llu", (long long)ref->id_ms, (unsigned long long)ref->id_seq);
    json_open_object(out, NULL);
    json_put_text(out, "entry", entry);
    json_put_text(out, "type", event_type_word((enum jd_type)ref->type));
    json_put_integer(out, "time", ref->time);
    put_entity(p, out, JD_KIND_ACCOUNT, ref->account);
    put_entity(p, out, JD_KIND_UNIT, ref->unit);
    put_entity(p, out, JD_KIND_DEVICE, ref->device);
    put_entity(p, out, JD_KIND_SUPPLIER, ref->supplier);
    put_entity(p, out, JD_KIND_ORDER, ref->order);
    put_entity(p, out, JD_KIND_WAYBILL, ref->waybill);
    if (ref->amount)
        json_put_integer(out, "amount", ref->amount);
    if (ref->region)
        json_put_integer(out, "region", ref->region);
    json_close_object(out);
}

/* An entry is the reader's if its unit is, or, where it names no unit, its order. */
static bool entry_visible(struct page *p, const struct jd_ref *ref)
{
    if (ref->unit)
        return page_shows(p, JD_KIND_UNIT, ref->unit);
    return !ref->order || page_shows(p, JD_KIND_ORDER, ref->order);
}

static void put_evidence(struct page *p, struct json_writer *out)
{
    struct jd_ref ref;
    json_open_array(out, "evidence");
    for (uint32_t i = 0; i < dossier_evidence_count(&p->alert->dossier); i++)
        if (dossier_evidence(
                casebook_dossiers(p->view->casebook), &p->alert->dossier, i, p->view->now, &ref) &&
            entry_visible(p, &ref))
            put_entry(p, out, &ref);
    json_close_array(out);
}

static void put_offices(const struct page *p, struct json_writer *out)
{
    json_open_array(out, "offices");
    for (size_t i = 1; i < p->audience->count; i++)
        if (p->recipient->whole || p->recipient == &p->audience->recipient[i])
            json_put_text(out, NULL, p->audience->recipient[i].office);
    json_close_array(out);
}

/* Offices that read of it in their digest only; nothing if there are none. */
static void put_deferred(const struct page *p, struct json_writer *out)
{
    size_t mark = json_open_array(out, "deferred");
    for (size_t i = 1; i < p->audience->count; i++)
        if (p->waits[i])
            json_put_text(out, NULL, p->audience->recipient[i].office);
    json_close_unless_empty(out, mark);
}

static void put_head(struct page *p, struct json_writer *out)
{
    const struct alert_record *alert = p->alert;
    json_put_hash(out, "id", alert->id);
    json_put_integer(out, "revision", alert->revision);
    json_put_text(out, "kind", "detection");
    json_put_text(out, "detector", p->detector->name);
    json_put_text(out, "detector_version", p->detector->version);
    json_put_hash(out, "config_generation", p->view->settings->config_hash);
    json_put_integer(out, "time", p->view->now);
    json_open_object(out, "window");
    json_put_integer(out, "from", alert->first);
    json_put_integer(out, "to", alert->last);
    json_close_object(out);
    json_put_integer(out, "score", alert->score);
    json_put_text(out, "severity", severity_words[alert->told.severity]);
}

/* Alerts of other detectors on somebody whom the reader sees in this one. */
static void put_related(const struct page *p, struct json_writer *out)
{
    const struct membership *m = p->members;
    size_t mark = json_open_array(out, "related");
    for (uint32_t i = 0; i < m->count; i++) {
        uint32_t same = 0;
        while (same < i && (m->tied[same] != m->tied[i] || !audience_sees(p->view, p->recipient, m, same)))
            same++;
        if (m->tied[i] && same == i && audience_sees(p->view, p->recipient, m, i))
            json_put_hash(out, NULL, m->tied[i]);
    }
    json_close_unless_empty(out, mark);
}

static char *render(struct page *p)
{
    const struct alert_record *alert = p->alert;
    struct json_writer out;
    json_begin(&out);
    json_open_object(&out, NULL);
    put_head(p, &out);
    put_title(p, &out);
    page_explanation(p, &out);
    json_put_both(&out, "clause", p->detector->clause_zh, p->detector->clause_en);
    int64_t amount = put_subjects(p, &out);
    json_put_integer(&out, "region", p->members->region);
    put_offices(p, &out);
    json_put_integer(&out, "amount", amount);
    page_signals(p, &out);
    put_evidence(p, &out);
    json_put_integer(&out, "folded", alert->folded);
    json_put_integer(&out, "dropped_subjects", alert->dossier.dropped);
    json_put_boolean(&out, "incomplete", p->view->incomplete || alert->flags & JD_INCOMPLETE);
    json_put_boolean(&out, "warmup", p->view->warmup);
    page_missing_registries(p, &out);
    page_not_evaluable(p, &out);
    put_related(p, &out);
    if (alert->verdict)
        json_put_text(&out, "verdict", event_word(JD_F_VERDICT, alert->verdict));
    if (!p->recipient->office)
        put_deferred(p, &out);
    if (alert->exculpation)
        json_put_integer(&out, "exculpation", alert->exculpation);
    if (alert->fused > alert->peak)
        json_put_integer(&out, "ceiling", alert->peak);
    if (alert->closed)
        json_put_text(&out, "state", "closed");
    json_close_object(&out);
    return json_end(&out);
}

/* Does the reader have to wait for its digest? Everybody's stream and the security reviewers never do. */
static bool has_to_wait(struct page *p)
{
    const struct engine_settings *s = p->view->settings;
    const struct alert_record *alert = p->alert;
    if (!p->recipient->office ||
        (s->security_office && strcmp(p->recipient->office, s->security_office) == 0))
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
        if (audience_sees(p->view, p->recipient, p->members, i))
            item.amount += p->members->member[i].amount;
    return !budget_admits(p->view->budget, p->recipient->office, &item, p->view->now);
}

#define RECIPIENTS (sizeof((struct audience *)0)->recipient / sizeof((struct audience *)0)->recipient[0])

size_t report_publish(const struct report_view *view, unsigned detector, const struct alert_record *alert,
    struct entry_id at, uint32_t index, output_sink sink, void *context)
{
    const struct detector_instance *instance = &view->settings->detectors[detector];
    struct membership *members = memory_zeroed(1, sizeof *members, "an alert's members");
    struct audience audience;
    struct output_copy copies[RECIPIENTS];
    char *lines[RECIPIENTS];
    bool waits[RECIPIENTS] = {false};
    struct page page = {view, instance->detector, alert, members, &audience, audience.recipient, waits};
    membership_collect(view, alert, members);
    for (uint32_t i = 0; i < members->count && !instance->shadow; i++)
        members->tied[i] =
            ties_claim(view->ties, casebook_alerts(view->casebook), alert, &members->member[i], view->now);
    audience_of(view, alert, members, &audience);
    for (size_t i = 1; i < audience.count && !instance->shadow; i++) {
        page.recipient = &audience.recipient[i];
        waits[i] = has_to_wait(&page);
    }
    size_t n = 0;
    for (size_t i = 0; i < audience.count; i++) {
        page.recipient = &audience.recipient[i];
        if (waits[i])
            continue;
        lines[n] = render(&page);
        copies[n] = (struct output_copy){i ? page.recipient->office : "", lines[n]};
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
