#include "daemon/engine/registry.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/engine/key.h"
#include "daemon/event/decode.h"

#include <stdlib.h>
#include <string.h>

#define FOREVER INT64_MAX
#define ANCESTORS 4
#define CONTRACTORS 4             /* remembered a unit; a unit with more lawful contractors is not known */
#define NO_EXPIRY (INT64_MAX / 4) /* entries end by `until`, not by age */

/* Record forms, filed under different marks in the same table. */
enum mark { MARK_SINGLE, MARK_PAIR, MARK_CONTRACTORS_OF };

struct registry_record {
    uint64_t value_key[CONTRACTORS];
    int64_t until[CONTRACTORS];
    uint32_t division;
    uint32_t used;
};

/* Most questions are about keys that are on no list. One bit a key, by its low bits, answers nearly all of
 * them without a look at the table. Bits are never taken back: ended entries cost a look-up each. */
#define HINT_BITS 8192 /* a list; 18 KB in all, which stays in the nearest caches */

struct registry_hints {
    uint64_t filled;                              /* JD_LIST_BIT of each list that has had an entry */
    uint64_t egress_prefixes;                     /* 1: an egress was listed as a prefix, not as an address */
    uint64_t bits[JD_LIST_COUNT][HINT_BITS / 64]; /* [HAS_CONTRACTORS]: of units that have a contractor */
};

#define HAS_CONTRACTORS JD_LIST_NONE

struct registry {
    struct sip_key seed;
    struct table *table;
    struct registry_hints hints;
};

struct list_form {
    enum jd_kind key, value;
    bool several;
};

static const struct list_form forms[JD_LIST_COUNT] = {
#define X(id, word, key_kind, value_kind, is_several)                                                        \
    [JD_LIST_##id] = {JD_KIND_##key_kind, JD_KIND_##value_kind, is_several},
    JD_LISTS(X)
#undef X
};

struct registry *registry_create(uint32_t bound, const struct sip_key *seed, struct error *err)
{
    struct registry *r = memory_zeroed(1, sizeof *r, "the registries");
    const struct jd_table spec = {
        .name = "registry",
        .value_size = sizeof(struct registry_record),
        .version = 1,
        .bound = bound,
        .ttl_ms = NO_EXPIRY,
    };
    r->seed = *seed;
    r->table = table_create(&spec, err);
    if (!r->table) {
        free(r);
        return NULL;
    }
    return r;
}

void registry_destroy(struct registry *r)
{
    if (!r)
        return;
    table_destroy(r->table);
    free(r);
}

static uint64_t file_under(
    const struct registry *r, enum mark mark, enum jd_list list, uint64_t key, uint64_t value)
{
    return key_mix(&r->seed, (uint64_t)mark << 32 | (uint64_t)list, key, value);
}

/* Puts a value into a record of up to `capacity` values: known ones are renewed, ended ones are reused. */
static void put_value(
    struct registry_record *record, unsigned capacity, uint64_t value, int64_t until, int64_t now)
{
    unsigned place = record->used;
    for (unsigned i = 0; i < record->used; i++) {
        if (record->value_key[i] == value) {
            record->until[i] = until;
            return;
        }
        if (record->until[i] <= now && place == record->used)
            place = i;
    }
    if (place >= capacity)
        place = capacity - 1;
    record->value_key[place] = value;
    record->until[place] = until;
    if (place == record->used)
        record->used++;
}

static void put(struct registry *r, enum mark mark, enum jd_list list, uint64_t key, uint64_t pair_value,
    unsigned capacity, uint64_t value, uint32_t division, int64_t until, int64_t now)
{
    struct registry_record *record =
        table_get(r->table, file_under(r, mark, list, key, pair_value), now, NULL);
    if (!record)
        return;
    record->division = division;
    put_value(record, capacity, value, until, now);
}

static void give_hint(struct registry *r, enum jd_list list, uint64_t key)
{
    r->hints.bits[list][key % HINT_BITS / 64] |= UINT64_C(1) << key % 64;
}

static void put_entry(
    struct registry *r, enum jd_list list, uint64_t key, uint64_t value, int64_t until, int64_t now)
{
    uint32_t division = forms[list].value == JD_KIND_DIVISION ? (uint32_t)value : 0;
    put(r, MARK_SINGLE, list, key, 0, 1, value, division, until, now);
    if (forms[list].several)
        put(r, MARK_PAIR, list, key, value, 1, value, division, until, now);
    if (list == JD_LIST_CONTRACTOR) {
        put(r, MARK_CONTRACTORS_OF, list, value, 0, CONTRACTORS, key, 0, until, now);
        give_hint(r, HAS_CONTRACTORS, value);
    }
    r->hints.filled |= UINT64_C(1) << list;
    give_hint(r, list, key);
}

void registry_apply(struct registry *r, const struct jd_event *e, struct names *names, int64_t now)
{
    if (e->type == JD_TYPE_RESERVATION) {
        if (jd_has(e, JD_F_SHARE_GROUP) && jd_has(e, JD_F_UNIT))
            put_entry(
                r, JD_LIST_SHARE_GROUP, jd_key(e, JD_F_UNIT), jd_key(e, JD_F_SHARE_GROUP), FOREVER, now);
        return;
    }
    enum jd_list list = (enum jd_list)jd_num(e, JD_F_LIST);
    if (list == JD_LIST_NONE || list >= JD_LIST_COUNT || !jd_key(e, JD_F_KEY))
        return;
    int64_t until = jd_has(e, JD_F_UNTIL) ? jd_num(e, JD_F_UNTIL) : FOREVER;
    put_entry(r, list, jd_key(e, JD_F_KEY), jd_key(e, JD_F_VALUE), until, now);
    const struct jd_value *key = &e->field[JD_F_KEY], *value = &e->field[JD_F_VALUE];
    if (list == JD_LIST_EGRESS_IP && memchr(key->text, '/', key->length))
        r->hints.egress_prefixes = 1;
    names_remember(names, forms[list].key, key->key, key->text, key->length, now);
    if (jd_has(e, JD_F_VALUE))
        names_remember(names, forms[list].value, value->key, value->text, value->length, now);
}

static bool may_be_listed(const struct registry *r, enum jd_list list, uint64_t key)
{
    return r->hints.bits[list][key % HINT_BITS / 64] >> key % 64 & 1;
}

bool registry_listed(struct registry *r, enum jd_list list, uint64_t key, int64_t now, struct jd_entry *entry)
{
    if (!key || !may_be_listed(r, list, key))
        return false;
    const struct registry_record *record =
        table_find(r->table, file_under(r, MARK_SINGLE, list, key, 0), now);
    if (!record || record->until[0] <= now)
        return false;
    if (entry)
        *entry = (struct jd_entry){.value_key = record->value_key[0], .division = record->division};
    return true;
}

bool registry_paired(struct registry *r, enum jd_list list, uint64_t key, uint64_t value_key, int64_t now)
{
    if (!key || !value_key || !may_be_listed(r, list, key))
        return false;
    if (!forms[list].several) {
        struct jd_entry entry;
        return registry_listed(r, list, key, now, &entry) && entry.value_key == value_key;
    }
    const struct registry_record *record =
        table_find(r->table, file_under(r, MARK_PAIR, list, key, value_key), now);
    return record && record->until[0] > now;
}

/* The units above one, nearest first. */
static unsigned ancestors(struct registry *r, uint64_t unit, int64_t now, uint64_t above[ANCESTORS])
{
    unsigned n = 0;
    struct jd_entry entry;
    while (n < ANCESTORS && registry_listed(r, JD_LIST_PARENT, unit, now, &entry)) {
        unit = entry.value_key;
        above[n++] = unit;
    }
    return n;
}

static bool one_above_the_other(struct registry *r, uint64_t a, uint64_t b, int64_t now)
{
    uint64_t over_a[ANCESTORS], over_b[ANCESTORS];
    unsigned n_a = ancestors(r, a, now, over_a), n_b = ancestors(r, b, now, over_b);
    for (unsigned i = 0; i < n_a; i++)
        if (over_a[i] == b)
            return true;
    for (unsigned i = 0; i < n_b; i++)
        if (over_b[i] == a)
            return true;
    return n_a && n_b && over_a[0] == over_b[0];
}

static bool common_contractor(struct registry *r, uint64_t a, uint64_t b, int64_t now)
{
    if (registry_paired(r, JD_LIST_CONTRACTOR, a, b, now) ||
        registry_paired(r, JD_LIST_CONTRACTOR, b, a, now))
        return true;
    if (!may_be_listed(r, HAS_CONTRACTORS, a))
        return false;
    const struct registry_record *of_a =
        table_find(r->table, file_under(r, MARK_CONTRACTORS_OF, JD_LIST_CONTRACTOR, a, 0), now);
    for (unsigned i = 0; of_a && i < of_a->used; i++)
        if (of_a->until[i] > now && registry_paired(r, JD_LIST_CONTRACTOR, of_a->value_key[i], b, now))
            return true;
    return false;
}

bool registry_related(struct registry *r, uint64_t a, uint64_t b, int64_t now)
{
    if (!a || !b)
        return false;
    if (a == b || one_above_the_other(r, a, b, now))
        return true;
    struct jd_entry group_a, group_b;
    if (registry_listed(r, JD_LIST_SHARE_GROUP, a, now, &group_a) &&
        registry_listed(r, JD_LIST_SHARE_GROUP, b, now, &group_b) && group_a.value_key == group_b.value_key)
        return true;
    return common_contractor(r, a, b, now);
}

/* The length of the first `parts` numbers of a dotted address, 0 if it has fewer. */
static size_t dotted_prefix(const char *text, size_t length, unsigned parts)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '.' && --parts == 0)
            return i;
    return 0;
}

static bool prefix_listed(
    struct registry *r, const char *ip, size_t length, unsigned parts, const char *rest, int64_t now)
{
    char text[32];
    size_t head = dotted_prefix(ip, length, parts);
    if (!head || head + strlen(rest) > sizeof text)
        return false;
    memcpy(text, ip, head);
    memcpy(text + head, rest, strlen(rest));
    uint64_t key = event_key(&r->seed, JD_KIND_IP, text, head + strlen(rest));
    return registry_listed(r, JD_LIST_EGRESS_IP, key, now, NULL);
}

bool registry_egress(struct registry *r, const struct jd_event *e, int64_t now)
{
    if (!(r->hints.filled & JD_LIST_BIT(EGRESS_IP)) || !jd_has(e, JD_F_IP))
        return false;
    const struct jd_value *ip = &e->field[JD_F_IP];
    return registry_listed(r, JD_LIST_EGRESS_IP, ip->key, now, NULL) ||
           (r->hints.egress_prefixes && (prefix_listed(r, ip->text, ip->length, 3, ".0/24", now) ||
                                            prefix_listed(r, ip->text, ip->length, 2, ".0.0/16", now)));
}

uint64_t registry_empty_lists(const struct registry *r)
{
    const uint64_t all = (UINT64_C(1) << JD_LIST_COUNT) - 1 - (UINT64_C(1) << JD_LIST_NONE);
    return all & ~r->hints.filled;
}

struct table *registry_table(struct registry *r)
{
    return r->table;
}

void *registry_hints(struct registry *r, size_t *length)
{
    *length = sizeof r->hints;
    return &r->hints;
}
