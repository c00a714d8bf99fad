#include "detectors/account_sharing/parts.h"

void account_sharing_finding_start(struct account_sharing_finding *r, enum account_sharing_signal signal,
    int64_t strength, uint64_t account, uint64_t unit, bool management)
{
    *r = (struct account_sharing_finding){
        .emit =
            {
                .signal = signal,
                .strength = (int32_t)strength,
                .flags = management ? JD_SECURITY : 0,
                .subject = {.kind = JD_KIND_ACCOUNT, .key = account},
            },
    };
    account_sharing_finding_member(r, JD_KIND_ACCOUNT, JD_ROLE_SUBJECT, account, unit, 0);
    account_sharing_finding_member(r, JD_KIND_UNIT, JD_ROLE_BUYER, unit, unit, 0);
}

void account_sharing_finding_about(struct account_sharing_finding *r, enum jd_kind kind, uint64_t key)
{
    r->emit.subject = (struct jd_subject){.kind = kind, .key = key};
    r->member[0].role = JD_ROLE_ACTOR;
    account_sharing_finding_member(r, kind, JD_ROLE_SUBJECT, key, 0, 0);
}

void account_sharing_finding_rollup(struct account_sharing_finding *r, enum jd_kind kind, uint64_t key)
{
    r->emit.rollup = (struct jd_subject){.kind = kind, .key = key};
    account_sharing_finding_member(r, kind, JD_ROLE_RESOURCE, key, 0, 0);
}

void account_sharing_finding_device(struct jd_host *h, struct account_sharing_finding *r,
    const struct account_sharing_use *use, uint64_t device)
{
    if (account_sharing_device_is_foreign(h, device, use->unit, use->act.region))
        account_sharing_finding_rollup(r, JD_KIND_DEVICE, device);
    else
        account_sharing_finding_member(r, JD_KIND_DEVICE, JD_ROLE_RESOURCE, device, use->unit, 0);
}

void account_sharing_finding_member(struct account_sharing_finding *r, enum jd_kind kind, enum jd_role role,
    uint64_t key, uint64_t unit, int64_t amount)
{
    struct jd_emit *emit = &r->emit;

    if (key == 0 || emit->n_members == ACCOUNT_SHARING_MEMBERS)
        return;
    for (uint32_t i = 0; i < emit->n_members; i++) {
        if (r->member[i].kind == (uint32_t)kind && r->member[i].key == key)
            return;
    }
    r->member[emit->n_members++] = (struct jd_member){
        .kind = kind,
        .role = role,
        .key = key,
        .unit = unit,
        .amount = amount,
    };
}

void account_sharing_finding_act(
    struct account_sharing_finding *r, uint64_t account, const struct account_sharing_act *act)
{
    if (act->id_ms == 0 || r->emit.n_refs == ACCOUNT_SHARING_REFS)
        return;
    r->ref[r->emit.n_refs++] = (struct jd_ref){
        .id_ms = act->id_ms,
        .id_seq = act->id_seq,
        .time = act->time,
        .amount = act->amount,
        .account = account,
        .unit = act->unit,
        .device = act->device,
        .supplier = act->supplier,
        .order = act->order,
        .region = act->region,
        .type = act->type,
    };
    if (act->order == 0)
        return;
    account_sharing_finding_member(r, JD_KIND_ORDER, JD_ROLE_ORDER, act->order, act->unit, act->amount);
    account_sharing_finding_member(r, JD_KIND_UNIT, JD_ROLE_BUYER, act->unit, act->unit, 0);
    account_sharing_finding_member(r, JD_KIND_SUPPLIER, JD_ROLE_SUPPLIER, act->supplier, 0, 0);
}

/* Has a registry no entry at all that would tell whether this is lawful? */
static bool is_undecided(struct jd_host *h, uint32_t signal)
{
    uint64_t lists = account_sharing_signals[signal].registries;

    for (int list = 1; list < JD_LIST_COUNT; list++) {
        if (lists >> list & 1 && jd_empty(h, (enum jd_list)list))
            return true;
    }
    return false;
}

/* A finance centre, a lawful contractor or a service desk looks like a stranger to whom nobody has said so:
 * then nothing is a hard fact, and with the strongest of the other groups it stays below "high". */
void account_sharing_finding_send(
    struct jd_host *h, struct account_sharing_finding *r, enum account_sharing_table table, int64_t window)
{
    const struct account_sharing_config *c = jd_config(h);

    if (!r->decided && is_undecided(h, r->emit.signal)) {
        r->emit.flags &= ~(uint32_t)JD_HARD;
        if (r->emit.strength > c->undecided_strength)
            r->emit.strength = (int32_t)c->undecided_strength;
    }
    r->emit.refs = r->ref;
    r->emit.members = r->member;
    if (jd_lost(h, table, window) ||
        (table == ACCOUNT_SHARING_LIVE && jd_lost(h, ACCOUNT_SHARING_BUSY, window)) ||
        (table == ACCOUNT_SHARING_DEVICES && jd_lost(h, ACCOUNT_SHARING_CROWDS, window)))
        r->emit.flags |= JD_INCOMPLETE;
    if (r->emit.strength > 0)
        jd_emit(h, &r->emit);
}
