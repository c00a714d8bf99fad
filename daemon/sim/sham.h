/* A supplier and a few buyers who keep up the appearance of a purchase: what the campaigns of fake trade
 * share. */
#ifndef JIANDU_SIM_SHAM_H
#define JIANDU_SIM_SHAM_H

#include "daemon/sim/scheme.h"

struct sham {
    struct supplier *supplier;
    struct unit *unit[8];
    size_t units, orders;
};

/* Draws them; false when nobody is left. `place` NULL: buyers from anywhere. */
bool sham_begin(struct scheme *, struct sham *, size_t units, const struct place *place);
/* The i-th of its orders: paid within hours, sent by a carrier, accepted at an honest pace. */
void sham_order(struct scheme *, struct sham *, size_t i, struct order_plan *);
/* Accepted at that time instead, and reviewed within minutes. */
void sham_accept(struct scheme *, struct order_plan *, int64_t time);
/* All of one: draws it, and plays each order as `change` has made it. */
void sham_each(struct scheme *, size_t units, void (*change)(struct scheme *, struct order_plan *));

#endif
