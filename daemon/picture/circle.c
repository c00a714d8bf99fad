#include "daemon/picture/circle.h"

#include "daemon/base/memory.h"
#include "daemon/picture/alert_json.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* All movements of money in an alert, which may be of several circles. */
struct moves {
    struct move {
        const json_t *entry;
        const char *from;
    } * move;
    size_t count;
};

static bool is_move(const json_t *entry)
{
    return alert_json_is(entry, "type", "payment") || alert_json_is(entry, "type", "transfer") ||
           alert_json_is(entry, "type", "refund");
}

/* The subjects that paid, in their order. */
static size_t payers_of(const json_t *alert, const char **payers, size_t room)
{
    size_t i, n = 0;
    json_t *subject;
    json_array_foreach(json_object_get(alert, "subjects"), i, subject)
    {
        if (alert_json_is(subject, "kind", "payer") && n < room)
            payers[n++] = alert_json_text(subject, "id");
    }
    return n;
}

static void name_payers(struct moves *m, const json_t *alert)
{
    const char **payers = memory_zeroed(m->count + 1, sizeof *payers, "a picture");
    size_t n = payers_of(alert, payers, m->count + 1);
    for (size_t i = 0; i < m->count; i++) {
        const char *account = alert_json_text(m->move[i].entry, "account");
        m->move[i].from = n == m->count ? payers[i] : "";
        for (size_t k = 0; k < n; k++)
            if (strcmp(payers[k], account) == 0)
                m->move[i].from = payers[k];
    }
    free(payers);
}

static void moves_init(struct moves *m, const json_t *alert)
{
    const json_t *evidence = json_object_get(alert, "evidence");
    size_t i;
    json_t *entry;
    m->move = memory_zeroed(json_array_size(evidence), sizeof *m->move, "a picture");
    m->count = 0;
    json_array_foreach(evidence, i, entry)
    {
        if (is_move(entry))
            m->move[m->count++].entry = entry;
    }
    name_payers(m, alert);
}

static void sort(struct moves *m)
{
    for (size_t i = 1; i < m->count; i++) {
        struct move move = m->move[i];
        size_t j = i;
        int64_t time = alert_json_moment(move.entry, "time");
        for (; j > 0 && alert_json_moment(m->move[j - 1].entry, "time") > time; j--)
            m->move[j] = m->move[j - 1];
        m->move[j] = move;
    }
}

/* ---- whose it is ---- */

static const char *unit_of_order(const json_t *alert, const char *order)
{
    size_t i;
    json_t *subject;
    json_array_foreach(json_object_get(alert, "subjects"), i, subject)
    {
        if (*order && alert_json_is(subject, "kind", "order") && alert_json_is(subject, "id", order))
            return alert_json_text(subject, "unit");
    }
    return "";
}

/* A payment goes from its order's unit to the supplier that the alert is about. */
static void name_owners(struct circle *c, const json_t *alert, const json_t *const *entries)
{
    const json_t *about = json_array_get(json_object_get(alert, "subjects"), 0);
    for (size_t i = 0; i < c->count; i++) {
        if (!alert_json_is(entries[i], "type", "payment"))
            continue;
        struct circle_hop *payee = &c->hop[(i + 1) % c->count];
        c->hop[i].owner = unit_of_order(alert, alert_json_text(entries[i], "order"));
        c->hop[i].owner_kind = "unit";
        if (i + 1 == c->count && c->more)
            continue;
        payee->owner = alert_json_is(about, "kind", "supplier") ? alert_json_text(about, "id") : "";
        payee->owner_kind = "supplier";
    }
}

/* ---- which of the movements ---- */

static const json_t *circle_signal(const json_t *alert)
{
    size_t i;
    json_t *signal;
    json_array_foreach(json_object_get(alert, "signals"), i, signal)
    {
        if (strncmp(alert_json_text(signal, "name"), "F6", 2) == 0)
            return signal;
    }
    return NULL;
}

static bool has(const struct moves *m, size_t from, size_t n, const json_t *facts, bool payment)
{
    for (size_t i = from; i < from + n && i < m->count; i++) {
        const json_t *entry = m->move[i].entry;
        if (payment ? alert_json_is(entry, "order", alert_json_text(facts, "order"))
                    : alert_json_moment(entry, "time") == alert_json_moment(facts, "time"))
            return true;
    }
    return false;
}

/* A circle's movements stand together in the evidence. Of several circles, the one that the signal tells of
 * has the payment for its order and the movement that brought the money back. */
static void keep_circle(struct moves *m, const json_t *facts, size_t n)
{
    size_t first = 0;
    while (first + n < m->count && !(has(m, first, n, facts, true) && has(m, first, n, facts, false)))
        first++;
    memmove(m->move, m->move + first, n * sizeof *m->move);
    m->count = n;
}

void circle_read(struct circle *c, const json_t *alert)
{
    const json_t *signal = circle_signal(alert), *entries[CIRCLE_MAX] = {NULL};
    int64_t hops = alert_json_number(signal, "value");
    struct moves m;
    *c = (struct circle){.count = 0};
    moves_init(&m, alert);
    if (hops > 0 && (uint64_t)hops < m.count)
        keep_circle(&m, json_object_get(signal, "facts"), (size_t)hops);
    sort(&m);
    for (size_t i = 0; i < m.count && i < CIRCLE_MAX; i++) {
        entries[i] = m.move[i].entry;
        c->hop[c->count++] = (struct circle_hop){.from = m.move[i].from,
            .owner = "",
            .owner_kind = "",
            .type = alert_json_text(entries[i], "type"),
            .amount = alert_json_amount(entries[i]),
            .time = alert_json_moment(entries[i], "time")};
    }
    c->more = m.count - c->count;
    name_owners(c, alert, entries);
    free(m.move);
}
