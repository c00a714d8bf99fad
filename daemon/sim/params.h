/* What the simulated world is like, in one table with two columns. Detectors are tuned on worlds of the set
 * `tune` and judged on worlds of the set `test`: other rates, sizes and delays, so that they do not learn the
 * generator. The figures come from published counts where there are any (orders, amounts, completion curves)
 * and from judgement elsewhere. */
#ifndef JIANDU_SIM_PARAMS_H
#define JIANDU_SIM_PARAMS_H

#include <stdint.h>

/* X(name, tune, test, meaning) */
#define SIM_PARAMS(X)                                                                                        \
    X(orders, 75, 90, "orders a working day per 1,000 units")                                                \
    X(weekend, 12, 20, "percent of a working day's traffic on a weekend day")                                \
    X(december, 200, 260, "percent of the usual orders in December")                                         \
    X(browses, 60, 90, "logins a day without an order, per 1,000 units")                                     \
    X(reservations, 25, 18, "reservations filed a day, per 1,000 units")                                     \
    X(supplier_logins, 300, 420, "suppliers that log in on a day, per mille")                                \
    X(transfers, 4, 6, "bank transfers between suppliers a day, per 100 suppliers")                          \
    X(turnover, 15, 25, "handlers changed a week, per 1,000 units")                                          \
    X(suppliers, 100, 80, "suppliers per 1,000 units")                                                       \
    X(tree_max, 9, 14, "most units below one superior")                                                      \
    X(city_hall, 350, 480, "units behind the city hall's address, per mille")                                \
    X(compound, 150, 220, "units in a government compound with a mail room, per mille")                      \
    X(treasury, 300, 400, "cities that pay from one treasury account, per mille")                            \
    X(share_groups, 10, 8, "groups of units with one canteen, per 1,000 units")                              \
    X(contractors, 8, 7, "canteen contractors per 1,000 units")                                              \
    X(third_parties, 6, 5, "agents, and as many pavilions, per 1,000 units")                                 \
    X(known, 600, 450, "agents and pavilions that are in the registries, per mille")                         \
    X(warehouses, 250, 320, "suppliers with a declared warehouse elsewhere, per mille")                      \
    X(mobile, 150, 220, "sessions on a phone, per mille")                                                    \
    X(pay_first, 600, 500, "orders paid before shipment, per mille")                                         \
    X(pay_days, 5, 8, "days within which they are paid")                                                     \
    X(credit_days, 25, 35, "days after receipt within which the others are paid")                            \
    X(ship_hours, 96, 130, "hours within which a supplier ships")                                            \
    X(transit_hours, 14, 18, "hours that every parcel takes, whatever the distance")                         \
    X(transit_speed, 45, 38, "km an hour beyond that")                                                       \
    X(receipt_days, 9, 13, "days within which a delivery is accepted on the platform")                       \
    X(own_truck, 400, 300, "orders within 300 km that the supplier brings itself, per mille")                \
    X(freight, 80, 120, "orders sent by freight, per mille")                                                 \
    X(vouchers, 25, 35, "orders of vouchers, per mille")                                                     \
    X(cancelled, 30, 45, "orders cancelled, per mille")                                                      \
    X(refunded, 15, 22, "orders refunded in part, per mille")                                                \
    X(personal_payer, 25, 35, "orders paid by a member of the staff, as declared, per mille")                \
    X(default_review, 350, 250, "reviews in the platform's own words, per mille")                            \
    X(unreviewed, 150, 220, "receipts without a review, per mille")                                          \
    X(payment_lag, 60, 120, "minutes within which banks report a payment")                                   \
    X(payment_late, 60, 90, "payments reported days late, per mille")                                        \
    X(payment_late_days, 3, 5, "how many days at most")                                                      \
    X(tracking_lag, 45, 90, "minutes within which carriers report a scan")                                   \
    X(tracking_late, 80, 120, "scans reported hours late, per mille")                                        \
    X(tracking_late_hours, 10, 24, "how many hours at most")                                                 \
    X(duplicated, 3, 6, "events delivered twice, per mille")                                                 \
    X(clock_ahead, 4, 8, "events of a producer whose clock is seconds ahead, per mille")                     \
    X(small, 350, 300, "a small unit's orders, per mille of a large one's")                                  \
    X(medium, 600, 550, "a medium one's")                                                                    \
    X(small_amount, 55, 45, "what a small unit orders at a time, percent of a medium one")                   \
    X(large_amount, 190, 230, "what a large one does")                                                       \
    X(cover, 600, 700, "units of a careful or adaptive campaign with an honest order, per mille")            \
    X(campaign_orders, 8, 8, "orders of a campaign, about")                                                  \
    X(campaigns, 3, 3, "campaigns of each kind per 60,000 unit-days, where they are dense")                  \
    X(traps, 3, 3, "legal look-alikes of each kind per 60,000 unit-days")                                    \
    X(naive_min, 6, 5, "units of a naive campaign, at least")                                                \
    X(naive_max, 20, 26, "at most")                                                                          \
    X(careful_min, 4, 4, "units of a careful campaign, at least")                                            \
    X(careful_max, 9, 11, "at most")                                                                         \
    X(adaptive_min, 3, 3, "units of an adaptive campaign, at least")                                         \
    X(adaptive_max, 6, 7, "at most")                                                                         \
    X(fake_min, 3, 3, "orders of a fake-trade campaign, at least")                                           \
    X(fake_max, 8, 10, "at most")                                                                            \
    X(naive_days, 2, 3, "days that a naive campaign takes")                                                  \
    X(careful_days, 12, 10, "days that a careful campaign takes")                                            \
    X(adaptive_days, 16, 14, "days that an adaptive campaign takes")

struct sim_params {
#define X(name, tune, test, meaning) int64_t name;
    SIM_PARAMS(X)
#undef X
};

/* The set of that name ("tune" or "test"), NULL if there is none. */
const struct sim_params *params_find(const char *name);

#endif
