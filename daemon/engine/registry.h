/* Registries: the reference knowledge of design section 6, sent as `registry` events and kept in state. */
#ifndef JIANDU_ENGINE_REGISTRY_H
#define JIANDU_ENGINE_REGISTRY_H

#include "daemon/state/names.h"
#include "daemon/state/table.h"
#include "detectors/detector.h"

struct registry;

struct registry *registry_create(uint32_t bound, const struct sip_key *seed, struct error *err);
void registry_destroy(struct registry *);

/* Takes in a `registry` event, or the share group that a `reservation` names. `until` at or before now ends
 * an entry. Names of keys and values go to `names`. */
void registry_apply(struct registry *, const struct jd_event *, struct names *, int64_t now);

bool registry_listed(struct registry *, enum jd_list, uint64_t key, int64_t now, struct jd_entry *entry);
bool registry_paired(struct registry *, enum jd_list, uint64_t key, uint64_t value_key, int64_t now);
/* See jd_related. */
bool registry_related(struct registry *, uint64_t unit_a, uint64_t unit_b, int64_t now);
/* Is the event's address, its /24 or its /16 listed as somebody's egress? */
bool registry_egress(struct registry *, const struct jd_event *, int64_t now);
/* JD_LIST_BIT of each list that never had an entry. */
uint64_t registry_empty_lists(const struct registry *);

/* For the snapshot: the one table, and what is known without looking into it. */
struct table *registry_table(struct registry *);
void *registry_hints(struct registry *, size_t *length);

#endif
