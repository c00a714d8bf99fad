/* The detector ABI: the only header that a detector includes.
 *
 * A detector is a const table (struct jd_detector) of data and functions. It holds no state of its own: it
 * declares tables, and the host keeps their records, bounds them, expires them and saves them. It reads no
 * clock and allocates nothing: time is jd_now(), the stream's own. It decides, and the host does the rest.
 *
 * Versions. A host loads a detector of the same major and of a minor not above its own; it reads abi_major,
 * abi_minor and size before anything else. Members are appended, never moved or removed within a major.
 *   1.0  2026-11  first version
 *
 * One thread calls a detector; pointers handed in are borrowed for the call. */
#ifndef JIANDU_DETECTOR_H
#define JIANDU_DETECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JD_ABI_MAJOR 1
#define JD_ABI_MINOR 0
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

/* ---- state: tables and sets ---- */

/* A table of records with 64-bit keys, kept by the host. A record is `value_size` bytes, zeroed when made, of
 * plain integers without pointers. It expires `ttl_ms` after it was last touched; a full table evicts the
 * record that was touched longest ago, never a pinned one. `version` changes when the record's layout or
 * meaning does: an older snapshot is then not used. */
struct jd_table {
    const char *name;
    uint32_t value_size; /* a multiple of 8 */
    uint32_t version;
    uint32_t bound; /* records; the config can change it */
    int64_t ttl_ms;
    /* So that the host can fetch records ahead of the event: JD_FIELD_BIT of each event field whose key is
     * mostly asked for, JD_TYPE_BIT of each event type on which. 0 is slower, never wrong. */
    uint64_t keyed_by, keyed_on;
};

#define JD_FIELD_BIT(field) (UINT64_C(1) << JD_F_##field)

/* A small exact set of keys, oldest replaced first. Embed one in a record, with `slot` as its last member:
 *   struct { struct jd_set head; struct jd_slot slot[8]; } units; */
struct jd_slot {
    uint64_t key;
    int64_t first, last; /* ms, of the events that touched it */
    uint32_t count;      /* touches, saturating */
    uint32_t days;       /* different days of the window among them, at most 32 counted */
};

struct jd_set {
    uint16_t used;
    uint16_t saturated; /* 1 once a live member was replaced */
    uint32_t reserved;
};

/* ---- signals ---- */

#define JD_DB(x) ((int16_t)((x)*10)) /* strengths are integers of 0.1 dB (a tenth of a deciban) */
#define JD_FACTS 6
#define JD_LIST_BIT(list) (UINT64_C(1) << JD_LIST_##list)

/* How a fact or value is shown. ENTITY kinds are shown by name, personal ones masked. */
enum jd_unit {
    JD_UNIT_NONE, /* the end of a list of facts */
    JD_UNIT_NUMBER,
    JD_UNIT_FEN,
    JD_UNIT_MS, /* a duration */
    JD_UNIT_TIME,
    JD_UNIT_KM,
    JD_UNIT_KMH,
    JD_UNIT_DIVISION,
    JD_UNIT_DAYS,
    JD_UNIT_PERCENT,
    JD_UNIT_ENTITY = 64 /* + enum jd_kind */
};
#define JD_ENTITY(kind) (JD_UNIT_ENTITY + JD_KIND_##kind)

struct jd_fact {
    const char *name; /* lower_case_word */
    int unit;         /* enum jd_unit */
};

/* One signal: what it is called, which independent group of evidence it belongs to, and its words. In `zh`
 * and `en`, {value}, {threshold} and {name of a fact} are replaced. */
struct jd_signal {
    const char *name;  /* "P1" */
    const char *group; /* "device": only the strongest signal of a group counts in full */
    const char *zh, *en;
    int value_unit; /* enum jd_unit of value and threshold */
    struct jd_fact facts[JD_FACTS];
    int half_life_days;  /* strength halves in this time; 0 never */
    uint64_t registries; /* JD_LIST_BIT of each registry that would have decided; a list without any entry
                          * lowers the strength by an eighth and is named in the alert */
};

/* What a signal cannot do without; a signal may have several. While the platform has sent none of the events
 * with the field for 30 days, or none of the registries has had an entry, the signal is `not_evaluable`:
 * alerts and metrics say so, and nobody takes its silence for innocence. What would only have decided stands
 * in the signal's `registries`. */
struct jd_need {
    uint32_t signal; /* index into the detector's signals */
    uint32_t reserved;
    uint64_t events, fields; /* JD_TYPE_BIT of events, of which one at least brings each JD_FIELD_BIT */
    uint64_t registries;     /* JD_LIST_BIT of registries, of which one at least has had an entry */
};

struct jd_subject {
    uint32_t kind; /* enum jd_kind */
    uint64_t key;
};

/* One entry of the stream as evidence: what remains of it when the input is trimmed. 0 where it had no such
 * field. A detector keeps refs in its records and hands them to jd_emit. */
struct jd_ref {
    int64_t id_ms;
    uint64_t id_seq;
    int64_t time;
    int64_t amount;
    uint64_t account, unit, device, supplier, order, waybill;
    uint32_t region; /* of the unit */
    uint16_t type;
    uint16_t reserved;
};

/* Somebody or something tied into an alert. `unit` says whose it is: an office sees only its own units'
 * members; 0 marks what is shared (the device, the supplier). */
struct jd_member {
    uint32_t kind; /* enum jd_kind */
    uint32_t role; /* enum jd_role */
    uint64_t key;
    uint64_t unit;
    int64_t amount; /* fen; counted once a member, for orders */
};

/* X(identifier, word in an alert) */
#define JD_ROLES(X)                                                                                          \
    X(SUBJECT, "subject")                                                                                    \
    X(BUYER, "buyer")                                                                                        \
    X(SUPPLIER, "supplier")                                                                                  \
    X(ACTOR, "actor")                                                                                        \
    X(RESOURCE, "shared_resource")                                                                           \
    X(ORDER, "order")                                                                                        \
    X(PAYER, "payer")                                                                                        \
    X(OWNER, "owner")
#define X(id, word) JD_ROLE_##id,
enum jd_role { JD_ROLES(X) JD_ROLE_COUNT };
#undef X

enum {
    JD_HARD = 1,       /* a hard fact: alerts without a second group, score at most 85 then */
    JD_SECURITY = 2,   /* goes to the security reviewers too: a management account is concerned */
    JD_INCOMPLETE = 4, /* the window that this counts over has lost state */
    JD_OPEN = 8,       /* counts for no score of 80 or more while one of its registries has no entry at all */
};

struct jd_emit {
    uint32_t signal;           /* index into the detector's signals */
    int32_t strength;          /* 0.1 dB, above 0 */
    uint32_t flags;            /* JD_HARD, ... */
    struct jd_subject subject; /* evidence about one subject is fused into one case */
    struct jd_subject rollup;  /* cases of one rollup are one alert; kind 0: the subject itself. An alerted
                                * case keeps the rollup under which it alerted */
    int64_t value, threshold;  /* in the signal's value_unit */
    int64_t facts[JD_FACTS];   /* an entity's key where the unit is an entity */
    const struct jd_ref *refs;
    uint32_t n_refs;
    const struct jd_member *members;
    uint32_t n_members;
};

/* ---- reports ---- */

#define JD_REPORT_COLUMNS 12
#define JD_REPORT_MARKS 4

/* A column of figures. FEN and NUMBER are added up by division; a PERCENT stands at a listed unit only, and
 * not even there if it is negative: not known. */
struct jd_report_column {
    const char *name; /* lower_case_word */
    int unit;         /* JD_UNIT_FEN, _NUMBER or _PERCENT; JD_UNIT_NONE ends the columns */
};

/* What sets some units apart. Units with the mark are counted, and so many of them listed by name for an
 * office and year, those with most in `column` first. */
struct jd_report_mark {
    const char *name; /* lower_case_word; NULL ends the marks */
    uint32_t column;
    uint32_t listed;
};

/* Figures on units for the offices that supervise them, a row a unit and year: context that accuses nobody.
 * The host adds rows up by division and splits them by office; an office's copy holds its own units only. */
struct jd_report {
    struct jd_report_column columns[JD_REPORT_COLUMNS];
    struct jd_report_mark marks[JD_REPORT_MARKS];
};

struct jd_row {
    uint64_t unit;   /* its name is remembered */
    uint32_t region; /* of the unit; 0, not known: no office gets it, only everybody's copy */
    uint16_t year;
    uint16_t marks; /* bit 1 << index of the mark */
    int64_t values[JD_REPORT_COLUMNS];
};

/* ---- options ---- */

enum jd_option_type {
    JD_OPTION_INT,
    JD_OPTION_BOOL,
    JD_OPTION_DURATION,
    JD_OPTION_MONEY,
    JD_OPTION_STRENGTH
};

/* One row drives the parser, the default, `jianductl check` and the documentation. The target is an int64_t
 * at `offset` of the detector's config struct. In a config file a DURATION is "90d", "24h", "15m", "10s" or
 * "5ms", kept in ms; MONEY is integer fen; a STRENGTH is a decimal number of dB with at most one digit after
 * the point, kept in 0.1 dB. min, max and init are in the kept unit. */
struct jd_option {
    const char *name;
    enum jd_option_type type;
    size_t offset;
    int64_t min, max, init;
    const char *help;
};

/* ---- the host ---- */

struct jd_host; /* opaque; of one detector instance */

/* A registry entry that holds now. `value_key` has the kind of the list; `division` is set where that is
 * DIVISION. */
struct jd_entry {
    uint64_t value_key;
    uint32_t division;
    uint32_t reserved;
};

typedef void (*jd_visit)(struct jd_host *, void *context, uint64_t key, void *record);

struct jd_api {
    uint32_t size;
    uint32_t reserved;
    int64_t (*now)(struct jd_host *);
    const void *(*config)(struct jd_host *);
    void *(*find)(struct jd_host *, unsigned table, uint64_t key);
    void *(*get)(struct jd_host *, unsigned table, uint64_t key);
    void (*remove)(struct jd_host *, unsigned table, uint64_t key);
    void (*pin)(struct jd_host *, unsigned table, void *record, bool pinned);
    void (*timer)(struct jd_host *, unsigned table, uint64_t key, int64_t deadline);
    struct jd_slot *(*touch)(
        struct jd_host *, struct jd_set *, unsigned capacity, uint64_t key, int64_t time, int64_t window);
    void (*remember)(struct jd_host *, const struct jd_event *, enum jd_field);
    bool (*related)(struct jd_host *, uint64_t unit_a, uint64_t unit_b);
    bool (*listed)(struct jd_host *, enum jd_list, uint64_t key, struct jd_entry *entry);
    bool (*paired)(struct jd_host *, enum jd_list, uint64_t key, uint64_t value_key);
    bool (*egress)(struct jd_host *, const struct jd_event *);
    void (*emit)(struct jd_host *, const struct jd_emit *);
    void (*retract)(struct jd_host *, unsigned signal, struct jd_subject subject);
    bool (*lost)(struct jd_host *, unsigned table, int64_t window);
    bool (*empty)(struct jd_host *, enum jd_list);
    void (*each)(struct jd_host *, unsigned table, jd_visit visit, void *context);
    void (*row)(struct jd_host *, const struct jd_row *);
    void (*report)(struct jd_host *, int64_t day);
    int64_t (*target)(struct jd_host *, uint32_t region, int64_t year);
};

/* The first member of the host's own struct, so that the calls below need no symbol of the host. */
struct jd_host_head {
    const struct jd_api *api;
};

#define JD_API(h) (((const struct jd_host_head *)(const void *)(h))->api)

/* The time of the event (or timer) being handled: the ms of its entry id, never going back. */
static inline int64_t jd_now(struct jd_host *h)
{
    return JD_API(h)->now(h);
}

static inline const void *jd_config(struct jd_host *h)
{
    return JD_API(h)->config(h);
}

/* The record of a key, NULL if there is none; it is not touched. Pointers to records are valid until the next
 * jd_get on the same table. */
static inline void *jd_find(struct jd_host *h, unsigned table, uint64_t key)
{
    return JD_API(h)->find(h, table, key);
}

/* The record of a key, made if need be (zeroed), and touched. NULL when the table is full of pinned records.
 */
static inline void *jd_get(struct jd_host *h, unsigned table, uint64_t key)
{
    return JD_API(h)->get(h, table, key);
}

static inline void jd_remove(struct jd_host *h, unsigned table, uint64_t key)
{
    JD_API(h)->remove(h, table, key);
}

/* A pinned record is not evicted (it still expires). */
static inline void jd_pin(struct jd_host *h, unsigned table, void *record, bool pinned)
{
    JD_API(h)->pin(h, table, record, pinned);
}

/* Calls on_timer with this record once jd_now() passes `deadline`, if the record is still there. Timers are
 * not cancelled: on_timer looks at the record and decides. */
static inline void jd_timer(struct jd_host *h, unsigned table, uint64_t key, int64_t deadline)
{
    JD_API(h)->timer(h, table, key, deadline);
}

/* Adds `key` to a set, or counts one more touch; members last touched before jd_now() - window are forgotten
 * first, a full set replaces the member touched longest ago. The slot has count 1 when it is new. */
static inline struct jd_slot *jd_touch(
    struct jd_host *h, struct jd_set *set, unsigned capacity, uint64_t key, int64_t time, int64_t window)
{
    return JD_API(h)->touch(h, set, capacity, key, time, window);
}

/* Keeps the text of a field (masked if personal) for evidence, for as long as it goes on being remembered at
 * least once in 400 days. Call it for each entity that a record, ref or member will name. */
static inline void jd_remember(struct jd_host *h, const struct jd_event *e, enum jd_field f)
{
    JD_API(h)->remember(h, e, f);
}

/* Same unit, one above the other (up to four levels), same superior, same share group, or a common
 * contractor; by the registries `parent`, `share_group` and `contractor` and what reservations say. */
static inline bool jd_related(struct jd_host *h, uint64_t unit_a, uint64_t unit_b)
{
    return JD_API(h)->related(h, unit_a, unit_b);
}

/* Has the list never had an entry? Then nothing is known of what it would decide, and a detector says less.
 */
static inline bool jd_empty(struct jd_host *h, enum jd_list list)
{
    return JD_API(h)->empty(h, list);
}

/* Is the key on the list today? `entry` (may be NULL) gets its value, the first one where there are several.
 */
static inline bool jd_listed(struct jd_host *h, enum jd_list list, uint64_t key, struct jd_entry *entry)
{
    return JD_API(h)->listed(h, list, key, entry);
}

/* Does the list hold this very pair of key and value today? A division's key is its six-digit number. */
static inline bool jd_paired(struct jd_host *h, enum jd_list list, uint64_t key, uint64_t value_key)
{
    return JD_API(h)->paired(h, list, key, value_key);
}

/* Does the event come from a listed egress address (a whole city hall behind one)? */
static inline bool jd_egress(struct jd_host *h, const struct jd_event *e)
{
    return JD_API(h)->egress(h, e);
}

static inline void jd_emit(struct jd_host *h, const struct jd_emit *emit)
{
    JD_API(h)->emit(h, emit);
}

/* Takes a signal about a subject back: it no longer counts. What was published stays published. */
static inline void jd_retract(struct jd_host *h, unsigned signal, struct jd_subject subject)
{
    JD_API(h)->retract(h, signal, subject);
}

/* Has the table evicted a live record that was touched within the window? */
static inline bool jd_lost(struct jd_host *h, unsigned table, int64_t window)
{
    return JD_API(h)->lost(h, table, window);
}

/* Calls `visit` with each live record of a table, in an order that events alone decide. For timers: it takes
 * as long as there are records. The visitor makes and removes none in this table. */
static inline void jd_each(struct jd_host *h, unsigned table, jd_visit visit, void *context)
{
    JD_API(h)->each(h, table, visit, context);
}

/* One row more of the detector's report. */
static inline void jd_row(struct jd_host *h, const struct jd_row *row)
{
    JD_API(h)->row(h, row);
}

/* Publishes the rows handed over so far, by the end of the same call, as the figures of a day (jd_day). */
static inline void jd_report(struct jd_host *h, int64_t day)
{
    JD_API(h)->report(h, day);
}

/* The percentage of its canteen's food purchase that a unit of this division must reserve for a year:
 * `targets` in the config, at least 10. */
static inline int64_t jd_target(struct jd_host *h, uint32_t region, int64_t year)
{
    return JD_API(h)->target(h, region, year);
}

/* An event as evidence. */
static inline struct jd_ref jd_ref_of(const struct jd_event *e)
{
    return (struct jd_ref){
        .id_ms = e->id_ms,
        .id_seq = e->id_seq,
        .time = e->time,
        .amount = jd_num(e, JD_F_AMOUNT),
        .account = jd_key(e, JD_F_ACCOUNT),
        .unit = jd_key(e, JD_F_UNIT) ? jd_key(e, JD_F_UNIT) : jd_key(e, JD_F_ACCOUNT_UNIT),
        .device = jd_key(e, JD_F_DEVICE),
        .supplier = jd_key(e, JD_F_SUPPLIER),
        .order = jd_key(e, JD_F_ORDER),
        .waybill = jd_key(e, JD_F_WAYBILL),
        .region = (uint32_t)jd_num(e, JD_F_REGION),
        .type = (uint16_t)e->type,
    };
}

/* ---- the detector ---- */

#define JD_TYPE_BIT(type) (UINT64_C(1) << JD_TYPE_##type)

struct jd_detector {
    uint16_t abi_major, abi_minor; /* JD_ABI_MAJOR, JD_ABI_MINOR */
    uint32_t size;                 /* sizeof(struct jd_detector) */
    uint32_t event_schema;         /* JD_EVENT_SCHEMA */
    uint32_t reserved;
    const char *name;    /* lower_case_words, as in the config */
    const char *version; /* "1.0.0", stands in every alert */
    const char *summary;
    const char *title_zh, *title_en;   /* an alert's title; {subject} is replaced */
    const char *clause_zh, *clause_en; /* the rule of the platform that is touched */
    uint64_t wants;                    /* JD_TYPE_BIT of each event type that on_event is called for */
    const struct jd_option *options;
    size_t n_options;
    size_t config_size; /* all of its options are int64_t */
    const struct jd_table *tables;
    size_t n_tables;
    const struct jd_signal *signals;
    size_t n_signals;
    /* Cross-checks a filled config; NULL or 0: fine; else -1 and one sentence in `why`. */
    int (*configure)(void *config, char *why, size_t why_size);
    void (*on_event)(struct jd_host *, const struct jd_event *);
    void (*on_timer)(struct jd_host *, unsigned table, uint64_t key, void *record); /* may be NULL */
    const struct jd_report *report; /* may be NULL; a detector with a report may have no signals */
    const struct jd_need *needs;
    size_t n_needs;
};

/* A loadable detector exports this one symbol; compiled in, the macro names it after the detector. */
#ifdef JD_BUILTIN
#define JD_ENTRY(name)                                                                                       \
    const struct jd_detector *jd_detector_##name(void);                                                      \
    const struct jd_detector *jd_detector_##name(void)
#else
#define JD_ENTRY(name)                                                                                       \
    const struct jd_detector *jd_detector(void);                                                             \
    const struct jd_detector *jd_detector(void)
#endif

#endif
