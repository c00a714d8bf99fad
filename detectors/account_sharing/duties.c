/* A6 separation of duties: one hand holds the account that manages and the one that buys. */
#include "detectors/account_sharing/parts.h"

#define DUTY_FULL 64 /* orders at which the counts are halved */

/* Does the unit's management account use this device too? */
static bool is_managed(const struct account_sharing_users *d, uint64_t unit)
{
    for (int i = 0; i < d->n; i++) {
        if (d->account[i].key && d->user[i].management && d->user[i].unit == unit)
            return true;
    }
    return false;
}

/* One or two clerks, as far as their names are known: somebody has to do both. */
static bool is_small(const struct account_sharing_account *account)
{
    int names = 0;

    for (int i = 0; i < ACCOUNT_SHARING_HANDS; i++)
        names += account->named && account->hand[i].name;
    return names <= 2;
}

/* A6. Most small units work like this: it weighs only beside other things, and less than an alert takes. */
void account_sharing_duties(struct jd_host *h, const struct account_sharing_use *use,
    struct account_sharing_account *account, const struct account_sharing_users *d)
{
    const struct account_sharing_config *c = use->config;
    struct account_sharing_duty *duty = &account->duty;
    struct account_sharing_finding r;

    if (use->management || use->act.type != JD_TYPE_ORDER || use->act.order == duty->order)
        return;
    duty->order = use->act.order;
    if (duty->orders == DUTY_FULL) {
        duty->orders /= 2;
        duty->same /= 2;
    }
    duty->orders++;
    if (!is_managed(d, use->unit))
        return;
    if (++duty->same < c->duty_orders || 2 * duty->same < duty->orders)
        return;
    account_sharing_finding_start(&r, ACCOUNT_SHARING_A6,
        is_small(account) ? c->duty_strength / 2 : c->duty_strength, use->account, use->unit, false);
    r.emit.value = duty->same;
    r.emit.threshold = c->duty_orders;
    r.emit.facts[0] = duty->orders;
    r.emit.facts[1] = (int64_t)use->act.device;
    account_sharing_finding_member(&r, JD_KIND_DEVICE, JD_ROLE_RESOURCE, use->act.device, use->unit, 0);
    account_sharing_finding_act(&r, use->account, &use->act);
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_DEVICES, ACCOUNT_SHARING_LONG);
}
