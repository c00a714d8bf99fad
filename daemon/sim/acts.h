/* One function an event type: which fields it carries, and in which order, is the platform's form. */
#ifndef JIANDU_SIM_ACTS_H
#define JIANDU_SIM_ACTS_H

#include "daemon/sim/stage.h"

/* Who acts, from where. All borrowed. */
struct actor {
    const char *account, *kind, *unit; /* account id, account kind, credit code of the account's owner */
    uint32_t region;                   /* of the owner */
    const struct seat *seat;
    const char *operator_id, *phone;
};

#define SESSION_ID 16

/* The actor that a member of the staff is on the unit's trading account, at that seat. */
struct actor acts_buyer(const struct unit *, const struct person *, const struct seat *);
struct actor acts_manager(const struct unit *, const struct person *, const struct seat *);
struct actor acts_supplier(const struct supplier *);

/* Logs in; `session` gets the new session's id. */
void acts_login(struct stage *, struct random *, const struct actor *, int64_t time, char *session);
void acts_logout(struct stage *, const struct actor *, int64_t time, const char *session);
void acts_change(struct stage *, const struct actor *, int64_t time, const char *session, const char *change,
    const char *new_value);
void acts_reservation(struct stage *, const struct actor *, const struct unit *, int64_t time,
    const char *session, int64_t reserved, int64_t total);
void acts_transfer(struct stage *, const char *payer, const char *payee, int64_t time, int64_t fen);

/* The fields of an event up to the session, for the acts on an order (order_life). */
void acts_begin(struct stage *, const char *type, const struct actor *, const struct unit *target,
    int64_t time, const char *session);

#endif
