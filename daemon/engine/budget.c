#include "daemon/engine/budget.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/engine/alert.h"
#include "daemon/engine/key.h"

#include <stdlib.h>
#include <string.h>

#define DAYS_BOUND 65536
#define DAY_TTL (30 * JD_DAY) /* far beyond the digest at its end */
#define ITEM_TTL (400 * JD_DAY)

enum mark { MARK_DAY = 1, MARK_ITEM, MARK_NUMBER };
enum { WAITING = 1, SHOWN };

struct day_record {
    char office[BUDGET_OFFICE];
    int64_t day;
    uint32_t shown, waiting; /* waiting: numbers given, also of what has been shown since */
};

/* Under (office, alert): where the alert stands with that office. Under (day, number): the key of that. */
struct item_record {
    struct budget_item item;
    int64_t day; /* of the digest that it waits for */
    uint64_t key;
    uint32_t state;
    uint32_t reserved;
};

struct budget {
    const struct engine_settings *settings;
    struct sip_key seed;
    struct timers *timers;
    struct table *days, *items;
};

static const struct sip_key name_key = {UINT64_C(0x6a69616e64752d6f), UINT64_C(0x66666963652d6b31)};

struct budget *budget_create(const struct engine_settings *settings, const struct sip_key *seed,
    struct timers *timers, struct error *err)
{
    const uint32_t bound = settings->cases_bound * 2;
    const struct jd_table days = {"office_days", sizeof(struct day_record), 1, DAYS_BOUND, DAY_TTL, 0, 0};
    const struct jd_table items = {"office_alerts", sizeof(struct item_record), 1, bound, ITEM_TTL, 0, 0};
    struct budget *b = memory_zeroed(1, sizeof *b, "the office budget");
    b->settings = settings;
    b->seed = *seed;
    b->timers = timers;
    if (!(b->days = table_create(&days, err)) || !(b->items = table_create(&items, err))) {
        budget_destroy(b);
        return NULL;
    }
    return b;
}

void budget_destroy(struct budget *b)
{
    if (!b)
        return;
    table_destroy(b->days);
    table_destroy(b->items);
    free(b);
}

static int64_t end_of(int64_t day)
{
    return (day + 1) * JD_DAY - JD_ZONE;
}

static struct day_record *day_of(
    struct budget *b, const char *office, uint64_t office_key, int64_t now, uint64_t *key)
{
    int64_t day = jd_day(now);
    *key = key_mix(&b->seed, MARK_DAY, office_key, (uint64_t)day);
    bool fresh;
    struct day_record *d = table_get(b->days, *key, now, &fresh);
    if (d && fresh) {
        d->day = day;
        memcpy(d->office, office, strnlen(office, BUDGET_OFFICE - 1));
    }
    return d;
}

/* Puts an item on the day's list. False if it cannot be kept there: then it is not made to wait. */
static bool defer(struct budget *b, struct day_record *d, uint64_t day_key, struct item_record *record,
    uint64_t key, int64_t now)
{
    if (record->state == WAITING && record->day == d->day)
        return true;
    if (d->waiting >= BUDGET_WAITING ||
        (!d->waiting && !timers_set(b->timers, end_of(d->day), BUDGET_OWNER, 0, day_key)))
        return false;
    record->state = WAITING;
    record->day = d->day;
    table_pin(b->items, record, true);
    struct item_record *number =
        table_get(b->items, key_mix(&b->seed, MARK_NUMBER, day_key, d->waiting), now, NULL);
    if (!number)
        return false;
    number->key = key;
    table_pin(b->items, number, true);
    table_pin(b->days, d, true);
    d->waiting++;
    return true;
}

bool budget_admits(struct budget *b, const char *office, const struct budget_item *item, int64_t now)
{
    if (!b->settings->office_budget)
        return true;
    uint64_t office_key = siphash24(&name_key, office, strlen(office)), day_key;
    uint64_t key = key_mix(&b->seed, MARK_ITEM, office_key, item->alert_id);
    struct item_record *record = table_get(b->items, key, now, NULL);
    struct day_record *d = day_of(b, office, office_key, now, &day_key);
    if (!record || !d)
        return true;
    record->item = *item;
    if (record->state == SHOWN)
        return true;
    bool counts = item->severity < SEVERITY_HIGH;
    if (counts && d->shown >= b->settings->office_budget && defer(b, d, day_key, record, key, now))
        return false;
    d->shown += counts;
    record->state = SHOWN;
    table_pin(b->items, record, false);
    return true;
}

/* log2 in sixteenths, linear between powers of two. */
static uint64_t logarithm(int64_t n)
{
    uint64_t value = n > 0 ? (uint64_t)n : 1;
    unsigned whole = 63 - (unsigned)__builtin_clzll(value);
    uint64_t part = whole >= 4 ? value >> (whole - 4) : value << (4 - whole);
    return whole * UINT64_C(16) + (part & 15);
}

uint64_t budget_rank(uint32_t score, int64_t amount)
{
    return score * (16 + logarithm(amount));
}

static int by_rank(const void *a, const void *b)
{
    const struct budget_item *x = a, *y = b;
    uint64_t rank_x = budget_rank(x->score, x->amount), rank_y = budget_rank(y->score, y->amount);
    if (rank_x != rank_y)
        return rank_x > rank_y ? -1 : 1;
    if (x->amount != y->amount)
        return x->amount > y->amount ? -1 : 1;
    return (x->alert_id > y->alert_id) - (x->alert_id < y->alert_id);
}

bool budget_close_day(struct budget *b, uint64_t key, int64_t now, struct budget_day *out)
{
    const struct day_record *d = table_find(b->days, key, now);
    if (!d)
        return false;
    *out = (struct budget_day){.day = d->day, .shown = d->shown};
    memcpy(out->office, d->office, sizeof out->office);
    out->items = memory_zeroed(d->waiting, sizeof *out->items, "a digest");
    for (uint32_t i = 0; i < d->waiting; i++) {
        uint64_t number_key = key_mix(&b->seed, MARK_NUMBER, key, i);
        const struct item_record *number = table_find(b->items, number_key, now);
        struct item_record *record = number ? table_find(b->items, number->key, now) : NULL;
        table_remove(b->items, number_key);
        if (!record || record->state != WAITING || record->day != d->day)
            continue;
        table_pin(b->items, record, false);
        out->items[out->count++] = record->item;
    }
    table_remove(b->days, key);
    qsort(out->items, out->count, sizeof *out->items, by_rank);
    if (!out->count)
        free(out->items);
    return out->count > 0;
}

struct table *budget_table(struct budget *b, unsigned which)
{
    invariant(which < BUDGET_TABLES);
    return which ? b->items : b->days;
}
