/* Money that goes round: finds the circle of transfers that a new one closes, with bounded work.
 *
 * A node is whoever pays and is paid: a unit, a supplier, or an account that is nobody's alone. Each node
 * keeps its latest transfers received and a signature of who can have reached it, each pair of nodes its
 * latest transfers. A new transfer u -> v closes a circle if v has reached u; the search walks back from u,
 * at most CYCLE_HOPS transfers and CYCLE_BUDGET reads.
 *
 * A circle is a sequence of transfers, each from where the one before went, the last to where the first came
 * from, over different nodes, later and later in time within a window, each amount near the following one's
 * (fees are skimmed off). Whichever of them arrives last closes it: money is reported late and out of order.
 */
#ifndef JIANDU_DETECTORS_FAKE_TRADE_CYCLE_H
#define JIANDU_DETECTORS_FAKE_TRADE_CYCLE_H

#include "detectors/fake_trade/records.h"

enum { CYCLE_HOPS = 6, CYCLE_BUDGET = 256 };

/* A new transfer: `money` from its node to another. */
struct fake_trade_flow {
    struct fake_trade_money money;
    uint64_t to;    /* node */
    uint64_t payee; /* account; the node's own name where that is an account */
};

/* The circle, walked back from the new transfer: hop[i + 1] went to where hop[i] came from. */
struct fake_trade_circle {
    unsigned n; /* 0: none */
    struct fake_trade_money hop[CYCLE_HOPS];
};

/* Adds a transfer and finds the shortest circle that it closes. False if it is known already. */
bool fake_trade_cycle_add(struct jd_host *h, struct fake_trade_flow *flow, struct fake_trade_circle *circle);
/* What was paid to `account` before was paid to `node`. */
void fake_trade_cycle_adopt(struct jd_host *h, uint64_t account, uint64_t node);
/* How many searches have run out of budget: circles that nobody has seen may be among them. */
int64_t fake_trade_cycle_cut(struct jd_host *h);

/* ---- reach.c ---- */

/* Notes that `from` has paid `to`: the sender's number, 0 where there is no room. */
uint64_t fake_trade_reach_note(struct jd_host *h, uint64_t from, uint64_t to);
uint64_t fake_trade_reach_number(struct jd_host *h, uint64_t node);
/* Whoever has reached `from`, and `from` itself under its number, has reached `to`. True if that is news, */
bool fake_trade_reach_pass_on(
    struct jd_host *h, struct fake_trade_inflow *to, uint64_t from, uint64_t number);
/* which those whom `node` has paid must hear. */
void fake_trade_reach_propagate(struct jd_host *h, uint64_t node);
/* Can a sender with one of the numbers have reached it? */
bool fake_trade_reach_by(const struct fake_trade_inflow *in, const uint64_t numbers[2]);

#endif
