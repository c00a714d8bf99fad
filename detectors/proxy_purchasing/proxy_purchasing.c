/* Third-party proxy purchasing (第三方代采): an agent, a trading company or an offline pavilion orders in the
 * place of budget units. A unit orders 0.6 to 3 times a year, so its own history says nothing; what gives an
 * agent away is that units which have nothing to do with each other order through the same device, phone,
 * payer or door. */
#include "detectors/proxy_purchasing/proxy_purchasing.h"
#include "detectors/proxy_purchasing/rings.h"
#include "detectors/proxy_purchasing/sitting.h"

#include <stdio.h>

#define TTL (400 * JD_DAY) /* a budget year and some overlap */

#define ROW(name, type, member, min, max, init, help)                                                        \
    {                                                                                                        \
        name, JD_OPTION_##type, offsetof(struct config, member), min, max, init, help                        \
    }
#define UNITS(name, member, init, help) ROW(name, INT, member, 1, LINKS, init, help)
#define CROWD(name, member, init, help) ROW(name, INT, member, 2, LINKS, init, help)
#define STRENGTH(name, member, init, help) ROW(name, STRENGTH, member, 1, 300, JD_DB(init), help)
#define STEP(name, member, n, from, dB, what)                                                                \
    CROWD(name "_units_" #n, member[(n)-1].units, from, what ": units of step " #n),                         \
        STRENGTH(name "_strength_" #n, member[(n)-1].strength, dB, what ": strength of step " #n)

static const struct jd_option options[] = {
    ROW("window", DURATION, window, JD_DAY, TTL, TTL, "how long a unit counts after its last order"),
    STEP("device", device, 1, 3, 8, "P1, unrelated units of a device"),
    STEP("device", device, 2, 5, 14, "P1, unrelated units of a device"),
    STEP("device", device, 3, 10, 20, "P1, unrelated units of a device"),
    STEP("device", device, 4, 20, 24, "P1, unrelated units of a device"),
    UNITS("hard_units", hard_units, 10, "P1: from so many unrelated units on a device alone is a hard fact"),
    STEP("network", network, 1, 5, 4, "P2, unrelated units of an office network"),
    STEP("network", network, 2, 20, 8, "P2, unrelated units of an office network"),
    STEP("phone", phone, 1, 3, 10, "P3.phone, unrelated units of a phone"),
    STEP("phone", phone, 2, 5, 16, "P3.phone, unrelated units of a phone"),
    STEP("payer", payer, 1, 3, 14, "P3.payer, unrelated units of a payer, its owner not counted"),
    STEP("payer", payer, 2, 6, 20, "P3.payer, unrelated units of a payer, its owner not counted"),
    STEP("address", address, 1, 3, 6, "P3.address, unrelated units of an address"),
    STEP("address", address, 2, 8, 12, "P3.address, unrelated units of an address"),
    STEP("switch", account, 1, 2, 8, "P9, unrelated units ordered for by one account of another unit"),
    STEP("switch", account, 2, 3, 16, "P9, unrelated units ordered for by one account of another unit"),
    STRENGTH("switch_again_strength", again_strength, 14,
        "P9: strength when units enough for step 1 were ordered for again, under superiors known to differ"),
    CROWD("switch_hard_units", hard_parents, 5,
        "P9: unrelated units from which it is stronger, if superiors of theirs are known to differ"),
    STRENGTH("switch_parents_strength", parents_strength, 20, "P9: its strength then"),
    ROW("lockstep_units_1", INT, lockstep[0].units, 5, SEATS, 5, "P4, unrelated units of one sitting"),
    STRENGTH("lockstep_strength_1", lockstep[0].strength, 8, "P4, one sitting: strength"),
    ROW("lockstep_units_2", INT, lockstep[1].units, 3, SEATS, 3,
        "P4, unrelated units that sit together again"),
    STRENGTH("lockstep_strength_2", lockstep[1].strength, 14, "P4, several sittings: strength"),
    ROW("lockstep_hard_units", INT, hard_lockstep, 3, SEATS, 5,
        "P4: from so many units on several sittings are a hard fact"),
    ROW("lockstep_gap", DURATION, sitting_gap, JD_MINUTE, 120 * JD_MINUTE, 30 * JD_MINUTE,
        "P4: time within which one sitting lies"),
    ROW("lockstep_days", INT, pair_days, 2, 32, 2, "P4: days on which two units have to meet"),
    ROW("lockstep_loose_gap", DURATION, loose_gap, JD_MINUTE, 12 * JD_HOUR, 2 * JD_HOUR,
        "P4: time within which units meet that order the same goods in any quantity"),
    ROW("lockstep_loose_days", INT, loose_days, 2, 32, 3, "P4: days on which such units have to meet"),
    ROW("hop_gap", DURATION, hop_gap, JD_MINUTE, 120 * JD_MINUTE, 10 * JD_MINUTE,
        "P7: longest pause between two orders of a chain"),
    ROW("hop_units", INT, hop_units, 3, LINKS, 3, "P7: unrelated units that make a chain"),
    STRENGTH("hop_strength", hop_strength, 14, "P7: strength of a chain"),
    ROW("hop_days", INT, hop_days, 2, HOP_DAYS, 3, "P7: days with a chain that make a hard fact"),
    STRENGTH("hop_days_strength", hop_days_strength, 22, "P7: strength of chains on that many days"),
    ROW("hop_window", DURATION, hop_window, JD_DAY, TTL, 60 * JD_DAY, "P7: within which these days lie"),
    UNITS("known_units", known_units, 1,
        "P0: unrelated units from which a listed device, account or login phone counts"),
    UNITS("known_receiver_units", known_receiver_units, 2,
        "P0: the same for a listed delivery phone or address"),
    STRENGTH("known_strength", known_strength, 20, "P0: strength of a listed third party"),
    UNITS("known_many_units", known_many_units, 3, "P0: unrelated units from which it is stronger"),
    STRENGTH("known_many_strength", known_many_strength, 26, "P0: its strength then"),
    ROW("collision_units", INT, collision_units, LINKS, 1000000, 200,
        "a resource of more units names nobody and is ignored"),
    ROW("collision_cities", INT, collision_cities, 2, LINKS, 4,
        "a device in so many cities, and in more than half as many as it has units, is a cloned fingerprint"),
    UNITS("declared_units", declared_units, 3,
        "P6: unrelated units that declared one payer's account to bear their own name"),
    STRENGTH("declared_strength", declared_strength, 10, "P6: its strength"),
    STRENGTH("treasury_strength", treasury_strength, 5,
        "P3.payer, P6: at most, where the units of one city buy from whom they like, as through a treasury"),
    STRENGTH("seller_strength", seller_strength, 20, "P6.seller: its strength"),
    CROWD("place_units", place_units, 5, "P5: unrelated units that order from one place"),
    ROW("place_weeks", INT, place_weeks, 2, 32, 3, "P5: weeks in which they do"),
    ROW("place_percent", INT, place_percent, 1, 100, 75, "P5: orders for a hundred logins there"),
    STRENGTH("place_strength", place_strength, 8, "P5: its strength"),
    ROW("burst_strength", STRENGTH, burst_strength, 2, JD_DB(4), JD_DB(4),
        "P8: strength of an hour with far more orders than usual; half of it for one with some more"),
    UNITS("area_cities", area_cities, 3, "P10: cities that the unrelated units of a resource lie in"),
    STRENGTH("area_strength", area_strength, 8, "P10: its strength"),
    UNITS("area_divisions", area_divisions, 3,
        "P10: divisions of one city that the unrelated units of a phone or a door lie in"),
    STRENGTH("area_near_strength", area_near_strength, 7, "P10: its strength then"),
    UNITS("supplier_units", supplier.units, 3,
        "P11: unrelated units that share devices and buy from one supplier"),
    STRENGTH("supplier_strength", supplier.strength, 8, "P11: its strength"),
    UNITS("shared_units", shared_units, 4, "P12: the same, over two devices or more"),
    STRENGTH("shared_strength", shared_strength, 10, "P12: its strength"),
    ROW("popular_percent", INT, popular_percent, 1, 100, 5,
        "P11, P12: a supplier with a larger share of all orders says nothing"),
    UNITS("ring_units", ring_units, 2, "units that two resources must share to be one ring"),
    ROW("ring_window", DURATION, ring_window, JD_DAY, TTL, 180 * JD_DAY,
        "how long a link ties a ring together after its last order"),
    ROW("ring_strength", STRENGTH, ring_strength, 1, JD_DB(2), JD_DB(2),
        "P13: strength of each kind of resource beyond a ring's first, up to three"),
    ROW("hub_units", INT, hub_units, LINKS, 1000000, 64, "a resource of more units ties no ring together"),
    ROW("hub_devices", INT, hub_devices, LINKS, 1000000, 200, "the same for a device"),
    ROW("quiet", DURATION, quiet, JD_DAY, TTL, 30 * JD_DAY,
        "a ring that was not reported for so long is not opened again by fewer than three of its known "
        "units"),
};

static const struct jd_table tables[] = {
    [RESOURCES] = {"resources", sizeof(struct resource), 3, 4000000, TTL,
        JD_FIELD_BIT(DEVICE) | JD_FIELD_BIT(CONSIGNEE_PHONE) | JD_FIELD_BIT(PAYER) | JD_FIELD_BIT(ADDRESS),
        JD_TYPE_BIT(LOGIN) | JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(PAYMENT) | JD_TYPE_BIT(CANCEL)},
    [WIDES] = {"wide_resources", sizeof(struct wide), 4, 150000, TTL, 0, 0},
    [CROWDS] = {"crowds", sizeof(struct crowd), 1, 500000, TTL, 0, 0},
    [ORDERS] = {"orders", sizeof(struct order), 2, 2500000, TTL, JD_FIELD_BIT(ORDER),
        JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(PAYMENT) | JD_TYPE_BIT(CANCEL)},
    [ACCOUNTS] = {"accounts", sizeof(struct account), 3, 1000000, TTL, JD_FIELD_BIT(ACCOUNT),
        JD_TYPE_BIT(LOGIN) | JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(ACCOUNT_CHANGE)},
    [TALLIES] = {"tallies", sizeof(struct tally), 3, 100000, TTL, JD_FIELD_BIT(SUPPLIER), JD_TYPE_BIT(ORDER)},
    [PAYEES] = {"payees", sizeof(struct payee), 1, 200000, TTL, JD_FIELD_BIT(PAYEE), JD_TYPE_BIT(PAYMENT)},
    [RINGS] = {"rings", sizeof(struct ring), 1, 50000, TTL, 0, 0},
    [SUSPECTS] = {"suspects", sizeof(struct suspects), 1, 200000, TTL, 0, 0},
    [SITTINGS] = {"sittings", sizeof(struct sitting), 1, 100000, 60 * JD_DAY, JD_FIELD_BIT(SKU),
        JD_TYPE_BIT(ORDER)},
    [PAIRS] = {"pairs", sizeof(struct pair), 2, 200000, TTL, 0, 0},
};

/* ---- configuration ---- */

static bool ascends(const struct step *steps, unsigned n)
{
    for (unsigned i = 1; i < n; i++)
        if (steps[i].units <= steps[i - 1].units || steps[i].strength < steps[i - 1].strength)
            return false;
    return true;
}

static int configure(void *config, char *why, size_t why_size)
{
    const struct config *c = config;
    if (!ascends(c->device, 4) || !ascends(c->phone, 2) || !ascends(c->payer, 2) || !ascends(c->address, 2) ||
        !ascends(c->account, 2) || !ascends(c->network, 2)) {
        snprintf(why, why_size, "the steps of a signal must rise in units and not fall in strength");
        return -1;
    }
    return 0;
}

/* ---- events ---- */

static void on_event(struct jd_host *h, const struct jd_event *e)
{
    switch (e->type) {
    case JD_TYPE_LOGIN:
        proxy_purchasing_on_phone(h, e, JD_F_PHONE);
        proxy_purchasing_count_login(h, e);
        break;
    case JD_TYPE_ACCOUNT_CHANGE:
        if (jd_num(e, JD_F_CHANGE) == JD_CHANGE_PHONE)
            proxy_purchasing_on_phone(h, e, JD_F_NEW_VALUE);
        break;
    case JD_TYPE_ORDER:
        proxy_purchasing_on_order(h, e);
        break;
    case JD_TYPE_PAYMENT:
        proxy_purchasing_on_payment(h, e);
        break;
    case JD_TYPE_CANCEL:
        proxy_purchasing_on_cancel(h, e);
        break;
    default:
        break;
    }
}

static const struct jd_detector detector = {
    .abi_major = JD_ABI_MAJOR,
    .abi_minor = JD_ABI_MINOR,
    .size = sizeof(struct jd_detector),
    .event_schema = JD_EVENT_SCHEMA,
    .name = "proxy_purchasing",
    .version = "2.1.0",
    .summary = "third parties that order in the place of budget units",
    .title_zh = "疑似第三方代采：{subject}",
    .title_en = "Suspected third-party proxy purchasing: {subject}",
    .clause_zh = "采购单位应在平台自行采购，不得委托第三方机构或线下帮扶馆代采",
    .clause_en =
        "Units buy on the platform themselves; no third party or offline pavilion buys in their place",
    .wants = JD_TYPE_BIT(LOGIN) | JD_TYPE_BIT(ACCOUNT_CHANGE) | JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(PAYMENT) |
             JD_TYPE_BIT(CANCEL),
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .config_size = sizeof(struct config),
    .tables = tables,
    .n_tables = sizeof tables / sizeof *tables,
    .signals = proxy_purchasing_signals,
    .n_signals = SIGNALS,
    .configure = configure,
    .needs = proxy_purchasing_needs,
    .n_needs = NEEDS,
    .on_event = on_event,
};

JD_ENTRY(proxy_purchasing)
{
    return &detector;
}
