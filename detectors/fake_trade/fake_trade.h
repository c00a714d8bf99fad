/* What the files of this detector share: its records, its configuration and how a signal is raised.
 *
 * Every event is first written into records, in whatever order events arrive; then each order that it
 * concerns is judged again, by the signals that depend on what has changed. Judging is idempotent: an order
 * remembers what it has raised, so that a repeated event changes nothing, and a late one can take a signal
 * back. */
#ifndef JIANDU_DETECTORS_FAKE_TRADE_H
#define JIANDU_DETECTORS_FAKE_TRADE_H

#include "detectors/fake_trade/records.h"

/* ---- configuration ---- */

struct fake_trade_config {
    int64_t keep_closed, repeat_orders, repeat_units, repeat_percent, repeat_times, repeat_known,
        repeat_window;
    int64_t f1_none, f1_local, f1_repeated, f1_label, f1_label_received;
    int64_t f1_wait, f1_label_wait, f1_label_accepted;
    int64_t outage_percent, outage_waybills, outage_orders;
    int64_t f2_reuse, f2_delivered, f2_window, f2_correction, f2_slip, f2_wait;
    int64_t f3_weight, f3_light, f3_trace, f3_place, f3_origin, f3_repeated, f3_percent, f3_light_percent,
        f3_least, f3_road, f3_air, f3_ground;
    int64_t f4_impossible, f4_repeated, f4_rare, f4_very_rare, f4_peers;
    int64_t f4_from_shipment, f4_between_provinces, f4_from_order, f4_before_scan, f4_before_delivery;
    int64_t f5_device, f5_phone, f5_payer, f5_address, f5_linked, f5_hub, f5_window;
    int64_t f6_short, f6_long, f6_level, f6_quick, f6_repeated, f6_orders, f6_low, f6_high, f6_hub, f6_window;
    int64_t f7_again, f7_back, f7_some, f7_many, f7_most, f7_hand, f7_hand_device, f7_suppliers, f7_mutual,
        f7_mutual_orders, f7_window;
    int64_t f8_raised, f8_high, f8_far, f8_least, f8_sellers, f8_same, f8_same_repeated, f8_same_percent,
        f8_window;
    int64_t f9_raised, f9_high, f9_certain, f9_orders, f10_raised, f10_high, f10_least, f11_raised, f11_high,
        f11_least;
    int64_t f12_hand, f12_few, f12_side, f12_units, f12_least, f12_window;
    int64_t f12_voucher, f12_redeemed, f12_voucher_window;
    int64_t f13_invoice, f13_replaced, f13_scan, f13_tolerance, f13_reorder;
    int64_t f14_account, f14_known, f14_wait, f14_year, f14_year_repeated, f14_year_percent, f14_year_orders;
};

enum { FAKE_TRADE_OPTIONS = sizeof(struct fake_trade_config) / sizeof(int64_t) };

extern const struct jd_option fake_trade_options[FAKE_TRADE_OPTIONS];
extern const struct jd_signal fake_trade_signals[SIGNALS];
enum { FAKE_TRADE_NEEDS = 47 };
extern const struct jd_need fake_trade_needs[FAKE_TRADE_NEEDS];

static inline const struct fake_trade_config *fake_trade_config(struct jd_host *h)
{
    return (const struct fake_trade_config *)jd_config(h);
}

/* ---- small helpers ---- */

/* A key of several keys (the finaliser of splitmix64 over their running sum). */
static inline uint64_t fake_trade_mix(uint64_t a, uint64_t b)
{
    uint64_t z = a * UINT64_C(0x9e3779b97f4a7c15) + b;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return z ? z : 1;
}

/* The event as what has happened. */
static inline struct fake_trade_step fake_trade_step_of(const struct jd_event *e)
{
    return (struct fake_trade_step){.time = e->time, .id_ms = e->id_ms, .id_seq = e->id_seq};
}

static inline bool fake_trade_has(const struct fake_trade_order *o, enum fake_trade_step_kind kind)
{
    return o->step[kind].id_ms != 0;
}

/* Has `wait` passed since a step became known? */
static inline bool fake_trade_waited(
    struct jd_host *h, const struct fake_trade_order *o, enum fake_trade_step_kind kind, int64_t wait)
{
    return fake_trade_has(o, kind) && jd_now(h) >= o->step[kind].id_ms + wait;
}

/* The same prefecture: the first four digits of the division code. */
static inline bool fake_trade_same_city(uint32_t a, uint32_t b)
{
    return a != 0 && b != 0 && a / 100 == b / 100;
}

/* Both known, and at least a prefecture apart: the stand-in for "more than 50 km". */
static inline bool fake_trade_far(uint32_t a, uint32_t b)
{
    return a != 0 && b != 0 && !fake_trade_same_city(a, b);
}

/* The integer square root of 0..2^62. */
int64_t fake_trade_root(int64_t x);

/* Quarters of an octave: 4k + q are values from 2^k (1 + q/4) on; of 1..2^61. */
static inline unsigned fake_trade_octave(uint64_t x)
{
    unsigned k = 0;
    while (x >> (k + 1))
        k++;
    return 4 * k + (unsigned)(x << 2 >> k & 3);
}

struct fake_trade_date {
    int64_t year;
    int month; /* 1 to 12 */
};

/* By the platform's clock. */
struct fake_trade_date fake_trade_date_of(int64_t time);

/* Does the supplier also ship from there, by the registry (a district, its prefecture or its province)? */
bool fake_trade_warehouse(struct jd_host *h, const struct fake_trade_order *o, uint32_t region);

/* ---- order.c: the order's record, and raising and taking back ---- */

/* Keeps the names of these fields, for as long as an order's record lasts. */
void fake_trade_remember(struct jd_host *h, const struct jd_event *e, const enum jd_field *fields, size_t n);
struct fake_trade_order *fake_trade_order_get(struct jd_host *h, const struct jd_event *e);
/* Keeps the earliest of its kind; true if the event is it. */
bool fake_trade_order_step(
    struct fake_trade_order *o, enum fake_trade_step_kind kind, const struct jd_event *e);

enum { FINDING_MORE = 8 };

struct fake_trade_finding {
    enum fake_trade_signal signal;
    int64_t strength;
    uint32_t flags;
    struct jd_subject rollup;             /* kind 0: the supplier, or else the unit */
    uint32_t steps;                       /* STEP() bits: the entries of the order that prove it */
    const struct fake_trade_order *other; /* a second order that is part of it, or NULL */
    uint32_t other_steps;
    const struct jd_member *members; /* more of them: what ties the two sides, who else has paid */
    uint32_t n_members;              /* at most FINDING_MORE, like n_refs */
    const struct jd_ref *refs;       /* more entries */
    uint32_t n_refs;
    int64_t value, threshold;
    int64_t facts[JD_FACTS];
};

/* Raises a signal about the order, if it is stronger than what is in force. */
void fake_trade_raise(
    struct jd_host *h, struct fake_trade_order *o, const struct fake_trade_finding *finding);
void fake_trade_clear(struct jd_host *h, struct fake_trade_order *o, enum fake_trade_signal signal);
/* The strength in force of a signal, 0: none. */
int64_t fake_trade_raised(struct jd_host *h, const struct fake_trade_order *o, enum fake_trade_signal signal);
/* An order's entry as evidence. */
struct jd_ref fake_trade_ref(const struct fake_trade_order *o, enum fake_trade_step_kind kind);

/* ---- judge.c: which signals are asked about what has changed ---- */

enum fake_trade_change {
    ORDER_CHANGED = 1,
    PAYMENT_CHANGED = 2,
    SHIPMENT_CHANGED = 4,
    SCAN_CHANGED = 8,
    RECEIPT_CHANGED = 16,
    INVOICE_CHANGED = 32,
    REFUND_CHANGED = 64,
    CANCEL_CHANGED = 128,
    GOODS_CHANGED = 256,    /* they turned out to be a voucher */
    TIME_CHANGED = 512,     /* a time of waiting is over */
    PARCEL_CHANGED = 1024,  /* other orders of its parcel */
    PARTIES_CHANGED = 2048, /* who else uses its device, phone, address or payer */
    FAULTS_CHANGED = 4096,  /* what else its supplier has done */
};

void fake_trade_judge(struct jd_host *h, struct fake_trade_order *o, uint32_t changes);
void fake_trade_judge_key(struct jd_host *h, uint64_t order, uint32_t changes);

/* ---- supplier.c: what a supplier has done before, and how far its feeds can be trusted ---- */

struct fake_trade_supplier *fake_trade_supplier_of(struct jd_host *h, const struct fake_trade_order *o);
void fake_trade_supplier_received(struct jd_host *h, const struct fake_trade_order *o);
/* When a fault is the supplier's way of working. */
struct fake_trade_habit {
    enum fake_trade_fault_kind kind;
    int64_t time;   /* of the fault */
    int64_t orders; /* at least; 0: as many as the option says */
    int64_t units;  /* unrelated ones, at least */
    uint64_t feed;  /* what it misses is the usual share, which is exceeded by far; 0: any share will do */
};

struct fake_trade_repeated {
    bool added;    /* the order was not among the faults */
    bool repeated; /* it is the supplier's way of working */
    int64_t orders;
};

/* Adds the order to its supplier's faults of a kind, if it is not among them. */
struct fake_trade_repeated fake_trade_fault_add(
    struct jd_host *h, struct fake_trade_order *o, const struct fake_trade_habit *habit);
/* Takes it off again, if it is among them. */
void fake_trade_fault_remove(struct jd_host *h, struct fake_trade_order *o, enum fake_trade_fault_kind kind);
/* Judges all orders that are among them anew. */
void fake_trade_fault_judge(
    struct jd_host *h, const struct fake_trade_order *o, enum fake_trade_fault_kind kind);
/* Adds the order and raises the finding: as a hard fact of strength `repeated` if it is the supplier's way of
 * working. `orders`, a member of the finding or NULL, gets how many such orders there are. */
void fake_trade_fault_raise(struct jd_host *h, struct fake_trade_order *o,
    const struct fake_trade_habit *habit, struct fake_trade_finding *finding, int64_t *orders,
    int64_t repeated);

/* What is expected of the whole platform; other feeds are a carrier's scans, under its key. */
#define FEED_SHIPMENTS UINT64_MAX      /* a shipment of every order that was received */
#define FEED_PACES (UINT64_MAX - 1)    /* a receipt that is not too fast */
#define FEED_ARRIVALS (UINT64_MAX - 2) /* a delivery before the receipt */
#define FEED_PARCELS (UINT64_MAX - 3)  /* a parcel that can be what it says */
#define FEED_FAULTS (UINT64_MAX - 4)   /* the other way round: seen are faults */

/* What share of the received orders of all other suppliers had a fault, in millionths; 0: too few are known.
 */
int64_t fake_trade_fault_share(struct jd_host *h, const struct fake_trade_supplier *s);

void fake_trade_feed_expect(struct jd_host *h, uint64_t feed, int64_t time);
void fake_trade_feed_see(struct jd_host *h, uint64_t feed, int64_t time);
/* Did the feed say little about the days around `time`? Below `least` expected reports nobody can tell:
 * false. */
bool fake_trade_feed_silent(struct jd_host *h, uint64_t feed, int64_t time, int64_t least);
/* Has it proved over its life that it reports? */
bool fake_trade_feed_trusted(struct jd_host *h, uint64_t feed, int64_t least);

/* ---- the signals, a file a noun ---- */

void fake_trade_shipment(
    struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e); /* waybill.c */
/* `o`: the order that the scan names, or NULL. */
void fake_trade_tracking(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e);
void fake_trade_waybill_reuse(struct jd_host *h, struct fake_trade_order *o);

void fake_trade_no_shipment(struct jd_host *h, struct fake_trade_order *o); /* logistics.c */
void fake_trade_label_only(struct jd_host *h, struct fake_trade_order *o);
void fake_trade_local_scan(struct jd_host *h, struct fake_trade_order *o);

void fake_trade_light_parcel(struct jd_host *h, struct fake_trade_order *o); /* parcel.c */
void fake_trade_false_trace(struct jd_host *h, struct fake_trade_order *o);
void fake_trade_wrong_place(struct jd_host *h, struct fake_trade_order *o);
void fake_trade_wrong_origin(struct jd_host *h, struct fake_trade_order *o);

void fake_trade_fast_receipt(struct jd_host *h, struct fake_trade_order *o); /* pace.c */
void fake_trade_early_receipt(struct jd_host *h, struct fake_trade_order *o);

/* Who has used a key; valid as long as the identity's record. */
struct fake_trade_parties {
    struct fake_trade_party *list;
    uint32_t n;
};

/* Those of a key's record, which may be NULL. */
struct fake_trade_parties fake_trade_identity_parties(
    struct jd_host *h, uint64_t key, struct fake_trade_identity *id); /* identity.c */

/* A device has just accepted goods; `parties` have used it, `by` is the one among them. */
void fake_trade_receipt_hand(struct jd_host *h, const struct jd_event *e, const struct fake_trade_order *o,
    struct fake_trade_parties parties, struct fake_trade_party *by); /* receipt.c */

void fake_trade_identity_note(
    struct jd_host *h, const struct jd_event *e, struct fake_trade_order *o); /* identity.c */
void fake_trade_identity_link(struct jd_host *h, struct fake_trade_order *o);
/* Is the party the order's seller? */
bool fake_trade_sells(struct jd_host *h, const struct fake_trade_order *o, const struct fake_trade_party *p);
bool fake_trade_paid_before(struct jd_host *h, uint64_t payer, uint64_t unit);
bool fake_trade_identity_hub(struct jd_host *h, uint64_t key);

void fake_trade_basket_note(struct jd_host *h, const struct fake_trade_order *o); /* invoice.c */
void fake_trade_basket_judge(struct jd_host *h, const struct fake_trade_order *o);
void fake_trade_invoice_older(struct jd_host *h, struct fake_trade_order *o);

void fake_trade_payment(
    struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e); /* money.c */
void fake_trade_refund(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e);
void fake_trade_refund_diverted(struct jd_host *h, struct fake_trade_order *o);
void fake_trade_refund_after_year(struct jd_host *h, struct fake_trade_order *o);

/* Money has moved: between whom, and is it on its way back? */
void fake_trade_money_moves(
    struct jd_host *h, const struct jd_event *e, const struct fake_trade_order *o); /* circle.c */
/* The node of an account: whom it belongs to, if to one party only, else itself. */
uint64_t fake_trade_money_node(struct jd_host *h, uint64_t account);

/* The order's payments; how many. */
unsigned fake_trade_payments_of(struct jd_host *h, const struct fake_trade_order *o,
    struct fake_trade_payment payments[static ORDER_PAYMENTS]); /* money.c */

/* The order's refunds, o->n_refunds of them; NULL where it has none. */
static inline const struct fake_trade_refund *fake_trade_refunds_of(
    struct jd_host *h, const struct fake_trade_order *o)
{
    const struct fake_trade_refunds *r = o->n_refunds ? jd_find(h, REFUNDS, o->key) : NULL;
    return r ? r->list : NULL;
}

/* The key of the order's unit and supplier together, 0 while one of them is not known. */
static inline uint64_t fake_trade_pair_key(const struct fake_trade_order *o)
{
    return o->unit && o->supplier ? fake_trade_mix(o->unit, o->supplier) : 0;
}

/* What share k of n is at least, in millionths. */
int64_t fake_trade_share_at_least(int64_t k, int64_t n); /* rates.c */
void fake_trade_wash(struct jd_host *h, struct fake_trade_order *o);
void fake_trade_paid_back_again(struct jd_host *h, struct fake_trade_order *o);
void fake_trade_mutual(struct jd_host *h, struct fake_trade_order *o);
void fake_trade_fault_rate(struct jd_host *h, struct fake_trade_order *o);

void fake_trade_price(struct jd_host *h, struct fake_trade_order *o); /* price.c */
void fake_trade_split(struct jd_host *h, struct fake_trade_order *o); /* split.c */

void fake_trade_season_note(struct jd_host *h, struct fake_trade_order *o); /* season.c */
void fake_trade_season(struct jd_host *h, struct fake_trade_order *o);

void fake_trade_redeem(
    struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e); /* voucher.c */

#endif
