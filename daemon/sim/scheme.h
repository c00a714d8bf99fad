/* A campaign or a trap being staged: a label, a stretch of time, and the people drawn into it. */
#ifndef JIANDU_SIM_SCHEME_H
#define JIANDU_SIM_SCHEME_H

#include "daemon/sim/calendar.h"
#include "daemon/sim/order.h"
#include "daemon/sim/person.h"

enum grade { NAIVE, CAREFUL, ADAPTIVE, GRADES };

enum { SCHEME_UNITS = 64 };

struct scheme {
    struct stage *stage;
    struct random random;
    int label;
    int variant; /* how many of its kind came before */
    enum grade grade;
    int64_t begin, span; /* ms */
};

/* One kind, as its table lists it. A trap has no detector. play() stages it, or leaves without an event when
 * the world has nobody left for it. */
struct scheme_kind {
    const char *detector, *name;
    void (*play)(struct scheme *);
};

extern const struct scheme_kind campaign_account_kinds[], campaign_proxy_kinds[], campaign_fake_kinds[];
extern const size_t campaign_n_account_kinds, campaign_n_proxy_kinds, campaign_n_fake_kinds;
extern const struct scheme_kind trap_people_kinds[], trap_trade_kinds[], trap_delivery_kinds[];
extern const size_t trap_n_people_kinds, trap_n_trade_kinds, trap_n_delivery_kinds;

const char *scheme_grade_word(enum grade);

/* A second detector whose alert on the same members would be right too: accounts handed over AND bought
 * through. */
void scheme_also(struct scheme *, const char *detector);

/* How many units (orders of a fake trade) a campaign of this grade has. */
size_t scheme_size(struct scheme *);
size_t scheme_fake_size(struct scheme *);

/* Takes up to `n` free units, mutually unrelated, of that place (NULL: anywhere), that nothing but this
 * scheme will use; returns how many there were and adds them to the truth. */
size_t scheme_units(struct scheme *, struct unit **out, size_t n, const struct place *place);
/* Takes free units of one tree, the superior first. */
size_t scheme_family(struct scheme *, struct unit **out, size_t n);
/* Adds a unit that is given by the world (a share group's, a contractor's); false if it is taken already. */
bool scheme_take(struct scheme *, struct unit *);
struct supplier *scheme_supplier(struct scheme *);
/* A free firm of the list, a known one where `known`; NULL if there is none. */
struct firm *scheme_firm(struct scheme *, struct firm *firms, size_t n, bool known);
/* A place of the buyers' that is at least `km` away. */
const struct place *scheme_far(struct scheme *, const struct place *from, int64_t km);

/* A working moment in the i-th of `n` parts of the scheme's time. */
int64_t scheme_moment(struct scheme *, size_t i, size_t n);

/* Notes that a unit's trading account (a device) has part in it. */
void scheme_account(struct scheme *, const char *account);
void scheme_device(struct scheme *, const struct seat *);

/* An honest plan under the scheme's label, without mishaps; the order is a member. */
void scheme_order(
    struct scheme *, struct order_plan *, const struct unit *, const struct supplier *, int64_t placed);
/* Somebody sits down at `seat` and orders and accepts with the unit's trading account. */
void scheme_operate(
    struct scheme *, struct order_plan *, const struct unit *, const struct person *, const struct seat *);
void scheme_play(struct scheme *, struct order_plan *);

#endif
