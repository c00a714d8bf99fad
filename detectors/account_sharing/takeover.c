/* A8 takeover: an account is bound to another phone or gets a new password, and somebody else buys with it.
 */
#include "detectors/account_sharing/parts.h"
#include "detectors/places.h"
#include "detectors/superiors.h"

#define BOUND_AGAIN (30 * JD_DAY) /* the phone's record need not hear of each login */

/* The account has left its old phone. A login with another one says so only of a phone that was itself no
 * more than seen at a login: several of a unit's staff may log in, each with a phone. */
static void unbind(struct jd_host *h, uint64_t phone, uint64_t account, bool rebound)
{
    struct account_sharing_phone *p = phone ? jd_find(h, ACCOUNT_SHARING_PHONES, phone) : NULL;

    for (int i = 0; p && i < ACCOUNT_SHARING_PHONE_UNITS; i++) {
        if (p->binding[i].account == account && (rebound || !p->binding[i].rebound))
            p->binding[i] = (struct account_sharing_binding){0};
    }
}

static struct account_sharing_act proof_of(const struct account_sharing_binding *binding)
{
    return (struct account_sharing_act){
        .id_ms = binding->id_ms,
        .id_seq = binding->id_seq,
        .time = binding->time,
        .unit = binding->unit,
        .device = binding->device,
        .place = binding->place,
        .region = binding->region,
        .type = binding->type,
    };
}

/* Where all places are taken a subordinate makes room for its superior: whose clerk has them all. */
static void make_room(struct jd_host *h, struct account_sharing_phone *p, uint64_t unit)
{
    if (account_sharing_has_room(
            p->unit, ACCOUNT_SHARING_PHONE_UNITS, unit, jd_now(h) - ACCOUNT_SHARING_LONG))
        return;
    for (int i = 0; i < ACCOUNT_SHARING_PHONE_UNITS; i++) {
        for (int k = 0; k < ACCOUNT_SHARING_PHONE_UNITS; k++) {
            if (!superiors_above(h, p->unit[i].key, p->unit[k].key))
                continue;
            p->unit[i] = (struct account_sharing_seen){0};
            return;
        }
    }
}

static struct account_sharing_phone *bind_phone(struct jd_host *h, uint64_t phone, uint64_t unit,
    uint64_t account, const struct account_sharing_act *act, bool rebound, bool management)
{
    struct account_sharing_phone *p = jd_get(h, ACCOUNT_SHARING_PHONES, phone);
    struct account_sharing_binding *binding;
    bool fresh;

    if (!p)
        return NULL;
    make_room(h, p, unit);
    binding = &p->binding[account_sharing_touch(
        p->unit, ACCOUNT_SHARING_PHONE_UNITS, unit, act->time, jd_now(h) - ACCOUNT_SHARING_LONG, &fresh)];
    if (fresh) {
        *binding = (struct account_sharing_binding){0};
        p->met++;
    }
    if (binding->account == 0 || rebound || !binding->rebound) {
        *binding = (struct account_sharing_binding){
            .account = account,
            .id_ms = act->id_ms,
            .id_seq = act->id_seq,
            .time = act->time,
            .unit = act->unit,
            .device = act->device,
            .place = act->place,
            .region = act->region,
            .type = act->type,
            .rebound = binding->rebound,
            .management = management,
        };
    }
    if (rebound)
        binding->rebound = 1;
    return p;
}

/* Is the act's place far from the unit, and none where it works? */
static bool is_far(struct jd_host *h, const struct account_sharing_use *use, uint64_t unit,
    const struct account_sharing_act *act)
{
    return act->place && act->region &&
           places_apart(act->place, act->region) >= use->config->travel_distance &&
           !account_sharing_is_usual(h, unit, act->place);
}

enum bound { SERVED, REBOUND, REBOUND_FROM_AFAR, HOUSES };

/* How many units on this phone have nothing to do with each other, counted from that of `use` on? HOUSES: not
 * even a superior two levels up. */
static int unrelated_units(struct jd_host *h, const struct account_sharing_use *use,
    const struct account_sharing_phone *p, enum bound bound)
{
    struct account_sharing_unit units[ACCOUNT_SHARING_PHONE_UNITS + 1] = {
        {.unit = use->unit, .region = use->act.region}};
    bool counts[ACCOUNT_SHARING_PHONE_UNITS + 1] = {
        bound != REBOUND_FROM_AFAR || is_far(h, use, use->unit, &use->act)};
    int n = 1, families = 0;

    for (int i = 0; i < ACCOUNT_SHARING_PHONE_UNITS; i++) {
        const struct account_sharing_binding *binding = &p->binding[i];
        struct account_sharing_act proof = proof_of(binding);
        uint64_t unit = p->unit[i].key;
        if (unit == 0)
            continue;
        units[n] = (struct account_sharing_unit){.unit = unit, .region = binding->region};
        counts[n] = binding->account && (binding->rebound || bound == SERVED || bound == HOUSES);
        if (bound == REBOUND_FROM_AFAR)
            counts[n] = counts[n] && is_far(h, use, unit, &proof);
        n++;
    }
    if (bound == HOUSES)
        account_sharing_houses(h, units, n);
    else
        account_sharing_families(h, units, n);
    for (int i = 0; i < n; i++) {
        bool first = counts[i];
        for (int j = 0; j < i; j++)
            first = first && !(counts[j] && units[j].family == units[i].family);
        families += first;
    }
    return families;
}

/* A8. Change, a device that the account did not have before, then a trade, all within a day. Every new clerk
 * with a new computer looks like this: it says something only beside other signals. Accounts on one phone are
 * one alert. */
static void judge_trade(struct jd_host *h, const struct account_sharing_use *use,
    struct account_sharing_account *account, const struct account_sharing_act *trade)
{
    const struct account_sharing_config *c = use->config;
    struct account_sharing_finding r;
    const struct account_sharing_phone *p;
    int64_t after = trade->time - account->change.time;
    bool common, far;

    if (account->change.id_ms == 0 || after < 0 || after > c->takeover_window || trade->device == 0)
        return;
    if (account_sharing_device_since(account, trade->device, trade->time) < account->change.time - JD_HOUR)
        return;
    p = jd_find(h, ACCOUNT_SHARING_PHONES, account->phone);
    common = p && unrelated_units(h, use, p, SERVED) >= 2;
    far = is_far(h, use, use->unit, &account->change) || is_far(h, use, use->unit, trade);
    account_sharing_finding_start(&r, ACCOUNT_SHARING_A8,
        far ? c->takeover_far_strength : c->takeover_strength, use->account, use->unit, use->management);
    r.emit.value = after;
    r.emit.threshold = c->takeover_window;
    r.emit.facts[0] = (int64_t)trade->device;
    r.emit.facts[1] = account->change.time;
    if (common)
        account_sharing_finding_rollup(&r, JD_KIND_PHONE, account->phone);
    account_sharing_finding_member(
        &r, JD_KIND_DEVICE, JD_ROLE_RESOURCE, trade->device, common ? 0 : use->unit, 0);
    account_sharing_finding_act(&r, use->account, &account->change);
    account_sharing_finding_act(&r, use->account, trade);
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_ACCOUNTS, c->takeover_window);
}

/* A8.relay. The clerk logs in where the unit is, and minutes later somebody far away does: a code was read
 * out. On a mobile network the clerk may be anywhere, and both may be one traveller's. */
static void judge_relay(struct jd_host *h, const struct account_sharing_use *use)
{
    const struct account_sharing_config *c = use->config;
    struct account_sharing_recent recent;
    const struct account_sharing_act *clerk = NULL;
    struct account_sharing_finding r;

    if (!is_far(h, use, use->unit, &use->act))
        return;
    if (!account_sharing_recent_of(h, use->account, &recent))
        return;
    for (int i = 0; i < *recent.steps; i++) {
        const struct account_sharing_act *act = &recent.step[i].act;
        int64_t before = use->act.time - act->time;
        if (act->type == JD_TYPE_LOGIN && act->device != use->act.device && before >= 0 &&
            before <= c->relay_gap && !is_far(h, use, use->unit, act))
            clerk = act;
    }
    if (!clerk)
        return;
    account_sharing_finding_start(&r, ACCOUNT_SHARING_A8_RELAY,
        clerk->place ? c->relay_strength : c->relay_strength / 2, use->account, use->unit, use->management);
    r.emit.value = use->act.time - clerk->time;
    r.emit.threshold = c->relay_gap;
    r.emit.facts[0] = use->act.place;
    r.emit.facts[1] = (int64_t)use->act.device;
    account_sharing_finding_device(h, &r, use, use->act.device);
    account_sharing_finding_act(&r, use->account, clerk);
    account_sharing_finding_act(&r, use->account, &use->act);
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_LIVE, c->relay_gap);
}

/* A change that arrives after the trade it came before. */
static void judge_earlier_trades(
    struct jd_host *h, const struct account_sharing_use *use, struct account_sharing_account *account)
{
    struct account_sharing_recent recent;

    if (!account_sharing_recent_of(h, use->account, &recent))
        return;
    for (int i = 0; i < *recent.steps; i++) {
        if (account_sharing_is_trade(recent.step[i].act.type))
            judge_trade(h, use, account, &recent.step[i].act);
    }
}

/* How much a phone that accounts were rebound to says of them. */
struct common {
    int units;
    int64_t strength;
    bool hard;
};

static void report_phone(struct jd_host *h, const struct account_sharing_use *use,
    const struct account_sharing_phone *p, uint64_t phone, int which, const struct common *common)
{
    const struct account_sharing_binding *about = &p->binding[which];
    struct account_sharing_act proof;
    struct account_sharing_finding r;

    account_sharing_finding_start(&r, ACCOUNT_SHARING_A8_PHONE, common->strength, about->account,
        p->unit[which].key, about->management);
    account_sharing_finding_rollup(&r, JD_KIND_PHONE, phone);
    if (common->hard)
        r.emit.flags |= JD_HARD;
    r.emit.value = common->units;
    r.emit.threshold = use->config->phone_units;
    r.emit.facts[0] = (int64_t)phone;
    r.emit.facts[1] = about->time;
    proof = proof_of(about);
    account_sharing_finding_act(&r, about->account, &proof);
    for (int i = 0; i < ACCOUNT_SHARING_PHONE_UNITS; i++) {
        uint64_t unit = p->unit[i].key;
        if (i == which || unit == 0 || p->binding[i].account == 0)
            continue;
        account_sharing_finding_member(&r, JD_KIND_ACCOUNT, JD_ROLE_ACTOR, p->binding[i].account, unit, 0);
        account_sharing_finding_member(&r, JD_KIND_UNIT, JD_ROLE_BUYER, unit, unit, 0);
        proof = proof_of(&p->binding[i]);
        account_sharing_finding_act(&r, p->binding[i].account, &proof);
    }
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_PHONES, ACCOUNT_SHARING_LONG);
}

/* A8.phone. The new phone serves another unit that has nothing to do with this one. Strong once accounts of
 * three such units were rebound to it, and a hard fact where two were from far away: no clerk's, who moves
 * from one office to the next. Then it is about all of them. Soft where one superior two levels up stands
 * over all: perhaps its clerk runs the accounts of small subordinates. */
static void judge_phone(struct jd_host *h, const struct account_sharing_use *use,
    const struct account_sharing_phone *p, uint64_t phone)
{
    const struct account_sharing_config *c = use->config;
    struct common common = {.units = unrelated_units(h, use, p, SERVED)};
    bool all;

    if (common.units < 2 || p->met > (uint64_t)c->phone_met)
        return;
    common.hard = unrelated_units(h, use, p, REBOUND_FROM_AFAR) >= 2;
    all = common.hard || unrelated_units(h, use, p, REBOUND) >= c->phone_units;
    common.strength = common.hard ? c->phone_far_strength : all ? c->phone_units_strength : c->phone_strength;
    if (!common.hard && unrelated_units(h, use, p, HOUSES) < 2 && common.strength > c->house_strength)
        common.strength = c->house_strength;
    for (int i = 0; i < ACCOUNT_SHARING_PHONE_UNITS; i++) {
        const struct account_sharing_binding *binding = &p->binding[i];
        if (binding->account && (all ? binding->rebound : p->unit[i].key == use->unit))
            report_phone(h, use, p, phone, i, &common);
    }
}

static void learn_phone(struct jd_host *h, const struct account_sharing_use *use,
    struct account_sharing_account *account, uint64_t phone, bool rebound)
{
    const struct account_sharing_phone *p;
    bool late = use->act.time < account->phone_time;

    if (phone == 0 || (late && phone != account->phone))
        return;
    if (rebound && account->bound != phone)
        unbind(h, account->bound, use->account, true);
    if (account->phone != phone)
        unbind(h, account->phone, use->account, rebound);
    else if (!rebound && jd_now(h) - account->phone_bound < BOUND_AGAIN)
        return;
    account->phone = phone;
    account->bound = rebound ? phone : account->bound;
    account->phone_time = late ? account->phone_time : use->act.time;
    account->phone_bound = jd_now(h);
    jd_remember(h, use->event, rebound && jd_has(use->event, JD_F_NEW_VALUE) ? JD_F_NEW_VALUE : JD_F_PHONE);
    p = bind_phone(h, phone, use->unit, use->account, &use->act, rebound, use->management);
    if (p && rebound)
        judge_phone(h, use, p, phone);
}

void account_sharing_takeover(
    struct jd_host *h, const struct account_sharing_use *use, struct account_sharing_account *account)
{
    const struct jd_event *e = use->event;
    int64_t change = jd_num(e, JD_F_CHANGE);

    if (e->type == JD_TYPE_LOGIN) {
        learn_phone(h, use, account, jd_key(e, JD_F_PHONE), false);
        judge_relay(h, use);
    }
    if (use->trade)
        judge_trade(h, use, account, &use->act);
    if (e->type != JD_TYPE_ACCOUNT_CHANGE || (change != JD_CHANGE_PHONE && change != JD_CHANGE_PASSWORD))
        return;
    if (use->act.time > account->change.time) {
        account->change = use->act;
        judge_earlier_trades(h, use, account);
    }
    if (change == JD_CHANGE_PHONE)
        learn_phone(h, use, account,
            jd_has(e, JD_F_NEW_VALUE) ? jd_key(e, JD_F_NEW_VALUE) : jd_key(e, JD_F_PHONE), true);
}

void account_sharing_party_phone(
    struct jd_host *h, const struct jd_event *e, const struct account_sharing_act *act)
{
    uint64_t phone = jd_key(e, JD_F_PHONE), unit = jd_key(e, JD_F_ACCOUNT_UNIT);

    if (e->type != JD_TYPE_LOGIN || phone == 0 || unit == 0)
        return;
    jd_remember(h, e, JD_F_PHONE);
    bind_phone(h, phone, unit, jd_key(e, JD_F_ACCOUNT), act, false, false);
}
