/* The rules of detector.h that a compiler does not know. */
#include "daemon/ops/config_text.h"
#include "daemon/ops/plugins.h"

#include <string.h>

#define OPTION_TYPES (JD_OPTION_STRENGTH + 1)

static int check_options(const struct jd_detector *d, struct error *err)
{
    if (d->config_size % sizeof(int64_t) != 0 || (d->n_options && !d->options))
        return error_set(
            err, "its config struct has %zu bytes, not a whole number of 64-bit integers", d->config_size);
    for (size_t i = 0; i < d->n_options; i++) {
        const struct jd_option *o = &d->options[i];
        if (!o->name || !config_text_is_word(o->name) || !o->help)
            return error_set(err, "its option %zu has no name of lower case words, or no help", i);
        if ((unsigned)o->type >= OPTION_TYPES)
            return error_set(err, "its option %s has type %d, which is not known", o->name, (int)o->type);
        if (o->offset % sizeof(int64_t) != 0 || d->config_size < sizeof(int64_t) ||
            o->offset > d->config_size - sizeof(int64_t))
            return error_set(err, "its option %s lies at %zu, outside the %zu bytes of its config struct",
                o->name, o->offset, d->config_size);
        if (o->min > o->init || o->init > o->max)
            return error_set(err, "the default of its option %s is out of range", o->name);
        for (size_t j = 0; j < i; j++)
            if (strcmp(d->options[j].name, o->name) == 0 || d->options[j].offset == o->offset)
                return error_set(err, "its options %s and %s are the same", d->options[j].name, o->name);
    }
    return 0;
}

static int check_tables(const struct jd_detector *d, struct error *err)
{
    if (d->n_tables > PLUGINS_TABLES_MAX || (d->n_tables && !d->tables))
        return error_set(err, "it has %zu tables, more than %d", d->n_tables, PLUGINS_TABLES_MAX);
    for (size_t i = 0; i < d->n_tables; i++) {
        const struct jd_table *t = &d->tables[i];
        if (!t->name || !config_text_is_word(t->name))
            return error_set(err, "its table %zu has no name of lower case words", i);
        if (t->value_size == 0 || t->value_size % 8 != 0 || t->value_size > PLUGINS_RECORD_MAX)
            return error_set(err, "a record of its table %s has %u bytes, not a multiple of 8 up to %d",
                t->name, t->value_size, PLUGINS_RECORD_MAX);
        if (t->bound == 0 || t->ttl_ms <= 0)
            return error_set(err, "its table %s has no bound or no time to live", t->name);
        for (size_t j = 0; j < i; j++)
            if (strcmp(d->tables[j].name, t->name) == 0)
                return error_set(err, "it has two tables %s", t->name);
    }
    return 0;
}

static bool is_unit(int unit)
{
    return (unit >= JD_UNIT_NONE && unit <= JD_UNIT_PERCENT) ||
           (unit > JD_UNIT_ENTITY && unit < JD_UNIT_ENTITY + JD_KIND_COUNT);
}

/* Every {word} in a signal's text must be one that will be replaced. */
static int check_words(const struct jd_signal *s, const char *text, struct error *err)
{
    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
        size_t n = strcspn(at + 1, "{}");
        bool known =
            (n == 5 && strncmp(at + 1, "value", n) == 0) || (n == 9 && strncmp(at + 1, "threshold", n) == 0);
        for (int i = 0; i < JD_FACTS && s->facts[i].unit != JD_UNIT_NONE; i++)
            known = known || (strlen(s->facts[i].name) == n && strncmp(s->facts[i].name, at + 1, n) == 0);
        if (at[1 + n] != '}' || !known)
            return error_set(err, "the words of its signal %s hold {%.*s}, which is none of its facts",
                s->name, (int)n, at + 1);
    }
    return 0;
}

static int check_signal(const struct jd_signal *s, struct error *err)
{
    if (!s->zh || !s->en || !s->group || !config_text_is_word(s->group))
        return error_set(err, "its signal %s lacks a group or its words", s->name);
    if (!is_unit(s->value_unit) || s->half_life_days < 0)
        return error_set(err, "its signal %s has a unit or half-life that cannot be", s->name);
    for (int i = 0; i < JD_FACTS && s->facts[i].unit != JD_UNIT_NONE; i++)
        if (!is_unit(s->facts[i].unit) || !s->facts[i].name || !config_text_is_word(s->facts[i].name))
            return error_set(err, "fact %d of its signal %s has no name or no unit", i, s->name);
    return check_words(s, s->zh, err) || check_words(s, s->en, err) ? -1 : 0;
}

static int check_signals(const struct jd_detector *d, struct error *err)
{
    if (d->n_signals == 0 && d->report)
        return 0;
    if (d->n_signals == 0 || d->n_signals > PLUGINS_SIGNALS_MAX || !d->signals)
        return error_set(err, "it has %zu signals, not 1 to %d", d->n_signals, PLUGINS_SIGNALS_MAX);
    for (size_t i = 0; i < d->n_signals; i++) {
        const struct jd_signal *s = &d->signals[i];
        if (!s->name || !config_text_is_name(s->name))
            return error_set(err, "its signal %zu has no name", i);
        if (check_signal(s, err) != 0)
            return -1;
        for (size_t j = 0; j < i; j++)
            if (strcmp(d->signals[j].name, s->name) == 0)
                return error_set(err, "it has two signals %s", s->name);
    }
    return 0;
}

static int check_needs(const struct jd_detector *d, struct error *err)
{
    if (d->n_needs && !d->needs)
        return error_set(err, "it has %zu needs and no list of them", d->n_needs);
    for (size_t i = 0; i < d->n_needs; i++) {
        const struct jd_need *n = &d->needs[i];
        if (n->signal >= d->n_signals || n->events >> JD_TYPE_COUNT || n->fields >> JD_F_COUNT ||
            n->registries >> JD_LIST_COUNT || (n->fields != 0) != (n->events != 0))
            return error_set(
                err, "its need %zu is of a signal, event, field or registry that is not known", i);
    }
    return 0;
}

static int check_report(const struct jd_report *r, struct error *err)
{
    unsigned columns = 0;
    for (; columns < JD_REPORT_COLUMNS && r->columns[columns].unit != JD_UNIT_NONE; columns++) {
        const struct jd_report_column *c = &r->columns[columns];
        bool fits = c->unit == JD_UNIT_NUMBER || c->unit == JD_UNIT_FEN || c->unit == JD_UNIT_PERCENT;
        if (!fits || !c->name || !config_text_is_word(c->name))
            return error_set(
                err, "column %u of its report has no name, or a unit that cannot be added up", columns);
    }
    for (unsigned m = 0; m < JD_REPORT_MARKS && r->marks[m].name; m++)
        if (!config_text_is_word(r->marks[m].name) || r->marks[m].column >= columns)
            return error_set(err, "mark %u of its report has no name or column", m);
    return columns ? 0 : error_set(err, "its report has no column");
}

int plugins_check(const struct jd_detector *d, struct error *err)
{
    if (!d->name || !config_text_is_word(d->name))
        return error_set(err, "its name is not lower case words");
    if (!d->version || !config_text_is_name(d->version))
        return error_set(err, "it has no version");
    if (!d->summary || !d->title_zh || !d->title_en || !d->clause_zh || !d->clause_en)
        return error_set(err, "it lacks its summary, a title or a clause");
    if (!d->on_event || d->wants == 0 || d->wants >> JD_TYPE_COUNT)
        return error_set(err, "it wants no event, or one of a type that is not known");
    if (check_options(d, err) != 0 || check_tables(d, err) != 0 ||
        (d->report && check_report(d->report, err) != 0))
        return -1;
    return check_signals(d, err) != 0 ? -1 : check_needs(d, err);
}
