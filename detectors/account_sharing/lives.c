/* The last two days of an account: where its acts were done, and the newest of them. */
#include "detectors/account_sharing/parts.h"

static struct account_sharing_recent few(struct account_sharing_live *live)
{
    return (struct account_sharing_recent){
        live, live->stay, live->step, &live->steps, ACCOUNT_SHARING_FEW_STAYS, ACCOUNT_SHARING_FEW_STEPS};
}

static struct account_sharing_recent many(
    struct account_sharing_live *live, struct account_sharing_busy *busy)
{
    return (struct account_sharing_recent){
        live, busy->stay, busy->step, &busy->steps, ACCOUNT_SHARING_STAYS, ACCOUNT_SHARING_STEPS};
}

bool account_sharing_recent_of(struct jd_host *h, uint64_t account, struct account_sharing_recent *r)
{
    struct account_sharing_live *live = jd_find(h, ACCOUNT_SHARING_LIVE, account);
    struct account_sharing_busy *busy;

    if (!live)
        return false;
    busy = live->busy ? jd_find(h, ACCOUNT_SHARING_BUSY, account) : NULL;
    *r = busy ? many(live, busy) : few(live);
    return true;
}

static bool same_step(const struct account_sharing_step *step, const struct account_sharing_use *use)
{
    const struct account_sharing_act *a = &step->act, *b = &use->act;

    return a->time == b->time && a->device == b->device && step->session == use->session &&
           a->type == b->type && a->order == b->order;
}

static bool is_of(const struct account_sharing_stay *stay, const struct account_sharing_act *act)
{
    return stay->last.device == act->device && stay->last.place == act->place;
}

/* Does the act need more places than a record of few has? */
static bool is_crowded(const struct account_sharing_live *live, const struct account_sharing_act *act)
{
    if (live->steps == ACCOUNT_SHARING_FEW_STEPS)
        return true;
    for (int i = 0; i < ACCOUNT_SHARING_FEW_STAYS; i++) {
        if (live->stay[i].acts == 0 || is_of(&live->stay[i], act))
            return false;
    }
    return true;
}

/* Where the account's acts are, with room for one more as far as there is any. */
static struct account_sharing_recent make_room(
    struct jd_host *h, const struct account_sharing_use *use, struct account_sharing_live *live)
{
    struct account_sharing_busy *busy = NULL;
    bool moves = !live->busy && is_crowded(live, &use->act);

    if (live->busy || moves)
        busy = jd_get(h, ACCOUNT_SHARING_BUSY, use->account);
    if (!busy)
        return few(live);
    if (moves) {
        *busy = (struct account_sharing_busy){.steps = live->steps};
        for (int i = 0; i < ACCOUNT_SHARING_FEW_STAYS; i++)
            busy->stay[i] = live->stay[i];
        for (int i = 0; i < ACCOUNT_SHARING_FEW_STEPS; i++)
            busy->step[i] = live->step[i];
        live->busy = 1;
    }
    return many(live, busy);
}

/* Puts an act among the newest, by its own time. */
static int insert_step(const struct account_sharing_recent *r, const struct account_sharing_use *use)
{
    int n = (int)*r->steps, at = n;

    for (int i = 0; i < n; i++) {
        if (same_step(&r->step[i], use))
            return -1;
    }
    while (at > 0 && r->step[at - 1].act.time > use->act.time)
        at--;
    if (n == r->room) {
        if (at == 0)
            return -1;
        for (int i = 1; i < at; i++)
            r->step[i - 1] = r->step[i];
        at--;
    } else {
        for (int i = n; i > at; i--)
            r->step[i] = r->step[i - 1];
        ++*r->steps;
    }
    r->step[at] = (struct account_sharing_step){use->act, use->session, use->operator};
    return at;
}

static bool apart(int64_t a, int64_t b)
{
    return a - b >= JD_SECOND || b - a >= JD_SECOND;
}

/* The stay that the act belongs to, with the act in it; made in the place of the one that rests longest. */
static struct account_sharing_stay *touch_stay(
    const struct account_sharing_recent *r, const struct account_sharing_use *use)
{
    const struct account_sharing_act *act = &use->act;
    struct account_sharing_stay *s = &r->stay[0];

    for (int i = 0; i < r->stays; i++) {
        struct account_sharing_stay *other = &r->stay[i];
        if (other->acts && is_of(other, act)) {
            s = other;
            break;
        }
        if (other->last.time < s->last.time)
            s = other;
    }
    if (!is_of(s, act) || act->time - s->last.time > JD_DAY) {
        if (s->last.time > act->time)
            return NULL;
        *s = (struct account_sharing_stay){.first = act->time};
    }
    /* what was queued up and comes within one second proves one act */
    if (s->acts == 0 || (apart(act->time, s->first) && apart(act->time, s->last.time)))
        s->acts++;
    s->first = act->time < s->first ? act->time : s->first;
    if (use->operator)
        s->operator= use->operator;
    if (act->order && act->time >= s->ordered) {
        s->ordered = act->time;
        s->order = act->order;
    }
    if (act->time >= s->last.time)
        s->last = *act;
    return s;
}

int account_sharing_recent_add(struct jd_host *h, const struct account_sharing_use *use,
    struct account_sharing_recent *r, struct account_sharing_stay **stay)
{
    struct account_sharing_live *live = jd_get(h, ACCOUNT_SHARING_LIVE, use->account);
    int at;

    *stay = NULL;
    if (!live)
        return -1;
    *r = make_room(h, use, live);
    at = insert_step(r, use);
    *stay = touch_stay(r, use);
    return at;
}
