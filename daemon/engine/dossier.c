#include "daemon/engine/dossier.h"

#include "daemon/base/memory.h"
#include "daemon/engine/key.h"

#include <stdlib.h>

enum { BY_NUMBER = 1 << 30, BY_ENTRY };

/* A member under (owner, kind, key); under (owner, BY_NUMBER, i) a record whose `key` is that of the
 * member's. */
struct member_record {
    struct jd_member member;
};

struct evidence_record {
    struct jd_ref ref;
};

struct dossiers {
    struct sip_key seed;
    struct table *members, *evidence;
};

struct dossiers *dossiers_create(
    uint32_t members_bound, const struct sip_key *seed, int64_t ttl, struct error *err)
{
    struct dossiers *d = memory_zeroed(1, sizeof *d, "dossiers");
    const struct jd_table members = {"members", sizeof(struct member_record), 1, members_bound, ttl, 0, 0};
    const struct jd_table evidence = {
        "evidence", sizeof(struct evidence_record), 1, members_bound, ttl, 0, 0};
    d->seed = *seed;
    d->members = table_create(&members, err);
    d->evidence = d->members ? table_create(&evidence, err) : NULL;
    if (!d->evidence) {
        dossiers_destroy(d);
        return NULL;
    }
    return d;
}

void dossiers_destroy(struct dossiers *d)
{
    if (!d)
        return;
    table_destroy(d->members);
    table_destroy(d->evidence);
    free(d);
}

static void complete_member(
    struct dossier *dossier, struct jd_member *known, const struct jd_member *now_known)
{
    if (!known->amount && now_known->amount) {
        known->amount = now_known->amount;
        dossier->amount += now_known->amount;
    }
    if (!known->unit)
        known->unit = now_known->unit;
}

void dossier_add_member(
    struct dossiers *d, struct dossier *dossier, const struct jd_member *member, int64_t now)
{
    if (!member->key)
        return;
    uint64_t key = key_mix(&d->seed, dossier->owner, member->kind, member->key);
    struct member_record *record = table_find(d->members, key, now);
    if (!record && dossier->members >= DOSSIER_MEMBERS) {
        dossier->dropped++;
        return;
    }
    bool fresh;
    record = table_get(d->members, key, now, &fresh);
    if (!record)
        return;
    if (!fresh) {
        complete_member(dossier, &record->member, member);
        return;
    }
    record->member = *member;
    dossier->amount += member->amount;
    dossier->units += member->kind == JD_KIND_UNIT;
    dossier->parties += member->kind != JD_KIND_ORDER;
    struct member_record *number =
        table_get(d->members, key_mix(&d->seed, dossier->owner, BY_NUMBER, dossier->members), now, NULL);
    if (!number)
        return;
    number->member.key = key;
    dossier->members++;
}

bool dossier_member(
    struct dossiers *d, const struct dossier *dossier, uint32_t i, int64_t now, struct jd_member *out)
{
    const struct member_record *number =
        table_find(d->members, key_mix(&d->seed, dossier->owner, BY_NUMBER, i), now);
    const struct member_record *record = number ? table_find(d->members, number->member.key, now) : NULL;
    if (!record)
        return false;
    *out = record->member;
    return true;
}

uint32_t dossier_evidence_count(const struct dossier *dossier)
{
    return dossier->evidence < DOSSIER_EVIDENCE ? dossier->evidence : DOSSIER_EVIDENCE;
}

bool dossier_evidence(
    struct dossiers *d, const struct dossier *dossier, uint32_t i, int64_t now, struct jd_ref *out)
{
    const struct evidence_record *record =
        table_find(d->evidence, key_mix(&d->seed, dossier->owner, BY_ENTRY, i), now);
    if (!record)
        return false;
    *out = record->ref;
    return true;
}

static bool has_evidence(
    struct dossiers *d, const struct dossier *dossier, const struct jd_ref *ref, int64_t now)
{
    struct jd_ref known;
    for (uint32_t i = 0; i < dossier_evidence_count(dossier); i++)
        if (dossier_evidence(d, dossier, i, now, &known) && known.id_ms == ref->id_ms &&
            known.id_seq == ref->id_seq)
            return true;
    return false;
}

void dossier_add_evidence(struct dossiers *d, struct dossier *dossier, const struct jd_ref *ref, int64_t now)
{
    if (!ref->type || has_evidence(d, dossier, ref, now))
        return;
    uint32_t place = dossier->evidence;
    if (place >= DOSSIER_EVIDENCE)
        place = DOSSIER_EVIDENCE / 2 + (place - DOSSIER_EVIDENCE) % (DOSSIER_EVIDENCE / 2);
    struct evidence_record *record =
        table_get(d->evidence, key_mix(&d->seed, dossier->owner, BY_ENTRY, place), now, NULL);
    if (!record)
        return;
    record->ref = *ref;
    dossier->evidence++;
}

void dossier_merge(struct dossiers *d, struct dossier *to, const struct dossier *from, int64_t now)
{
    struct jd_member member;
    for (uint32_t i = 0; i < from->members; i++)
        if (dossier_member(d, from, i, now, &member))
            dossier_add_member(d, to, &member, now);
    struct jd_ref ref;
    for (uint32_t i = 0; i < dossier_evidence_count(from); i++)
        if (dossier_evidence(d, from, i, now, &ref))
            dossier_add_evidence(d, to, &ref, now);
}

struct table *dossiers_table(struct dossiers *d, unsigned which)
{
    return which ? d->evidence : d->members;
}
