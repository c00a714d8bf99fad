/* A1 geo-velocity and A2 concurrent use: one account, two places or two hands at once. */
#include "detectors/account_sharing/parts.h"
#include "detectors/places.h"

#define CONCURRENT_EPISODE                                                                                   \
    INT64_C(1800000) /* ms; A2 reports an episode again after half an hour of quiet                          \
                      */

static int64_t distance_in_time(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static uint64_t usual_key(uint64_t unit, uint32_t place)
{
    uint64_t key = (unit ^ places_place(place)) * UINT64_C(0x9e3779b97f4a7c15);

    return key ^ key >> 32;
}

static void learn_usual(struct jd_host *h, const struct account_sharing_use *use)
{
    struct account_sharing_usual *usual;

    if (use->act.place == 0)
        return;
    usual = jd_get(h, ACCOUNT_SHARING_USUAL, usual_key(use->unit, use->act.place));
    for (int i = 0; usual && i < ACCOUNT_SHARING_USUAL_ACCOUNTS; i++) {
        if (usual->account[i] == use->account)
            return;
        if (usual->account[i] == 0) {
            usual->account[i] = use->account;
            return;
        }
    }
}

bool account_sharing_is_usual(struct jd_host *h, uint64_t unit, uint32_t place)
{
    const struct account_sharing_usual *usual = jd_find(h, ACCOUNT_SHARING_USUAL, usual_key(unit, place));

    return usual && usual->account[ACCOUNT_SHARING_USUAL_ACCOUNTS - 1];
}

/* The least time between the ends of two stays: what lies between may have been travel. */
static int64_t gap_between(const struct account_sharing_stay *a, const struct account_sharing_stay *b)
{
    int64_t first = least(distance_in_time(a->first, b->first), distance_in_time(a->first, b->last.time));
    int64_t last =
        least(distance_in_time(a->last.time, b->first), distance_in_time(a->last.time, b->last.time));

    return least(first, last);
}

/* The record of two devices far apart on one day; a new one takes the oldest's place. */
static struct account_sharing_far *touch_far(
    struct account_sharing_account *account, uint64_t devices, int64_t day)
{
    struct account_sharing_far *far = &account->far[0];

    for (int i = 0; i < ACCOUNT_SHARING_FAR; i++) {
        if (account->far[i].devices == devices && account->far[i].day == day)
            return &account->far[i];
        if (account->far[i].day < far->day)
            far = &account->far[i];
    }
    *far = (struct account_sharing_far){.devices = devices, .day = day};
    return far;
}

/* On how many different days, `memory` back from `day`, were there devices far apart? */
static int far_days(const struct account_sharing_account *account, int64_t day, int64_t memory)
{
    int days = 0;

    for (int i = 0; i < ACCOUNT_SHARING_FAR; i++) {
        bool counts = account->far[i].devices && distance_in_time(account->far[i].day, day) <= memory;
        for (int j = 0; j < i; j++)
            counts = counts && account->far[j].day != account->far[i].day;
        days += counts;
    }
    return days;
}

/* Two places at once are two people: of whom one has borrowed the other's name, or who are colleagues, one of
 * them on a journey. */
static void report_travel(struct jd_host *h, const struct account_sharing_use *use,
    struct account_sharing_account *account, const struct account_sharing_stay *a,
    const struct account_sharing_stay *b, int64_t km, int64_t kmh)
{
    const struct account_sharing_config *c = use->config;
    struct account_sharing_finding r;
    int64_t day = jd_day(b->last.time);
    struct account_sharing_far *far = touch_far(account, a->last.device + b->last.device, day);
    int days = far_days(account, day, c->travel_memory / JD_DAY);
    bool colleagues = a->operator&& b->operator&& a->operator!= b->operator;
    int64_t strength = c->travel_strength;

    if (a->order && b->order && distance_in_time(a->ordered, b->ordered) <= c->travel_window)
        strength = c->travel_traded_strength;
    if (days >= 2)
        strength = c->travel_repeated_strength;
    if (colleagues)
        strength /= 2;
    if (strength <= far->strength)
        return;
    far->strength = strength;
    account_sharing_finding_start(&r, ACCOUNT_SHARING_A1, strength, use->account, use->unit, use->management);
    if (days >= 2 && km >= c->travel_hard_distance && !colleagues)
        r.emit.flags |= JD_HARD;
    r.emit.value = kmh;
    r.emit.threshold = c->travel_speed;
    r.emit.facts[0] = km;
    r.emit.facts[1] = gap_between(a, b);
    r.emit.facts[2] = a->last.place;
    r.emit.facts[3] = b->last.place;
    r.emit.facts[4] = days;
    account_sharing_finding_device(h, &r, use, a->last.device);
    account_sharing_finding_device(h, &r, use, b->last.device);
    account_sharing_finding_act(&r, use->account, &a->last);
    account_sharing_finding_act(&r, use->account, &b->last);
    account_sharing_finding_member(&r, JD_KIND_ORDER, JD_ROLE_ORDER, a->order, use->unit, 0);
    account_sharing_finding_member(&r, JD_KIND_ORDER, JD_ROLE_ORDER, b->order, use->unit, 0);
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_LIVE, c->travel_window);
}

/* At what speed somebody would have travelled: over long distances only a plane is fast, and nobody is
 * through two airports in no time. */
static int64_t speed(const struct account_sharing_config *c, int64_t km, int64_t gap)
{
    int64_t time = km < c->travel_flight_distance ? gap : gap - c->travel_flight_time;

    return km * JD_HOUR / (time > JD_MINUTE ? time : JD_MINUTE);
}

/* A1. v = d / dt over the stays of a day, d the least distance of the two places, dt at least a minute;
 * sound only between fixed networks, from different devices, each place seen more than once (the rule that
 * mail and identity providers call impossible travel). */
static void travel(struct jd_host *h, const struct account_sharing_use *use,
    struct account_sharing_account *account, const struct account_sharing_recent *recent,
    const struct account_sharing_stay *s)
{
    const struct account_sharing_config *c = use->config;

    if (s->last.place == 0 || s->acts < c->travel_acts)
        return;
    for (int i = 0; i < recent->stays; i++) {
        const struct account_sharing_stay *other = &recent->stay[i];
        int64_t km, gap, kmh;
        if (other->last.place == 0 || other->last.device == s->last.device || other->acts < c->travel_acts)
            continue;
        km = places_apart(other->last.place, s->last.place);
        gap = gap_between(other, s);
        kmh = speed(c, km, gap);
        if (km < c->travel_distance || gap > c->travel_window || kmh <= c->travel_speed)
            continue;
        if (account_sharing_is_usual(h, use->unit, other->last.place) &&
            account_sharing_is_usual(h, use->unit, s->last.place))
            continue;
        report_travel(h, use, account, other, s, km, kmh);
    }
}

/* The record of two devices that take turns, with today counted. */
static struct account_sharing_pair *touch_pair(
    struct account_sharing_account *account, uint64_t a, uint64_t b, int64_t day)
{
    struct account_sharing_pair *pair = &account->pair[0];
    uint64_t low = a < b ? a : b, high = a < b ? b : a;

    for (int i = 0; i < ACCOUNT_SHARING_PAIRS; i++) {
        struct account_sharing_pair *other = &account->pair[i];
        if (other->a == low && other->b == high) {
            pair = other;
            goto found;
        }
        if (other->day < pair->day)
            pair = other;
    }
    *pair = (struct account_sharing_pair){.a = low, .b = high};
found:
    if (day > pair->day) {
        pair->day = day;
        pair->days++;
    }
    return pair;
}

/* How the account changed hands within a run of acts. */
struct turns {
    int switches;
    int32_t km;     /* the farthest of them, at the least; 0 where places are not known */
    bool elsewhere; /* between networks of different kinds: an office's and a home's */
    int64_t days;   /* on which a pair of devices took turns */
};

/* Two acts in a row on two devices: at one place they may be one person's phone and screen, or two devices
 * that the person uses day by day; then they count nothing. */
static void count_turn(struct account_sharing_account *account, const struct account_sharing_config *c,
    const struct account_sharing_act *a, const struct account_sharing_act *b, struct turns *turns)
{
    const struct account_sharing_pair *pair;
    int32_t km;

    if (a->device == b->device ||
        b->time - a->time < JD_SECOND) /* a queue that empties has one time for all */
        return;
    pair = touch_pair(account, a->device, b->device, jd_day(b->time));
    km = a->place && b->place ? places_apart(a->place, b->place) : 0;
    if (km < c->concurrent_distance && (a->handheld != b->handheld || pair->days >= c->concurrent_usual_days))
        return;
    turns->switches++;
    turns->km = km > turns->km ? km : turns->km;
    turns->elsewhere |= !a->handheld && !b->handheld && a->ip && b->ip && a->network != b->network;
    turns->days = pair->days > turns->days ? pair->days : turns->days;
}

/* Whose names stand at a run of acts. */
enum names { NAMES_UNKNOWN, ONE_NAME, MORE_NAMES };

static enum names names_of(const struct account_sharing_step *step, int low, int high)
{
    const struct account_sharing_step *first = NULL;
    enum names names = NAMES_UNKNOWN;

    for (int i = low; i <= high; i++) {
        if (step[i].operator== 0)
            continue;
        if (first && step[i].operator!= first->operator)
            return MORE_NAMES;
        if (first && step[i].act.device != first->act.device)
            names = ONE_NAME;
        first = first ? first : &step[i];
    }
    return names;
}

/* Two hands at two places are worth more under one name, which one of them has borrowed, and less under names
 * of their own: colleagues. */
static int64_t turns_strength(
    const struct account_sharing_config *c, const struct turns *turns, enum names names, bool *hard)
{
    bool apart = turns->km >= c->concurrent_distance || turns->elsewhere;
    int64_t strength = apart ? c->concurrent_apart_strength : c->concurrent_strength;

    *hard = apart && names == ONE_NAME && turns->days >= 2;
    if (*hard)
        return c->concurrent_repeated_strength;
    if (apart && names == ONE_NAME)
        return c->concurrent_name_strength;
    return names == MORE_NAMES ? strength / 2 : strength;
}

/* A2. The account changes hands to and fro: acts of two devices alternate, each within minutes of the one
 * before (A-B-A-B are three switches). */
static void concurrent(struct jd_host *h, const struct account_sharing_use *use,
    struct account_sharing_account *account, const struct account_sharing_recent *recent, int at)
{
    const struct account_sharing_config *c = use->config;
    struct account_sharing_live *live = recent->live;
    const struct account_sharing_step *step = recent->step;
    struct account_sharing_finding r;
    struct turns turns = {0};
    int low = at, high = at;
    int64_t strength;
    bool hard;

    while (low > 0 && step[low].act.time - step[low - 1].act.time <= c->concurrent_gap)
        low--;
    while (high + 1 < *recent->steps && step[high + 1].act.time - step[high].act.time <= c->concurrent_gap)
        high++;
    for (int i = low; i < high; i++)
        count_turn(account, c, &step[i].act, &step[i + 1].act, &turns);
    if (turns.switches < c->concurrent_switches)
        return;
    strength = turns_strength(c, &turns, names_of(step, low, high), &hard);
    if (!use->trade && strength <= live->concurrent &&
        distance_in_time(use->act.time, live->concurrent_time) < CONCURRENT_EPISODE)
        return;
    live->concurrent = (int32_t)strength;
    live->concurrent_time = use->act.time;
    account_sharing_finding_start(&r, ACCOUNT_SHARING_A2, strength, use->account, use->unit, use->management);
    if (hard)
        r.emit.flags |= JD_HARD;
    r.emit.value = turns.switches;
    r.emit.threshold = c->concurrent_switches;
    r.emit.facts[0] = step[high].act.time - step[low].act.time;
    r.emit.facts[1] = turns.km;
    r.emit.facts[2] = turns.days;
    for (int i = low; i <= high; i++) {
        account_sharing_finding_member(
            &r, JD_KIND_DEVICE, JD_ROLE_RESOURCE, step[i].act.device, use->unit, 0);
        account_sharing_finding_act(&r, use->account, &step[i].act);
    }
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_LIVE, c->concurrent_gap);
}

void account_sharing_sessions(
    struct jd_host *h, const struct account_sharing_use *use, struct account_sharing_account *account)
{
    struct account_sharing_recent recent;
    struct account_sharing_stay *s;
    int at;

    at = account_sharing_recent_add(h, use, &recent, &s);
    if (s && s->acts == 1)
        learn_usual(h, use);
    if (s)
        travel(h, use, account, &recent, s);
    if (at >= 0)
        concurrent(h, use, account, &recent, at);
}
