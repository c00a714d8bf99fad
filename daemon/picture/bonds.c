#include "daemon/picture/bonds.h"

#include "daemon/base/memory.h"
#include "daemon/picture/alert_json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY SIZE_MAX
#define RESOURCES_SHARE 8 /* of a crowded picture's nodes; units get the rest */
#define SUPPLIERS_SHARE 6

static bool is_kind(const struct bonds_node *n, const char *kind)
{
    return strcmp(n->kind, kind) == 0;
}

static size_t find(const struct bonds *t, const char *kind, const char *id)
{
    for (size_t i = 0; *id && i < t->n_nodes; i++)
        if ((!kind || is_kind(&t->nodes[i], kind)) && strcmp(t->nodes[i].id, id) == 0)
            return i;
    return NOBODY;
}

bool bonds_are_tied(const struct bonds *t, size_t a, size_t b)
{
    for (size_t i = 0; i < t->n_pairs; i++)
        if ((t->pairs[i].a == a && t->pairs[i].b == b) || (t->pairs[i].a == b && t->pairs[i].b == a))
            return true;
    return false;
}

static void tie(struct bonds *t, size_t a, size_t b)
{
    if (a == NOBODY || b == NOBODY || a == b || bonds_are_tied(t, a, b))
        return;
    t->pairs = memory_grow(t->pairs, &t->room, t->n_pairs + 1, sizeof *t->pairs);
    t->pairs[t->n_pairs++] = (struct bonds_pair){a < b ? a : b, a < b ? b : a};
}

size_t bonds_degree(const struct bonds *t, size_t node, enum bonds_column column)
{
    size_t degree = 0;
    for (size_t i = 0; i < t->n_pairs; i++) {
        const struct bonds_pair *p = &t->pairs[i];
        if (p->a == node || p->b == node)
            degree += t->nodes[p->a == node ? p->b : p->a].column == column;
    }
    return degree;
}

/* ---- nodes ---- */

static bool is_node(const json_t *subject)
{
    static const char *const not [] = {"", "order", "waybill", "invoice", "ring"};
    const char *kind = alert_json_text(subject, "kind");
    for (size_t i = 0; i < sizeof not / sizeof not [0]; i++)
        if (strcmp(kind, not [i]) == 0)
            return false;
    return *alert_json_text(subject, "id") != '\0';
}

static void add_nodes(struct bonds *t, const json_t *subjects)
{
    size_t i;
    json_t *subject;
    t->nodes = memory_zeroed(json_array_size(subjects), sizeof *t->nodes, "a picture");
    json_array_foreach(subjects, i, subject)
    {
        const char *kind = alert_json_text(subject, "kind"), *id = alert_json_text(subject, "id");
        if (!is_node(subject) || find(t, kind, id) != NOBODY)
            continue;
        struct bonds_node *n = &t->nodes[t->n_nodes++];
        n->kind = kind;
        n->id = id;
        n->subject = alert_json_is(subject, "role", "subject");
        n->column = is_kind(n, "unit")       ? BONDS_UNITS
                    : is_kind(n, "supplier") ? BONDS_SUPPLIERS
                                             : BONDS_RESOURCES;
    }
}

/* What it is to its unit alone is no tie of others: an account or payer is said with the unit, the unit's
 * own device not at all. */
static bool is_private(const struct bonds *t, size_t i, const char *role)
{
    const struct bonds_node *n = &t->nodes[i];
    if (strcmp(role, "owner") == 0)
        return is_kind(n, "account"); /* of the supplier that is named beside it */
    if (bonds_degree(t, i, BONDS_UNITS) != 1)
        return strcmp(role, "actor") == 0 && !bonds_degree(t, i, BONDS_UNITS);
    if (is_kind(n, "account"))
        return true;
    return !n->subject && strcmp(role, "shared_resource") != 0 && !bonds_degree(t, i, BONDS_SUPPLIERS);
}

static void fold_private(struct bonds *t, const json_t *subjects)
{
    size_t i;
    json_t *subject;
    json_array_foreach(subjects, i, subject)
    {
        size_t node = find(t, alert_json_text(subject, "kind"), alert_json_text(subject, "id"));
        if (node != NOBODY && t->nodes[node].column == BONDS_RESOURCES &&
            is_private(t, node, alert_json_text(subject, "role")))
            t->nodes[node].column = BONDS_FOLDED;
    }
}

/* ---- ties ---- */

static void note(struct bonds *t, size_t node, const json_t *entry)
{
    if (node == NOBODY)
        return;
    struct bonds_node *n = &t->nodes[node];
    int64_t time = alert_json_moment(entry, "time");
    if (!n->entries++ || time < n->first) {
        n->first = time;
        n->first_type = alert_json_text(entry, "type");
    }
    if (is_kind(n, "unit") || !alert_json_is(entry, "type", "order"))
        return; /* a unit's money is that of the orders among the subjects */
    n->orders++;
    n->amount += alert_json_amount(entry);
}

/* A shipment is its supplier's act: its device and account are the supplier's. */
static void tie_entry(struct bonds *t, const json_t *entry)
{
    size_t unit = find(t, "unit", alert_json_text(entry, "unit"));
    size_t supplier = find(t, "supplier", alert_json_text(entry, "supplier"));
    bool by_supplier = alert_json_is(entry, "type", "shipment");
    static const char *const means[] = {"device", "account"};
    note(t, unit, entry);
    note(t, supplier, entry);
    tie(t, unit, supplier);
    for (size_t i = 0; i < 2; i++) {
        size_t node = find(t, means[i], alert_json_text(entry, means[i]));
        note(t, node, entry);
        tie(t, by_supplier ? supplier : unit, node);
    }
}

/* A signal that names a unit or a supplier and a resource ties them. */
static void tie_facts(struct bonds *t, json_t *facts)
{
    size_t unit = find(t, "unit", alert_json_text(facts, "unit"));
    size_t supplier = find(t, "supplier", alert_json_text(facts, "supplier"));
    const char *name;
    json_t *value;
    json_object_foreach(facts, name, value)
    {
        size_t node = json_is_string(value) ? find(t, NULL, json_string_value(value)) : NOBODY;
        if (node == NOBODY || t->nodes[node].column != BONDS_RESOURCES)
            continue;
        tie(t, unit, node);
        tie(t, supplier, node);
    }
}

static void count_order(struct bonds *t, const json_t *subject)
{
    size_t unit = find(t, "unit", alert_json_text(subject, "unit"));
    if (unit == NOBODY)
        return;
    t->nodes[unit].orders++;
    t->nodes[unit].amount += alert_json_amount(subject);
}

void bonds_init(struct bonds *t, const json_t *alert)
{
    const json_t *subjects = json_object_get(alert, "subjects");
    size_t i;
    json_t *item;
    *t = (struct bonds){0};
    add_nodes(t, subjects);
    json_array_foreach(json_object_get(alert, "evidence"), i, item)
    {
        tie_entry(t, item);
    }
    json_array_foreach(json_object_get(alert, "signals"), i, item)
    {
        tie_facts(t, json_object_get(item, "facts"));
    }
    json_array_foreach(subjects, i, item)
    {
        size_t node = find(t, alert_json_text(item, "kind"), alert_json_text(item, "id"));
        tie(t, find(t, "unit", alert_json_text(item, "unit")), node);
        if (alert_json_is(item, "kind", "order"))
            count_order(t, item);
    }
    fold_private(t, subjects);
}

void bonds_fini(struct bonds *t)
{
    free(t->nodes);
    free(t->pairs);
}

/* ---- which are drawn ---- */

static bool goes_before(const struct bonds_node *a, const struct bonds_node *b)
{
    return a->subject != b->subject ? a->subject : a->amount > b->amount;
}

static size_t largest_left(const struct bonds *t, enum bonds_column column)
{
    size_t best = NOBODY;
    for (size_t i = 0; i < t->n_nodes; i++) {
        const struct bonds_node *n = &t->nodes[i];
        if (n->column == column && !n->shown && (best == NOBODY || goes_before(n, &t->nodes[best])))
            best = i;
    }
    return best;
}

/* Shows up to `limit` more nodes of a column; returns how many. */
static size_t show(struct bonds *t, enum bonds_column column, size_t limit)
{
    size_t n = 0, node;
    while (n < limit && (node = largest_left(t, column)) != NOBODY) {
        t->nodes[node].shown = true;
        n++;
    }
    return n;
}

void bonds_select(struct bonds *t, size_t limit)
{
    static const enum bonds_column order[] = {BONDS_RESOURCES, BONDS_SUPPLIERS, BONDS_UNITS};
    static const size_t share[] = {RESOURCES_SHARE, SUPPLIERS_SHARE, SIZE_MAX};
    for (unsigned i = 0; i < 3; i++)
        limit -= show(t, order[i], share[i] < limit ? share[i] : limit);
    for (unsigned i = 0; i < 3; i++)
        limit -= show(t, order[i], limit);
}
