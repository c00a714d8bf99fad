/* An event as detectors see it: the words, kinds of entity and fields of the platform, each a row of a table
 * that drives decoding, limits, names and documents. Comes with detector.h. */
#ifndef JIANDU_EVENT_H
#define JIANDU_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#define JD_EVENT_SCHEMA 1 /* of enum jd_field and the word lists below; grows when one of them does */

/* ---- time ---- */

/* Spans, in ms like all times. */
#define JD_SECOND INT64_C(1000)
#define JD_MINUTE (60 * JD_SECOND)
#define JD_HOUR (60 * JD_MINUTE)
#define JD_DAY (24 * JD_HOUR)

#define JD_ZONE (8 * JD_HOUR) /* the platform's clock is ahead of UTC; the country has one */

/* The day on which a time falls, by the platform's clock, in days since 1970-01-01. */
static inline int64_t jd_day(int64_t time)
{
    return (time + JD_ZONE) / JD_DAY;
}

/* ---- words ---- */

/* X(identifier, word as it stands in an event). Value 0 of every list means "not said or not known". */
#define JD_TYPES(X)                                                                                          \
    X(LOGIN, "login")                                                                                        \
    X(LOGOUT, "logout")                                                                                      \
    X(ACCOUNT_CHANGE, "account_change")                                                                      \
    X(ORDER, "order")                                                                                        \
    X(CANCEL, "cancel")                                                                                      \
    X(PAYMENT, "payment")                                                                                    \
    X(SHIPMENT, "shipment")                                                                                  \
    X(TRACKING, "tracking")                                                                                  \
    X(RECEIPT, "receipt")                                                                                    \
    X(REVIEW, "review")                                                                                      \
    X(REFUND, "refund")                                                                                      \
    X(REDEEM, "redeem")                                                                                      \
    X(INVOICE, "invoice")                                                                                    \
    X(TRANSFER, "transfer")                                                                                  \
    X(RESERVATION, "reservation")                                                                            \
    X(REGISTRY, "registry")                                                                                  \
    X(VERDICT, "verdict")                                                                                    \
    X(TICK, "tick")
#define JD_ACCOUNT_KINDS(X)                                                                                  \
    X(MANAGEMENT, "management") X(TRADING, "trading") X(SUPPLIER, "supplier") X(DESK, "desk")
#define JD_IP_CLASSES(X)                                                                                     \
    X(GOVERNMENT, "government")                                                                              \
    X(BUSINESS, "business") X(RESIDENTIAL, "residential") X(MOBILE, "mobile") X(DATACENTER, "datacenter")
#define JD_CHANNELS(X) X(WEB, "web") X(APP, "app") X(H5, "h5") X(API, "api") X(ESTORE, "estore")
#define JD_PURCHASES(X) X(CANTEEN, "canteen") X(UNION, "union") X(OTHER, "other")
#define JD_PRODUCTS(X) X(GOODS, "goods") X(VOUCHER, "voucher")
#define JD_SHIP_MODES(X) X(EXPRESS, "express") X(FREIGHT, "freight") X(OWN, "own")
#define JD_STATUSES(X)                                                                                       \
    X(COLLECTED, "collected")                                                                                \
    X(TRANSIT, "transit") X(OUT_FOR_DELIVERY, "out_for_delivery") X(DELIVERED, "delivered")
#define JD_CANTEENS(X)                                                                                       \
    X(OWN, "own") X(OUTSOURCED, "outsourced") X(SHARED, "shared") X(NONE, "none") X(UNION, "union")
#define JD_CHANGES(X) X(HANDLER, "handler") X(PHONE, "phone") X(PASSWORD, "password") X(BANK, "bank")
#define JD_VERDICTS(X) X(CONFIRMED, "confirmed") X(CLEARED, "cleared") X(ACKNOWLEDGED, "acknowledged")

/* X(identifier, name of the list, kind of its key, kind of its value, several values for one key) */
#define JD_LISTS(X)                                                                                          \
    X(PARENT, "parent", UNIT, UNIT, 0)                                                                       \
    X(SHARE_GROUP, "share_group", UNIT, GROUP, 0)                                                            \
    X(CONTRACTOR, "contractor", UNIT, UNIT, 1)                                                               \
    X(AGENT_DEVICE, "agent_device", DEVICE, TEXT, 0)                                                         \
    X(AGENT_PHONE, "agent_phone", PHONE, TEXT, 0)                                                            \
    X(AGENT_ADDRESS, "agent_address", ADDRESS, TEXT, 0)                                                      \
    X(AGENT_ACCOUNT, "agent_account", ACCOUNT, TEXT, 0)                                                      \
    X(PAVILION_DEVICE, "pavilion_device", DEVICE, TEXT, 0)                                                   \
    X(PAVILION_PHONE, "pavilion_phone", PHONE, TEXT, 0)                                                      \
    X(PAVILION_ADDRESS, "pavilion_address", ADDRESS, TEXT, 0)                                                \
    X(PAVILION_ACCOUNT, "pavilion_account", ACCOUNT, TEXT, 0)                                                \
    X(TREASURY_PAYER, "treasury_payer", PAYER, DIVISION, 0)                                                  \
    X(COMPOUND_ADDRESS, "compound_address", ADDRESS, DIVISION, 0)                                            \
    X(EGRESS_IP, "egress_ip", IP, TEXT, 0)                                                                   \
    X(DESK_DEVICE, "desk_device", DEVICE, TEXT, 0)                                                           \
    X(SUPPLIER_WAREHOUSE, "supplier_warehouse", SUPPLIER, DIVISION, 1)                                       \
    X(PAIRING, "pairing", DIVISION, DIVISION, 1)                                                             \
    X(COUNTY, "county", DIVISION, TEXT, 0)

/* Kinds of entity. A key of one kind never equals a key of another; `phone` and `consignee_phone` are one
 * kind. X(identifier, name, personal: shown masked only) */
#define JD_KINDS(X)                                                                                          \
    X(UNIT, "unit", 0)                                                                                       \
    X(ACCOUNT, "account", 0)                                                                                 \
    X(DEVICE, "device", 0)                                                                                   \
    X(SUPPLIER, "supplier", 0)                                                                               \
    X(ORDER, "order", 0)                                                                                     \
    X(WAYBILL, "waybill", 0)                                                                                 \
    X(PHONE, "phone", 1)                                                                                     \
    X(ADDRESS, "address", 1)                                                                                 \
    X(PAYER, "payer", 1)                                                                                     \
    X(IP, "ip", 1)                                                                                           \
    X(OPERATOR, "operator", 1)                                                                               \
    X(SESSION, "session", 0)                                                                                 \
    X(SKU, "sku", 0)                                                                                         \
    X(GROUP, "group", 0)                                                                                     \
    X(INVOICE, "invoice", 0)                                                                                 \
    X(REVIEW, "review", 0)                                                                                   \
    X(DIVISION, "division", 0)                                                                               \
    X(TEXT, "text", 0)                                                                                       \
    X(EVENT, "event", 0)                                                                                     \
    X(PAIR, "pair", 0)                                                                                       \
    X(RING, "ring", 0)

enum jd_type {
    JD_TYPE_NONE,
#define X(id, word) JD_TYPE_##id,
    JD_TYPES(X)
#undef X
        JD_TYPE_COUNT
};
#define X(id, word) JD_ACCOUNT_##id,
enum jd_account_kind { JD_ACCOUNT_NONE, JD_ACCOUNT_KINDS(X) JD_ACCOUNT_COUNT };
#undef X
#define X(id, word) JD_IP_##id,
enum jd_ip_class { JD_IP_NONE, JD_IP_CLASSES(X) JD_IP_COUNT };
#undef X
#define X(id, word) JD_CHANNEL_##id,
enum jd_channel { JD_CHANNEL_NONE, JD_CHANNELS(X) JD_CHANNEL_COUNT };
#undef X
#define X(id, word) JD_PURCHASE_##id,
enum jd_purchase { JD_PURCHASE_NONE, JD_PURCHASES(X) JD_PURCHASE_COUNT };
#undef X
#define X(id, word) JD_PRODUCT_##id,
enum jd_product { JD_PRODUCT_NONE, JD_PRODUCTS(X) JD_PRODUCT_COUNT };
#undef X
#define X(id, word) JD_SHIP_##id,
enum jd_ship_mode { JD_SHIP_NONE, JD_SHIP_MODES(X) JD_SHIP_COUNT };
#undef X
#define X(id, word) JD_STATUS_##id,
enum jd_status { JD_STATUS_NONE, JD_STATUSES(X) JD_STATUS_COUNT };
#undef X
#define X(id, word) JD_CANTEEN_##id,
enum jd_canteen { JD_CANTEEN_UNSAID, JD_CANTEENS(X) JD_CANTEEN_COUNT };
#undef X
#define X(id, word) JD_CHANGE_##id,
enum jd_change { JD_CHANGE_NONE, JD_CHANGES(X) JD_CHANGE_COUNT };
#undef X
#define X(id, word) JD_VERDICT_##id,
enum jd_verdict { JD_VERDICT_NONE, JD_VERDICTS(X) JD_VERDICT_COUNT };
#undef X
#define X(id, word, key, value, several) JD_LIST_##id,
enum jd_list { JD_LIST_NONE, JD_LISTS(X) JD_LIST_COUNT };
#undef X
#define X(id, word, personal) JD_KIND_##id,
enum jd_kind { JD_KIND_NONE, JD_KINDS(X) JD_KIND_COUNT };
#undef X

/* ---- the event ---- */

/* One row a field: X(identifier, name, form, argument, help). Forms:
 *   WORD   one word of a list; unknown words count as absent          argument: the list
 *   ID     [A-Za-z0-9._:-]{1,64}; has a key                           argument: its kind
 *   TEXT   UTF-8 of at most JD_TEXT_MAX bytes; has a key              argument: its kind
 *          (a phone or an address with a '*' in it is masked and names nobody, nor does a
 *          made-up phone like 13800000000: they count as absent)
 *   COUNT  integer 0..10^12                                           argument: unit
 *   MONEY  fen, integer 0..10^12                                      argument: unit
 *   REGION six digits of GB/T 2260                                    argument: -
 *   TIME   ms since the epoch                                         argument: -
 * The order of the rows is part of the event schema: new rows go to the end. */
#define JD_FIELDS(X)                                                                                         \
    X(TYPE, "type", WORD, TYPES, "what happened")                                                            \
    X(TIME, "time", TIME, MS, "when it happened")                                                            \
    X(EVENT_ID, "event_id", ID, EVENT, "the platform's own id of this event")                                \
    X(ACCOUNT, "account", ID, ACCOUNT, "who acts")                                                           \
    X(ACCOUNT_KIND, "account_kind", WORD, ACCOUNT_KINDS, "what the account is for")                          \
    X(ACCOUNT_UNIT, "account_unit", ID, UNIT, "credit code of the unit that the account belongs to")         \
    X(UNIT, "unit", ID, UNIT, "credit code of the unit that the purchase counts for")                        \
    X(REGION, "region", REGION, CODE, "division code of the unit")                                           \
    X(DEVICE, "device", ID, DEVICE, "browser fingerprint or app id")                                         \
    X(IP, "ip", ID, IP, "address that the request came from")                                                \
    X(IP_REGION, "ip_region", REGION, CODE, "division code of that address")                                 \
    X(IP_CLASS, "ip_class", WORD, IP_CLASSES, "what kind of network it is")                                  \
    X(CHANNEL, "channel", WORD, CHANNELS, "through which client")                                            \
    X(SESSION, "session", ID, SESSION, "login session")                                                      \
    X(OPERATOR, "operator", ID, OPERATOR, "real-name handler")                                               \
    X(PHONE, "phone", TEXT, PHONE, "phone of the account, plain or hashed")                                  \
    X(ORDER, "order", ID, ORDER, "order number")                                                             \
    X(SUPPLIER, "supplier", ID, SUPPLIER, "supplier's id")                                                   \
    X(SUPPLIER_REGION, "supplier_region", REGION, CODE, "division code of the supplier")                     \
    X(SKU, "sku", ID, SKU, "stock keeping unit")                                                             \
    X(CATEGORY, "category", ID, TEXT, "category of the goods")                                               \
    X(QUANTITY, "quantity", COUNT, THOUSANDTHS, "quantity in thousandths")                                   \
    X(UNIT_PRICE, "unit_price", MONEY, FEN, "price of one, in fen")                                          \
    X(AMOUNT, "amount", MONEY, FEN, "amount in fen")                                                         \
    X(PURCHASE_TYPE, "purchase_type", WORD, PURCHASES, "what the goods are bought for")                      \
    X(PRODUCT_TYPE, "product_type", WORD, PRODUCTS, "goods, or a voucher for goods")                         \
    X(ADDRESS, "address", TEXT, ADDRESS, "delivery address")                                                 \
    X(CONSIGNEE_PHONE, "consignee_phone", TEXT, PHONE, "phone of the person who takes the delivery")         \
    X(PAYER, "payer", ID, PAYER, "account that the money came from")                                         \
    X(PAYER_NAME_MATCHES, "payer_name_matches", COUNT, FLAG,                                                 \
        "buyer's declaration: payer's name is the unit's")                                                   \
    X(PAYEE, "payee", ID, PAYER, "account that the money went to")                                           \
    X(WAYBILL, "waybill", ID, WAYBILL, "carrier's number of the parcel")                                     \
    X(CARRIER, "carrier", ID, TEXT, "carrier")                                                               \
    X(SHIP_MODE, "ship_mode", WORD, SHIP_MODES, "how the goods travel")                                      \
    X(ORIGIN_REGION, "origin_region", REGION, CODE, "division code where it was sent from or scanned")       \
    X(STATUS, "status", WORD, STATUSES, "what the scan says")                                                \
    X(WEIGHT, "weight", COUNT, GRAMS, "weight in grams")                                                     \
    X(REVIEW_HASH, "review_hash", ID, REVIEW, "hash of the review's text")                                   \
    X(INVOICE, "invoice", ID, INVOICE, "invoice number")                                                     \
    X(INVOICE_TIME, "invoice_time", TIME, MS, "date of the invoice")                                         \
    X(YEAR, "year", COUNT, YEAR, "budget year")                                                              \
    X(RESERVED, "reserved", MONEY, FEN, "amount reserved for the year")                                      \
    X(CANTEEN_TOTAL, "canteen_total", MONEY, FEN, "the canteen's whole food purchase of the year")           \
    X(CANTEEN_TYPE, "canteen_type", WORD, CANTEENS, "how the canteen is run")                                \
    X(SHARE_GROUP, "share_group", ID, GROUP, "group of units that share a canteen")                          \
    X(CHANGE, "change", WORD, CHANGES, "what was changed on the account")                                    \
    X(NEW_VALUE, "new_value", TEXT, TEXT, "what it was changed to; a phone's key where a phone was changed") \
    X(LIST, "list", WORD, LISTS, "registry")                                                                 \
    X(KEY, "key", TEXT, TEXT, "registry key; its kind is the list's")                                        \
    X(VALUE, "value", TEXT, TEXT, "registry value; its kind is the list's")                                  \
    X(UNTIL, "until", TIME, MS, "end of the registry entry")                                                 \
    X(ALERT, "alert", ID, TEXT, "alert that a verdict is about")                                             \
    X(VERDICT, "verdict", WORD, VERDICTS, "what the office found")                                           \
    X(REASON, "reason", TEXT, TEXT, "why")                                                                   \
    X(OFFICE, "office", TEXT, TEXT, "which office")

#define X(id, name, form, argument, help) JD_F_##id,
enum jd_field { JD_FIELDS(X) JD_F_COUNT };
#undef X

_Static_assert(JD_F_COUNT <= 64, "the set of present fields is one 64-bit word");

#define JD_TEXT_MAX 512 /* bytes; a delivery address with its room fits several times */
#define JD_ID_MAX 64    /* bytes; a 19-digit id, a credit code or a fingerprint fits several times */

/* A field's value. Words, counts, money, regions and times are in `num`; ids and texts in `text` (not
 * NUL-terminated), with `key`, a 64-bit hash seeded in secret: compare it, store it, never show it. */
struct jd_value {
    union {
        int64_t num;
        const char *text;
    };
    uint64_t key;
    uint32_t length;
    uint32_t reserved;
};

/* One entry of the stream, decoded. `present` has bit 1 << field for each field that the event carries; what
 * stands in `field` for the others is undefined. */
struct jd_event {
    int64_t id_ms;   /* the entry's id; jd_now() when it is processed */
    uint64_t id_seq; /* below 2^53 */
    int64_t time;    /* when it happened, ms; late and out of order is normal */
    uint64_t present;
    enum jd_type type;
    uint32_t flags; /* JD_EVENT_* */
    struct jd_value field[JD_F_COUNT];
};

enum {
    JD_EVENT_BAD_CODE = 1, /* a credit code in it has a wrong check digit */
};

static inline bool jd_has(const struct jd_event *e, enum jd_field f)
{
    return e->present >> f & 1;
}

/* The number of a field, 0 where the event does not carry it. */
static inline int64_t jd_num(const struct jd_event *e, enum jd_field f)
{
    return jd_has(e, f) ? e->field[f].num : 0;
}

/* The key of an id or text, 0 where the event does not carry it; no entity has key 0. */
static inline uint64_t jd_key(const struct jd_event *e, enum jd_field f)
{
    return jd_has(e, f) ? e->field[f].key : 0;
}

/* Sets of types, fields and lists, one bit each. */
#define JD_TYPE_BIT(type) (UINT64_C(1) << JD_TYPE_##type)
#define JD_FIELD_BIT(field) (UINT64_C(1) << JD_F_##field)
#define JD_LIST_BIT(list) (UINT64_C(1) << JD_LIST_##list)

#endif
