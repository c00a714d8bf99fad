/* A3 second base: an account is at work from two places, each with devices of its own, by turns. */
#include "detectors/account_sharing/parts.h"
#include "detectors/places.h"

/* The device's place among those of the account, made in the place of one that was used on one day only or,
 * if there is none, of the one that rests longest. */
static struct account_sharing_own *place_of_device(
    struct account_sharing_account *account, const struct account_sharing_act *act)
{
    struct account_sharing_own *out = &account->own[0];

    for (int i = 0; i < ACCOUNT_SHARING_OWN_DEVICES; i++) {
        struct account_sharing_own *own = &account->own[i];
        bool passing = own->days <= 1, out_passing = out->days <= 1;
        if (own->device == act->device)
            return own;
        if (passing != out_passing ? passing : own->last < out->last)
            out = own;
    }
    *out = (struct account_sharing_own){.device = act->device, .first = act->time};
    return out;
}

int64_t account_sharing_device_since(
    const struct account_sharing_account *account, uint64_t device, int64_t otherwise)
{
    for (int i = 0; i < ACCOUNT_SHARING_OWN_DEVICES; i++) {
        if (account->own[i].device == device)
            return account->own[i].first;
    }
    return otherwise;
}

/* Takes the act in; true on the device's first act of a day. */
static bool touch(struct account_sharing_own *own, const struct account_sharing_act *act)
{
    uint32_t day = (uint32_t)jd_day(act->time);
    bool new_day = own->days == 0 || day > own->last;

    if (act->time < own->first)
        own->first = act->time;
    if (new_day) {
        own->days++;
        own->last = day;
    }
    own->hours |= UINT32_C(1) << (act->time + JD_ZONE) / JD_HOUR % 24;
    if (act->place && own->place && places_apart(act->place, own->place) > 0)
        own->moves++;
    if (act->place)
        own->place = act->place;
    return new_day;
}

/* A device that stays at a place and is used there again and again. */
static bool is_settled(const struct account_sharing_own *own, const struct account_sharing_config *c)
{
    return own->days >= c->base_days && own->place && own->moves == 0;
}

/* Takes the act in: did the account change to another device far away? Not where another name stands at it: a
 * colleague at a branch. A late act changes nothing. */
static void touch_turns(struct account_sharing_turns *t, const struct account_sharing_use *use)
{
    const struct account_sharing_act *act = &use->act;
    uint32_t time = (uint32_t)(act->time / JD_SECOND), device = account_sharing_shortened(act->device);
    uint32_t operator= account_sharing_shortened(use->operator);

    if (act->place == 0 || time < t->time)
        return;
    if (t->place && t->place != act->place && t->device != device &&
        (t->operator== 0 || operator== 0 || t->operator== operator) &&
        places_apart(t->place, act->place) >= use->config->travel_hard_distance) {
        for (int i = ACCOUNT_SHARING_TURNS - 1; i > 0; i--)
            t->turned[i] = t->turned[i - 1];
        t->turned[0] = time;
    }
    t->time = time;
    t->place = act->place;
    t->device = device;
    t->operator= operator;
}

/* How many turns there were within `window` of the newest. Who works in one city and lives in another makes
 * two a week. */
static int turns_within(const struct account_sharing_turns *t, int64_t window)
{
    int n = 0;

    for (int i = 0; i < ACCOUNT_SHARING_TURNS; i++)
        n += t->turned[i] && t->turned[0] - t->turned[i] < window / JD_SECOND;
    return n;
}

/* The settled devices at one place, as one. */
struct base {
    uint32_t place, first, last, days;
};

static struct base base_at(
    const struct account_sharing_account *account, const struct account_sharing_config *c, uint32_t place)
{
    struct base base = {.place = place, .first = UINT32_MAX};

    for (int i = 0; i < ACCOUNT_SHARING_OWN_DEVICES; i++) {
        const struct account_sharing_own *own = &account->own[i];
        uint32_t first = (uint32_t)jd_day(own->first);
        if (!is_settled(own, c) || places_place(own->place) != places_place(place))
            continue;
        base.first = first < base.first ? first : base.first;
        base.last = own->last > base.last ? own->last : base.last;
        base.days = own->days > base.days ? own->days : base.days;
    }
    return base;
}

/* Both in use over so many days; else one has replaced the other: a new office, a new clerk. */
static bool by_turns(const struct base *a, const struct base *b, int64_t overlap)
{
    int64_t first = a->first > b->first ? a->first : b->first;
    int64_t last = a->last < b->last ? a->last : b->last;

    return last - first > overlap / JD_DAY;
}

/* How many settled devices never share an hour of the day: shifts of different people. */
static int shifts(const struct account_sharing_account *account, const struct account_sharing_config *c)
{
    uint32_t taken = 0;
    int n = 0;

    for (int i = 0; i < ACCOUNT_SHARING_OWN_DEVICES; i++) {
        const struct account_sharing_own *own = &account->own[i];
        if (!is_settled(own, c) || own->hours & taken)
            continue;
        taken |= own->hours;
        n++;
    }
    return n;
}

/* The bases besides the main one. */
struct others {
    uint32_t place[ACCOUNT_SHARING_OWN_DEVICES];
    int n;
    struct base farthest;
    int32_t km; /* to the farthest */
};

static bool is_among(const struct others *others, uint32_t place)
{
    for (int i = 0; i < others->n; i++) {
        if (places_place(others->place[i]) == places_place(place))
            return true;
    }
    return false;
}

static struct others other_bases(struct jd_host *h, const struct account_sharing_use *use,
    const struct account_sharing_account *account, const struct base *home)
{
    struct others others = {.n = 0};

    for (int i = 0; i < ACCOUNT_SHARING_OWN_DEVICES; i++) {
        const struct account_sharing_own *own = &account->own[i];
        struct base base;
        int32_t km;
        if (!is_settled(own, use->config) || is_among(&others, own->place) ||
            places_place(own->place) == places_place(home->place))
            continue;
        base = base_at(account, use->config, own->place);
        if (!by_turns(home, &base, use->config->base_overlap) ||
            account_sharing_is_usual(h, use->unit, own->place))
            continue;
        km = places_apart(home->place, base.place);
        if (others.n == 0 || km > others.km) {
            others.farthest = base;
            others.km = km;
        }
        others.place[others.n++] = own->place;
    }
    return others;
}

/* Strength by the number of places besides the most used one; half as much where all are near. Who goes to
 * and fro between far cities more often than people travel is two people. */
static void judge(
    struct jd_host *h, const struct account_sharing_use *use, const struct account_sharing_account *account)
{
    const struct account_sharing_config *c = use->config;
    struct account_sharing_finding r;
    struct base home = {.days = 0};
    struct others others;
    int turns = turns_within(&account->turns, c->base_turns_window);
    int64_t strength;
    bool hard;

    for (int i = 0; i < ACCOUNT_SHARING_OWN_DEVICES; i++) {
        struct base base;
        if (!is_settled(&account->own[i], c))
            continue;
        base = base_at(account, c, account->own[i].place);
        if (base.days > home.days)
            home = base;
    }
    if (home.days == 0)
        return;
    others = other_bases(h, use, account, &home);
    strength = others.n == 0 ? 0 : others.n == 1 ? c->base_strength : c->base_more_strength;
    if (!account->named && shifts(account, c) >= 4) /* of people with names A4 knows more */
        strength = c->base_hours_strength;
    if (others.km < c->travel_distance)
        strength /= 2;
    if (others.km >= c->travel_hard_distance && turns >= c->base_turns)
        strength = c->base_turns_strength;
    hard = others.km >= c->travel_hard_distance && turns >= c->base_turns_hard;
    if (hard)
        strength = c->base_turns_hard_strength;
    if (strength == 0)
        return;
    account_sharing_finding_start(&r, ACCOUNT_SHARING_A3, strength, use->account, use->unit, use->management);
    if (hard)
        r.emit.flags |= JD_HARD;
    r.emit.value = others.n + 1;
    r.emit.threshold = 2;
    r.emit.facts[0] = home.place;
    r.emit.facts[1] = others.n ? others.farthest.place : home.place;
    r.emit.facts[2] = home.days;
    r.emit.facts[3] = others.n ? others.farthest.days : home.days;
    r.emit.facts[4] = turns;
    account_sharing_finding_device(h, &r, use, use->act.device);
    account_sharing_finding_act(&r, use->account, &use->act);
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_ACCOUNTS, ACCOUNT_SHARING_LONG);
}

void account_sharing_bases(
    struct jd_host *h, const struct account_sharing_use *use, struct account_sharing_account *account)
{
    struct account_sharing_own *own;
    bool new_day;

    touch_turns(&account->turns, use);
    own = place_of_device(account, &use->act);
    if (account_sharing_is_name_due(own->last, (uint32_t)jd_day(use->act.time)))
        jd_remember(h, use->event, JD_F_DEVICE);
    new_day = touch(own, &use->act);
    if (new_day && own->days >= use->config->base_days && account->active_days >= use->config->active_days)
        judge(h, use, account);
}
