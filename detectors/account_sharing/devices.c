#include "detectors/account_sharing/devices.h"

#include "detectors/places.h"

/* Acts of one machine come from one place; from places far apart they come from two machines whose
 * fingerprints happen to be equal. */
static bool same_machine(uint32_t place_a, uint32_t place_b)
{
    return place_a == 0 || place_b == 0 || places_apart(place_a, place_b) == 0;
}

/* Where it was done: what leaves a government's network stands in an office of the unit. */
static uint32_t place_of(const struct account_sharing_act *act)
{
    return act->place || act->network != JD_IP_GOVERNMENT ? act->place : act->region;
}

/* Two computers of one image, as likely as one computer. */
static bool other_address(const struct account_sharing_act *a, const struct account_sharing_act *b)
{
    return a->ip && b->ip && a->ip != b->ip;
}

/* The families of those who use the device. */
static void families_on(struct jd_host *h, const struct account_sharing_users *d,
    struct account_sharing_unit units[ACCOUNT_SHARING_USERS])
{
    for (int i = 0; i < d->n; i++)
        units[i] = (struct account_sharing_unit){d->user[i].unit, d->user[i].act.region, i};
    account_sharing_families(h, units, d->n);
}

int account_sharing_device_accounts(const struct account_sharing_users *d)
{
    int n = 0;

    for (int i = 0; i < d->n; i++)
        n += d->account[i].key != 0;
    return n;
}

bool account_sharing_device_is_of_one_unit(const struct account_sharing_users *d)
{
    uint64_t unit = 0;

    for (int i = 0; i < d->n; i++) {
        if (d->account[i].key == 0)
            continue;
        if (unit && d->user[i].unit != unit)
            return false;
        unit = d->user[i].unit;
    }
    return true;
}

bool account_sharing_device_of(struct jd_host *h, uint64_t key, struct account_sharing_users *users)
{
    static const struct account_sharing_party nobody;
    struct account_sharing_device *d = key ? jd_get(h, ACCOUNT_SHARING_DEVICES, key) : NULL;
    struct account_sharing_crowded *crowd;
    const struct account_sharing_party *party;

    if (!d)
        return false;
    crowd = d->crowded ? jd_get(h, ACCOUNT_SHARING_CROWDS, key) : NULL;
    party = d->has_party ? jd_get(h, ACCOUNT_SHARING_PARTIES, key) : NULL;
    *users = (struct account_sharing_users){
        .device = d,
        .account = crowd ? crowd->account : d->account,
        .user = crowd ? crowd->user : d->user,
        .n = crowd ? ACCOUNT_SHARING_USERS : ACCOUNT_SHARING_FEW_USERS,
        .party = party ? party : &nobody,
    };
    return true;
}

bool account_sharing_device_is_foreign(struct jd_host *h, uint64_t key, uint64_t unit, uint32_t region)
{
    const struct account_sharing_device *d = key ? jd_find(h, ACCOUNT_SHARING_DEVICES, key) : NULL;
    const struct account_sharing_crowded *crowd =
        d && d->crowded ? jd_find(h, ACCOUNT_SHARING_CROWDS, key) : NULL;
    const struct account_sharing_user *user = crowd ? crowd->user : d ? d->user : NULL;
    int n = crowd ? ACCOUNT_SHARING_USERS : d ? ACCOUNT_SHARING_FEW_USERS : 0;

    for (int i = 0; i < n; i++) {
        if (user[i].unit && user[i].unit != unit &&
            !account_sharing_kin(h, user[i].unit, user[i].act.region, unit, region))
            return true;
    }
    return false;
}

/* Moves the few to where there is room for more, if they can be. */
static void make_room(struct jd_host *h, uint64_t key, struct account_sharing_users *users)
{
    struct account_sharing_crowded *crowd = jd_get(h, ACCOUNT_SHARING_CROWDS, key);

    if (!crowd)
        return;
    *crowd = (struct account_sharing_crowded){0};
    for (int i = 0; i < users->n; i++) {
        crowd->account[i] = users->account[i];
        crowd->user[i] = users->user[i];
    }
    users->device->crowded = 1;
    users->account = crowd->account;
    users->user = crowd->user;
    users->n = ACCOUNT_SHARING_USERS;
}

/* The account's place among the users. */
static struct account_sharing_user *touch_user(
    struct jd_host *h, const struct account_sharing_use *use, struct account_sharing_users *users)
{
    int64_t since = jd_now(h) - ACCOUNT_SHARING_LONG;
    struct account_sharing_user *user;
    bool fresh;

    if (users->n == ACCOUNT_SHARING_FEW_USERS &&
        !account_sharing_has_room(users->account, users->n, use->account, since))
        make_room(h, use->act.device, users);
    user = &users->user[account_sharing_touch(
        users->account, users->n, use->account, use->act.time, since, &fresh)];
    if (fresh) {
        *user = (struct account_sharing_user){0};
        users->device->met += users->device->met < UINT32_MAX;
    }
    return user;
}

void account_sharing_device_learn_user(
    struct jd_host *h, const struct account_sharing_use *use, struct account_sharing_users *users)
{
    struct account_sharing_user *user = touch_user(h, use, users);
    bool concerned = use->trade || use->management;
    uint16_t type = use->act.type;

    user->unit = use->unit;
    user->management = use->management;
    if (use->act.place)
        user->place = use->act.place;
    if (concerned || !user->concerned)
        user->act = use->act;
    user->concerned |= concerned;
    user->traded |= use->trade;
    user->ordered |= type == JD_TYPE_ORDER;
    if ((type == JD_TYPE_RECEIPT || type == JD_TYPE_REVIEW) && use->act.time > user->accepted)
        user->accepted = use->act.time;
    if (use->management)
        user->filed |= type == JD_TYPE_RESERVATION || type == JD_TYPE_ACCOUNT_CHANGE;
}

void account_sharing_device_learn_party(struct jd_host *h, const struct jd_event *e,
    const struct account_sharing_act *act, enum jd_list list, struct account_sharing_users *users)
{
    struct account_sharing_party *party = jd_get(h, ACCOUNT_SHARING_PARTIES, jd_key(e, JD_F_DEVICE));
    int64_t day = jd_day(act->time);
    uint64_t account = jd_key(e, JD_F_ACCOUNT), unit = jd_key(e, JD_F_ACCOUNT_UNIT);
    uint64_t owner = unit ? unit : account;

    if (!party)
        return;
    users->device->has_party = 1;
    users->party = party;
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

/* Behind the listed exit of a city hall. */
static bool is_in_compound(const struct account_sharing_act *act)
{
    return act->place && act->ip == 0;
}

/* Do two units of one county share the computer? They sit in one compound, or another account of the judged
 * one's unit works with it too, day by day. */
static bool is_shared_desk(
    const struct account_sharing_judgement *j, const struct account_sharing_user *owner)
{
    if (owner->act.region != j->user->act.region)
        return false;
    if (is_in_compound(&owner->act) && is_in_compound(&j->user->act))
        return true;
    for (int i = 0; i < j->d->n; i++) {
        const struct account_sharing_seen *other = &j->d->account[i];
        if (other->key && other != j->seen && j->d->user[i].unit == j->user->unit &&
            other->days >= j->config->home_days)
            return true;
    }
    return false;
}

const struct account_sharing_seen *account_sharing_device_foreign_home(
    struct jd_host *h, const struct account_sharing_judgement *j)
{
    const struct account_sharing_seen *home = j->seen;
    const struct account_sharing_user *owner;
    struct account_sharing_unit units[ACCOUNT_SHARING_USERS];

    for (int i = 0; i < j->d->n; i++) {
        if (j->d->account[i].days > home->days)
            home = &j->d->account[i];
    }
    owner = &j->d->user[home - j->d->account];
    if (home == j->seen || home->days < j->config->home_days || owner->unit == j->user->unit)
        return NULL;
    if (home->first >= j->seen->first || home->last <= j->seen->first)
        return NULL;
    if (other_address(&owner->act, &j->user->act) ||
        !same_machine(owner->place ? owner->place : place_of(&owner->act), place_of(&j->user->act)))
        return NULL;
    if (is_shared_desk(j, owner) ||
        account_sharing_kin(h, owner->unit, owner->act.region, j->user->unit, j->user->act.region))
        return NULL;
    families_on(h, j->d, units);
    return units[owner - j->d->user].family == units[j->user - j->d->user].family ? NULL : home;
}

bool account_sharing_device_of_party(struct jd_host *h, const struct account_sharing_judgement *j)
{
    const struct account_sharing_party *party = j->d->party;

    if (party->owner == 0 || party->owners > j->config->party_owners)
        return false;
    if (party->days < j->config->party_days && party->acts < j->config->party_acts)
        return false;
    for (int i = 0; i < j->d->n; i++) {
        if (j->d->account[i].days > party->days)
            return false;
    }
    return party->owner != j->user->unit && !jd_related(h, party->owner, j->user->unit) &&
           same_machine(party->proof.place, j->user->act.place);
}

/* Does this user count in a crowd about `about`? */
static bool is_in_crowd(const struct account_sharing_judgement *j, const struct account_sharing_user *user,
    enum account_sharing_doing doing)
{
    const struct account_sharing_user *about = j->user;

    switch (doing) {
    case ACCOUNT_SHARING_TRADED:
        return user->traded;
    case ACCOUNT_SHARING_WORKED: /* computers with equal fingerprints have addresses of their own */
        return (user->traded || user->filed) && user->act.ip && user->act.ip == about->act.ip;
    case ACCOUNT_SHARING_ACCEPTED:
        return user->accepted && about->accepted - user->accepted <= j->config->receipt_window &&
               !other_address(&user->act, &about->act) &&
               same_machine(place_of(&user->act), place_of(&about->act));
    }
    return false;
}

static int64_t day_of(const struct account_sharing_user *user, enum account_sharing_doing doing)
{
    return jd_day(doing == ACCOUNT_SHARING_ACCEPTED ? user->accepted : user->act.time);
}

struct account_sharing_crowd account_sharing_device_crowd(struct jd_host *h,
    const struct account_sharing_judgement *j, enum account_sharing_doing doing, int64_t least)
{
    struct account_sharing_crowd crowd = {.units = 1};
    const struct account_sharing_user *chosen[ACCOUNT_SHARING_USERS] = {j->user};
    struct account_sharing_unit units[ACCOUNT_SHARING_USERS];
    bool counts[ACCOUNT_SHARING_USERS];
    uint64_t taken; /* bit 1 << family */

    for (int i = 0; i < j->d->n; i++) {
        const struct account_sharing_user *user = &j->d->user[i];
        counts[i] = j->d->account[i].key && user->unit != j->user->unit && is_in_crowd(j, user, doing);
        least -= counts[i];
    }
    if (least > 1) /* mostly so, and families cost */
        return crowd;
    families_on(h, j->d, units);
    taken = UINT64_C(1) << units[j->user - j->d->user].family;
    for (int i = 0; i < j->d->n; i++) {
        if (!counts[i] || taken >> units[i].family & 1)
            continue;
        taken |= UINT64_C(1) << units[i].family;
        crowd.other[crowd.units - 1] = i;
        chosen[crowd.units++] = &j->d->user[i];
    }
    for (int i = 0; i < crowd.units; i++) {
        bool other_day = true;
        for (int k = 0; k < i; k++)
            other_day = other_day && day_of(chosen[i], doing) != day_of(chosen[k], doing);
        crowd.days += other_day;
    }
    return crowd;
}
