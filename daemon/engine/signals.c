#include "daemon/engine/signals.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/engine/fusion.h"
#include "daemon/engine/key.h"

#include <stdlib.h>
#include <string.h>

/* The record that counts, and the strongest one of another source. */
enum place { FIRST = 1, SECOND };

struct signals {
    const struct engine_settings *settings;
    struct sip_key seed;
    struct table *table;
    uint8_t (*groups)[SIGNALS_MAX]; /* group number of each detector's signals */
};

/* Numbers the groups of a detector's signals in order of appearance. */
static void number_groups(const struct jd_detector *detector, uint8_t group_of[SIGNALS_MAX])
{
    invariant(detector->n_signals <= SIGNALS_MAX);
    unsigned groups = 0;
    for (size_t i = 0; i < detector->n_signals; i++) {
        size_t same = 0;
        while (same < i && strcmp(detector->signals[same].group, detector->signals[i].group) != 0)
            same++;
        group_of[i] = same < i ? group_of[same] : (uint8_t)groups++;
    }
    invariant(groups <= FUSION_GROUPS);
}

struct signals *signals_create(const struct engine_settings *settings, const struct sip_key *seed,
    uint32_t bound, int64_t ttl, struct error *err)
{
    const struct jd_table spec = {"signals", sizeof(struct signal_record), 3, bound, ttl, 0, 0};
    struct signals *s = memory_zeroed(1, sizeof *s, "the signals");
    s->settings = settings;
    s->seed = *seed;
    s->groups = memory_zeroed(settings->n_detectors, sizeof *s->groups, "the signals");
    for (size_t i = 0; i < settings->n_detectors; i++)
        number_groups(settings->detectors[i].detector, s->groups[i]);
    s->table = table_create(&spec, err);
    if (!s->table) {
        signals_destroy(s);
        return NULL;
    }
    return s;
}

void signals_destroy(struct signals *s)
{
    if (!s)
        return;
    table_destroy(s->table);
    free(s->groups);
    free(s);
}

static uint64_t file_under(const struct signals *s, enum place place, uint64_t owner, unsigned signal)
{
    return key_mix(&s->seed, (uint64_t)place, owner, signal);
}

static int32_t standing(
    const struct signals *s, unsigned detector, const struct signal_record *record, int64_t now)
{
    const struct jd_detector *d = s->settings->detectors[detector].detector;
    if (record->signal >= d->n_signals)
        return 0;
    return fusion_decay(
        record->strength, now - record->time, d->signals[record->signal].half_life_days * JD_DAY);
}

/* Of all sources but the first record's own, the strongest is kept behind it. */
static void keep_behind(struct signals *s, unsigned detector, uint64_t owner, uint64_t first_source,
    const struct signal_record *weaker, int64_t now)
{
    bool fresh;
    struct signal_record *second =
        table_get(s->table, file_under(s, SECOND, owner, weaker->signal), now, &fresh);
    if (second && (fresh || second->source == weaker->source || second->source == first_source ||
                      standing(s, detector, weaker, now) >= standing(s, detector, second, now)))
        *second = *weaker;
}

bool signals_keep(struct signals *s, unsigned detector, uint64_t owner, struct signal_list *list,
    const struct signal_record *new, int64_t now)
{
    bool fresh;
    uint64_t key = file_under(s, FIRST, owner, new->signal);
    struct signal_record *known = table_get(s->table, key, now, &fresh);
    if (!known)
        return false;
    bool listed = list->used && memchr(list->index, (int)new->signal, list->used);
    if (!listed && list->used < SIGNALS_MAX)
        list->index[list->used++] = (uint8_t) new->signal;
    struct signal_record old = *known;
    bool news = fresh || new->strength > old.most;
    bool takes_over = fresh || new->strength >= standing(s, detector, &old, now);
    if (takes_over)
        *known = *new;
    known->count = old.count + new->count;
    known->most = news ? new->strength : old.most;
    if (new->source != old.source && !takes_over)
        keep_behind(s, detector, owner, old.source, new, now);
    if (new->source != old.source && takes_over &&old.strength > 0)
        keep_behind(s, detector, owner, new->source, &old, now);
    return news;
}

void signals_join(struct signals *s, unsigned detector, uint64_t from, const struct signal_list *from_list,
    uint64_t to, struct signal_list *to_list, int64_t now)
{
    for (uint32_t i = 0; i < from_list->used; i++) {
        const struct signal_record *record = signals_of(s, from, from_list->index[i], now);
        if (!record || record->strength <= 0)
            continue;
        struct signal_record copy = *record;
        copy.source = from;
        signals_keep(s, detector, to, to_list, &copy, now);
    }
}

void signals_retract(struct signals *s, uint64_t owner, unsigned signal, uint64_t source, int64_t now)
{
    struct signal_record *first = table_find(s->table, file_under(s, FIRST, owner, signal), now);
    struct signal_record *second = table_find(s->table, file_under(s, SECOND, owner, signal), now);
    if (second && second->source == source)
        second->strength = 0;
    if (!first || first->source != source)
        return;
    first->strength = 0;
    if (!second || second->strength <= 0)
        return;
    const struct signal_record was = *first;
    *first = *second;
    first->count = was.count;
    first->most = was.most;
    second->strength = 0;
}

const struct signal_record *signals_of(struct signals *s, uint64_t owner, unsigned signal, int64_t now)
{
    return table_find(s->table, file_under(s, FIRST, owner, signal), now);
}

uint32_t signals_score(struct signals *s, unsigned detector, uint64_t owner, const struct signal_list *list,
    int32_t prior, int32_t exculpation, int64_t now)
{
    struct fusion all, decided; /* the second without signals that wait for a registry */
    fusion_init(&all);
    fusion_init(&decided);
    for (uint32_t i = 0; i < list->used; i++) {
        const struct signal_record *record = signals_of(s, owner, list->index[i], now);
        if (!record || record->signal >= s->settings->detectors[detector].detector->n_signals)
            continue;
        unsigned group = s->groups[detector][record->signal];
        int32_t strength = standing(s, detector, record, now);
        fusion_add(&all, group, record->strength, strength, (record->flags & JD_HARD) != 0);
        if (!(record->flags & JD_OPEN && record->missing))
            fusion_add(&decided, group, record->strength, strength, (record->flags & JD_HARD) != 0);
    }
    uint32_t score = fusion_score(&all, prior, exculpation);
    if (score <= FUSION_OPEN)
        return score;
    uint32_t sure = fusion_score(&decided, prior, exculpation);
    return sure > FUSION_OPEN ? sure : FUSION_OPEN;
}

struct table *signals_table(struct signals *s)
{
    return s->table;
}
