#include "daemon/picture/lanes.h"

#include "daemon/base/memory.h"
#include "daemon/picture/alert_json.h"
#include "daemon/picture/picture_parts.h"

#include <stdlib.h>
#include <string.h>

#define REUSED "运单重用 reused"

/* What a signal says about the steps of the order that it names: that the step of type `at` is wrong, or that
 * something is missing before or after it. */
static const struct finding {
    const char *signal, *at;
    enum { WRONG, MISSING_BEFORE, MISSING_AFTER, WRONG_DATE } what;
    const char *zh, *en; /* the missing step, or what the date is of */
    const char *why_zh, *why_en;
    const char *date; /* the fact that holds it */
} findings[] = {
    {"F1", "receipt", MISSING_BEFORE, "发货", "shipment", "没有发货", "never shipped", NULL},
    {"F1.label", "shipment", MISSING_AFTER, "物流扫描", "scan", "没有扫描", "never scanned", NULL},
    {"F2", "shipment", WRONG, NULL, NULL, REUSED, NULL, NULL},
    {"F2.far", "shipment", WRONG, NULL, NULL, REUSED, NULL, NULL},
    {"F3.weight", "tracking", WRONG, NULL, NULL, "重量不符", "far too light", NULL},
    {"F3.trace", "tracking", WRONG, NULL, NULL, "行程不可能", "impossible trip", NULL},
    {"F3.place", "tracking", WRONG, NULL, NULL, "送往他处", "another place", NULL},
    {"F4", "receipt", MISSING_BEFORE, "送达", "delivery", "未送达", "not delivered", NULL},
    {"F4", "receipt", WRONG, NULL, NULL, "收货过快", "too fast", NULL},
    {"F4.early", "receipt", WRONG, NULL, NULL, "早于物流", "before any scan", NULL},
    {"F4.rare", "receipt", WRONG, NULL, NULL, "罕见之快", "rarely so fast", NULL},
    {"F7", "refund", WRONG, NULL, NULL, "多次退款", "often refunded", NULL},
    {"F7.again", "refund", WRONG, NULL, NULL, "收货后退款", "paid back", NULL},
    {"F8", "order", WRONG, NULL, NULL, "价格虚高", "overpriced", NULL},
    {"F8.same", "order", WRONG, NULL, NULL, "价格虚高", "overpriced", NULL},
    {"F9", "order", WRONG, NULL, NULL, "拆分采购", "split up", NULL},
    {"F12", "receipt", WRONG, NULL, NULL, "他人收货", "other hands", NULL},
    {"F12.side", "receipt", WRONG, NULL, NULL, "他人收货", "other hands", NULL},
    {"F13", "order", WRONG_DATE, "发票日期", "invoice date", "早于下单", "before order", "invoiced"},
    {"F13.scan", "tracking", WRONG, NULL, NULL, "买方当地", "buyer's city", NULL},
    {"F14", "refund", WRONG, NULL, NULL, "退至他户", "other account", NULL},
    {"F14.year", "refund", WRONG, NULL, NULL, "跨年退款", "after year end", NULL},
};

static struct lane *find(const struct lanes *l, const char *order)
{
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->lane[i].order, order) == 0)
            return &l->lane[i];
    return NULL;
}

/* ---- steps ---- */

static void insert(struct lane *lane, size_t place, struct lane_step step)
{
    if (lane->n_steps == LANE_STEPS) {
        lane->dropped++;
        return;
    }
    memmove(&lane->steps[place + 1], &lane->steps[place], (lane->n_steps - place) * sizeof step);
    lane->steps[place] = step;
    lane->n_steps++;
}

static void insert_by_time(struct lane *lane, struct lane_step step)
{
    size_t place = lane->n_steps;
    while (place > 0 && lane->steps[place - 1].time > step.time)
        place--;
    insert(lane, place, step);
}

static void add_entry(struct lanes *l, const json_t *entry)
{
    const char *order = alert_json_text(entry, "order");
    struct lane *lane = *order ? find(l, order) : NULL;
    if (!lane)
        return;
    struct picture_word word = picture_word(alert_json_text(entry, "type"));
    struct lane_step step = {.zh = word.zh,
        .en = word.en,
        .signal = "",
        .waybill = alert_json_text(entry, "waybill"),
        .time = alert_json_moment(entry, "time")};
    insert_by_time(lane, step);
    if (!*lane->unit)
        lane->unit = alert_json_text(entry, "unit");
}

/* ---- what is wrong ---- */

static void apply(struct lane *lane, const struct finding *f, const json_t *facts)
{
    struct picture_word type = picture_word(f->at);
    struct lane_step step = {f->zh, f->en, f->signal, f->why_zh, f->why_en, "", 0, true};
    size_t at = 0;
    while (at < lane->n_steps && strcmp(lane->steps[at].zh, type.zh) != 0)
        at++;
    if (f->what == WRONG_DATE) {
        step.missing = false;
        step.time = alert_json_moment(facts, f->date);
        insert_by_time(lane, step);
        return;
    }
    if (at == lane->n_steps)
        return;
    if (f->what != WRONG) {
        insert(lane, at + (f->what == MISSING_AFTER), step);
    } else if (!*lane->steps[at].signal) {
        lane->steps[at].signal = f->signal;
        lane->steps[at].why_zh = f->why_zh;
        lane->steps[at].why_en = f->why_en;
    }
}

static void apply_signal(struct lanes *l, const json_t *signal)
{
    const json_t *facts = json_object_get(signal, "facts");
    struct lane *lane = find(l, alert_json_text(facts, "order"));
    struct lane *other = find(l, alert_json_text(facts, "other_order"));
    if (other)
        other->named = true;
    if (!lane)
        return;
    lane->named = true;
    for (size_t i = 0; i < sizeof findings / sizeof findings[0]; i++)
        if (alert_json_is(signal, "name", findings[i].signal))
            apply(lane, &findings[i], facts);
}

static bool has_waybill(const struct lane *lane, const char *waybill)
{
    for (size_t i = 0; i < lane->n_steps; i++)
        if (strcmp(lane->steps[i].waybill, waybill) == 0)
            return true;
    return false;
}

static void mark_common(struct lane *lane, const struct lane *other)
{
    for (size_t i = 0; i < lane->n_steps; i++) {
        struct lane_step *step = &lane->steps[i];
        if (!step->why_zh && *step->waybill && has_waybill(other, step->waybill))
            step->why_zh = REUSED;
    }
}

/* One waybill in two orders is plain to see, whichever order the signal names. */
static void mark_reuse(struct lanes *l)
{
    for (size_t i = 0; i < l->count; i++)
        for (size_t j = 0; j < l->count; j++)
            if (j != i)
                mark_common(&l->lane[i], &l->lane[j]);
}

/* ---- lanes ---- */

static void add_orders(struct lanes *l, const json_t *subjects)
{
    size_t i;
    json_t *subject;
    l->lane = memory_zeroed(json_array_size(subjects), sizeof *l->lane, "a picture");
    json_array_foreach(subjects, i, subject)
    {
        const char *order = alert_json_text(subject, "id");
        if (!*order || !alert_json_is(subject, "kind", "order") || find(l, order))
            continue;
        l->lane[l->count++] = (struct lane){
            .order = order, .unit = alert_json_text(subject, "unit"), .amount = alert_json_amount(subject)};
    }
}

static void drop_unproven(struct lanes *l)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++)
        if (l->lane[i].n_steps)
            l->lane[kept++] = l->lane[i];
    l->count = kept;
}

static bool goes_before(const struct lane *a, const struct lane *b)
{
    return a->named != b->named ? a->named : a->amount > b->amount;
}

static void sort(struct lanes *l)
{
    for (size_t i = 1; i < l->count; i++) {
        struct lane lane = l->lane[i];
        size_t j = i;
        for (; j > 0 && goes_before(&lane, &l->lane[j - 1]); j--)
            l->lane[j] = l->lane[j - 1];
        l->lane[j] = lane;
    }
}

void lanes_init(struct lanes *l, const json_t *alert)
{
    size_t i;
    json_t *item;
    *l = (struct lanes){0};
    add_orders(l, json_object_get(alert, "subjects"));
    json_array_foreach(json_object_get(alert, "evidence"), i, item)
    {
        add_entry(l, item);
    }
    drop_unproven(l);
    json_array_foreach(json_object_get(alert, "signals"), i, item)
    {
        apply_signal(l, item);
    }
    mark_reuse(l);
    sort(l);
}

void lanes_fini(struct lanes *l)
{
    free(l->lane);
}
