/* The life of one order, from the login to the review. order_plan() makes an honest life; who stages
 * something else changes the plan; order_play() turns the plan into events. */
#ifndef JIANDU_SIM_ORDER_H
#define JIANDU_SIM_ORDER_H

#include "daemon/sim/acts.h"

enum { ORDER_NEVER = -1 };

/* Somebody who redeems vouchers. */
struct redeemer {
    char phone[WORLD_ID], ip[WORLD_ID], device[WORLD_ID], address[WORLD_ADDRESS];
};

/* Times are ms; ORDER_NEVER leaves the step out. Texts are copies, pointers borrowed until order_play(). */
struct order_plan {
    int label;
    const struct unit *target; /* whom the purchase counts for */
    struct actor buyer;        /* places it */
    struct actor receiver;     /* accepts and reviews it */
    const struct supplier *supplier;
    const struct sku *sku;
    int64_t quantity, amount; /* thousandths, fen */
    const char *purchase_type;
    bool voucher;
    char order[WORLD_ID], address[WORLD_ADDRESS], consignee[WORLD_ID];
    char session[SESSION_ID]; /* "" to log in first; else the session that is open already */

    int64_t login, placed, logout, cancelled;

    int64_t paid;
    char payer[WORLD_ID], payee[WORLD_ID];
    bool payer_matches;

    int64_t shipped;
    struct actor shipper;
    const char *ship_mode, *carrier;
    char waybill[WORLD_ID]; /* "" for none */
    const struct place *origin;
    int64_t weight;         /* grams, as the supplier declares it */
    int64_t scanned_weight; /* as the carrier weighs it; 0 for the same */

    int64_t collected, transit, out, delivered; /* scans */
    const struct place *scanned;                /* where the first scan is made */
    int64_t feed_delay;      /* ms that the carrier's feed is late with all of it; 0 for the usual lag */
    char mistyped[WORLD_ID]; /* the waybill as the supplier entered it first, "" if right at once */
    int64_t corrected;       /* when it was put right */

    int64_t received, reviewed; /* receipt_login is made when it is not ORDER_NEVER */
    int64_t receipt_login;
    char receipt_session[SESSION_ID];
    char review_hash[WORLD_ID];

    int64_t invoiced, invoice_date;

    int64_t refunded, refund; /* fen */
    char refund_to[WORLD_ID];

    int redemptions;
    int64_t redeemed_within;         /* ms after receipt */
    const struct redeemer *redeemer; /* so many take turns; NULL: somebody else each time */
    int redeemers;
};

void order_plan(struct stage *, struct random *, struct order_plan *, const struct unit *,
    const struct supplier *, int64_t placed);
/* Changes how much is bought. */
void order_amount(struct order_plan *, int64_t pieces);
/* Plans scans, receipt and review anew from this shipment, with the waybill that is in the plan. */
void order_ship(struct stage *, struct random *, struct order_plan *, int64_t shipped);
/* No parcel and no scans, but a label where `label_only`. */
void order_unship(struct order_plan *, bool label_only);
/* The supplier's own lorry: no waybill, no scan. */
void order_own_truck(struct order_plan *);
/* A parcel of that carrier, under a number of its own. */
void order_express(struct random *, struct order_plan *, const char *carrier);
/* Accepted at that time by somebody who has just logged in, and reviewed so much later. */
void order_accept(struct order_plan *, int64_t received, int64_t review);
/* A voucher: paid at once, no parcel to the unit, redeemed by many people over weeks. */
void order_voucher(struct random *, struct order_plan *);
void order_redeemer(struct random *, struct redeemer *, const struct place *);
void order_play(struct stage *, struct random *, struct order_plan *);

/* How long carriers take for the distance, with the usual scatter. */
int64_t order_transit(const struct sim_params *, struct random *, int64_t km);

#endif
