#include "detectors/proxy_purchasing/proxy_purchasing.h"

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
static bool few(struct fan fan, const struct step *first)
{
    return fan.used < first->units;
}

/* One fingerprint in many cities is a cloned image, not a machine: no PC stands in more than half as many
 * cities as it serves units. */
static bool scattered(const struct config *c, struct fan fan)
{
    uint32_t cities = proxy_purchasing_cities(fan);
    return cities >= c->collision_cities && cities * 2 > fan.used;
}

/* P1, one device orders for many units. Each distinct unit that has no tie to those counted adds evidence;
 * browsing does not count. Steps: weights of evidence by judgement, to be fitted. */
static struct finding device_fan_out(struct jd_host *h, struct fan fan)
{
    const struct config *c = jd_config(h);
    if (few(fan, c->device) || scattered(c, fan))
        return nothing;
    unsigned units = proxy_purchasing_unrelated(h, fan, ALL_LINKS, NEAR_NOBODY, NULL);
    struct finding f = stepped(P1, c->device, 4, units);
    if (f.strength && units >= c->hard_units)
        f.flags |= JD_HARD;
    return f;
}

/* P3.phone, one phone takes the deliveries of, or stands behind the accounts of, many units. */
static struct finding phone_fan_out(struct jd_host *h, struct fan fan)
{
    const struct config *c = jd_config(h);
    if (few(fan, c->phone))
        return nothing;
    return stepped(P3_PHONE, c->phone, 2, proxy_purchasing_unrelated(h, fan, ALL_LINKS, NEAR_DIVISION, NULL));
}

/* P3.payer, one account pays for many units other than its owner. The unit whose name the payer was declared
 * to have is the owner, unless the declarations contradict each other. */
static struct finding payer_fan_out(struct jd_host *h, struct fan fan)
{
    const struct config *c = jd_config(h);
    if (few(fan, c->payer))
        return nothing;
    link_mask own = 0;
    for (uint32_t i = 0; i < fan.used; i++)
        own |= (link_mask)fan.links[i].matched << i;
    unsigned units = proxy_purchasing_unrelated(h, fan, ALL_LINKS, NEAR_CITY, NULL);
    if (units && proxy_purchasing_unrelated(h, fan, own, NEAR_CITY, NULL) == 1)
        units--;
    return stepped(P3_PAYER, c->payer, 2, units);
}

/* P3.address, many units have their goods sent to one door. */
static struct finding address_fan_out(struct jd_host *h, struct fan fan)
{
    const struct config *c = jd_config(h);
    if (few(fan, c->address))
        return nothing;
    return stepped(
        P3_ADDRESS, c->address, 2, proxy_purchasing_unrelated(h, fan, ALL_LINKS, NEAR_DIVISION, NULL));
}

/* P9, one account orders for units that are not its own. One such unit is a slip of the hand. */
static struct finding unit_switching(struct jd_host *h, struct fan fan)
{
    const struct config *c = jd_config(h);
    if (few(fan, c->account))
        return nothing;
    link_mask counted;
    unsigned units = proxy_purchasing_unrelated(h, fan, ALL_LINKS, NEAR_NOBODY, &counted);
    struct finding f = stepped(P9, c->account, 2, units);
    int64_t parents = 0; /* unrelated units with known superiors have different ones */
    for (uint32_t i = 0; i < fan.used; i++)
        parents += (counted >> i & 1) && jd_listed(h, JD_LIST_PARENT, fan.links[i].unit, NULL);
    if (parents >= c->account[1].units && f.strength < c->parents_strength)
        f.strength = (int32_t)c->parents_strength;
    f.extra = parents;
    return f;
}

/* P11, unrelated units that share devices buy from one supplier, who is not everybody's. An agent works for
 * one to three friendly suppliers; strangers at a public PC do not agree on one. */
static struct finding one_supplier(struct jd_host *h, struct fan fan)
{
    const struct config *c = jd_config(h);
    if (few(fan, &c->supplier))
        return nothing;
    return stepped(P11, &c->supplier, 1, proxy_purchasing_unrelated(h, fan, ALL_LINKS, NEAR_NOBODY, NULL));
}

struct finding proxy_purchasing_fan_out(struct jd_host *h, const struct order *o, enum part part)
{
    const struct config *c = jd_config(h);
    uint64_t key = proxy_purchasing_part(o, part).key;
    struct fan fan = proxy_purchasing_fan(h, key);
    if (fan.used == LINKS && proxy_purchasing_distinct(h, key) > c->collision_units)
        return nothing; /* a cloned fingerprint, a placeholder, a clearing account: it names nobody */
    switch (part) {
    case PART_DEVICE:
        return device_fan_out(h, fan);
    case PART_PAYER:
        return payer_fan_out(h, fan);
    case PART_LOGIN_PHONE:
    case PART_PHONE:
        return phone_fan_out(h, fan);
    case PART_ADDRESS:
        return address_fan_out(h, fan);
    case PART_ACCOUNT:
        return unit_switching(h, fan);
    default:
        return one_supplier(h, fan);
    }
}

/* ---- P7 ---- */

/* The link whose last order is nearest to `time` on one side of it: before (sign -1) or after (1), outside
 * `done`. */
static uint32_t neighbour(struct fan fan, int64_t time, int sign, link_mask done)
{
    uint32_t best = fan.used;
    for (uint32_t i = 0; i < fan.used; i++) {
        int64_t ahead = (fan.links[i].last - time) * sign;
        if (done >> i & 1 || ahead < 0)
            continue;
        if (best == fan.used || ahead < (fan.links[best].last - time) * sign)
            best = i;
    }
    return best;
}

/* Units ordered for in one go around the last order for link `start`: each within the gap of the one before
 * it, from one place. Times are those of the events, so late arrival does not matter. */
static link_mask chain_of(struct fan fan, uint32_t start, int64_t gap, int64_t *span)
{
    link_mask chain = UINT32_C(1) << start;
    int64_t end[2] = {fan.links[start].last, fan.links[start].last};
    for (int side = 0; side < 2; side++) {
        int sign = side ? 1 : -1;
        for (;;) {
            uint32_t i = neighbour(fan, end[side], sign, chain);
            if (i == fan.used || (fan.links[i].last - end[side]) * sign > gap)
                break;
            if (fan.links[i].city != fan.links[start].city && fan.links[i].city && fan.links[start].city)
                break;
            chain |= UINT32_C(1) << i;
            end[side] = fan.links[i].last;
        }
    }
    *span = end[1] - end[0];
    return chain;
}

/* Notes a day with a chain; returns how many there are within the window. */
static int64_t note_day(struct wide *w, int64_t time, int64_t now, int64_t window)
{
    uint32_t day = (uint32_t)jd_day(time), cutoff = (uint32_t)jd_day(now - window);
    int64_t days = 0;
    bool noted = false;
    uint32_t oldest = 0;
    for (uint32_t i = 0; i < HOP_DAYS; i++) {
        if (w->hop_day[i] < cutoff)
            w->hop_day[i] = 0;
        if (w->hop_day[i] < w->hop_day[oldest])
            oldest = i;
        days += w->hop_day[i] != 0;
        noted |= w->hop_day[i] == day;
    }
    if (noted)
        return days;
    days += w->hop_day[oldest] == 0;
    w->hop_day[oldest] = day;
    return days;
}

/* P7, account hopping: on one device an order for a, minutes later one for b, then for c. The ordered,
 * repeated hand-over between accounts is what gave the harvesters of the CAMEO study away (Ruiperez-Valiente
 * et al., 2015). */
struct finding proxy_purchasing_hopping(struct jd_host *h, const struct order *o)
{
    const struct config *c = jd_config(h);
    struct fan fan = proxy_purchasing_fan(h, o->ref.device);
    struct wide *w = fan.used > 2 ? jd_find(h, WIDES, o->ref.device) : NULL;
    uint32_t start = 0;
    while (start < fan.used && fan.links[start].unit != o->ref.unit)
        start++;
    if (!w || start == fan.used)
        return nothing;
    struct finding f = {.signal = P7, .threshold = c->hop_units};
    f.links = chain_of(fan, start, c->hop_gap, &f.extra);
    f.value = proxy_purchasing_unrelated(h, fan, f.links, NEAR_NOBODY, NULL);
    if (f.value < c->hop_units)
        return nothing;
    int64_t days = note_day(w, fan.links[start].last, jd_now(h), c->hop_window);
    f.strength = (int32_t)c->hop_strength;
    if (days >= c->hop_days) {
        f.strength = (int32_t)c->hop_days_strength;
        f.flags |= JD_HARD;
    }
    return f;
}

/* ---- P0 ---- */

/* P0, a listed agent or pavilion: its device, account or phone orders for units, or the goods go to it. The
 * one proof that needs no second one; that goods are sent to a pavilion is only one from the second unit on.
 */
struct finding proxy_purchasing_known(struct jd_host *h, const struct order *o, enum part part)
{
    static const enum signal signal_of[PARTS] = {
        [PART_DEVICE] = P0_DEVICE,
        [PART_ACCOUNT] = P0_ACCOUNT,
        [PART_LOGIN_PHONE] = P0_PHONE,
        [PART_PHONE] = P0_PHONE,
        [PART_ADDRESS] = P0_ADDRESS,
    };
    const struct config *c = jd_config(h);
    if (!(o->known >> part & 1))
        return nothing;
    struct fan fan = proxy_purchasing_fan(h, proxy_purchasing_part(o, part).key);
    unsigned units = proxy_purchasing_unrelated(h, fan, ALL_LINKS, NEAR_NOBODY, NULL);
    bool receives = part == PART_PHONE || part == PART_ADDRESS;
    struct finding f = {.signal = signal_of[part], .value = units, .flags = JD_HARD, .links = ALL_LINKS};
    f.threshold = receives ? c->known_receiver_units : c->known_units;
    if (f.value < f.threshold)
        return nothing;
    f.strength = (int32_t)(f.value >= c->known_many_units ? c->known_many_strength : c->known_strength);
    return f;
}
