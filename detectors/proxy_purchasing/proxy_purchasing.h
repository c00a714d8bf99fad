/* What the files of this detector share: its options, the records of its tables, and the steps of its work:
 * an order is taken down, its resources are linked to the unit (resource), each resource is judged (signals),
 * found its ring (ring) and reported (report). */
#ifndef JIANDU_PROXY_PURCHASING_H
#define JIANDU_PROXY_PURCHASING_H

#include "detectors/detector.h"

#define LINKS 32   /* units named of one resource: more than the highest step */
#define HOP_DAYS 8 /* days with a chain remembered of one device */

enum table { RESOURCES, WIDES, CROWDS, ORDERS, ACCOUNTS, TALLIES };

/* The resources of an order, most telling first: a ring is named after the first that it has, but never after
 * a supplier. */
enum part {
    PART_DEVICE,
    PART_PAYER,
    PART_LOGIN_PHONE,
    PART_PHONE,
    PART_ADDRESS,
    PART_ACCOUNT,
    PART_SUPPLIER,
    PARTS
};

enum signal {
    P0_DEVICE,
    P0_ACCOUNT,
    P0_PHONE,
    P0_ADDRESS,
    P1,
    P3_PHONE,
    P3_PAYER,
    P3_ADDRESS,
    P6,
    P7,
    P9,
    P10,
    P11,
    P12,
    SIGNALS
};

/* From so many unrelated units on, so strong. */
struct step {
    int64_t units, strength;
};

struct config {
    int64_t window;
    struct step device[4], phone[2], payer[2], address[2], account[2];
    int64_t hard_units, parents_strength;
    int64_t known_units, known_receiver_units, known_strength, known_many_units, known_many_strength;
    int64_t hop_gap, hop_units, hop_strength, hop_days, hop_days_strength, hop_window;
    int64_t collision_units, collision_cities;
    int64_t declared_units, declared_strength;
    int64_t area_cities, area_strength;
    struct step supplier;
    int64_t popular_percent, shared_units, shared_strength;
    int64_t ring_units;
};

/* A unit that ordered through a resource. */
struct link {
    uint64_t unit;
    uint64_t first_order, last_order; /* as they arrived */
    int64_t last;                     /* ms, the latest event time */
    uint32_t division;                /* of the unit */
    uint16_t city;                    /* first four digits of the division that the latest order came from */
    uint8_t orders;                   /* saturating */
    uint8_t matched;                  /* the payer was declared to be the unit itself */
};

/* A device, phone, payer, address or account. Most serve one unit or two and stay this small. */
struct resource {
    uint64_t
        anchor_key; /* the resource whose case its signals belong to, itself included; kind 0: none yet */
    uint8_t anchor_kind;
    uint8_t wide;    /* its links are in WIDES */
    uint8_t rooted;  /* others follow it, or its own signals may have raised an alert: it stays where it is */
    uint8_t crowded; /* its fan-out counts in its case now */
    uint32_t used;
    struct link links[2];
};

struct wide {
    uint32_t used;
    uint32_t crowd;             /* units in CROWDS: seen, but replaced by newer ones */
    uint32_t hop_day[HOP_DAYS]; /* days since the epoch with a chain, 0: none */
    struct link links[LINKS];
};

/* Present under the mixed keys of a resource and a unit that wide links have replaced. */
struct crowd {
    uint64_t resource;
};

enum { ORDER_SEEN = 1, ORDER_CANCELLED = 2 };

/* An order, or what a payment or cancellation said of one that is still to come. */
struct order {
    struct jd_ref ref; /* type 0 until the order or its payment was seen */
    uint64_t phone, login_phone, address, payer;
    int64_t paid_ms, paid_time; /* of the payment that named the payer */
    uint64_t paid_seq;
    uint16_t city;
    uint16_t flags;
    uint16_t linked; /* bit 1 << part: the unit is linked to that resource through this order */
    uint16_t known;  /* bit 1 << part: that resource was on a list of third parties then */
};

struct account {
    uint64_t phone;     /* that the account last logged in with or was bound to */
    int64_t remembered; /* ms, when its text was last handed to the host */
};

/* Under a supplier's key, and under a key of its own for all of them. */
struct tally {
    int64_t orders;
    int64_t asked, superiors; /* of all: units looked up, and those whose superior is listed */
};

/* The units of a resource, read only; valid until the resource is next linked. */
struct fan {
    const struct link *links;
    uint32_t used;
};

/* A bit for each link of a fan. */
typedef uint32_t link_mask;
#define ALL_LINKS UINT32_MAX

/* ---- resource.c: who ordered through what ---- */

struct jd_subject proxy_purchasing_part(const struct order *, enum part);
struct fan proxy_purchasing_fan(struct jd_host *, uint64_t resource);
/* Different units within the window, also those no longer named. */
uint32_t proxy_purchasing_distinct(struct jd_host *, uint64_t resource);
/* Links the order's unit, or takes it back. True where the resource has a second unit or a case, so that it
 * is worth judging. */
bool proxy_purchasing_link(struct jd_host *, const struct order *, enum part, bool matched);
bool proxy_purchasing_unlink(struct jd_host *, const struct order *, enum part);
/* Cities that the units' latest orders came from; 0 if the events do not say. */
uint32_t proxy_purchasing_cities(struct fan);
/* What makes two units neighbours, who may share by right: the size of the codes of a division or a city.
 * Asked only while nobody knows the unit tree; it decides otherwise. */
enum nearness { NEAR_NOBODY = 0, NEAR_DIVISION = 1, NEAR_CITY = 100 };
/* The largest set that was found of units without a tie between any two, out of those in `among`; `counted`
 * (may be NULL) gets them. */
unsigned proxy_purchasing_unrelated(
    struct jd_host *, struct fan, link_mask among, enum nearness, link_mask *counted);

/* ---- signals.c: one function a signal ---- */

struct finding {
    enum signal signal;
    int32_t strength; /* 0: nothing found */
    uint32_t flags;
    int64_t value, threshold;
    int64_t extra;   /* the signal's own last fact */
    link_mask links; /* the units that it is about */
};

/* What the order's resource shows as a crowd of units, in one sitting, and as a listed third party. */
struct finding proxy_purchasing_fan_out(struct jd_host *, const struct order *, enum part);
struct finding proxy_purchasing_hopping(struct jd_host *, const struct order *);
struct finding proxy_purchasing_known(struct jd_host *, const struct order *, enum part);

/* ---- corroboration.c: what a crowd of units adds ---- */

/* Counts an order. */
void proxy_purchasing_tally(struct jd_host *, const struct jd_ref *order);
/* Do the registries say who is above whom? */
bool proxy_purchasing_tree_known(struct jd_host *);
/* Ties the units of the order's device to its supplier: if most of them, and two that are unrelated, buy
 * there, and not everybody else does. */
void proxy_purchasing_tie_supplier(struct jd_host *, const struct order *);
struct finding proxy_purchasing_declarations(struct jd_host *, const struct order *);
struct finding proxy_purchasing_area(struct jd_host *, const struct order *, enum part);
struct finding proxy_purchasing_shared_devices(struct jd_host *, const struct order *);

/* ---- ring.c: which case a resource belongs to ---- */

/* The subject of all signals of the order's resource; chosen when first asked. */
struct jd_subject proxy_purchasing_anchor(struct jd_host *, const struct order *, enum part);
/* Has the resource a case? */
bool proxy_purchasing_in_case(struct jd_host *, uint64_t resource);
/* Could it still move to the case of a more telling resource? */
bool proxy_purchasing_movable(struct jd_host *, const struct order *, enum part);
/* Takes back what the resource shows as a crowd of units, if it did, under the subject that it has. */
void proxy_purchasing_withdraw(struct jd_host *, const struct order *, enum part);

/* ---- report.c: a finding with its members and evidence ---- */

void proxy_purchasing_report(struct jd_host *, const struct order *, enum part, const struct finding *);

/* ---- orders.c: what each event does ---- */

void proxy_purchasing_on_order(struct jd_host *, const struct jd_event *);
void proxy_purchasing_on_payment(struct jd_host *, const struct jd_event *);
void proxy_purchasing_on_cancel(struct jd_host *, const struct jd_event *);
/* An account's phone, in that field. */
void proxy_purchasing_on_phone(struct jd_host *, const struct jd_event *, enum jd_field);

#endif
