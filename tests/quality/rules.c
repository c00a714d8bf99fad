/* The first baseline: what people write first, one threshold a rule, no reference data, no second opinion.
 *
 *   rules EVENTS.ndjson > ALERTS.ndjson */
#include "tests/quality/baseline.h"

#include <stdio.h>
#include <string.h>

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)

enum { PRICE_BINS = 128 };

struct rules {
    json_t *cases; /* rule and subject -> what its alert names */
    json_t *orders, *accounts, *waybills, *prices;
};

static json_t *order_of(struct rules *r, const json_t *event)
{
    const char *order = baseline_text(event, "order");

    return order ? baseline_entry(r->orders, "order", order) : NULL;
}

/* More units than `most` behind one thing. */
static void fan_out(struct rules *r, const json_t *e, int64_t ms, const char *rule, const char *kind,
    const char *field, size_t most, const char *detector)
{
    const char *id = baseline_text(e, field), *unit = baseline_text(e, "unit");
    json_t *entry;
    size_t before;

    if (!unit)
        unit = baseline_text(e, "account_unit");
    if (!id || !unit)
        return;
    entry = baseline_entry(r->cases, rule, id);
    before = baseline_count(entry, "unit");
    baseline_add(entry, "unit", unit);
    baseline_add(entry, "order", baseline_text(e, "order"));
    baseline_add(entry, "account", baseline_text(e, "account"));
    if (baseline_count(entry, "unit") > most && baseline_count(entry, "unit") > before)
        baseline_alert(entry, detector, kind, id, ms);
}

/* A rule on one order, told once a supplier. */
static void sham(struct rules *r, const json_t *e, int64_t ms, const char *rule)
{
    const json_t *order = order_of(r, e);
    const char *supplier = baseline_text(order, "supplier");
    json_t *entry;

    if (!supplier)
        return;
    entry = baseline_entry(r->cases, rule, supplier);
    baseline_add(entry, "unit", baseline_text(order, "unit"));
    baseline_add(entry, "order", baseline_text(e, "order"));
    baseline_alert(entry, "fake_trade", "supplier", supplier, ms);
}

/* Above 1.2 times the median of the category so far, in bins of 5 %. */
static int is_dear(struct rules *r, const json_t *e)
{
    const char *category = baseline_text(e, "category");
    int64_t price = baseline_number(e, "unit_price"), half = 0, seen = 0;
    int bin = 0, median = 0;
    json_t *bins;

    if (!category || price <= 0)
        return 0;
    for (int64_t edge = 100; edge < price && bin < PRICE_BINS - 1; bin++)
        edge += edge / 20 + 1;
    bins = baseline_entry(r->prices, "category", category);
    for (int i = 0; i < PRICE_BINS; i++) {
        char name[16];

        snprintf(name, sizeof name, "%d", i);
        if (i == bin)
            json_object_set_new(
                bins, name, json_integer(json_integer_value(json_object_get(bins, name)) + 1));
        half += json_integer_value(json_object_get(bins, name));
    }
    for (; median < PRICE_BINS && 2 * seen < half; median++) {
        char name[16];

        snprintf(name, sizeof name, "%d", median);
        seen += json_integer_value(json_object_get(bins, name));
    }
    return half >= 50 && bin >= median - 1 + 4; /* 1.05^4 = 1.22 */
}

static void on_order(struct rules *r, const json_t *e, int64_t ms)
{
    static const char *const kept[] = {"unit", "supplier", "time"};
    const char *unit = baseline_text(e, "unit"), *own = baseline_text(e, "account_unit");
    const char *account = baseline_text(e, "account");
    json_t *order = order_of(r, e), *state = account ? baseline_entry(r->accounts, "account", account) : NULL;

    for (size_t i = 0; order && i < sizeof kept / sizeof kept[0]; i++) {
        if (json_object_get(e, kept[i]))
            json_object_set(order, kept[i], json_object_get(e, kept[i]));
    }
    fan_out(r, e, ms, "device", "device", "device", 2, "proxy_purchasing");
    fan_out(r, e, ms, "phone", "phone", "consignee_phone", 3, "proxy_purchasing");
    fan_out(r, e, ms, "address", "address", "address", 3, "proxy_purchasing");
    if (unit && own && strcmp(unit, own) != 0)
        fan_out(r, e, ms, "switch", "account", "account", 1, "proxy_purchasing");
    if (state && ms - baseline_number(state, "changed") < 24 * HOUR)
        fan_out(r, e, ms, "takeover", "account", "account", 0, "account_sharing");
    if (is_dear(r, e))
        sham(r, e, ms, "price");
}

static void on_login(struct rules *r, const json_t *e, int64_t ms)
{
    const char *account = baseline_text(e, "account"), *region = baseline_text(e, "ip_region");
    json_t *state;

    fan_out(r, e, ms, "seat", "device", "device", 2, "account_sharing");
    if (!account || !region)
        return;
    state = baseline_entry(r->accounts, "account", account);
    if (baseline_text(state, "region") && strcmp(baseline_text(state, "region"), region) != 0 &&
        ms - baseline_number(state, "seen") < HOUR)
        fan_out(r, e, ms, "travel", "account", "account", 0, "account_sharing");
    json_object_set_new(state, "region", json_string(region));
    json_object_set_new(state, "seen", json_integer(ms));
}

static void on_shipment(struct rules *r, const json_t *e, int64_t ms)
{
    const char *waybill = baseline_text(e, "waybill"), *order = baseline_text(e, "order");
    json_t *state = order_of(r, e), *entry;

    if (!state)
        return;
    json_object_set_new(state, "shipped", json_integer(baseline_number(e, "time")));
    if (!waybill)
        return;
    entry = baseline_entry(r->waybills, "waybill", waybill);
    baseline_add(entry, "order", order);
    if (baseline_count(entry, "order") > 1)
        sham(r, e, ms, "waybill");
}

static void on_receipt(struct rules *r, const json_t *e, int64_t ms)
{
    int64_t shipped = baseline_number(order_of(r, e), "shipped");

    if (!shipped || baseline_number(e, "time") - shipped < HOUR)
        sham(r, e, ms, "receipt");
}

static void on_money(struct rules *r, const json_t *e, int64_t ms, const char *type)
{
    json_t *order = order_of(r, e);
    const char *paid_by = baseline_text(order, "payer"), *payee = baseline_text(e, "payee");

    if (!strcmp(type, "payment")) {
        fan_out(r, e, ms, "payer", "payer", "payer", 2, "proxy_purchasing");
        if (order && json_object_get(e, "payer"))
            json_object_set(order, "payer", json_object_get(e, "payer"));
    } else if (paid_by && payee && strcmp(paid_by, payee) != 0) {
        sham(r, e, ms, "refund");
    }
}

static void handle(void *context, const json_t *e, int64_t ms)
{
    const char *type = baseline_text(e, "type"), *account = baseline_text(e, "account");
    struct rules *r = context;

    if (!strcmp(type, "order"))
        on_order(r, e, ms);
    else if (!strcmp(type, "login"))
        on_login(r, e, ms);
    else if (!strcmp(type, "account_change") && account)
        json_object_set_new(baseline_entry(r->accounts, "account", account), "changed", json_integer(ms));
    else if (!strcmp(type, "shipment"))
        on_shipment(r, e, ms);
    else if (!strcmp(type, "receipt"))
        on_receipt(r, e, ms);
    else if (!strcmp(type, "payment") || !strcmp(type, "refund"))
        on_money(r, e, ms, type);
    else if (!strcmp(type, "invoice") &&
             baseline_number(e, "invoice_time") < baseline_number(order_of(r, e), "time"))
        sham(r, e, ms, "invoice");
}

int main(int argc, char **argv)
{
    struct rules r;
    int status;

    if (argc != 2) {
        fputs("usage: rules EVENTS.ndjson\n", stderr);
        return 2;
    }
    r = (struct rules){json_object(), json_object(), json_object(), json_object(), json_object()};
    status = baseline_read(argv[1], handle, &r);
    json_decref(r.cases);
    json_decref(r.orders);
    json_decref(r.accounts);
    json_decref(r.waybills);
    json_decref(r.prices);
    return status;
}
