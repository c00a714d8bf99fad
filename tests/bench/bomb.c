#include "tests/bench/bomb.h"

#include <stdarg.h>
#include <stdio.h>

#define CLIQUE 64
#define WEB_UNITS 64
#define WEB_DEVICES 48 /* at work at a time */
#define WEB_LIFE 24    /* orders of a device, before another takes its place */
#define LADDER_UNITS 6 /* of a device */

typedef unsigned long long number;

/* The line's beginning, up to and with the acting account and its unit, and then what follows. */
static size_t write_act(const struct shape *s, char *line, const char *type, uint64_t account, uint64_t unit,
    const char *rest, ...) __attribute__((format(printf, 6, 7)));

static size_t write_act(const struct shape *s, char *line, const char *type, uint64_t account, uint64_t unit,
    const char *rest, ...)
{
    long long at = s->time;
    int n = snprintf(line, SHAPE_LINE_MAX,
        "{\"id\":\"%lld-0\",\"type\":\"%s\",\"time\":%lld,\"account\":\"8324%015llu\",\"account_kind\":"
        "\"trading\",\"account_unit\":\"U%015llu\",\"unit\":\"U%015llu\",\"region\":\"33%04llu\",",
        at, type, at, (number)account, (number)unit, (number)unit, (number)(101 + unit % 9));
    va_list args;
    va_start(args, rest);
    n += vsnprintf(line + n, SHAPE_LINE_MAX - (size_t)n, rest, args);
    va_end(args);
    return (size_t)n;
}

/* An order from a device, with a phone and an address of the unit's own. */
static size_t write_order(struct shape *s, char *line, uint64_t account, uint64_t unit, uint64_t device)
{
    return write_act(s, line, "order", account, unit,
        "\"device\":\"fp%llu\",\"ip\":\"183.%llu.%llu.7\",\"order\":\"2091%015llu\",\"supplier\":\"1096%"
        "03llu\","
        "\"supplier_region\":\"530102\",\"category\":\"tea\",\"amount\":%llu,\"address\":\"学府路%llu号\","
        "\"consignee_phone\":\"139%08llu\"}",
        (number)device, (number)(unit >> 8 & 255), (number)(unit & 255), (number)s->events,
        (number)shape_draw(s, 50), 10000 + (number)shape_draw(s, 500000), (number)unit, (number)unit);
}

size_t bomb_device(struct shape *s, char *line)
{
    uint64_t account = shape_draw(s, s->entities);
    return write_order(s, line, account, account, 1);
}

size_t bomb_account(struct shape *s, char *line)
{
    return write_act(s, line, s->events % 2 ? "order" : "login", 1, 1,
        "\"device\":\"fp%llu\",\"ip\":\"%llu.%llu.%llu.7\",\"session\":\"s%llu\",\"operator\":\"op%llu\","
        "\"phone\":"
        "\"138%08llu\",\"order\":\"2091%015llu\",\"supplier\":\"1096%llu\",\"supplier_region\":\"530102\","
        "\"category\":\"tea\",\"amount\":%llu,\"address\":\"学府路%llu号\",\"consignee_phone\":\"139%"
        "08llu\"}",
        (number)s->events, 1 + (number)(s->events % 200), (number)(s->events / 200 % 250),
        (number)(s->events / 50000), (number)s->events, (number)s->events, (number)s->events,
        (number)s->events, (number)s->events, 10000 + (number)shape_draw(s, 500000), (number)s->events,
        (number)s->events);
}

/* Each order is placed, and then sent under the one number. */
size_t bomb_waybill(struct shape *s, char *line)
{
    uint64_t account = s->events / 2 % s->entities;
    if (s->events % 2 == 0)
        return write_act(s, line, "order", account, account,
            "\"device\":\"fp%llu\",\"order\":\"2091%015llu\",\"supplier\":\"1096%llu\",\"supplier_region\":"
            "\"530102\",\"category\":\"tea\",\"amount\":%llu,\"address\":\"学府路%llu号\"}",
            (number)account, (number)(s->events / 2), (number)(account % 50),
            10000 + (number)shape_draw(s, 500000), (number)account);
    return write_act(s, line, "shipment", account, account,
        "\"order\":\"2091%015llu\",\"supplier\":\"1096%llu\",\"supplier_region\":\"530102\",\"waybill\":"
        "\"SF1\","
        "\"carrier\":\"SF\",\"ship_mode\":\"express\",\"origin_region\":\"530102\",\"weight\":%llu}",
        (number)(s->events / 2), (number)(account % 50), 1000 + (number)shape_draw(s, 9000));
}

/* An order, its payment, and two transfers that go on with the money, again and again. */
static size_t write_money(struct shape *s, char *line, uint64_t from, uint64_t to)
{
    uint64_t order = s->events / 4;
    number amount = 100000 + shape_draw(s, 2000);
    if (s->events % 4 > 1)
        return write_act(s, line, "transfer", from, from,
            "\"amount\":%llu,\"payer\":\"6222%014llu\",\"payee\":\"6222%014llu\"}", amount, (number)from,
            (number)to);
    from = order * 7 % CLIQUE;
    to = order * 5 % CLIQUE;
    if (s->events % 4 == 0)
        return write_act(s, line, "order", from, from,
            "\"order\":\"2091%015llu\",\"supplier\":\"1096%015llu\",\"category\":\"tea\",\"amount\":%llu}",
            (number)order, (number)to, amount);
    return write_act(s, line, "payment", from, from,
        "\"order\":\"2091%015llu\",\"supplier\":\"1096%015llu\",\"amount\":%llu,\"payer\":\"6222%014llu\","
        "\"payee\":"
        "\"6222%014llu\"}",
        (number)order, (number)to, amount, (number)from, (number)(CLIQUE + to));
}

size_t bomb_star(struct shape *s, char *line)
{
    uint64_t other = 1 + shape_draw(s, s->entities);
    return s->events % 4 == 2 ? write_money(s, line, 0, other) : write_money(s, line, other, 0);
}

size_t bomb_clique(struct shape *s, char *line)
{
    uint64_t from = shape_draw(s, 2 * CLIQUE);
    return write_money(s, line, from, (from + 1 + shape_draw(s, 2 * CLIQUE - 1)) % (2 * CLIQUE));
}

/* Nearly each order ties a device to one more unit; two devices share a third of their units, which makes
 * them suspicious and no ring. */
size_t bomb_web(struct shape *s, char *line)
{
    uint64_t device = s->events / WEB_LIFE + shape_draw(s, WEB_DEVICES), unit = shape_draw(s, WEB_UNITS);
    return write_order(s, line, unit, unit, device);
}

/* Each device is tied to its first unit and the five after it: with every neighbour a ring could go on. */
size_t bomb_ladder(struct shape *s, char *line)
{
    uint64_t device = shape_draw(s, s->entities), unit = device + shape_draw(s, LADDER_UNITS);
    return write_order(s, line, unit, unit, device);
}
