/* Every threshold and strength. Defaults are judgement, to be fitted. */
#include "detectors/fake_trade/fake_trade.h"

#define OPTION(option, kind, low, high, initial, words)                                                      \
    {                                                                                                        \
        .name = #option, .type = JD_OPTION_##kind, .offset = offsetof(struct fake_trade_config, option),     \
        .min = (low), .max = (high), .init = (initial), .help = (words)                                      \
    }
#define STRENGTH(option, db, words) OPTION(option, STRENGTH, 0, JD_DB(30), JD_DB(db), words)
#define DURATION(option, initial, words) OPTION(option, DURATION, 0, 400 * JD_DAY, initial, words)

const struct jd_option fake_trade_options[FAKE_TRADE_OPTIONS] = {
    DURATION(keep_closed, 30 * JD_DAY, "how long a received or cancelled order is kept from eviction"),
    OPTION(repeat_orders, INT, 2, SUPPLIER_FAULTS, 3,
        "F1, F3, F4, F5: from how many orders on it is a supplier's way of working"),
    OPTION(repeat_units, INT, 1, SUPPLIER_FAULTS, 2, "F3, F4, F5: and from how many unrelated units on"),
    OPTION(repeat_percent, INT, 0, 100, 10, "F1, F3, F4: and from what share of its received orders on"),
    OPTION(
        repeat_times, INT, 1, 1000, 10, "F1, F3, F4: or from so many times the usual share of the others on"),
    OPTION(repeat_known, INT, 100, 1000000, 1000,
        "F1, F3, F4: which is known from so many orders or waybills on"),
    DURATION(repeat_window, 90 * JD_DAY, "F1, F3, F4, F5: within what time"),

    STRENGTH(f1_none, 18, "F1: received without any shipment"),
    STRENGTH(
        f1_local, 8, "F1: the same, with the supplier in the buyer's prefecture, where goods can be fetched"),
    STRENGTH(f1_repeated, 24, "F1: the same, for each of several orders of one supplier"),
    STRENGTH(f1_label, 8, "F1.label: a label without a scan"),
    STRENGTH(f1_label_received, 16, "F1.label: the same, once the goods were accepted"),
    DURATION(f1_wait, 24 * JD_HOUR, "F1, F4: how long after a receipt late logistics are waited for"),
    DURATION(f1_label_wait, 72 * JD_HOUR, "F1.label: within what time a carrier should have scanned"),
    DURATION(f1_label_accepted, 48 * JD_HOUR, "F1.label: the same, where the goods were accepted meanwhile"),
    OPTION(outage_percent, INT, 1, 100, 50, "F1: a feed that misses more than this share proves nothing"),
    OPTION(outage_waybills, INT, 1, 1000000, 8, "F1.label: if so many of the carrier's waybills are known"),
    OPTION(outage_orders, INT, 1, 1000000, 20, "F1: if so many received orders are known"),

    STRENGTH(f2_reuse, 26, "F2: a waybill used again for another receiver"),
    STRENGTH(f2_delivered, 28, "F2: the same, after it was delivered in another city"),
    DURATION(f2_window, 180 * JD_DAY, "F2: after what time a waybill's number may be given out again"),
    DURATION(f2_correction, 24 * JD_HOUR, "F2: within what time a waybill can be corrected"),
    DURATION(f2_slip, 1 * JD_HOUR, "F2: a second use so soon may be a slip and waits for the correction"),
    DURATION(f2_wait, 72 * JD_HOUR, "F2: how long it waits: corrections are reported late too"),

    STRENGTH(f3_weight, 14, "F3.weight: the carrier weighed far less than the supplier declared"),
    STRENGTH(f3_light, 8, "F3.weight: somewhat less far below"),
    STRENGTH(f3_trace, 14, "F3.trace: scans faster than any road, or in the wrong order"),
    STRENGTH(f3_place, 10, "F3.place: delivered in another province than the buyer's"),
    STRENGTH(f3_origin, 10, "F3.origin: collected at the buyer's, although it is said to be sent from afar"),
    STRENGTH(f3_repeated, 24, "F3: the same, for each of several orders of one supplier"),
    OPTION(f3_percent, INT, 1, 100, 30, "F3.weight: below what share (%) of the declared weight"),
    OPTION(f3_light_percent, INT, 1, 100, 45, "F3.weight: and for somewhat less"),
    OPTION(f3_least, INT, 0, 1000000, 2000, "F3.weight: from how many declared grams on"),
    OPTION(f3_road, INT, 30, 1000, 80, "F3.trace: km/h by road from door to door, as the crow flies"),
    OPTION(f3_air, INT, 30, 1000, 700, "F3.trace: km/h by air, for express"),
    DURATION(f3_ground, 6 * JD_HOUR, "F3.trace: what the ways to and from the aeroplane take"),

    STRENGTH(f4_impossible, 16, "F4: received faster than the road allows"),
    STRENGTH(f4_repeated, 24, "F4: the same, for each of several orders of one supplier"),
    DURATION(f4_from_shipment, 10 * JD_MINUTE, "F4: too fast from shipment, between prefectures"),
    DURATION(f4_between_provinces, 120 * JD_MINUTE, "F4: too fast from shipment, between provinces"),
    DURATION(f4_from_order, 60 * JD_MINUTE, "F4: too fast from the order, between prefectures"),
    DURATION(f4_before_scan, 1 * JD_HOUR, "F4.early: accepted so long before the carrier's first scan"),
    DURATION(f4_before_delivery, 24 * JD_HOUR, "F4.early: or so long before the delivery"),
    STRENGTH(f4_rare, 4, "F4.rare: faster than 99 % of orders alike"),
    STRENGTH(f4_very_rare, 9, "F4.rare: faster than 99.9 % of orders alike"),
    OPTION(f4_peers, INT, 10, 1000000, 50, "F4.rare: from how many orders alike on"),

    STRENGTH(f5_device, 18, "F5.device: buyer and seller of one order use one device"),
    STRENGTH(f5_phone, 14, "F5.phone: they have one phone"),
    STRENGTH(f5_payer, 22, "F5.payer: the order is paid from the seller's own bank account"),
    STRENGTH(f5_address, 8, "F5.address: they have one door"),
    STRENGTH(f5_linked, 24, "F5: two kinds of key at once, or several units with one supplier"),
    OPTION(
        f5_hub, INT, 2, IDENTITY_PARTIES, IDENTITY_PARTIES, "F5: a key with more parties belongs to nobody"),
    DURATION(f5_window, 365 * JD_DAY, "F5: how long a party is remembered"),

    STRENGTH(f6_short, 18, "F6: money came back over at most three transfers"),
    STRENGTH(f6_long, 12, "F6: the same, over more"),
    STRENGTH(f6_level, 4, "F6: more, if all amounts are within 5 %"),
    STRENGTH(f6_quick, 2, "F6: more, if it took less than a week"),
    STRENGTH(f6_repeated, 28, "F6: the same, for each of several orders of one supplier"),
    OPTION(f6_orders, INT, 2, SUPPLIER_FAULTS, 2, "F6: several are at least so many"),
    OPTION(f6_low, INT, 1, 100, 70, "F6: the least share (%) of the following amount"),
    OPTION(f6_high, INT, 100, 1000, 130, "F6: the greatest share (%) of the following amount"),
    OPTION(f6_hub, INT, 8, 1000000, 64, "F6: whoever is paid more often belongs to no circle by chance"),
    OPTION(f6_window, DURATION, JD_DAY, 180 * JD_DAY, 90 * JD_DAY, "F6: within what time"),

    STRENGTH(f7_some, 6, "F7: more than 10 % of the orders of several suppliers' one account went wrong"),
    STRENGTH(f7_many, 8, "F7: more than 20 % of the orders paid to an account went wrong"),
    STRENGTH(f7_most, 14, "F7: more than 50 % of them"),
    STRENGTH(f7_hand, 14, "F7.hand: several suppliers are paid on this account"),
    STRENGTH(f7_hand_device, 18, "F7.hand: and have one device"),
    STRENGTH(f7_again, 24, "F7.again: a unit orders again and again what is paid back after acceptance"),
    OPTION(f7_back, INT, 2, PAIR_BACK, 3, "F7.again: from how many such orders on"),
    OPTION(f7_suppliers, INT, 2, IDENTITY_PARTIES, 3, "F7: several are at least so many"),
    STRENGTH(f7_mutual, 10, "F7.mutual: two parties that sell buy from each other"),
    OPTION(f7_mutual_orders, INT, 1, PAIR_RECENT, 2, "F7.mutual: from so many received orders each way on"),
    OPTION(f7_window, DURATION, 2 * JD_DAY, 400 * JD_DAY, 180 * JD_DAY, "F7: within what time"),

    STRENGTH(f8_raised, 3, "F8: z above 3.5"),
    STRENGTH(f8_high, 6, "F8: z above 5"),
    STRENGTH(f8_far, 10, "F8: z above 8, for 10 or more"),
    OPTION(f8_least, INT, 10, 1000000, 50, "F8: from how many orders of the category on"),
    OPTION(f8_sellers, INT, 2, PRICE_SELLERS, 5, "F8: and from how many sellers on"),

    STRENGTH(f8_same, 8, "F8.same: others bought the same goods for much less, before and after"),
    STRENGTH(f8_same_repeated, 24, "F8.same: the same, for each of several orders of one supplier"),
    OPTION(f8_same_percent, INT, 105, 1000, 150, "F8.same: from what share of the others' price on"),
    DURATION(f8_window, 60 * JD_DAY, "F8.same: others' sales of what time count"),

    STRENGTH(f9_raised, 5, "F9: orders just below a limit, rarer than 1 %"),
    STRENGTH(f9_high, 12, "F9: the same goods, rarer than 0.01 %"),
    STRENGTH(f9_certain, 24, "F9: the same, rarer than 10^-5, from f9_orders on to one receiver"),
    OPTION(f9_orders, INT, 2, PAIR_RECENT, 4, "F9: from how many orders on"),
    STRENGTH(f10_raised, 2, "F10: the unit's December is more than 4 times its peers'"),
    STRENGTH(f10_high, 4, "F10: more than 8 times"),
    OPTION(f10_least, INT, 10, 1000000, 30, "F10: from how many orders of its peers on"),
    STRENGTH(f11_raised, 4, "F11: the supplier's faults are more than 3 times the usual"),
    STRENGTH(f11_high, 8, "F11: more than 10 times"),
    OPTION(f11_least, INT, 5, 1000000, 20, "F11: from how many received orders on"),

    STRENGTH(f12_hand, 18, "F12: one device accepts goods with the accounts of many unrelated units"),
    STRENGTH(f12_few, 14, "F12: the same, with those of only a few"),
    STRENGTH(f12_side, 18, "F12.side: a supplier's or an agency's device accepts goods"),
    OPTION(f12_units, INT, 2, IDENTITY_PARTIES, 5, "F12: from how many units on they are many"),
    OPTION(f12_least, INT, 2, IDENTITY_PARTIES, 4, "F12: from how many units on they are a few"),
    DURATION(f12_window, 30 * JD_DAY, "F12: within what time"),

    STRENGTH(f12_voucher, 15, "F12.voucher: one device redeems the vouchers of unrelated units"),
    OPTION(f12_redeemed, INT, 2, 1000000, 6, "F12.voucher: from how many vouchers on, two a unit at least"),
    DURATION(f12_voucher_window, 90 * JD_DAY, "F12.voucher: within what time"),

    STRENGTH(f13_invoice, 22, "F13: the invoice is older than the order"),
    STRENGTH(f13_replaced, 6,
        "F13: the same, when an order for other goods of the supplier was cancelled shortly before"),
    STRENGTH(f13_scan, 6, "F13.scan: collected in the buyer's city, with the supplier elsewhere"),
    DURATION(f13_tolerance, 24 * JD_HOUR, "F13: by how much an invoice may be older"),
    DURATION(f13_reorder, 5 * JD_DAY, "F13: how soon after a cancelled order another one replaces it"),

    STRENGTH(f14_account, 22, "F14: a refund to an account that has not paid"),
    STRENGTH(f14_known, 8, "F14: the same, if the account has paid for this unit or a related one before"),
    DURATION(f14_wait, 72 * JD_HOUR, "F14: how long after a refund late payments are waited for"),
    STRENGTH(f14_year, 8, "F14.year: refunded after the year it counted in"),
    STRENGTH(f14_year_repeated, 16, "F14.year: the same, for several orders of the pair"),
    OPTION(f14_year_percent, INT, 0, 100, 50, "F14.year: from what share of the order on"),
    OPTION(f14_year_orders, INT, 2, PAIR_ORDERS, 3, "F14.year: several are at least so many"),
};
