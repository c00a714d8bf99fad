/* A5 third-party operator: an account is worked from a device or phone that is somebody else's. */
#include "detectors/account_sharing/parts.h"
#include "detectors/account_sharing/places.h"

/* One account's use of a device, being judged. */
struct judgement {
    uint64_t device;
    const struct account_sharing_config *config;
    struct account_sharing_device *d;
    struct account_sharing_user *user;
    const struct account_sharing_seen *seen;
    enum jd_list list; /* JD_LIST_AGENT_DEVICE, _PAVILION_DEVICE, _DESK_DEVICE or _NONE */
    bool fresh; /* the account has just done something that concerns A5; else it is somebody else's use that
                 * may have shown whose the device is */
};

/* Acts of one machine come from one place; from places far apart they come from two machines whose
 * fingerprints happen to be equal. */
static bool same_machine(uint32_t place_a, uint32_t place_b)
{
    return place_a == 0 || place_b == 0 || account_sharing_apart(place_a, place_b) == 0;
}

static enum jd_list first_list(struct jd_host *h, enum jd_list agent, enum jd_list pavilion, uint64_t key)
{
    if (jd_listed(h, agent, key, NULL))
        return agent;
    return jd_listed(h, pavilion, key, NULL) ? pavilion : JD_LIST_NONE;
}

static int accounts_on(const struct account_sharing_device *d)
{
    int n = 0;

    for (int i = 0; i < ACCOUNT_SHARING_USERS; i++)
        n += d->account[i].key != 0;
    return n;
}

/* ---- whose a device is ---- */

static void learn_user(
    struct jd_host *h, const struct account_sharing_use *use, struct account_sharing_device *d)
{
    bool concerned = use->trade || use->management, fresh;
    struct account_sharing_user *user = &d->user[account_sharing_touch(d->account, ACCOUNT_SHARING_USERS,
        use->account, use->act.time, jd_now(h) - ACCOUNT_SHARING_LONG, &fresh)];

    if (fresh)
        *user = (struct account_sharing_user){0};
    user->unit = use->unit;
    user->management = use->management;
    if (use->act.place)
        user->place = use->act.place;
    if (concerned || !user->concerned)
        user->act = use->act;
    user->concerned |= concerned;
    user->traded |= use->trade;
    user->filed |= use->act.type == JD_TYPE_RESERVATION || use->act.type == JD_TYPE_ACCOUNT_CHANGE;
}

static void learn_party(struct account_sharing_party *party, const struct jd_event *e,
    const struct account_sharing_act *act, enum jd_list list)
{
    int64_t day = jd_day(act->time);
    uint64_t account = jd_key(e, JD_F_ACCOUNT), unit = jd_key(e, JD_F_ACCOUNT_UNIT);
    uint64_t owner = unit ? unit : account;

    if (party->owner != owner)
        *party = (struct account_sharing_party){.owners = party->owners + 1, .owner = owner, .list = list};
    if (day > party->day) {
        party->day = day;
        party->days++;
    }
    if (e->type != JD_TYPE_LOGIN && act->time != party->proof.time)
        party->acts++;
    party->account = account;
    party->proof = *act;
}

/* The account of another, unrelated unit that uses the device on more days than anybody, and
 * still did after this one came (else it has handed the device over); NULL if there is none. */
static const struct account_sharing_seen *foreign_home(struct jd_host *h, const struct judgement *j)
{
    const struct account_sharing_seen *home = j->seen;
    const struct account_sharing_user *owner;

    for (int i = 0; i < ACCOUNT_SHARING_USERS; i++) {
        if (j->d->account[i].days > home->days)
            home = &j->d->account[i];
    }
    owner = &j->d->user[home - j->d->account];
    if (home == j->seen || home->days < j->config->home_days || home->last <= j->seen->first)
        return NULL;
    if (owner->act.ip && j->user->act.ip && owner->act.ip != j->user->act.ip)
        return NULL; /* as likely two computers of one image */
    if (account_sharing_kin(h, owner->unit, j->user->unit) || !same_machine(owner->place, j->user->act.place))
        return NULL;
    return home;
}

/* Unrelated units, the account's own first, whose accounts traded on the device, not all on one day (trainees
 * meet on one day): somebody works for all of them. `at_one_address`: computers with equal fingerprints have
 * addresses of their own. Fills `other` with their places; 1 if there are no others. */
static int shared_units(
    struct jd_host *h, const struct judgement *j, bool at_one_address, int other[ACCOUNT_SHARING_USERS])
{
    uint64_t unit[ACCOUNT_SHARING_USERS + 1] = {j->user->unit};
    bool days = false;
    int n = 1;

    for (int i = 0; i < ACCOUNT_SHARING_USERS; i++) {
        const struct account_sharing_user *user = &j->d->user[i];
        bool counts = j->d->account[i].key && user->traded;
        if (at_one_address)
            counts = counts && user->act.ip && user->act.ip == j->user->act.ip;
        for (int k = 0; counts && k < n; k++)
            counts = !account_sharing_kin(h, user->unit, unit[k]);
        if (!counts)
            continue;
        days = days || jd_day(user->act.time) != jd_day(j->user->act.time);
        other[n - 1] = i;
        unit[n++] = user->unit;
    }
    return days ? n : 1;
}

/* Does a supplier or third party use the device repeatedly, on at least as many days as any buyer? A public
 * or training computer sees several of them, or more of its buyers. */
static bool is_party_device(struct jd_host *h, const struct judgement *j)
{
    const struct account_sharing_party *party = &j->d->party;

    if (party->owner == 0 || party->owners > j->config->party_owners)
        return false;
    if (party->days < j->config->party_days && party->acts < j->config->party_acts)
        return false;
    for (int i = 0; i < ACCOUNT_SHARING_USERS; i++) {
        if (j->d->account[i].days > party->days)
            return false;
    }
    return !account_sharing_kin(h, party->owner, j->user->unit) &&
           same_machine(party->proof.place, j->user->act.place);
}

/* ---- signals ---- */

/* Was as much said already, and has nothing been done since? */
static bool is_told(const struct judgement *j, int64_t strength)
{
    return !j->fresh && j->user->strength >= strength;
}

static void start(struct account_sharing_finding *r, const struct judgement *j,
    enum account_sharing_signal signal, int64_t strength)
{
    j->user->strength = strength;
    account_sharing_finding_start(r, signal, strength, j->seen->key, j->user->unit, j->user->management);
    account_sharing_finding_rollup(r, JD_KIND_DEVICE, j->device);
    r->emit.value = accounts_on(j->d);
    r->emit.threshold = 1;
    r->emit.facts[0] = (int64_t)j->device;
    account_sharing_finding_act(r, j->seen->key, &j->user->act);
}

/* A5, A5.supplier, A5.management. A registered agent's or pavilion's device, or one that a supplier (or the
 * third party's own account) works with, acts inside a unit's session. */
static void report_party(
    struct jd_host *h, const struct judgement *j, enum account_sharing_signal signal, int64_t strength)
{
    const struct account_sharing_party *party = &j->d->party;
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

static void report_home(struct jd_host *h, const struct judgement *j, enum account_sharing_signal signal,
    int64_t strength, const struct account_sharing_seen *home)
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
static void judge_trading(struct jd_host *h, const struct judgement *j)
{
    const struct account_sharing_config *c = j->config;
    const struct account_sharing_seen *home = foreign_home(h, j);
    int other[ACCOUNT_SHARING_USERS];

    if (!home)
        return;
    if (shared_units(h, j, false, other) < c->shared_units)
        report_home(h, j, ACCOUNT_SHARING_A5_UNIT, c->unit_strength, home);
    else
        jd_retract(h, ACCOUNT_SHARING_A5_UNIT, (struct jd_subject){JD_KIND_ACCOUNT, j->seen->key});
}

/* A5.management_unit. A management account counts when it comes back on another day, or files something where
 * few accounts are met: trainees log in once, side by side. */
static void judge_management(struct jd_host *h, const struct judgement *j)
{
    const struct account_sharing_config *c = j->config;
    const struct account_sharing_seen *home = foreign_home(h, j);
    bool few = j->user->filed && accounts_on(j->d) <= c->management_accounts;

    if (home && (few || j->seen->days >= c->management_days))
        report_home(h, j, ACCOUNT_SHARING_A5_MANAGEMENT_UNIT, c->management_unit_strength, home);
}

/* A5.management_shared. The management account is one of several units' accounts that one hand works with. */
static void judge_shared(struct jd_host *h, const struct judgement *j)
{
    int other[ACCOUNT_SHARING_USERS], units = shared_units(h, j, true, other);
    struct account_sharing_finding r;

    if (is_told(j, j->config->management_unit_strength) || units < j->config->shared_units)
        return;
    start(&r, j, ACCOUNT_SHARING_A5_MANAGEMENT_SHARED, j->config->management_unit_strength);
    r.emit.flags |= JD_HARD;
    r.emit.value = units;
    r.emit.threshold = j->config->shared_units;
    for (int i = 0; i < units - 1; i++) {
        const struct account_sharing_user *user = &j->d->user[other[i]];
        uint64_t account = j->d->account[other[i]].key;
        account_sharing_finding_member(&r, JD_KIND_ACCOUNT, JD_ROLE_ACTOR, account, user->unit, 0);
        account_sharing_finding_member(&r, JD_KIND_UNIT, JD_ROLE_BUYER, user->unit, user->unit, 0);
        account_sharing_finding_act(&r, account, &user->act);
    }
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_DEVICES, ACCOUNT_SHARING_LONG);
}

static void judge(struct jd_host *h, const struct judgement *j)
{
    const struct account_sharing_config *c = j->config;
    bool desk = j->list == JD_LIST_DESK_DEVICE || j->d->desk;

    if (!j->user->concerned || (desk && !j->user->traded)) /* a help desk resets and shows */
        return;
    if (j->list == JD_LIST_AGENT_DEVICE) {
        report_party(h, j, ACCOUNT_SHARING_A5, c->agent_strength);
    } else if (j->list == JD_LIST_PAVILION_DEVICE) {
        report_party(h, j, ACCOUNT_SHARING_A5, c->pavilion_strength);
    } else if (!desk && is_party_device(h, j)) {
        report_party(h, j, ACCOUNT_SHARING_A5_SUPPLIER, c->supplier_strength);
    } else if (j->user->management) {
        judge_management(h, j);
        judge_shared(h, j);
    } else {
        judge_trading(h, j);
    }
}

static void judge_all(struct jd_host *h, uint64_t device, struct account_sharing_device *d, uint64_t fresh)
{
    struct judgement j = {.device = device, .config = jd_config(h), .d = d};

    j.list = first_list(h, JD_LIST_AGENT_DEVICE, JD_LIST_PAVILION_DEVICE, device);
    if (j.list == JD_LIST_NONE && jd_listed(h, JD_LIST_DESK_DEVICE, device, NULL))
        j.list = JD_LIST_DESK_DEVICE;
    for (int i = 0; i < ACCOUNT_SHARING_USERS; i++) {
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
    struct jd_host *h, const struct account_sharing_use *use, const struct account_sharing_account *account)
{
    struct account_sharing_device *d;

    /* a change of a trading account may be the work of its unit's superior or of a help desk */
    if (use->act.type == JD_TYPE_ACCOUNT_CHANGE && !use->management)
        return;
    if (account->phone && (use->trade || use->management))
        judge_phone(h, use, account->phone);
    d = use->act.device ? jd_get(h, ACCOUNT_SHARING_DEVICES, use->act.device) : NULL;
    if (!d)
        return;
    learn_user(h, use, d);
    judge_all(h, use->act.device, d, use->trade || use->management ? use->account : 0);
}

void account_sharing_party_use(
    struct jd_host *h, const struct jd_event *e, const struct account_sharing_act *act, enum jd_list list)
{
    uint64_t device = jd_key(e, JD_F_DEVICE);
    struct account_sharing_device *d = device ? jd_get(h, ACCOUNT_SHARING_DEVICES, device) : NULL;

    if (!d)
        return;
    learn_party(&d->party, e, act, list);
    judge_all(h, device, d, 0);
}

void account_sharing_desk_use(struct jd_host *h, const struct jd_event *e)
{
    uint64_t device = jd_key(e, JD_F_DEVICE);
    struct account_sharing_device *d = device ? jd_get(h, ACCOUNT_SHARING_DEVICES, device) : NULL;

    if (d)
        d->desk++;
}
