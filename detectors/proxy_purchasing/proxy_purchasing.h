/* What the files of this detector share: its options, the records of its tables, and the steps of its work:
 * an order is taken down (orders), its resources are linked to the unit (resource), each shared one is judged
 * (judge, with one function a signal in signals, timing, lockstep, delivery and corroboration), put into a
 * ring (ring, which asks rings for the name and density for the core) and reported (report). */
#ifndef JIANDU_PROXY_PURCHASING_H
#define JIANDU_PROXY_PURCHASING_H

#include "detectors/detector.h"

#define LINKS 32   /* units named of one resource: more than the highest step */
#define HOP_DAYS 8 /* days with a chain remembered of one device */
#define SEATS 12   /* latest orders remembered of one kind of goods */

enum table { RESOURCES, WIDES, CROWDS, ORDERS, ACCOUNTS, TALLIES, PAYEES, RINGS, SUSPECTS, SITTINGS, PAIRS };

/* The resources of an order, most telling first. */
enum part {
    PART_DEVICE,
    PART_PAYER,
    PART_LOGIN_PHONE,
    PART_PHONE,
    PART_ADDRESS,
    PART_ACCOUNT,
    PART_NETWORK,
    PART_SUPPLIER, /* tied to it by devices that its buyers share */
    PART_LOCKSTEP, /* tied to it by orders alike in goods, quantity and time */
    PARTS
};

enum signal {
    P0_DEVICE,
    P0_ACCOUNT,
    P0_PHONE,
    P0_ADDRESS,
    P1,
    P2,
    P3_PHONE,
    P3_PAYER,
    P3_ADDRESS,
    P4,
    P5,
    P6,
    P6_SELLER,
    P7,
    P8,
    P9,
    P10,
    P11,
    P12,
    P13,
    P10_NEAR, /* since 2.1.0 */
    SIGNALS
};

#define NEEDS 20
extern const struct jd_signal proxy_purchasing_signals[SIGNALS]; /* words.c */
extern const struct jd_need proxy_purchasing_needs[NEEDS];

/* From so many unrelated units on, so strong. */
struct step {
    int64_t units, strength;
};

struct config {
    int64_t window;
    struct step device[4], network[2], phone[2], payer[2], address[2], account[2], lockstep[2];
    int64_t hard_units, again_strength, parents_strength, hard_parents, hard_lockstep;
    int64_t known_units, known_receiver_units, known_strength, known_many_units, known_many_strength;
    int64_t hop_gap, hop_units, hop_strength, hop_days, hop_days_strength, hop_window;
    int64_t collision_units, collision_cities;
    int64_t declared_units, declared_strength, seller_strength, treasury_strength;
    int64_t area_cities, area_strength, area_divisions, area_near_strength;
    struct step supplier;
    int64_t popular_percent, shared_units, shared_strength;
    int64_t sitting_gap, pair_days, loose_gap, loose_days;
    int64_t place_units, place_weeks, place_percent, place_strength;
    int64_t burst_strength;
    int64_t ring_units, ring_window, ring_strength, hub_units, hub_devices, quiet;
};

/* A unit that ordered through a resource. */
struct link {
    uint64_t unit;
    uint64_t first_order, last_order; /* as they arrived */
    int64_t last;                     /* ms, the latest event time */
    uint32_t division;                /* of the unit */
    uint16_t city;                    /* first four digits of the division that the latest order came from */
    uint8_t orders;                   /* saturating */
    uint8_t
        matched; /* of a payer: declared to be the unit itself; of a lockstep: more than once with others */
};

/* A device, phone, payer, address, account, network or supplier. Most serve one unit or two and stay this
 * small. */
struct resource {
    uint64_t ring;    /* that it belongs to, 0: none yet */
    int64_t reported; /* ms, when one of its signals was last emitted, */
    int64_t told;     /* and when with all of its units, under this ring; 0: not yet */
    uint8_t wide;     /* its links are in WIDES */
    uint8_t crowded;  /* its fan-out counts in its ring now */
    uint8_t part;     /* enum part, as which it was first linked */
    uint8_t reserved;
    uint32_t used;
    struct link links[2];
};

/* One-sided burst statistics of a resource's orders by the hour. */
struct burst {
    uint32_t hour;  /* since the epoch, of `now` */
    uint32_t start; /* of the first order */
    uint32_t now;   /* orders in that hour */
    uint32_t total; /* in the hours that were no burst */
};

struct wide {
    uint32_t used;
    uint32_t crowd;             /* units in CROWDS: seen, but replaced by newer ones */
    uint32_t hop_day[HOP_DAYS]; /* days since the epoch with a chain, 0: none */
    uint32_t outside;           /* bit for each link that lies outside the core of its ring */
    uint32_t logins, orders;    /* on this device, since it is wide */
    struct burst burst;
    /* the last count of unrelated units, by nearness: its day, 0 when a link has gone since; bits of the
     * links that were kept, and of those that are new since */
    uint32_t counted_day[3], counted[3], uncounted[3];
    uint32_t searched; /* units when its ring was last searched for from it, 0: that was easy */
    struct link links[LINKS];
};

/* Present under the mixed keys of a resource and a unit that wide links have replaced. */
struct crowd {
    uint64_t resource;
};

enum {
    ORDER_SEEN = 1,
    ORDER_CANCELLED = 2,
    ORDER_NEAR = 8,  /* its supplier is a neighbour of the unit, or officially paired with its division; of
                      * those  whose goods go where those of others go */
    ORDER_EXEMPT = 4 /* perhaps under a contract: nobody could say */
};

/* An order, or what a payment or cancellation said of one that is still to come. */
struct order {
    struct jd_ref ref; /* type 0 until the order or its payment was seen */
    uint64_t phone, login_phone, address, payer;
    uint64_t network, ip;       /* of an office: the block of addresses, and the very address */
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
    int64_t orders;
};

/* Under a supplier's key, and under a key of its own for all of them. */
struct tally {
    int64_t orders;
    int64_t asked, superiors; /* of all: units looked up, and those whose superior is listed */
    int64_t first;            /* ms of the first order */
    int64_t hour, in_hour;    /* of all: orders in that hour since the epoch */
};

/* An account that was paid into for orders. */
struct payee {
    uint64_t supplier; /* of the latest of them, */
    uint64_t changes;  /* and how often that was another one: who collects for many is nobody's */
};

/* The resources in a ring that a unit is tied to, oldest replaced first. */
#define SUSPECTS_KEPT 12
struct suspects {
    uint32_t used, next;
    uint64_t key[SUSPECTS_KEPT];
    uint8_t part[SUSPECTS_KEPT + 4];
};

/* The units of a resource, read only; valid until the resource is next linked. */
struct fan {
    const struct link *links;
    uint32_t used;
};

/* A bit for each link of a fan. */
typedef uint32_t link_mask;
#define ALL_LINKS UINT32_MAX

/* A resource as it is looked at. Pointers are valid until a resource is next linked. */
struct view {
    enum part part;
    uint64_t key;            /* of its record */
    struct jd_subject shown; /* what it is to the reader */
    struct resource *resource;
    struct wide *wide; /* NULL while it is small */
    struct fan fan;
    uint64_t unit;     /* that ordered now, or last */
    uint64_t supplier; /* of that order, */
    uint64_t address;  /* and where its goods went */
    bool known;        /* a listed third party, by that order */
};

/* ---- resource.c: who ordered through what ---- */

/* Key of the record that holds a part's links; 0: the order has none. */
uint64_t proxy_purchasing_part(const struct order *, enum part);
/* What a part's record is about. */
enum jd_kind proxy_purchasing_kind(enum part);
bool proxy_purchasing_view(struct jd_host *, const struct order *, enum part, struct view *);
/* The same without an order at hand. */
bool proxy_purchasing_look(struct jd_host *, uint64_t key, enum part, struct view *);
/* Different units within the window, also those no longer named. */
uint32_t proxy_purchasing_distinct(const struct view *);
/* What linking an order's unit, or taking it back, has changed. */
enum { LINK_SHARED = 1 /* units enough, or a ring: worth judging */, LINK_NEW = 2 /* the unit is new */ };
unsigned proxy_purchasing_link(struct jd_host *, const struct order *, enum part, bool matched);
unsigned proxy_purchasing_unlink(struct jd_host *, const struct order *, enum part);
/* Sets `matched` of the order's link. */
void proxy_purchasing_mark(struct jd_host *, const struct order *, enum part);

/* ---- relations.c: which of the units have nothing to do with each other ---- */

/* What makes two units neighbours, who may share by right: the size of the codes of a division or a city.
 * Asked only of units of which nobody knows a superior; the unit tree decides otherwise. Neighbours share
 * among themselves: where the units lie in three areas or more, being some of them neighbours explains
 * nothing. */
enum nearness { NEAR_NOBODY, NEAR_DIVISION, NEAR_CITY };
/* The largest set that was found of units without a tie between any two, out of those in `among`; `counted`
 * (may be NULL) gets them. */
unsigned proxy_purchasing_unrelated(
    struct jd_host *, const struct view *, link_mask among, enum nearness, link_mask *counted);
/* Have two units nothing to do with each other, and lie in different divisions? */
bool proxy_purchasing_strangers(
    struct jd_host *, uint64_t unit_a, uint32_t division_a, uint64_t unit_b, uint32_t division_b);
/* Cities that the units' latest orders came from; 0 if the events do not say. */
uint32_t proxy_purchasing_cities(struct fan);
/* Divisions of the units in a set. */
uint32_t proxy_purchasing_divisions(struct fan, link_mask);
/* Links in a set. */
uint32_t proxy_purchasing_count(link_mask);
/* The links whose first order had a device (phone) that no link before had. */
link_mask proxy_purchasing_own(struct jd_host *, struct fan, enum part);
/* The links that were matched. */
link_mask proxy_purchasing_matched(struct fan);

/* ---- judge.c ---- */

/* Judges a resource of an order: finds its signals, its ring, and reports. `changed` as linking said. A
 * cancelled order shows only what is left of the crowd. False: there was nothing to report. */
bool proxy_purchasing_judge(struct jd_host *, const struct order *, enum part, unsigned changed);
/* Reports again what a resource shows, under the ring that it has now; not what it showed long ago. */
void proxy_purchasing_restate(struct jd_host *, uint64_t key, enum part);

/* ---- signals: one function each ---- */

struct finding {
    enum signal signal;
    int32_t strength; /* 0: nothing found */
    uint32_t flags;
    int64_t value, threshold;
    int64_t extra;   /* the signal's own last fact */
    link_mask links; /* the units that it is about */
};

/* signals.c */
struct finding proxy_purchasing_fan_out(struct jd_host *, const struct view *);
struct finding proxy_purchasing_known(struct jd_host *, const struct view *);
struct finding proxy_purchasing_place(struct jd_host *, const struct view *);
/* timing.c */
struct finding proxy_purchasing_hopping(struct jd_host *, const struct view *);
struct finding proxy_purchasing_burst(struct jd_host *, const struct view *);
void proxy_purchasing_count_login(struct jd_host *, const struct jd_event *);
void proxy_purchasing_count_order(struct wide *, int64_t time);
/* lockstep.c */
struct finding proxy_purchasing_lockstep(struct jd_host *, const struct view *);
/* corroboration.c */
struct finding proxy_purchasing_declarations(struct jd_host *, const struct view *);
struct finding proxy_purchasing_seller(struct jd_host *, const struct view *);
struct finding proxy_purchasing_area(struct jd_host *, const struct view *);
struct finding proxy_purchasing_shared_devices(struct jd_host *, const struct view *);

/* ---- delivery.c: where the goods go ---- */

/* Is a door evidence of its own, beside the phones of those whose goods go there? */
bool proxy_purchasing_door_tells(struct jd_host *, struct fan);
/* The units whose goods went, by their first order or their latest, to the door of the order that is looked
 * at. */
link_mask proxy_purchasing_at_door(struct jd_host *, const struct view *);
/* Is a delivery phone perhaps that of a supplier's own driver or service? It is left for goods that all come
 * from him and go to the doors of many. */
bool proxy_purchasing_sellers_number(struct jd_host *, const struct view *);
/* P11 of a phone or a door. */
struct finding proxy_purchasing_steered(struct jd_host *, const struct view *);

/* ---- lockstep.c: units that order alike ---- */

/* Seats the order beside those of the same goods; ties the units of a sitting to their supplier. */
void proxy_purchasing_sit(struct jd_host *, struct order *, const struct jd_event *);

/* ---- corroboration.c: tallies ---- */

/* Counts an order. */
void proxy_purchasing_tally(struct jd_host *, const struct jd_ref *order);
/* Do the registries say who is above whom? */
bool proxy_purchasing_tree_known(struct jd_host *);
/* Is the supplier one of many, not everybody's? */
bool proxy_purchasing_unpopular(struct jd_host *, uint64_t supplier);
/* How many times the usual number of orders this hour has, at least 1. */
int64_t proxy_purchasing_surge(struct jd_host *);
/* Does the payer look like a treasury that nobody has listed: all units of one city, whomever they buy from?
 */
bool proxy_purchasing_treasury_like(struct jd_host *, const struct view *);
/* Notes that a payee is the account of an order's supplier. */
void proxy_purchasing_payee(struct jd_host *, uint64_t payee, uint64_t supplier);
/* Ties the units of the order's device to its supplier: if most of them, and two that are unrelated, buy
 * there, and not everybody else does. */
void proxy_purchasing_tie_supplier(struct jd_host *, const struct order *);

/* ---- ring.c: which ring a resource belongs to ---- */

/* The ring of a resource that is about to be reported; searched again where its links have `changed`. 0: the
 * part makes no ring of its own, and no other has it. */
uint64_t proxy_purchasing_ring(struct jd_host *, const struct view *, unsigned changed);
/* Other resources that have a say in the ring are asked to state it again: one of them has fallen silent. */
void proxy_purchasing_ring_restate(struct jd_host *, uint64_t ring, uint64_t except);
/* P13, several kinds of resource tie one ring together. */
struct finding proxy_purchasing_ring_kinds(struct jd_host *, const struct view *);
/* Takes back what the resource shows as a crowd of units, if it did. */
void proxy_purchasing_withdraw(struct jd_host *, const struct view *);

/* ---- report.c: findings with their members and evidence ---- */

void proxy_purchasing_report(
    struct jd_host *, const struct view *, uint64_t ring, const struct finding *, unsigned n);

/* ---- orders.c: what each event does ---- */

void proxy_purchasing_on_order(struct jd_host *, const struct jd_event *);
void proxy_purchasing_on_payment(struct jd_host *, const struct jd_event *);
void proxy_purchasing_on_cancel(struct jd_host *, const struct jd_event *);
/* An account's phone, in that field. */
void proxy_purchasing_on_phone(struct jd_host *, const struct jd_event *, enum jd_field);

#endif
