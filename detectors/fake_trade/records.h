/* What the detector keeps: its tables, the signals that it raises, and a record's layout for each table. The
 * host owns the records; they are plain integers, so that it can save and expire them. */
#ifndef JIANDU_DETECTORS_FAKE_TRADE_RECORDS_H
#define JIANDU_DETECTORS_FAKE_TRADE_RECORDS_H

#include "detectors/detector.h"

enum fake_trade_table {
    ORDERS,
    WAYBILLS,
    IDENTITIES,
    ACCOUNTS,
    SUPPLIERS,
    UNITS,
    PAIRS,
    BASKETS,
    FEEDS,
    PACES,
    INFLOWS,
    OUTFLOWS,
    FLOWS,
    SEARCHES,
    PURSES,
    PRICES,
    GOODS,
    BANDS,
    PEERS,
    REDEEMERS,
    CROWDS,
    RETURNS,
    REFUNDS,
    FINDINGS,
    INSTALMENTS
};

enum fake_trade_signal {
    F1,
    F1_LABEL,
    F2,
    F2_FAR,
    F4,
    F4_RARE,
    F5_DEVICE,
    F5_PHONE,
    F5_PAYER,
    F5_ADDRESS,
    F13,
    F13_SCAN,
    F14,
    F14_YEAR,
    F3_WEIGHT,
    F3_TRACE,
    F3_PLACE,
    F4_EARLY,
    F12,
    F12_SIDE,
    F6,
    F7,
    F7_HAND,
    F8,
    F9,
    F10,
    F11,
    F12_VOUCHER,
    F7_AGAIN,
    F8_SAME,
    F3_ORIGIN,
    F7_MUTUAL,
    SIGNALS
};

/* When something happened to an order, and the entry that said so. id_ms 0: it has not happened as far as is
 * known; otherwise it is when the entry arrived. */
struct fake_trade_step {
    int64_t time, id_ms;
    uint64_t id_seq;
};

enum fake_trade_step_kind {
    ORDERED,
    PAID,
    SHIPPED,
    SCANNED,
    DELIVERED,
    RECEIVED,
    INVOICED,
    REFUNDED,
    CANCELLED,
    STEPS
};

#define STEP(kind) (UINT32_C(1) << (kind))

struct fake_trade_payment {
    uint64_t payer;
    int64_t amount, time;
};

struct fake_trade_refund {
    uint64_t payee;
    int64_t amount;
    struct fake_trade_step step;
};

enum {
    ORDER_PAYMENTS = 4,
    ORDER_REFUNDS = 3,
    ORDER_WAYBILLS = 3,
    WAYBILL_USES = 4,
    IDENTITY_PARTIES = 8,
    IDENTITY_INLINE = 2,
    SUPPLIER_FAULTS = 8,
    SUPPLIER_CITIES = 3,
    PAIR_ORDERS = 4,
    BASKET_ORDERS = 6,
    FEED_DAYS = 16,
    REDEEMER_UNITS = 4,
    PAIR_RECENT = 6,
    PAIR_BACK = 4,
    PURSE_ORDERS = 8,
    PRICE_BINS = 64, /* quarters of an octave from 2^4 fen on: up to 10,000 yuan */
    PRICE_SELLERS = 8,
    GOODS_SALES = 8,
    SPLIT_LIMITS = 4,
    SHARE_BINS = 101, /* hundredths */
    INFLOW_KEPT = 16,
    OUTFLOW_NODES = 6,
    FLOWS_KEPT = 4,
    CYCLE_WORDS = 4, /* of 64 bits of a signature; a power of 2 */
    PACE_BINS = 64,  /* quarters of an octave of minutes: up to 2^16 minutes, 45 days */
};

/* Flags of an order. */
enum {
    ORDER_RECEIPT_COUNTED = 1,
    ORDER_SHIPMENT_COUNTED = 2,
    ORDER_LABEL_COUNTED = 4,
    ORDER_SCAN_COUNTED = 8,
    ORDER_ARRIVAL_COUNTED = 16,
    ORDER_PARCEL_COUNTED = 32,
    ORDER_PACED = 64,
    ORDER_PARCEL_SHARED = 128,  /* another order has had its waybill */
    ORDER_PARTIES_SHARED = 256, /* a seller has used one of its keys */
    ORDER_PURSE_COUNTED = 512,
    ORDER_WENT_WRONG = 1024,
    ORDER_PRICED = 2048,
    ORDER_PAIRED = 4096,
    ORDER_PAID_BACK = 8192,
    ORDER_OF_SELLER = 16384, /* the unit sells on the platform too */
    ORDER_MUTUAL = 32768,    /* counted among what it buys from that seller */
};

/* What a supplier may do again and again. */
enum fake_trade_fault_kind {
    UNSHIPPED, /* F1 */
    UNSCANNED, /* F1.label */
    UNREAL,    /* F3 */
    RUSHED,    /* F4 */
    EARLY,     /* F4.early */
    LINKED,    /* F5 */
    CIRCULAR,  /* F6 */
    DEARER,    /* F8.same */
    FAULT_KINDS
};

/* The order is among its supplier's faults of a kind. */
#define ORDER_FAULT(kind) (UINT32_C(1) << (16 + (kind)))
#define ORDER_FAULTS (UINT32_C(0xffff) << 16)

struct fake_trade_order {
    uint64_t key, supplier, unit, account, device, phone, consignee, address, sku, category, carrier;
    uint64_t shipment_account, shipment_device, receipt_account, receipt_device;
    uint64_t payee; /* of its first payment */
    uint64_t house; /* of the address, without floor and room; 0: it does not say */
    int64_t amount, price, quantity;
    int64_t invoice_time; /* the earliest */
    int64_t collected;    /* when a scan first said so, 0: never */
    int64_t circle;       /* when its money last came back, 0: never */
    struct fake_trade_step step[STEPS];
    struct fake_trade_payment payment; /* the first that arrived; more are in INSTALMENTS */
    uint64_t waybills[ORDER_WAYBILLS];
    uint32_t region, supplier_region; /* of the unit, of the supplier */
    uint32_t origin_region;           /* where the shipment says that it was sent from */
    uint32_t scan_region;             /* of the scan that collected it */
    uint32_t delivered_region;        /* of the scan that delivered it */
    uint32_t declared;                /* grams, by the supplier; the most of any shipment */
    uint32_t scanned[ORDER_WAYBILLS]; /* grams, by the carrier; the most of any scan of that waybill */
    uint32_t pace_faster,
        pace_peers; /* of those alike, how many were as fast; set once, when the receipt has settled */
    uint32_t flags;
    uint32_t raised; /* RAISED() bits: what is in force */
    uint8_t product, mode, n_payments, n_waybills;
    uint8_t n_refunds; /* in REFUNDS */
    uint8_t reserved[7];
};

#define RAISED(signal) (UINT32_C(1) << (signal))

_Static_assert(SIGNALS <= 32, "an order remembers what it has raised of each signal");

/* Of an order that was paid more than once: all payments but the first. */
struct fake_trade_instalments {
    struct fake_trade_payment list[ORDER_PAYMENTS - 1];
};

/* Of an order that has any. */
struct fake_trade_refunds {
    struct fake_trade_refund list[ORDER_REFUNDS];
};

/* Of an order that has raised any: strength, 0.1 dB, by signal; stale where the order no longer raises it. */
struct fake_trade_strengths {
    int16_t of[32];
};

struct fake_trade_use {
    uint64_t order;
    struct fake_trade_step step;
};

struct fake_trade_waybill {
    struct fake_trade_step scan, delivered; /* the first ones */
    int64_t collected;                      /* as in the order */
    uint32_t scan_region, delivered_region;
    uint32_t weight; /* grams, the most of any scan */
    uint32_t n;
    struct fake_trade_use uses[WAYBILL_USES]; /* one an order, in order of arrival */
};

enum { SIDE_BUYER = 1, SIDE_SELLER = 2 };

struct fake_trade_party {
    uint64_t party; /* buyer: unit; seller: credit code, or supplier's id where no event has given the code */
    int64_t last;
    union {
        struct {
            uint64_t order;   /* the last */
            int64_t received; /* when it last accepted goods with this device, 0: never */
            uint64_t received_order;
        } buyer;
        struct fake_trade_step seen; /* seller: first */
    };
    uint16_t side;
    uint16_t type; /* seller: of the entry that was first */
    uint32_t reserved;
};

/* Who has used a device, a phone, an address or a bank account. Most serve one party or two and stay this
 * small. */
struct fake_trade_identity {
    uint8_t n;
    uint8_t sellers; /* among them */
    uint8_t hub;     /* more parties than fit have used it: it belongs to nobody */
    uint8_t reserved;
    int32_t named; /* day on which its name was last kept */
    struct fake_trade_party
        parties[IDENTITY_INLINE]; /* all of them up to here, otherwise they are in CROWDS */
};

struct fake_trade_crowd {
    struct fake_trade_party parties[IDENTITY_PARTIES];
};

struct fake_trade_account {
    uint64_t phone;
    int32_t named; /* day on which the phone's name was last kept */
    int32_t reserved;
};

struct fake_trade_fault {
    uint64_t order, unit;
    int64_t time;
};

struct fake_trade_faults {
    uint32_t n;
    uint32_t reserved;
    uint64_t total; /* also of those that no longer fit, halved like `received` */
    struct fake_trade_fault list[SUPPLIER_FAULTS]; /* the latest, the oldest first */
};

struct fake_trade_supplier {
    uint64_t credit_code;
    int64_t epoch;                    /* number of the period that `received` counts in */
    uint64_t received;                /* goods received, halved at each new period */
    uint64_t cities[SUPPLIER_CITIES]; /* orders that raise F3.origin, one a prefecture */
    struct fake_trade_faults faults[FAULT_KINDS];
};

struct fake_trade_unit {
    int64_t bank_changed;
    uint64_t sells; /* 1: a supplier has its credit code */
    int64_t year;   /* what was spent in it, fen: */
    int64_t earlier, december;
    int64_t orders;
};

struct fake_trade_back {
    uint64_t order;
    int64_t ordered, refunded;
};

/* Orders of one unit from one supplier; of units that sell, also under the seller's credit code. */
struct fake_trade_pair {
    uint64_t next;
    uint64_t recent[PAIR_RECENT];
};

/* Those of them for which money went back. */
struct fake_trade_returns {
    uint64_t n;
    uint64_t orders[PAIR_ORDERS]; /* that were refunded after the year had ended */
    uint64_t n_back;
    int64_t first_back;                     /* when money was first paid back after acceptance */
    struct fake_trade_back back[PAIR_BACK]; /* the latest orders of which it was */
};

/* The account that sellers are paid on; counts of this period and the one before. */
struct fake_trade_purse {
    int64_t epoch, received[2], wrong[2];
    uint64_t next;
    uint64_t orders[PURSE_ORDERS]; /* the latest that went wrong */
};

struct fake_trade_price_half {
    int64_t epoch;
    uint32_t bins[PRICE_BINS];
};

/* What goods of a category cost: two generations. */
struct fake_trade_prices {
    struct fake_trade_price_half half[2];
    struct {
        struct jd_set head;
        struct jd_slot slot[PRICE_SELLERS];
    } sellers;
};

struct fake_trade_sale {
    uint64_t order, unit;
    int64_t price, time;
};

/* The last sales of a product. */
struct fake_trade_goods {
    uint64_t next;
    struct fake_trade_sale sales[GOODS_SALES];
};

/* How many of all orders lie just below each limit; one record. */
struct fake_trade_bands {
    int64_t epoch;
    uint64_t n, below[SPLIT_LIMITS];
};

#define BANDS_KEY 1

/* How much of the year units of a size spend in December; counted at each order. */
struct fake_trade_peers {
    int64_t year;
    uint32_t n;
    uint32_t bins[SHARE_BINS];
};

/* Recent orders of one owner from one supplier. */
struct fake_trade_basket {
    uint64_t next;
    uint64_t orders[BASKET_ORDERS];
};

struct fake_trade_feed_day {
    int32_t day;
    uint32_t expected, seen;
};

/* How much of what a feed should have told it has told: scans of a carrier's waybills, shipments of received
 * orders. */
struct fake_trade_feed {
    int64_t expected, seen; /* in all */
    struct fake_trade_feed_day days[FEED_DAYS];
};

struct fake_trade_pace_half {
    int64_t epoch;
    uint32_t n, reserved;
    uint32_t bins[PACE_BINS];
};

/* How long goods of a kind take from shipment (or order) to receipt over a distance: two generations. */
struct fake_trade_pace {
    struct fake_trade_pace_half half[2];
};

/* One transfer of money. */
struct fake_trade_money {
    uint64_t from;  /* node: a unit, a supplier or an account */
    uint64_t payer; /* account */
    uint64_t order; /* 0: a transfer without one */
    int64_t time, amount, id_ms;
    uint64_t id_seq;
    uint32_t type;
    uint32_t fed; /* the sender had been paid himself before */
};

/* What a node has been paid. Two generations, each as long as the window. */
struct fake_trade_inflow {
    uint64_t reach[2][CYCLE_WORDS]; /* a bit for each node from which money can have come here */
    int64_t epoch;
    uint32_t count[2];
    uint32_t n, reserved;
    struct fake_trade_money list[INFLOW_KEPT]; /* the newest first; the two largest stay longer */
};

/* Whom a node has paid lately. */
struct fake_trade_outflow {
    uint64_t number; /* of senders, as they came */
    uint64_t next;
    uint64_t to[OUTFLOW_NODES];
};

/* The latest transfers from one node to another. */
struct fake_trade_flows {
    uint32_t n, reserved;
    struct fake_trade_money list[FLOWS_KEPT]; /* the newest first */
};

struct fake_trade_redeemed {
    uint64_t unit, order; /* the last */
    int64_t last;
    int64_t count;
};

/* Whose vouchers a device (or a phone) has redeemed. */
struct fake_trade_redeemer {
    struct fake_trade_redeemed units[REDEEMER_UNITS];
};

/* How much was searched for circles of money; one record. */
struct fake_trade_searches {
    uint64_t done, cut, reads; /* cut: out of budget */
    uint64_t senders;
};

#define SEARCHES_KEY 1

#endif
