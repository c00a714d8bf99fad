/* Which units belong together. */
#include "detectors/account_sharing/parts.h"
#include "detectors/superiors.h"

/* Does the division hold the other one? 330100 is the city of 330106, 330000 its province. */
static bool holds(uint32_t division, uint32_t other)
{
    if (division % 10000 == 0)
        return division / 10000 == other / 10000;
    if (division % 100 == 0)
        return division / 100 == other / 100;
    return division == other;
}

bool account_sharing_kin(
    struct jd_host *h, uint64_t unit_a, uint32_t region_a, uint64_t unit_b, uint32_t region_b)
{
    if (unit_a == unit_b || jd_related(h, unit_a, unit_b))
        return true;
    if (region_a && region_b && !holds(region_a, region_b) && !holds(region_b, region_a))
        return false;
    return jd_empty(h, JD_LIST_PARENT) ||
           (!jd_listed(h, JD_LIST_PARENT, unit_a, NULL) && !jd_listed(h, JD_LIST_PARENT, unit_b, NULL));
}

typedef bool (*joins)(
    struct jd_host *, const struct account_sharing_unit *, const struct account_sharing_unit *);

static void join(struct jd_host *h, struct account_sharing_unit *units, int n, joins is_joined)
{
    for (int i = 0; i < n; i++) {
        units[i].family = i;
        for (int j = 0; j < i; j++) {
            int joined = units[i].family;
            if (units[i].unit == 0 || units[j].unit == 0 || units[j].family == joined ||
                !is_joined(h, &units[i], &units[j]))
                continue;
            for (int k = 0; k <= i; k++)
                units[k].family = units[k].family == joined ? units[j].family : units[k].family;
        }
    }
}

static bool are_kin(
    struct jd_host *h, const struct account_sharing_unit *a, const struct account_sharing_unit *b)
{
    return account_sharing_kin(h, a->unit, a->region, b->unit, b->region);
}

static bool are_of_one_house(
    struct jd_host *h, const struct account_sharing_unit *a, const struct account_sharing_unit *b)
{
    return are_kin(h, a, b) || superiors_common(h, a->unit, b->unit);
}

void account_sharing_families(struct jd_host *h, struct account_sharing_unit *units, int n)
{
    join(h, units, n, are_kin);
}

void account_sharing_houses(struct jd_host *h, struct account_sharing_unit *units, int n)
{
    join(h, units, n, are_of_one_house);
}
