/* What one resource shows by the units that order through it. Steps and strengths are weights of evidence by
 * judgement, to be fitted. */
#include "detectors/proxy_purchasing/component.h"

#define LOGINS_ENOUGH 3 /* before that, nobody knows what a device is for */

static const struct finding nothing = {.strength = 0};

/* The highest step that `units` reach. */
static struct finding stepped(enum signal signal, const struct step *steps, unsigned n, unsigned units)
{
    struct finding f = {.signal = signal, .value = units, .links = ALL_LINKS};
    for (unsigned i = 0; i < n && steps[i].units <= (int64_t)units; i++) {
        f.strength = (int32_t)steps[i].strength;
        f.threshold = steps[i].units;
    }
    return f;
}

/* Too few units for a first step, however they are related: the usual case, settled before anybody asks. */
static bool few(const struct view *v, const struct step *first)
{
    return v->fan.used < first->units;
}

/* By all units that have nothing to do with each other. */
static struct finding by_units(
    struct jd_host *h, const struct view *v, enum signal signal, const struct step *steps, unsigned n)
{
    if (few(v, steps))
        return nothing;
    return stepped(signal, steps, n, proxy_purchasing_unrelated(h, v, ALL_LINKS, NEAR_DIVISION, NULL));
}

/* One fingerprint in many cities is a cloned image, not a machine: no PC stands in more than a third as many
 * cities as it serves units. */
static bool scattered(const struct config *c, struct fan fan)
{
    uint32_t cities = proxy_purchasing_cities(fan);
    return cities >= c->collision_cities && cities * 3 > fan.used;
}

/* P1, one device orders for many units. Each distinct unit that has no tie to those counted adds evidence;
 * browsing does not count. */
static struct finding device_fan_out(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    if (few(v, c->device) || scattered(c, v->fan))
        return nothing;
    struct finding f = by_units(h, v, P1, c->device, 4);
    f.extra = component_cut(h);
    if (f.strength && f.value >= c->hard_units)
        f.flags |= JD_HARD;
    return f;
}

/* P2, many units order from one office network, each from a device of its own (what one device does, P1
 * says). Half a city may share one, so it weighs little, and is asked for only beside others. */
static struct finding network_fan_out(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    if (few(v, c->network))
        return nothing;
    link_mask own = proxy_purchasing_own(h, v->fan, PART_DEVICE);
    struct finding f = stepped(P2, c->network, 2, proxy_purchasing_unrelated(h, v, own, NEAR_DIVISION, NULL));
    f.links = own;
    return f;
}

/* P3.phone, one phone takes the deliveries of, or stands behind the accounts of, many units. */
static struct finding phone_fan_out(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    return by_units(h, v, P3_PHONE, c->phone, 2);
}

/* P3.payer, one account pays for many units other than its owner. The unit whose name the payer was declared
 * to have is the owner, unless the declarations contradict each other. */
static struct finding payer_fan_out(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    if (few(v, c->payer))
        return nothing;
    unsigned units = proxy_purchasing_unrelated(h, v, ALL_LINKS, NEAR_CITY, NULL);
    if (units && proxy_purchasing_unrelated(h, v, proxy_purchasing_matched(v->fan), NEAR_CITY, NULL) == 1)
        units--;
    struct finding f = stepped(P3_PAYER, c->payer, 2, units);
    if (f.strength > c->treasury_strength && proxy_purchasing_treasury_like(h, v))
        f.strength = (int32_t)c->treasury_strength;
    return f;
}

/* P3.address, many units have their goods sent to one door. */
static struct finding address_fan_out(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    if (few(v, c->address))
        return nothing;
    if (!proxy_purchasing_door_tells(h, v->fan))
        return nothing;
    return by_units(h, v, P3_ADDRESS, c->address, 2);
}

/* P9, one account orders for units that are not its own. One such unit is a slip of the hand, two may be two
 * slips, but not if each comes again under superiors that are known to differ; three that have nothing to do
 * with each other are a business, and five under different superiors are beyond doubt. */
static struct finding unit_switching(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    if (few(v, c->account))
        return nothing;
    link_mask counted;
    unsigned units = proxy_purchasing_unrelated(h, v, ALL_LINKS, NEAR_DIVISION, &counted);
    struct finding f = stepped(P9, c->account, 2, units);
    unsigned again = 0;
    for (uint32_t i = 0; i < v->fan.used; i++) {
        /* unrelated units with known superiors have different ones */
        bool known = counted >> i & 1 && jd_listed(h, JD_LIST_PARENT, v->fan.links[i].unit, NULL);
        f.extra += known;
        again += known && v->fan.links[i].orders > 1;
    }
    if (units >= c->account[1].units)
        f.flags |= JD_HARD;
    if (again >= c->account[0].units && f.strength < c->again_strength) {
        f.strength = (int32_t)c->again_strength;
        f.flags |= JD_HARD;
    }
    if (units >= c->hard_parents && f.extra >= c->account[1].units && f.strength < c->parents_strength)
        f.strength = (int32_t)c->parents_strength;
    return f;
}

/* P11, unrelated units that share devices buy from one supplier, who is not everybody's. An agent works for
 * one to three friendly suppliers; strangers at a public PC do not agree on one. */
static struct finding one_supplier(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    return by_units(h, v, P11, &c->supplier, 1);
}

struct finding proxy_purchasing_fan_out(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    if (v->fan.used == LINKS && proxy_purchasing_distinct(v) > c->collision_units)
        return nothing; /* a cloned fingerprint, a placeholder, a clearing account: it names nobody */
    switch (v->part) {
    case PART_DEVICE:
        return device_fan_out(h, v);
    case PART_PAYER:
        return payer_fan_out(h, v);
    case PART_LOGIN_PHONE:
    case PART_PHONE:
        return phone_fan_out(h, v);
    case PART_ADDRESS:
        return address_fan_out(h, v);
    case PART_ACCOUNT:
        return unit_switching(h, v);
    case PART_NETWORK:
        return network_fan_out(h, v);
    case PART_SUPPLIER:
        return one_supplier(h, v);
    default:
        return proxy_purchasing_lockstep(h, v);
    }
}

/* ---- third parties, known and learnt ---- */

/* P0, a listed agent or pavilion: its device, account or phone orders for units, or the goods go to it. The
 * one proof that needs no second one; that goods are sent to a pavilion is only one from the second unit on.
 */
struct finding proxy_purchasing_known(struct jd_host *h, const struct view *v)
{
    static const enum signal signal_of[PARTS] = {
        [PART_DEVICE] = P0_DEVICE,
        [PART_ACCOUNT] = P0_ACCOUNT,
        [PART_LOGIN_PHONE] = P0_PHONE,
        [PART_PHONE] = P0_PHONE,
        [PART_ADDRESS] = P0_ADDRESS,
    };
    const struct config *c = jd_config(h);
    unsigned units = proxy_purchasing_unrelated(h, v, ALL_LINKS, NEAR_NOBODY, NULL);
    bool receives = v->part == PART_PHONE || v->part == PART_ADDRESS;
    struct finding f = {.signal = signal_of[v->part], .value = units, .flags = JD_HARD, .links = ALL_LINKS};
    f.threshold = receives ? c->known_receiver_units : c->known_units;
    if (f.value < f.threshold)
        return nothing;
    f.strength = (int32_t)(f.value >= c->known_many_units ? c->known_many_strength : c->known_strength);
    return f;
}

/* Different weeks of the units' latest orders. */
static uint32_t weeks_of(struct fan fan)
{
    uint32_t weeks = 0;
    for (uint32_t i = 0; i < fan.used; i++) {
        uint32_t j = 0;
        while (j < i && jd_day(fan.links[j].last) / 7 != jd_day(fan.links[i].last) / 7)
            j++;
        weeks += j == i;
    }
    return weeks;
}

/* P5, a place learnt to be an agent's: a device in one city from which unrelated units order week after week,
 * and where people log in to order and for little else. A course lasts days; at a help desk or on a public PC
 * most sessions end without an order. */
struct finding proxy_purchasing_place(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    const struct wide *w = v->wide;
    if (!w || v->part != PART_DEVICE || proxy_purchasing_cities(v->fan) > 1 || w->logins < LOGINS_ENOUGH)
        return nothing;
    if ((int64_t)w->orders * 100 < (int64_t)w->logins * c->place_percent)
        return nothing;
    struct finding f = {.signal = P5, .threshold = c->place_weeks, .links = ALL_LINKS};
    f.value = weeks_of(v->fan);
    f.extra = proxy_purchasing_unrelated(h, v, ALL_LINKS, NEAR_DIVISION, NULL);
    if (f.value >= c->place_weeks && f.extra >= c->place_units)
        f.strength = (int32_t)c->place_strength;
    return f;
}
