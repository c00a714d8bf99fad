#include "daemon/engine/verdicts.h"

#include "daemon/base/memory.h"
#include "daemon/engine/fusion.h"
#include "daemon/engine/key.h"

#include <stdlib.h>

#define CLEARED_FOR (90 * JD_DAY)

enum mark { BY_ID = 1 };

/* Under an alert's key: what was said last about any alert of that key. Under an alert's id: its key, and
 * what was said about it. */
struct verdict_record {
    uint64_t alert_key;
    int64_t time;
    uint32_t verdict;
    uint32_t mark;
};

struct verdicts {
    struct sip_key seed;
    struct table *table;
};

struct verdicts *verdicts_create(const struct sip_key *seed, uint32_t bound, int64_t ttl, struct error *err)
{
    const struct jd_table spec = {"verdicts", sizeof(struct verdict_record), 2, bound, ttl, 0, 0};
    struct verdicts *v = memory_zeroed(1, sizeof *v, "the verdicts");
    v->seed = *seed;
    v->table = table_create(&spec, err);
    if (!v->table) {
        free(v);
        return NULL;
    }
    return v;
}

void verdicts_destroy(struct verdicts *v)
{
    if (!v)
        return;
    table_destroy(v->table);
    free(v);
}

static uint64_t file_under(const struct verdicts *v, uint64_t alert_id)
{
    return key_mix(&v->seed, BY_ID, alert_id, 0);
}

void verdicts_expect(struct verdicts *v, uint64_t alert_id, uint64_t key, int64_t now)
{
    struct verdict_record *index = table_get(v->table, file_under(v, alert_id), now, NULL);
    if (index)
        index->alert_key = key;
}

void verdicts_mark(struct verdicts *v, uint64_t alert_id, uint32_t mark, int64_t now)
{
    struct verdict_record *index = table_find(v->table, file_under(v, alert_id), now);
    if (index)
        index->mark = mark;
}

struct verdicts_taken verdicts_take(
    struct verdicts *v, uint64_t alert_id, enum jd_verdict verdict, int64_t now)
{
    struct verdicts_taken taken = {0};
    struct verdict_record *index = table_find(v->table, file_under(v, alert_id), now);
    if (!index)
        return taken;
    taken = (struct verdicts_taken){index->alert_key, index->mark, (enum jd_verdict)index->verdict};
    index->verdict = verdict;
    struct verdict_record *record = table_get(v->table, taken.key, now, NULL);
    if (!record)
        return taken;
    record->verdict = verdict;
    record->time = now;
    return taken;
}

int32_t verdicts_exculpation(struct verdicts *v, uint64_t key, int64_t now)
{
    const struct verdict_record *record = table_find(v->table, key, now);
    bool cleared = record && record->verdict == JD_VERDICT_CLEARED && now - record->time < CLEARED_FOR;
    return cleared ? FUSION_CLEARED : 0;
}

struct table *verdicts_table(struct verdicts *v)
{
    return v->table;
}
