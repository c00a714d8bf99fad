#include "daemon/engine/page.h"

#include "daemon/engine/leaf.h"
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
    if (p->reader->whole || (kind != JD_KIND_UNIT && kind != JD_KIND_ACCOUNT && kind != JD_KIND_ORDER))
        return true;
    for (uint32_t i = 0; i < p->members->count; i++)
        if (p->members->member[i].key == key)
            return audience_sees(p->view, p->reader, p->members, i);
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

static void explain(struct page *p, enum language language, char *out, size_t size)
{
    struct wording w = page_wording(p, language);
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

json_t *page_explanation(struct page *p)
{
    char zh[8192], en[8192];
    explain(p, CHINESE, zh, sizeof zh);
    explain(p, ENGLISH, en, sizeof en);
    return leaf_both(zh, en);
}

static json_t *shown(struct page *p, int unit, int64_t value)
{
    if (unit < JD_UNIT_ENTITY)
        return leaf_integer(value);
    struct wording w = page_wording(p, ENGLISH);
    return leaf_text(wording_entity(&w, (enum jd_kind)(unit - JD_UNIT_ENTITY), (uint64_t)value));
}

static bool has_signal(const struct page *p, uint32_t signal)
{
    return memchr(p->alert->signals.index, (int)signal, p->alert->signals.used) != NULL;
}

static void push_lacks(json_t *a, const char *signal, const char *what, uint64_t set, bool of_fields)
{
    for (unsigned i = 0; i < 64; i++) {
        if (!(set >> i & 1))
            continue;
        json_t *o = leaf_object();
        leaf_put(o, "signal", leaf_text(signal));
        leaf_put(o, what, leaf_text(of_fields ? fields[i].name : lists[i]));
        leaf_push(a, o);
    }
}

json_t *page_not_evaluable(const struct page *p)
{
    json_t *a = leaf_array();
    for (size_t i = 0; i < p->detector->n_needs; i++) {
        const struct jd_need *need = &p->detector->needs[i];
        const char *signal = p->detector->signals[need->signal].name;
        struct sight_lack lack = sight_lack(p->view->sight, p->view->empty_registries, need);
        if (has_signal(p, need->signal))
            continue;
        push_lacks(a, signal, "field", lack.fields, true);
        push_lacks(a, signal, "registry", lack.registries, false);
    }
    return a;
}

static json_t *signal_object(struct page *p, const struct signal_record *s)
{
    const struct jd_signal *signal = &p->detector->signals[s->signal];
    json_t *o = leaf_object(), *facts = leaf_object();
    leaf_put(o, "name", leaf_text(signal->name));
    leaf_put(o, "group", leaf_text(signal->group));
    leaf_put(o, "strength", leaf_integer(s->strength));
    leaf_put(o, "hard", json_boolean(s->flags & JD_HARD));
    leaf_put(o, "value", shown(p, signal->value_unit, s->value));
    leaf_put(o, "threshold", shown(p, signal->value_unit, s->threshold));
    for (unsigned i = 0; i < JD_FACTS && signal->facts[i].name; i++)
        leaf_put(facts, signal->facts[i].name, shown(p, signal->facts[i].unit, s->facts[i]));
    leaf_put(o, "facts", facts);
    leaf_put(o, "count", leaf_integer(s->count));
    leaf_put(o, "time", leaf_integer(s->time));
    return o;
}

json_t *page_signals(struct page *p)
{
    json_t *a = leaf_array();
    for (uint32_t i = 0; i < p->alert->signals.used; i++) {
        const struct signal_record *s = signal_at(p, i);
        if (s)
            leaf_push(a, signal_object(p, s));
    }
    return a;
}

json_t *page_missing_registries(const struct page *p)
{
    json_t *a = leaf_array();
    uint64_t missing = 0;
    for (uint32_t i = 0; i < p->alert->signals.used; i++) {
        const struct signal_record *s = signal_at(p, i);
        missing |= s ? s->missing : 0;
    }
    for (unsigned list = 1; list < JD_LIST_COUNT; list++)
        if (missing >> list & 1)
            leaf_push(a, leaf_text(lists[list]));
    return a;
}
