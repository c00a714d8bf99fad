/* Where the goods go: what a door and a phone say by themselves, and what they only say together. */
#include "detectors/proxy_purchasing/proxy_purchasing.h"

static const struct finding nothing = {.strength = 0};

/* Phones that a door's units leave: of one unit each, or of several. */
struct phones {
    uint32_t own, shared;
};

static struct phones phones_of(struct jd_host *h, struct fan fan)
{
    uint64_t phone[LINKS];
    struct phones all = {0, 0};
    for (uint32_t i = 0; i < fan.used; i++) {
        const struct order *o = jd_find(h, ORDERS, fan.links[i].first_order);
        phone[i] = o ? o->phone : 0;
    }
    for (uint32_t i = 0; i < fan.used; i++) {
        uint32_t before = 0, after = 0;
        for (uint32_t j = 0; j < fan.used; j++) {
            before += j < i && phone[j] == phone[i];
            after += j > i && phone[j] == phone[i];
        }
        all.own += phone[i] && !before && !after;
        all.shared += phone[i] && !before && after;
    }
    return all;
}

/* Where a quarter of the units or more leave a phone of their own, they fetch the goods themselves: a parcel
 * station, a porter's lodge. Where all others leave one phone, that and the door are one thing, and P3.phone
 * says it. */
bool proxy_purchasing_door_tells(struct jd_host *h, struct fan fan)
{
    struct phones phones = phones_of(h, fan);
    return phones.own * 4 < fan.used && phones.shared != 1;
}

link_mask proxy_purchasing_at_door(struct jd_host *h, const struct view *v)
{
    link_mask there = 0;
    for (uint32_t i = 0; v->address && i < v->fan.used; i++) {
        const struct order *first = jd_find(h, ORDERS, v->fan.links[i].first_order);
        const struct order *last = jd_find(h, ORDERS, v->fan.links[i].last_order);
        bool is_there = (first && first->address == v->address) || (last && last->address == v->address);
        there |= (link_mask)is_there << i;
    }
    return there;
}

/* Does a phone stand behind the doors of many? */
static bool has_doors(struct jd_host *h, const struct view *v)
{
    return proxy_purchasing_count(proxy_purchasing_at_door(h, v)) * 2 < v->fan.used;
}

/* The units that bought from a supplier by their first order or their latest; `near`: by one of these orders
 * he is their neighbour, or their division is paired with his county. */
static link_mask customers_of(struct jd_host *h, struct fan fan, uint64_t supplier, bool *near)
{
    link_mask customers = 0;
    *near = false;
    for (uint32_t i = 0; i < fan.used; i++)
        for (unsigned k = 0; k < 2; k++) {
            const struct order *o =
                jd_find(h, ORDERS, k ? fan.links[i].last_order : fan.links[i].first_order);
            if (!o || o->ref.supplier != supplier)
                continue;
            customers |= UINT32_C(1) << i;
            *near |= (o->flags & ORDER_NEAR) != 0;
        }
    return customers;
}

bool proxy_purchasing_sellers_number(struct jd_host *h, const struct view *v)
{
    bool near;
    return has_doors(h, v) &&
           proxy_purchasing_count(customers_of(h, v->fan, v->supplier, &near)) == v->fan.used;
}

/* P11 of a phone or a door that takes goods: two thirds of the units buy from one supplier, who is not
 * everybody's. Neighbours do so in a group purchase, and all whose goods are fetched at his own shop. */
struct finding proxy_purchasing_steered(struct jd_host *h, const struct view *v)
{
    const struct config *c = jd_config(h);
    struct finding f = {.signal = P11, .threshold = c->supplier.units, .extra = (int64_t)v->supplier};
    bool near;
    if (!v->supplier || (v->part == PART_PHONE && has_doors(h, v)) ||
        !proxy_purchasing_unpopular(h, v->supplier))
        return nothing;
    f.links = customers_of(h, v->fan, v->supplier, &near);
    if (near || proxy_purchasing_count(f.links) * 3 < v->fan.used * 2)
        return nothing;
    link_mask counted;
    f.value = proxy_purchasing_unrelated(h, v, f.links, NEAR_DIVISION, &counted);
    if (f.value < f.threshold || proxy_purchasing_divisions(v->fan, counted) < 2)
        return nothing;
    f.strength = (int32_t)c->supplier.strength;
    return f;
}
