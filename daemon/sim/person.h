/* Ids, phones, devices and addresses, in the platform's forms. */
#ifndef JIANDU_SIM_PERSON_H
#define JIANDU_SIM_PERSON_H

#include "daemon/sim/world.h"

enum network { NET_BUSINESS, NET_GOVERNMENT, NET_RESIDENTIAL, NET_MOBILE, NET_DATACENTER, NET_SUPPLIER };

/* A unified social credit code (GB 32100-2015) whose two check digits are right. `kind`: "11" organ, "12"
 * public institution, "81" union, "91" company. */
void person_credit_code(struct random *, char *out, const char *kind, uint32_t division);
void person_phone(struct random *, char *out);
void person_ip(struct random *, char *out, enum network);
void person_address(struct random *, char *out, const struct place *);
/* A new device on a network of its own. */
void person_seat(struct random *, struct seat *, enum network, uint32_t ip_region);
/* Somebody with a desk on that network and a phone on the mobile one. */
void person_init(struct random *, struct person *, enum network, uint32_t ip_region);

#endif
