#include "daemon/engine/lookahead.h"

static void fetch_records(struct lookahead *l, unsigned slot)
{
    for (unsigned i = 0; i < l->count[slot]; i++) {
        struct lookahead_key *k = &l->keys[slot][i];
        k->record = table_prefetch_record(k->table, k->key);
    }
}

static void fetch_neighbours(struct lookahead *l, unsigned slot)
{
    for (unsigned i = 0; i < l->count[slot]; i++)
        table_prefetch_neighbours(l->keys[slot][i].table, l->keys[slot][i].record);
}

void lookahead_turn(struct lookahead *l)
{
    l->turn++;
    fetch_neighbours(l, (l->turn - 3) % LOOKAHEAD_EVENTS);
    fetch_records(l, (l->turn - 1) % LOOKAHEAD_EVENTS);
    l->count[l->turn % LOOKAHEAD_EVENTS] = 0;
}

void lookahead_add(struct lookahead *l, const struct table *table, uint64_t key)
{
    unsigned slot = l->turn % LOOKAHEAD_EVENTS, i = l->count[slot];
    if (!key || i == LOOKAHEAD_KEYS)
        return;
    l->count[slot]++;
    l->keys[slot][i] = (struct lookahead_key){table, key, 0};
    table_prefetch_bucket(table, key);
}
