/* A5 third-party operator: an account is worked from a device or phone that is somebody else's. */
#include "detectors/account_sharing/devices.h"

static enum jd_list first_list(struct jd_host *h, enum jd_list agent, enum jd_list pavilion, uint64_t key)
{
    if (jd_listed(h, agent, key, NULL))
        return agent;
    return jd_listed(h, pavilion, key, NULL) ? pavilion : JD_LIST_NONE;
}

/* ---- signals ---- */

/* Was as much said already, and has nothing been done since? */
static bool is_told(const struct account_sharing_judgement *j, int64_t strength)
{
    return !j->fresh && j->user->strength >= strength;
}

static void start(struct account_sharing_finding *r, const struct account_sharing_judgement *j,
    enum account_sharing_signal signal, int64_t strength)
{
    j->user->strength = (int32_t)strength;
    account_sharing_finding_start(r, signal, strength, j->seen->key, j->user->unit, j->user->management);
    account_sharing_finding_rollup(r, JD_KIND_DEVICE, j->device);
    r->emit.value = account_sharing_device_accounts(j->d);
    r->emit.threshold = 1;
    r->emit.facts[0] = (int64_t)j->device;
    account_sharing_finding_act(r, j->seen->key, &j->user->act);
}

/* A5, A5.supplier, A5.management. A registered agent's or pavilion's device, or one that a supplier (or the
 * third party's own account) works with, acts inside a unit's session. */
static void report_party(struct jd_host *h, const struct account_sharing_judgement *j,
    enum account_sharing_signal signal, int64_t strength)
{
    const struct account_sharing_party *party = j->d->party;
    struct account_sharing_finding r;

    if (j->user->management) {
        signal = ACCOUNT_SHARING_A5_MANAGEMENT;
        strength = j->config->management_strength;
    }
    if (is_told(j, strength))
        return;
    start(&r, j, signal, strength);
    r.emit.flags |= JD_HARD;
    r.emit.facts[1] = party->days;
    account_sharing_finding_member(&r, JD_KIND_ACCOUNT, JD_ROLE_OWNER, party->account, 0, 0);
    account_sharing_finding_member(&r, JD_KIND_SUPPLIER, JD_ROLE_OWNER, party->proof.supplier, 0, 0);
    account_sharing_finding_act(&r, party->account, &party->proof);
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_DEVICES, ACCOUNT_SHARING_LONG);
}

static void report_home(struct jd_host *h, const struct account_sharing_judgement *j,
    enum account_sharing_signal signal, int64_t strength, const struct account_sharing_seen *home)
{
    const struct account_sharing_user *owner = &j->d->user[home - j->d->account];
    struct account_sharing_finding r;

    if (is_told(j, strength))
        return;
    start(&r, j, signal, strength);
    if (j->user->management)
        r.emit.flags |= JD_HARD;
    r.emit.facts[1] = home->days;
    r.emit.facts[2] = j->seen->days;
    account_sharing_finding_member(&r, JD_KIND_ACCOUNT, JD_ROLE_OWNER, home->key, owner->unit, 0);
    account_sharing_finding_member(&r, JD_KIND_UNIT, JD_ROLE_OWNER, owner->unit, owner->unit, 0);
    account_sharing_finding_act(&r, home->key, &owner->act);
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_DEVICES, ACCOUNT_SHARING_LONG);
}

/* A5.unit. The account trades on another unit's device. Where three units trade it is no longer about this
 * account but about whoever buys for them all, which is for proxy_purchasing to say. */
static void judge_trading(struct jd_host *h, const struct account_sharing_judgement *j)
{
    const struct account_sharing_config *c = j->config;
    const struct account_sharing_seen *home = account_sharing_device_foreign_home(h, j);
    struct account_sharing_crowd crowd;

    if (!home)
        return;
    crowd = account_sharing_device_crowd(h, j, ACCOUNT_SHARING_TRADED, c->shared_units);
    if (crowd.units < c->shared_units || crowd.days < 2)
        report_home(h, j, ACCOUNT_SHARING_A5_UNIT, c->unit_strength, home);
    else
        jd_retract(h, ACCOUNT_SHARING_A5_UNIT, (struct jd_subject){JD_KIND_ACCOUNT, j->seen->key});
}

/* A5.management_unit. A management account counts when it comes back on another day, or files something where
 * few accounts are met: trainees log in once, side by side. */
static void judge_management(struct jd_host *h, const struct account_sharing_judgement *j)
{
    const struct account_sharing_config *c = j->config;
    const struct account_sharing_seen *home = account_sharing_device_foreign_home(h, j);
    bool few = j->user->filed && account_sharing_device_accounts(j->d) <= c->management_accounts;

    if (home && (few || j->seen->days >= c->management_days))
        report_home(h, j, ACCOUNT_SHARING_A5_MANAGEMENT_UNIT, c->management_unit_strength, home);
}

/* The others in a crowd, as members, with what they did last. */
static void tell_crowd(struct account_sharing_finding *r, const struct account_sharing_judgement *j,
    const struct account_sharing_crowd *crowd)
{
    for (int i = 0; i < crowd->units - 1; i++) {
        const struct account_sharing_user *user = &j->d->user[crowd->other[i]];
        uint64_t account = j->d->account[crowd->other[i]].key;
        account_sharing_finding_member(r, JD_KIND_ACCOUNT, JD_ROLE_ACTOR, account, user->unit, 0);
        account_sharing_finding_member(r, JD_KIND_UNIT, JD_ROLE_BUYER, user->unit, user->unit, 0);
        account_sharing_finding_act(r, account, &user->act);
    }
}

/* A5.management_shared. The management account is one of several units' accounts that one hand works with. */
static void judge_shared(struct jd_host *h, const struct account_sharing_judgement *j)
{
    struct account_sharing_crowd crowd =
        account_sharing_device_crowd(h, j, ACCOUNT_SHARING_WORKED, j->config->shared_units);
    struct account_sharing_finding r;

    if (is_told(j, j->config->management_unit_strength) || crowd.units < j->config->shared_units ||
        crowd.days < 2)
        return;
    start(&r, j, ACCOUNT_SHARING_A5_MANAGEMENT_SHARED, j->config->management_unit_strength);
    r.emit.flags |= JD_HARD;
    r.emit.value = crowd.units;
    r.emit.threshold = j->config->shared_units;
    tell_crowd(&r, j, &crowd);
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_DEVICES, ACCOUNT_SHARING_LONG);
}

/* Did the account and all others of the crowd work from a home's network? No course meets there, and no
 * bureau's accounting centre sits there. */
static bool is_at_home(const struct account_sharing_judgement *j, const struct account_sharing_crowd *crowd)
{
    bool home = j->user->act.network == JD_IP_RESIDENTIAL;

    for (int i = 0; i < crowd->units - 1; i++)
        home = home && j->d->user[crowd->other[i]].act.network == JD_IP_RESIDENTIAL;
    return home;
}

/* A5.receipts. Somebody accepts goods and reviews them for units that have nothing to do with each other;
 * where the units order there too it is for proxy_purchasing to say. The device is the subject. In one
 * sitting it takes one unit more: a course meets on one day. */
static void judge_receipts(struct jd_host *h, const struct account_sharing_judgement *j)
{
    const struct account_sharing_config *c = j->config;
    struct account_sharing_crowd crowd;
    struct account_sharing_finding r;
    int64_t strength;
    int ordered = j->user->ordered;
    bool home;

    if (j->user->accepted == 0 || j->d->party->owners > c->party_owners)
        return;
    crowd = account_sharing_device_crowd(h, j, ACCOUNT_SHARING_ACCEPTED, c->receipt_units);
    for (int i = 0; i < crowd.units - 1; i++)
        ordered += j->d->user[crowd.other[i]].ordered;
    home = is_at_home(j, &crowd);
    if (crowd.units < c->receipt_units + (crowd.days < 2 && !home) || ordered >= c->shared_units)
        return;
    strength = c->receipt_strength + JD_DB(2) * (crowd.units - c->receipt_units) +
               (home ? c->receipt_home_strength : 0);
    account_sharing_finding_start(
        &r, ACCOUNT_SHARING_A5_RECEIPTS, strength, j->seen->key, j->user->unit, j->user->management);
    account_sharing_finding_about(&r, JD_KIND_DEVICE, j->device);
    r.decided = home;
    r.emit.flags |= JD_HARD;
    r.emit.value = crowd.units;
    r.emit.threshold = c->receipt_units;
    r.emit.facts[0] = (int64_t)j->device;
    r.emit.facts[1] = crowd.days;
    account_sharing_finding_act(&r, j->seen->key, &j->user->act);
    tell_crowd(&r, j, &crowd);
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_DEVICES, c->receipt_window);
}

static void judge(struct jd_host *h, const struct account_sharing_judgement *j)
{
    const struct account_sharing_config *c = j->config;
    bool desk = j->list == JD_LIST_DESK_DEVICE || j->d->device->desk;

    if (!j->user->concerned || (desk && !j->user->traded)) /* a help desk resets and shows */
        return;
    if (j->list == JD_LIST_AGENT_DEVICE) {
        report_party(h, j, ACCOUNT_SHARING_A5, c->agent_strength);
    } else if (j->list == JD_LIST_PAVILION_DEVICE) {
        report_party(h, j, ACCOUNT_SHARING_A5, c->pavilion_strength);
    } else if (!desk && account_sharing_device_of_party(h, j)) {
        report_party(h, j, ACCOUNT_SHARING_A5_SUPPLIER, c->supplier_strength);
    } else if (j->user->management) {
        judge_management(h, j);
        judge_shared(h, j);
    } else {
        judge_trading(h, j);
        if (j->fresh && !desk)
            judge_receipts(h, j);
    }
}

static void judge_all(
    struct jd_host *h, uint64_t device, const struct account_sharing_users *d, uint64_t fresh)
{
    struct account_sharing_judgement j = {.device = device, .config = jd_config(h), .d = d};

    j.list = first_list(h, JD_LIST_AGENT_DEVICE, JD_LIST_PAVILION_DEVICE, device);
    if (j.list == JD_LIST_NONE && jd_listed(h, JD_LIST_DESK_DEVICE, device, NULL))
        j.list = JD_LIST_DESK_DEVICE;
    if ((j.list == JD_LIST_NONE || j.list == JD_LIST_DESK_DEVICE) &&
        d->device->met > j.config->device_accounts)
        return; /* everybody's: a public computer, or a fingerprint that many bear */
    if (j.list == JD_LIST_NONE && d->party->owner == 0 && account_sharing_device_is_of_one_unit(d))
        return; /* one's own: mostly so */
    for (int i = 0; i < d->n; i++) {
        j.user = &d->user[i];
        j.seen = &d->account[i];
        j.fresh = j.seen->key == fresh;
        if (j.seen->key)
            judge(h, &j);
    }
}

/* A5.phone. The account logs in with the phone of a registered agent or pavilion, and is worked with. */
static void judge_phone(struct jd_host *h, const struct account_sharing_use *use, uint64_t phone)
{
    const struct account_sharing_config *c = use->config;
    struct account_sharing_finding r;
    enum jd_list list = first_list(h, JD_LIST_AGENT_PHONE, JD_LIST_PAVILION_PHONE, phone);
    int64_t strength = list == JD_LIST_AGENT_PHONE ? c->agent_strength : c->pavilion_strength;

    if (list == JD_LIST_NONE)
        return;
    account_sharing_finding_start(&r, ACCOUNT_SHARING_A5_PHONE,
        use->management ? c->management_strength : strength, use->account, use->unit, use->management);
    account_sharing_finding_rollup(&r, JD_KIND_PHONE, phone);
    r.emit.flags |= JD_HARD;
    r.emit.value = 1;
    r.emit.threshold = 1;
    r.emit.facts[0] = (int64_t)phone;
    account_sharing_finding_member(&r, JD_KIND_DEVICE, JD_ROLE_RESOURCE, use->act.device, 0, 0);
    account_sharing_finding_act(&r, use->account, &use->act);
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_ACCOUNTS, ACCOUNT_SHARING_LONG);
}

/* ---- uses ---- */

void account_sharing_operators(
    struct jd_host *h, const struct account_sharing_use *use, struct account_sharing_account *account)
{
    struct account_sharing_users users;

    /* a change of a trading account may be the work of its unit's superior or of a help desk */
    if (use->act.type == JD_TYPE_ACCOUNT_CHANGE && !use->management)
        return;
    if (account->phone && (use->trade || use->management))
        judge_phone(h, use, account->phone);
    if (!account_sharing_device_of(h, use->act.device, &users))
        return;
    account_sharing_device_learn_user(h, use, &users);
    account_sharing_duties(h, use, account, &users);
    judge_all(h, use->act.device, &users, use->trade || use->management ? use->account : 0);
}

void account_sharing_party_use(
    struct jd_host *h, const struct jd_event *e, const struct account_sharing_act *act, enum jd_list list)
{
    uint64_t device = jd_key(e, JD_F_DEVICE);
    struct account_sharing_users users;

    if (!account_sharing_device_of(h, device, &users))
        return;
    account_sharing_device_learn_party(h, e, act, list, &users);
    judge_all(h, device, &users, 0);
}

void account_sharing_desk_use(struct jd_host *h, const struct jd_event *e)
{
    uint64_t device = jd_key(e, JD_F_DEVICE);
    struct account_sharing_device *d = device ? jd_get(h, ACCOUNT_SHARING_DEVICES, device) : NULL;

    if (d)
        d->desk++;
}
