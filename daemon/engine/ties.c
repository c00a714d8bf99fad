#include "daemon/engine/ties.h"

#include "daemon/base/memory.h"
#include "daemon/engine/key.h"

#include <stdlib.h>

#define TIE_TTL (120 * JD_DAY) /* a claim is renewed with each revision */

struct tie_record {
    uint64_t alert_key, alert_id;
    uint64_t detector; /* tag */
};

struct ties {
    struct sip_key seed;
    struct table *table;
};

struct ties *ties_create(const struct sip_key *seed, uint32_t bound, struct error *err)
{
    const struct jd_table spec = {"ties", sizeof(struct tie_record), 1, bound, TIE_TTL, 0, 0};
    struct ties *t = memory_zeroed(1, sizeof *t, "the ties");
    t->seed = *seed;
    t->table = table_create(&spec, err);
    if (!t->table) {
        free(t);
        return NULL;
    }
    return t;
}

void ties_destroy(struct ties *t)
{
    if (!t)
        return;
    table_destroy(t->table);
    free(t);
}

/* Units and suppliers are in many matters; these are one party's own. */
static bool is_personal(uint32_t kind)
{
    return kind == JD_KIND_ACCOUNT || kind == JD_KIND_DEVICE || kind == JD_KIND_PHONE ||
           kind == JD_KIND_PAYER || kind == JD_KIND_ADDRESS || kind == JD_KIND_OPERATOR;
}

uint64_t ties_claim(struct ties *t, struct alerts *alerts, const struct alert_record *alert,
    const struct jd_member *member, int64_t now)
{
    if (!is_personal(member->kind))
        return 0;
    struct tie_record *tie = table_get(t->table, key_mix(&t->seed, 0, member->kind, member->key), now, NULL);
    if (!tie)
        return 0;
    const struct alert_record *holder = tie->alert_key ? alerts_find(alerts, tie->alert_key, now) : NULL;
    if (!holder || holder->id != tie->alert_id) {
        *tie = (struct tie_record){alert->key, alert->id, alert->detector};
        return 0;
    }
    return tie->detector == alert->detector ? 0 : tie->alert_id;
}

struct table *ties_table(struct ties *t)
{
    return t->table;
}
