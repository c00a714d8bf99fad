/* A4 operator count: several people work with one account by turns, or one works for units that have nothing
 * to do with each other. */
#include "detectors/account_sharing/parts.h"
#include "detectors/places.h"

#include <string.h>

/* Is the network one where the unit's office may be? */
static bool is_office(const struct account_sharing_use *use)
{
    const struct account_sharing_act *act = &use->act;

    return (act->network == JD_IP_GOVERNMENT || act->network == JD_IP_BUSINESS) &&
           places_apart(act->place, act->region) < use->config->travel_distance;
}

static struct account_sharing_hand *hand_of(struct account_sharing_account *account, uint64_t name)
{
    for (int i = 0; i < ACCOUNT_SHARING_HANDS; i++) {
        if (account->hand[i].name == name)
            return &account->hand[i];
    }
    return NULL;
}

/* The hand's place, made if need be: where all are taken a colleague makes room, the one that rests longest,
 * and a colleague gets none. */
static struct account_sharing_hand *place_of_hand(
    struct account_sharing_account *account, uint64_t name, uint32_t day, bool office)
{
    struct account_sharing_hand *known = hand_of(account, name), *out = &account->hand[0];

    if (known)
        return known;
    for (int i = 0; i < ACCOUNT_SHARING_HANDS; i++) {
        struct account_sharing_hand *hand = &account->hand[i];
        bool spare = hand->name == 0 || hand->colleague, out_spare = out->name == 0 || out->colleague;
        if (spare != out_spare ? spare : hand->last < out->last)
            out = hand;
    }
    if (office && out->name && !out->colleague)
        return NULL;
    *out = (struct account_sharing_hand){.name = name, .first = day, .last = day};
    return out;
}

/* Colleagues meet in the office, behind one address, or at one computer. */
static void place_hand(struct account_sharing_account *account, const struct account_sharing_use *use,
    struct account_sharing_hand *hand)
{
    const struct account_sharing_act *act = &use->act;

    if (act->ip)
        hand->address = account_sharing_shortened(act->ip);
    if (act->device)
        hand->device = act->device;
    if (is_office(use))
        hand->colleague = 1;
    else if (!act->handheld && (act->network == JD_IP_RESIDENTIAL || act->place))
        hand->outside = 1;
    for (int i = 0; i < ACCOUNT_SHARING_HANDS; i++) {
        struct account_sharing_hand *other = &account->hand[i];
        if (other == hand || other->name == 0)
            continue;
        if ((hand->address && hand->address == other->address) ||
            (hand->device && hand->device == other->device))
            hand->colleague = other->colleague = 1;
    }
}

/* Takes the act in; true on the hand's first act of a day. */
static bool touch(struct account_sharing_hand *hand, uint32_t day)
{
    bool new_day = hand->days == 0 || day > hand->last;

    if (day < hand->first)
        hand->first = day;
    if (new_day) {
        hand->days++;
        hand->last = day;
    }
    return new_day;
}

/* Who works by turns with `hand`, itself among them: one who follows another has taken over from it. */
struct crew {
    int n, outside;
};

static struct crew crew_of(const struct account_sharing_account *account,
    const struct account_sharing_config *c, const struct account_sharing_hand *hand)
{
    struct crew crew = {0, 0};

    for (int i = 0; i < ACCOUNT_SHARING_HANDS; i++) {
        const struct account_sharing_hand *other = &account->hand[i];
        int64_t first = other->first > hand->first ? other->first : hand->first;
        int64_t last = other->last < hand->last ? other->last : hand->last;
        if (other->name == 0 || other->days < c->hand_days || last - first < c->hand_overlap / JD_DAY)
            continue;
        crew.n++;
        crew.outside += other->outside && !other->colleague;
    }
    return crew;
}

/* A4. Strength by the number of names; a quarter where they are colleagues, who share their unit's account; a
 * hard fact where several work by turns whom nobody has seen in the office. */
static void judge_crew(struct jd_host *h, const struct account_sharing_use *use,
    const struct account_sharing_account *account, const struct account_sharing_hand *hand)
{
    const struct account_sharing_config *c = use->config;
    struct crew crew = crew_of(account, c, hand);
    int64_t strength = crew.n == 2 ? c->hand_strength : crew.n == 3 ? c->hand_three_strength : 0;
    struct account_sharing_finding r;

    if (crew.n < 2 || (crew.n == 2 && crew.outside < 2)) /* two clerks are what most units have */
        return;
    if (crew.n > 3)
        strength = c->hand_four_strength;
    if (crew.outside < 2)
        strength /= 4;
    if (crew.outside >= c->hand_outside)
        strength = c->hand_outside_strength;
    account_sharing_finding_start(&r, ACCOUNT_SHARING_A4, strength, use->account, use->unit, use->management);
    if (crew.outside >= c->hand_outside)
        r.emit.flags |= JD_HARD;
    r.emit.value = crew.n;
    r.emit.threshold = 2;
    r.emit.facts[0] = crew.outside;
    account_sharing_finding_member(&r, JD_KIND_DEVICE, JD_ROLE_RESOURCE, use->act.device, use->unit, 0);
    account_sharing_finding_act(&r, use->account, &use->act);
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_ACCOUNTS, ACCOUNT_SHARING_LONG);
}

static int touch_client(struct account_sharing_operator *operator, const struct account_sharing_use * use,
    const struct account_sharing_account *account, uint32_t day)
{
    struct account_sharing_client *client = &operator->of[0];

    for (int i = 0; i < ACCOUNT_SHARING_OPERATOR_UNITS; i++) {
        if (operator->of[i].unit == use->unit) {
            client = &operator->of[i];
            break;
        }
        if (operator->of[i].last<client->last)
            client = &operator->of[i];
    }
    operator->met += client->unit != use->unit;
    if (client->unit != use->unit)
        *client = (struct account_sharing_client){.unit = use->unit, .first = day, .last = day};
    client->account = use->account;
    client->device = use->act.device;
    client->phone = account->phone;
    client->region = use->act.region;
    client->first = day < client->first ? day : client->first;
    client->last = day > client->last ? day : client->last;
    return (int)(client - operator->of);
}

/* The clients of an operator that have nothing to do with each other, that of the use first. */
struct clients {
    const struct account_sharing_client *of[ACCOUNT_SHARING_OPERATOR_UNITS];
    int n;
    bool one_house; /* but for a superior two levels up */
};

static struct clients unrelated_clients(
    struct jd_host *h, const struct account_sharing_operator *operator, int at)
{
    struct clients clients = {.of = {&operator->of[at] }, .n = 1};
    struct account_sharing_unit units[ACCOUNT_SHARING_OPERATOR_UNITS];
    uint64_t taken = 0; /* bit 1 << family */
    int n = 0;

    for (int i = 0; i < ACCOUNT_SHARING_OPERATOR_UNITS; i++) {
        units[i] = (struct account_sharing_unit){operator->of[i].unit, operator->of[i].region, i};
        n += operator->of[i].unit != 0;
    }
    if (n < 2)
        return clients;
    account_sharing_families(h, units, ACCOUNT_SHARING_OPERATOR_UNITS);
    taken |= UINT64_C(1) << units[at].family;
    for (int i = 0; i < ACCOUNT_SHARING_OPERATOR_UNITS; i++) {
        const struct account_sharing_client *client = &operator->of[i];
        if (client->unit == 0 || taken >> units[i].family & 1 ||
            client->last + ACCOUNT_SHARING_LONG / JD_DAY < operator->of[at].last)
            continue;
        taken |= UINT64_C(1) << units[i].family;
        clients.of[clients.n++] = client;
    }
    return clients;
}

/* Does one superior, two levels up, stand over all of them? */
static bool is_one_house(struct jd_host *h, const struct clients *clients)
{
    struct account_sharing_unit units[ACCOUNT_SHARING_OPERATOR_UNITS];

    for (int i = 0; i < clients->n; i++)
        units[i] = (struct account_sharing_unit){clients->of[i]->unit, clients->of[i]->region, i};
    account_sharing_houses(h, units, clients->n);
    for (int i = 1; i < clients->n; i++) {
        if (units[i].family != units[0].family)
            return false;
    }
    return true;
}

static int with_same_device(const struct account_sharing_operator *operator, int at)
{
    uint64_t device = operator->of[at].device;
    int n = 0;

    for (int i = 0; i < ACCOUNT_SHARING_OPERATOR_UNITS; i++)
        n += device && operator->of[i].device == device;
    return n;
}

/* One alert with what else the accounts share: a phone that all are bound to, else the handler. */
static void roll_up(struct account_sharing_finding *r, const struct clients *clients, uint64_t operator)
{
    int same = 0;

    for (int i = 0; i < clients->n; i++)
        same += clients->of[0]->phone && clients->of[i]->phone == clients->of[0]->phone;
    if (same == clients->n)
        account_sharing_finding_rollup(r, JD_KIND_PHONE, clients->of[0]->phone);
    else
        account_sharing_finding_rollup(r, JD_KIND_OPERATOR, operator);
}

static void report_clients(
    struct jd_host *h, const struct account_sharing_use *use, const struct clients *clients, int64_t strength)
{
    struct account_sharing_finding r;

    account_sharing_finding_start(
        &r, ACCOUNT_SHARING_A4_UNITS, strength, use->account, use->unit, use->management);
    roll_up(&r, clients, use->operator);
    if (clients->n > 3 && !clients->one_house)
        r.emit.flags |= JD_HARD;
    r.emit.value = clients->n;
    r.emit.threshold = 2;
    r.emit.facts[0] = (int64_t)use->operator;
    account_sharing_finding_act(&r, use->account, &use->act);
    for (int i = 1; i < clients->n; i++) {
        uint64_t unit = clients->of[i]->unit;
        account_sharing_finding_member(&r, JD_KIND_ACCOUNT, JD_ROLE_ACTOR, clients->of[i]->account, unit, 0);
        account_sharing_finding_member(&r, JD_KIND_UNIT, JD_ROLE_BUYER, unit, unit, 0);
    }
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_NAMES, ACCOUNT_SHARING_LONG);
}

/* A4.units. One real-name handler works for units that have nothing to do with each other. For two of them by
 * turns only: people change their job. On one device it is for proxy_purchasing to say, or for A5; and a name
 * that everybody bears is nobody's. Soft where one superior stands over all, if two levels up. */
static void judge_clients(struct jd_host *h, const struct account_sharing_use *use,
    const struct account_sharing_account *account, uint32_t day)
{
    const struct account_sharing_config *c = use->config;
    struct account_sharing_operator *operator= jd_get(h, ACCOUNT_SHARING_NAMES, use->operator);
    struct clients clients;
    int64_t strength;
    int at;

    if (!operator)
        return;
    at = touch_client(operator, use, account, day);
    if (operator->met>(uint64_t) c->operator_units || with_same_device(operator, at) >= c->shared_units)
        return;
    clients = unrelated_clients(h, operator, at);
    if (clients.n < 2)
        return;
    if (clients.n == 2 &&
        (clients.of[1]->last <= clients.of[0]->first || clients.of[0]->last <= clients.of[1]->first))
        return;
    clients.one_house = is_one_house(h, &clients);
    strength = clients.n == 2   ? c->operator_strength
               : clients.n == 3 ? c->operator_three_strength
                                : c->operator_four_strength;
    if (clients.one_house && strength > c->house_strength)
        strength = c->house_strength;
    report_clients(h, use, &clients, strength);
}

/* Who does this, as far as the event says. */
static uint64_t name_of(const struct account_sharing_use *use, const struct account_sharing_account *account)
{
    if (use->operator)
        return use->operator;
    return use->act.type == JD_TYPE_LOGIN && !account->named ? jd_key(use->event, JD_F_PHONE) : 0;
}

void account_sharing_hands(
    struct jd_host *h, const struct account_sharing_use *use, struct account_sharing_account *account)
{
    const struct account_sharing_config *c = use->config;
    uint32_t day = (uint32_t)jd_day(use->act.time);
    uint64_t name = name_of(use, account);
    struct account_sharing_hand *hand;

    if (use->act.type == JD_TYPE_ACCOUNT_CHANGE) {
        if (jd_num(use->event, JD_F_CHANGE) == JD_CHANGE_HANDLER) /* announced: who comes now is known */
            memset(account->hand, 0, sizeof account->hand);
        return;
    }
    if (use->operator&& !account->named) {
        memset(account->hand, 0, sizeof account->hand);
        account->named = 1;
    }
    if (name == 0)
        return;
    /* by an app any of the staff may buy for the unit: it is one more day of those who are known from
     * elsewhere */
    hand = use->act.handheld ? hand_of(account, name) : place_of_hand(account, name, day, is_office(use));
    if (!hand)
        return;
    place_hand(account, use, hand);
    if (!touch(hand, day))
        return;
    if (use->operator) {
        jd_remember(h, use->event, JD_F_OPERATOR);
        judge_clients(h, use, account, day);
    }
    if (hand->days >= c->hand_days && account->active_days >= c->active_days)
        judge_crew(h, use, account, hand);
}
