#include "tests/bench/bomb.h"

#include "detectors/detector.h"

#include <stdio.h>
#include <string.h>

#define START INT64_C(1762300800000)
#define STEP 259 /* ms from an event to the next on average: a million are three days */

uint64_t shape_draw(struct shape *s, uint64_t below)
{
    s->random = s->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (s->random >> 33) % below;
}

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    return x ^ x >> 27;
}

#define LIFE 8 /* events */
#define LIVES_MIN 512
#define LIVES_MAX 65536
#define STAGE (36 * JD_HOUR) /* from an event of a life to its next */

/* ---- spread: lives of orders, of accounts drawn from all; `new`: each of an account never seen ---- */

/* Eight events an order: login, order, payment, shipment, two scans, receipt, logout. */
static size_t write_life(struct shape *s, char *line, uint64_t account, uint64_t order, unsigned stage)
{
    static const char *const types[] = {
        "login", "order", "payment", "shipment", "tracking", "tracking", "receipt", "logout"};
    uint64_t unit = account / 2, supplier = mix(order) % (s->entities / 50 + 10);
    long long at = s->time;
    int n = snprintf(line, SHAPE_LINE_MAX,
        "{\"id\":\"%lld-0\",\"type\":\"%s\",\"time\":%lld,\"account\":\"8324%015llu\",\"account_unit\":\"U%"
        "015llu\",\"unit\":\"U%015llu\",\"region\":\"33%04llu\",",
        at, types[stage], at, (unsigned long long)account, (unsigned long long)unit, (unsigned long long)unit,
        (unsigned long long)(101 + unit % 9));
    size_t used = (size_t)n;
    if (stage == 0 || stage == 7)
        n = snprintf(line + used, SHAPE_LINE_MAX - used,
            "\"device\":\"fp%016llx\",\"ip\":\"183.%llu.%llu.7\",\"session\":\"s%llu\",\"phone\":\"138%"
            "08llu\"}",
            (unsigned long long)mix(account), (unsigned long long)(unit >> 8 & 255),
            (unsigned long long)(unit & 255), (unsigned long long)order, (unsigned long long)account);
    else
        n = snprintf(line + used, SHAPE_LINE_MAX - used,
            "\"device\":\"fp%016llx\",\"order\":\"2091%015llu\",\"supplier\":\"1096%015llu\",\"supplier_"
            "region\":\"530102\",\"category\":\"tea\",\"amount\":%llu,\"address\":\"学府路%llu号\","
            "\"consignee_"
            "phone\":\"139%08llu\",\"payer\":\"6222%014llu\",\"payer_name_matches\":1,\"waybill\":\"SF%"
            "013llu\","
            "\"carrier\":\"sf\",\"ship_mode\":\"express\",\"origin_region\":\"%s\",\"status\":\"%s\"}",
            (unsigned long long)mix(account), (unsigned long long)order, (unsigned long long)supplier,
            (unsigned long long)(mix(order) % 500000) + 10000, (unsigned long long)unit,
            (unsigned long long)account, (unsigned long long)unit, (unsigned long long)order,
            stage < 5 ? "530102" : "330108", stage < 5 ? "collected" : "delivered");
    return used + (size_t)n;
}

/* Many lives are lived at a time, so that an order's events lie days apart, as they do: what is measured is
 * an honest world, where detectors find nothing. Each entity has its turn once; from then on orders are of
 * any of them, and of the tables only those of orders grow. */
static size_t write_spread(struct shape *s, char *line)
{
    uint64_t lives = s->lives, order = s->events / (LIFE * lives) * lives + s->events % lives;
    unsigned stage = (unsigned)(s->events / lives % LIFE);
    return write_life(s, line, order < s->entities ? order : mix(order) % s->entities, order, stage);
}

static size_t write_new(struct shape *s, char *line)
{
    return write_life(s, line, s->events, s->events, (unsigned)(s->events % 8));
}

/* ---- hub: everybody on one device, phone, address and payer ---- */

static size_t write_hub(struct shape *s, char *line)
{
    long long at = s->time;
    uint64_t account = shape_draw(s, s->entities);
    return (size_t)snprintf(line, SHAPE_LINE_MAX,
        "{\"id\":\"%lld-0\",\"type\":\"%s\",\"time\":%lld,\"account\":\"8324%015llu\",\"account_unit\":\"U%"
        "015llu\",\"unit\":\"U%015llu\",\"region\":\"330108\",\"device\":\"fp1\",\"ip\":\"183.1.1.7\","
        "\"order\":"
        "\"2091%015llu\",\"supplier\":\"1096\",\"supplier_region\":\"530102\",\"category\":\"tea\","
        "\"amount\":"
        "%llu,\"address\":\"学府路1号\",\"consignee_phone\":\"13900000000\",\"phone\":\"13900000000\","
        "\"payer\":"
        "\"6222\"}",
        at, s->events % 3 ? "order" : "login", at, (unsigned long long)account, (unsigned long long)account,
        (unsigned long long)account, (unsigned long long)s->events,
        (unsigned long long)shape_draw(s, 500000) + 10000);
}

/* ---- cycles: money that runs in rings of four, densely tied ---- */

static size_t write_cycles(struct shape *s, char *line)
{
    long long at = s->time;
    uint64_t ring = shape_draw(s, s->entities / 8 + 1) * 4, from = ring + s->events % 4,
             to = shape_draw(s, 8) ? ring + (s->events + 1) % 4 : shape_draw(s, s->entities);
    const char *paid = s->events % 4 ? "transfer" : "payment";
    return (size_t)snprintf(line, SHAPE_LINE_MAX,
        "{\"id\":\"%lld-0\",\"type\":\"%s\",\"time\":%lld,\"account\":\"8324%015llu\",\"account_unit\":\"U%"
        "015llu\",\"unit\":\"U%015llu\",\"region\":\"330108\",\"order\":\"2091%015llu\",\"supplier\":\"1096%"
        "015llu\",\"amount\":%llu,\"payer\":\"6222%014llu\",\"payee\":\"6222%014llu\"}",
        at, paid, at, (unsigned long long)from, (unsigned long long)from, (unsigned long long)from,
        (unsigned long long)s->events, (unsigned long long)to,
        (unsigned long long)shape_draw(s, 20000) + 100000, (unsigned long long)from, (unsigned long long)to);
}

/* ---- rules: 16 fields, some 1.5 % of them breaking one of the three rules ---- */

struct plain {
    const char *type;
    uint64_t account, unit, device, order, supplier, amount;
};

static void remember_order(struct shape *s, const struct plain *p)
{
    s->recent[p->order % SHAPE_RECENT] =
        (struct shape_recent){p->order, p->account, p->supplier, p->amount, s->time};
}

/* Receipts are of the order before last, at once, or else of an old one. */
static void make_receipt(struct shape *s, struct plain *p, bool at_once)
{
    uint64_t back = at_once ? 1 : 1000 + shape_draw(s, 3000);
    const struct shape_recent *r = &s->recent[(s->events > back ? s->events - back : 0) % SHAPE_RECENT];
    for (unsigned i = 1; i < SHAPE_RECENT && !r->account; i++)
        r = &s->recent[(s->events + SHAPE_RECENT - back - i) % SHAPE_RECENT];
    *p = (struct plain){
        "receipt", r->account, r->account / 3, mix(r->account), r->order, r->supplier, r->amount};
}

static size_t write_rules(struct shape *s, char *line)
{
    static const char *const goods[] = {"noodles", "rice", "cooking_oil", "tea", "mushrooms"};
    long long at = s->time;
    uint64_t account = 1 + shape_draw(s, s->entities), chance = shape_draw(s, 10000);
    struct plain p = {"order", account, account / 3, mix(account), s->events, shape_draw(s, 2000),
        10000 + shape_draw(s, 500000)};
    if (chance < 4500)
        make_receipt(s, &p, chance < 25);
    else if (chance < 6000)
        p.type = "login";
    else if (chance < 6040) { /* many devices of one account, another account each hour */
        p.account = 1 + mix((uint64_t)at / (uint64_t)JD_HOUR) % s->entities;
        p.unit = p.account / 3;
        p.device = mix(p.account) + 1 + shape_draw(s, 50);
    } else if (chance < 6100) /* few devices of many units */
        p.device = shape_draw(s, 40);
    else if (chance < 6135) { /* one and the same purchase again, another every six hours */
        p.account = 1 + mix((uint64_t)at / (uint64_t)(6 * JD_HOUR) + 77) % s->entities;
        p.unit = p.account / 3;
        p.device = mix(p.account);
        p.supplier = 7;
        p.amount = 20000;
    } else if (chance < 6700) /* at home */
        p.device = mix(p.account) + 1;
    if (p.type[0] == 'o')
        remember_order(s, &p);
    return (size_t)snprintf(line, SHAPE_LINE_MAX,
        "{\"id\":\"%lld-0\",\"type\":\"%s\",\"time\":%lld,\"account\":\"83247020%011llu\",\"unit\":\"1233%"
        "011llu\","
        "\"region\":\"330108\",\"device\":\"fp%016llx\",\"ip\":\"183.%llu.%llu.119\",\"channel\":\"web\","
        "\"session\":\"s%llu\",\"order\":\"20913357%011llu\",\"supplier\":\"10968866%011llu\",\"category\":"
        "\"%s\","
        "\"quantity\":%llu,\"amount\":%llu,\"address\":\"杭州市学府路%llu号7栋314\",\"consignee_phone\":"
        "\"188%"
        "08llu\"}",
        at, p.type, at, (unsigned long long)p.account, (unsigned long long)p.unit,
        (unsigned long long)p.device, (unsigned long long)(p.account & 255),
        (unsigned long long)(p.account >> 8 & 255), (unsigned long long)s->events,
        (unsigned long long)p.order, (unsigned long long)p.supplier, goods[p.amount % 5],
        (unsigned long long)(p.amount % 9000) + 1000, (unsigned long long)p.amount,
        (unsigned long long)(p.unit % 1000), (unsigned long long)p.account);
}

/* ---- all ---- */

bool shape_init(struct shape *s, const char *name, uint64_t entities)
{
    static const struct {
        const char *name;
        shape_write *write;
    } shapes[] = {{"spread", write_spread}, {"new", write_new}, {"hub", write_hub}, {"cycles", write_cycles},
        {"rules", write_rules}, {"device", bomb_device}, {"waybill", bomb_waybill}, {"account", bomb_account},
        {"star", bomb_star}, {"clique", bomb_clique}, {"web", bomb_web}, {"ladder", bomb_ladder}};
    memset(s, 0, sizeof *s);
    s->entities = entities;
    s->random = 1;
    s->time = START;
    s->step = STEP;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (strcmp(shapes[i].name, name) == 0)
            s->write = shapes[i].write;
    }
    if (s->write == write_spread) {
        s->lives = entities < LIVES_MIN ? LIVES_MIN : entities > LIVES_MAX ? LIVES_MAX : entities;
        s->step = STAGE / (int64_t)s->lives;
    }
    return s->write != NULL;
}

size_t shape_next(struct shape *s, char line[SHAPE_LINE_MAX])
{
    s->time += 1 + (int64_t)shape_draw(s, (uint64_t)(2 * s->step - 1));
    size_t length = s->write(s, line);
    s->events++;
    return length;
}
