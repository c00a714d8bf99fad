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
    int variant; /* drawn: which of the ways that a kind has */
    enum grade grade;
    int64_t begin, span;            /* ms */
    struct unit *own[SCHEME_UNITS]; /* units taken so far */
    size_t n_own;
};

/* One kind, as its table lists it. A trap has no detector. play() stages it, or leaves without an event when
 * the world has nobody left for it. */
struct scheme_kind {
    const char *detector, *name;
    void (*play)(struct scheme *);
    int64_t days; /* it takes at least so many; 0 for what its grade says */
};

struct scheme_kinds {
    const struct scheme_kind *kind;
    size_t n;
};

extern const struct scheme_kinds campaign_account, campaign_proxy, campaign_fake, campaign_goods,
    campaign_money;
extern const struct scheme_kinds trap_people, trap_office, trap_trade, trap_season, trap_delivery, trap_money;

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
/* A supplier as the unit would find one, which has no part in it. */
const struct supplier *scheme_seller(struct scheme *, const struct unit *);
const struct district *scheme_district(struct scheme *);
/* A free firm of the list, a known one where `known`; NULL if there is none. */
struct firm *scheme_firm(struct scheme *, struct firm *firms, size_t n, bool known);
/* A place of the buyers' that is at least `km` away. */
const struct place *scheme_far(struct scheme *, const struct place *from, int64_t km);
/* Such a place at most `most` km away, if there is one. */
const struct place *scheme_near(struct scheme *, const struct place *from, int64_t km, int64_t most);

/* A working moment in the i-th of `n` parts of the scheme's time. */
int64_t scheme_moment(struct scheme *, size_t i, size_t n);

/* Notes that a unit's trading account (a device) has part in it. */
void scheme_account(struct scheme *, const char *account);
void scheme_device(struct scheme *, const struct seat *);

/* An honest plan under the scheme's label, without mishaps; the order is a member. */
void scheme_order(
    struct scheme *, struct order_plan *, const struct unit *, const struct supplier *, int64_t placed);
/* The same, of a supplier that the unit might have found by itself. */
void scheme_honest(struct scheme *, struct order_plan *, const struct unit *, int64_t placed);
/* Lets a carrier have it within a day of the order. */
void scheme_send(struct scheme *, struct order_plan *);
/* The unit's management logs in and files what the year's amount is to be, a fifth of what it eats. */
void scheme_reserve(struct scheme *, const struct unit *, int64_t login, int64_t filed, int64_t reserved);
/* Somebody sits down at `seat` and orders and accepts with the unit's trading account. */
void scheme_operate(
    struct scheme *, struct order_plan *, const struct unit *, const struct person *, const struct seat *);
void scheme_play(struct scheme *, struct order_plan *);
/* Honest, unlabelled orders of the units taken, from their own desks: camouflage. */
void scheme_cover(struct scheme *);

#endif
