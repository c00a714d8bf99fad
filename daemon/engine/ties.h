/* Ties between alerts of different detectors: who lends an account is often the one whom an agent serves. The
 * first open alert that names an account, device, phone, payer, address or handler claims it; later ones of
 * other detectors that name it say so, and are read together. */
#ifndef JIANDU_ENGINE_TIES_H
#define JIANDU_ENGINE_TIES_H

#include "daemon/engine/alerts.h"

struct ties;

struct ties *ties_create(const struct sip_key *seed, uint32_t bound, struct error *err);
void ties_destroy(struct ties *);

/* The id of another detector's open alert that has claimed this member, 0 if there is none; unclaimed, it is
 * this alert's from now on. */
uint64_t ties_claim(
    struct ties *, struct alerts *, const struct alert_record *, const struct jd_member *, int64_t now);

struct table *ties_table(struct ties *);

#endif
