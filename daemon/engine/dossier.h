/* Dossiers: who is tied into a case or an alert, and the entries that prove it. Both live in ordinary tables,
 * filed by owner and number, so that they are bounded, expire and are saved like all state. */
#ifndef JIANDU_ENGINE_DOSSIER_H
#define JIANDU_ENGINE_DOSSIER_H

#include "daemon/base/siphash.h"
#include "daemon/state/table.h"
#include "detectors/detector.h"

#define DOSSIER_MEMBERS 512 /* of one owner; more are counted as dropped */
#define DOSSIER_EVIDENCE 48 /* entries of one owner: the first half stays, the second keeps the latest */

/* One owner's part, kept in the owner's record. */
struct dossier {
    uint64_t owner; /* key of the case or alert */
    int64_t amount; /* fen at stake: the sum over its orders */
    uint32_t members, units, evidence, dropped;
    uint32_t parties; /* members but for orders */
    uint32_t reserved;
};

struct dossiers;

struct dossiers *dossiers_create(
    uint32_t members_bound, const struct sip_key *seed, int64_t ttl, struct error *err);
void dossiers_destroy(struct dossiers *);

/* Adds a member, or completes one that is known (an amount that was missing). */
void dossier_add_member(struct dossiers *, struct dossier *, const struct jd_member *, int64_t now);
/* Adds an entry unless it is there. */
void dossier_add_evidence(struct dossiers *, struct dossier *, const struct jd_ref *, int64_t now);
/* Member or entry number `i`; false if the state lost it. */
bool dossier_member(
    struct dossiers *, const struct dossier *, uint32_t i, int64_t now, struct jd_member *out);
bool dossier_evidence(struct dossiers *, const struct dossier *, uint32_t i, int64_t now, struct jd_ref *out);
/* Entries that dossier_evidence can be asked for: below DOSSIER_EVIDENCE. */
uint32_t dossier_evidence_count(const struct dossier *);
/* Adds everything of `from` to `to`. */
void dossier_merge(struct dossiers *, struct dossier *to, const struct dossier *from, int64_t now);

/* The two tables, for the snapshot and the metrics. */
struct table *dossiers_table(struct dossiers *, unsigned which);

#endif
