/* Campaigns of third-party proxy purchasing: somebody outside buys for many unrelated units. */
#include "daemon/sim/scheme.h"

#include <string.h>

/* One computer orders for a row of units in one sitting, hopping from account to account. A careful ring has
 * three computers and works over weeks; an adaptive one uses each for two units only and buys alike. */
static void device_ring(struct scheme *c)
{
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    struct supplier *supplier = scheme_supplier(c);
    size_t n = scheme_units(c, unit, scheme_size(c), NULL);
    struct person crew[SCHEME_UNITS];
    size_t per = c->grade == NAIVE ? SCHEME_UNITS : c->grade == CAREFUL ? (n + 2) / 3 : 2;
    size_t sitting = c->grade == NAIVE ? 8 : c->grade == CAREFUL ? 2 : 1;
    uint32_t city = geography_city(scheme_district(c)->place->code);
    int64_t time = 0;

    scheme_also(c, "account_sharing");
    for (size_t i = 0; i < n; i++) {
        const struct person *who = &crew[i / per];
        struct order_plan p;

        if (i % per == 0)
            person_init(r, &crew[i / per], random_chance(r, 500) ? NET_BUSINESS : NET_RESIDENTIAL, city);
        time = i % sitting == 0 ? scheme_moment(c, i / sitting, (n + sitting - 1) / sitting)
                                : time + random_between(r, 3 * MINUTE, 8 * MINUTE);
        if (time >= c->stage->end)
            time = c->stage->end - 1;
        scheme_order(c, &p, unit[i], supplier, time);
        if (c->grade == ADAPTIVE) {
            p.sku = &supplier->sku[0];
            order_amount(&p, 60);
        }
        scheme_operate(c, &p, unit[i], c->grade == NAIVE ? who : &unit[i]->staff[0], &who->desk);
        p.login = time - random_between(r, 60, 120) * SECOND;
        p.logout = time + random_between(r, 10, 50) * SECOND;
        scheme_play(c, &p);
    }
}

/* Units that have nothing to do with each other are paid for, phoned for or delivered to by one. The adaptive
 * grade spreads it: each payer, phone or address serves two, and they overlap in a chain. */
static void resource_ring(struct scheme *c)
{
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_units(c, unit, scheme_size(c), NULL);
    struct firm front = {0};

    for (size_t i = 0; i < n; i++) {
        size_t link = c->grade == ADAPTIVE ? i : (size_t)c->variant;
        struct order_plan p;

        if (i == 0 || (c->grade == ADAPTIVE && i % 2 == 0)) {
            random_digits(r, front.bank, "62", 19);
            person_phone(r, front.person.phone);
            person_address(r, front.address, unit[0]->place);
        }
        scheme_honest(c, &p, unit[i], scheme_moment(c, i, n));
        if (link % 3 == 0 || c->grade == NAIVE) {
            memcpy(p.payer, front.bank, sizeof(p.payer));
            p.payer_matches = c->grade != NAIVE;
            p.paid = p.placed + random_between(r, 10 * MINUTE, 20 * HOUR);
        }
        if (link % 3 == 1 || c->grade == ADAPTIVE)
            memcpy(p.consignee, front.person.phone, sizeof(p.consignee));
        if (link % 3 == 2) {
            memcpy(p.address, front.address, sizeof(p.address));
            memcpy(p.consignee, front.person.phone, sizeof(p.consignee));
        }
        scheme_play(c, &p);
    }
}

/* One trading account orders, and chooses another unit each time for the purchase to count for. */
static void unit_switching(struct scheme *c)
{
    struct unit *unit[SCHEME_UNITS];
    size_t orders = scheme_size(c) + 1, targets, n;

    targets = c->grade == ADAPTIVE ? 2 : c->grade == CAREFUL && orders > 5 ? 4 : orders - 1;
    n = scheme_units(c, unit, targets + 1, NULL); /* none that nobody orders for */
    if (n < 2)
        return;
    targets = n - 1;
    for (size_t i = 0; i < orders; i++) {
        const struct unit *target = unit[1 + i % targets];
        const struct person *who = &unit[0]->staff[0];
        struct order_plan p;

        scheme_honest(c, &p, target, scheme_moment(c, i, orders));
        p.buyer = p.receiver = acts_buyer(unit[0], who, &who->desk);
        scheme_play(c, &p);
    }
}

/* A pavilion's shop: its computer, its address; goods from the shelf. */
static void pavilion(struct scheme *c)
{
    struct world *w = &c->stage->world;
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    struct supplier *supplier = scheme_supplier(c);
    struct firm *shop = scheme_firm(c, w->pavilions, w->n_pavilions, c->grade == NAIVE);
    size_t n = scheme_size(c);

    if (!shop)
        shop = scheme_firm(c, w->pavilions, w->n_pavilions, c->grade != NAIVE);
    if (!shop)
        return;
    scheme_also(c, "account_sharing");
    n = scheme_units(c, unit, n > 12 ? 12 : n, c->grade == NAIVE ? shop->place : NULL);
    for (size_t i = 0; i < n; i++) {
        struct seat seat = shop->person.desk;
        struct order_plan p;

        if (c->grade == CAREFUL && i % 3 == 2)
            seat = shop->person.mobile;
        if (c->grade == ADAPTIVE && i % 2 == 1)
            person_seat(r, &seat, NET_RESIDENTIAL, geography_city(shop->place->code));
        scheme_order(c, &p, unit[i], supplier, scheme_moment(c, i, n));
        scheme_operate(c, &p, unit[i], &shop->person, &seat);
        if (c->grade != ADAPTIVE)
            memcpy(p.address, shop->address, sizeof(p.address));
        if (i % 2 == 0)
            memcpy(p.consignee, shop->person.phone, sizeof(p.consignee));
        order_own_truck(&p);
        order_ship(c->stage, r, &p, p.shipped);
        scheme_play(c, &p);
    }
}

/* A careful agent: for each unit a computer and an exit of its own. What is left is that they move together:
 * the same goods of the same supplier within minutes, and again some days later. */
static void lockstep_ring(struct scheme *c)
{
    static const int64_t minutes[GRADES] = {9, 24, 75};
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    struct seat seat[SCHEME_UNITS];
    struct supplier *supplier = scheme_supplier(c);
    size_t n = scheme_size(c), rounds = c->grade == NAIVE ? 2 : 3;

    scheme_also(c, "account_sharing");
    n = scheme_units(c, unit, n > 10 ? 10 : n, NULL);
    for (size_t i = 0; i < n; i++)
        person_seat(
            r, &seat[i], i % 3 == 2 ? NET_DATACENTER : NET_RESIDENTIAL, geography_city(unit[i]->place->code));
    for (size_t k = 0; k < rounds; k++) {
        int64_t start = scheme_moment(c, k, rounds);

        for (size_t i = 0; i < n; i++) {
            struct order_plan p;

            scheme_order(
                c, &p, unit[i], supplier, start + random_between(r, 0, minutes[c->grade] * 60) * SECOND);
            p.sku = &supplier->sku[k % supplier->n_sku];
            order_amount(&p, c->grade == ADAPTIVE ? random_between(r, 20, 60) : 30);
            scheme_operate(c, &p, unit[i], &unit[i]->staff[0], &seat[i]);
            p.login = p.placed - random_between(r, 60, 400) * SECOND;
            scheme_play(c, &p);
        }
    }
}

/* Few accounts, one chair: login, order, logout, the next account, and the same chain on other days. An
 * adaptive one leaves half an hour between and changes the computer with every chain. */
static void hopping(struct scheme *c)
{
    static const int64_t gap[GRADES][2] = {{2, 6}, {8, 18}, {25, 45}};
    struct random *r = &c->random;
    struct unit *unit[SCHEME_UNITS];
    size_t n = scheme_size(c), days = c->grade == ADAPTIVE ? 2 : 3;
    struct person crew;

    scheme_also(c, "account_sharing");
    n = scheme_units(c, unit, n > 5 ? 5 : n, NULL);
    for (size_t k = 0; k < days; k++) {
        int64_t time = scheme_moment(c, k, days);

        if (k == 0 || c->grade == ADAPTIVE)
            person_init(r, &crew, NET_RESIDENTIAL,
                geography_city(geography_districts[random_below(r, geography_n_districts)].code));
        for (size_t i = 0; i < n; i++) {
            struct order_plan p;

            time += random_between(r, gap[c->grade][0], gap[c->grade][1]) * MINUTE;
            scheme_honest(c, &p, unit[i], time);
            scheme_operate(c, &p, unit[i], c->grade == NAIVE ? &crew : &unit[i]->staff[0], &crew.desk);
            p.login = time - random_between(r, 40, 90) * SECOND;
            p.logout = time + random_between(r, 10, 40) * SECOND;
            scheme_play(c, &p);
        }
    }
}

/* A canteen contractor orders with its own account for units that it has no contract with. Naive, it pays and
 * takes the goods too; adaptive, it does so for two units only. */
static void no_contract(struct scheme *c)
{
    struct world *w = &c->stage->world;
    struct unit *unit[SCHEME_UNITS];
    struct firm *f = scheme_firm(c, w->contractors, w->n_contractors, true);
    size_t n = c->grade == ADAPTIVE ? 2 : scheme_size(c);

    n = f ? scheme_units(c, unit, n, NULL) : 0;
    for (size_t i = 0; i < n; i++) {
        struct order_plan p;

        scheme_honest(c, &p, unit[i], scheme_moment(c, i, n));
        scheme_operate(c, &p, unit[i], &f->person, &f->person.desk);
        p.buyer.account = f->account;
        p.buyer.unit = f->code;
        p.buyer.region = f->place->code;
        p.buyer.phone = f->person.phone;
        p.receiver = p.buyer;
        if (c->grade == NAIVE) {
            memcpy(p.payer, f->bank, sizeof(p.payer));
            p.payer_matches = false;
            memcpy(p.consignee, f->person.phone, sizeof(p.consignee));
        }
        scheme_account(c, f->account);
        scheme_play(c, &p);
    }
}

static const struct scheme_kind kinds[] = {
    {"proxy_purchasing", "device_ring", device_ring, 0},
    {"proxy_purchasing", "resource_ring", resource_ring, 0},
    {"proxy_purchasing", "unit_switching", unit_switching, 0},
    {"proxy_purchasing", "pavilion", pavilion, 0},
    {"proxy_purchasing", "lockstep_ring", lockstep_ring, 6},
    {"proxy_purchasing", "hopping", hopping, 6},
    {"proxy_purchasing", "no_contract", no_contract, 0},
};
const struct scheme_kinds campaign_proxy = {kinds, sizeof(kinds) / sizeof(kinds[0])};
