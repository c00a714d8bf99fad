#include "daemon/engine/page.h"

#include "daemon/event/fields.h"

#include <stdio.h>
#include <string.h>

static const char *const lists[] = {"",
#define X(id, word, key, value, several) word,
    JD_LISTS(X)
#undef X
};

bool page_shows(void *context, enum jd_kind kind, uint64_t key)
{
    const struct page *p = context;
    if (p->recipient->whole || (kind != JD_KIND_UNIT && kind != JD_KIND_ACCOUNT && kind != JD_KIND_ORDER))
        return true;
    for (uint32_t i = 0; i < p->members->count; i++)
        if (p->members->member[i].key == key)
            return audience_sees(p->view, p->recipient, p->members, i);
    return false;
}

struct wording page_wording(struct page *p, enum language language)
{
    return (struct wording){language, p->view->names, p->view->now, page_shows, p};
}

static const struct signal_record *signal_at(const struct page *p, uint32_t i)
{
    const struct signal_record *s = signals_of(casebook_signals(p->view->casebook), p->alert->dossier.owner,
        p->alert->signals.index[i], p->view->now);
    return s && s->strength > 0 && s->signal < p->detector->n_signals ? s : NULL;
}

#define SENTENCE_MAX 512 /* bytes, with its NUL */

static void explain(struct page *p, enum language language, char *out, size_t size)
{
    struct wording w = page_wording(p, language);
    size_t used = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < p->alert->signals.used; i++) {
        const struct signal_record *s = signal_at(p, i);
        if (!s || size - used < SENTENCE_MAX + 16)
            continue;
        const struct jd_signal *signal = &p->detector->signals[s->signal];
        if (used) {
            const char *between = language == CHINESE ? "；" : "; ";
            memcpy(out + used, between, strlen(between));
            used += strlen(between);
        }
        wording_sentence(&w, language == CHINESE ? signal->zh : signal->en, signal, s->value, s->threshold,
            s->facts, out + used, SENTENCE_MAX);
        used += strlen(out + used);
    }
    snprintf(out + used, size - used, "%s", language == CHINESE ? "。" : ".");
}

void page_explanation(struct page *p, struct json_writer *out)
{
    char zh[8192], en[8192];
    explain(p, CHINESE, zh, sizeof zh);
    explain(p, ENGLISH, en, sizeof en);
    json_put_both(out, "explanation", zh, en);
}

static void put_shown(struct page *p, struct json_writer *out, const char *name, int unit, int64_t value)
{
    struct wording w = page_wording(p, ENGLISH);
    if (unit < JD_UNIT_ENTITY)
        json_put_integer(out, name, value);
    else
        json_put_text(out, name, wording_entity(&w, (enum jd_kind)(unit - JD_UNIT_ENTITY), (uint64_t)value));
}

static bool has_signal(const struct page *p, uint32_t signal)
{
    return memchr(p->alert->signals.index, (int)signal, p->alert->signals.used) != NULL;
}

static void put_lacks(
    struct json_writer *out, const char *signal, const char *what, uint64_t set, bool of_fields)
{
    for (; set; set &= set - 1) {
        int i = __builtin_ctzll(set);
        json_open_object(out, NULL);
        json_put_text(out, "signal", signal);
        json_put_text(out, what, of_fields ? fields[i].name : lists[i]);
        json_close_object(out);
    }
}

void page_not_evaluable(const struct page *p, struct json_writer *out)
{
    size_t mark = json_open_array(out, "not_evaluable");
    for (size_t i = 0; i < p->detector->n_needs; i++) {
        const struct jd_need *need = &p->detector->needs[i];
        const char *signal = p->detector->signals[need->signal].name;
        struct sight_lack lack = sight_lack(p->view->sight, p->view->empty_registries, need);
        if (has_signal(p, need->signal))
            continue;
        put_lacks(out, signal, "field", lack.fields, true);
        put_lacks(out, signal, "registry", lack.registries, false);
    }
    json_close_unless_empty(out, mark);
}

static void put_signal(struct page *p, struct json_writer *out, const struct signal_record *s)
{
    const struct jd_signal *signal = &p->detector->signals[s->signal];
    json_open_object(out, NULL);
    json_put_text(out, "name", signal->name);
    json_put_text(out, "group", signal->group);
    json_put_integer(out, "strength", s->strength);
    json_put_boolean(out, "hard", s->flags & JD_HARD);
    put_shown(p, out, "value", signal->value_unit, s->value);
    put_shown(p, out, "threshold", signal->value_unit, s->threshold);
    json_open_object(out, "facts");
    for (unsigned i = 0; i < JD_FACTS && signal->facts[i].name; i++)
        put_shown(p, out, signal->facts[i].name, signal->facts[i].unit, s->facts[i]);
    json_close_object(out);
    json_put_integer(out, "count", s->count);
    json_put_integer(out, "time", s->time);
    json_close_object(out);
}

void page_signals(struct page *p, struct json_writer *out)
{
    json_open_array(out, "signals");
    for (uint32_t i = 0; i < p->alert->signals.used; i++) {
        const struct signal_record *s = signal_at(p, i);
        if (s)
            put_signal(p, out, s);
    }
    json_close_array(out);
}

void page_missing_registries(const struct page *p, struct json_writer *out)
{
    uint64_t missing = 0;
    for (uint32_t i = 0; i < p->alert->signals.used; i++) {
        const struct signal_record *s = signal_at(p, i);
        missing |= s ? s->missing : 0;
    }
    json_open_array(out, "missing_registries");
    for (unsigned list = 1; list < JD_LIST_COUNT; list++)
        if (missing >> list & 1)
            json_put_text(out, NULL, lists[list]);
    json_close_array(out);
}
