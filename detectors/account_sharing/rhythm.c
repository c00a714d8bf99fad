/* A7 rhythm change: an account logs in at other hours and from other kinds of network than it used to. */
#include "detectors/account_sharing/parts.h"

enum { HOURS = 8 }; /* buckets of three hours; those of the networks follow */

#define PEERS_RARE 1000 /* peers from which one in a thousand can be told, */
#define PEERS_FEW 200   /* and from which one in a hundred can, twice over */
#define USUAL_FULL 96   /* logins at which the usual counts are halved, so that they fit and follow */
#define WEEK (7 * JD_DAY)

static uint32_t sum(const uint8_t count[ACCOUNT_SHARING_BUCKETS])
{
    uint32_t n = 0;

    for (int i = 0; i < HOURS; i++)
        n += count[i];
    return n;
}

/* Four times the chi-square of two samples of counts: sum of (a B - b A)^2 / ((a + b) A B), A and B the
 * sizes. */
static uint64_t difference(const uint8_t a[ACCOUNT_SHARING_BUCKETS], const uint8_t b[ACCOUNT_SHARING_BUCKETS])
{
    int64_t size_a = sum(a), size_b = sum(b), total = 0;

    for (int i = 0; i < ACCOUNT_SHARING_BUCKETS; i++) {
        int64_t d = a[i] * size_b - b[i] * size_a;
        if (d)
            total += 4 * d * d / ((a[i] + b[i]) * size_a * size_b);
    }
    return (uint64_t)total;
}

/* The bucket with the most logins, as an hour. */
static int main_hour(const uint8_t count[ACCOUNT_SHARING_BUCKETS])
{
    int at = 0;

    for (int i = 1; i < HOURS; i++)
        at = count[i] > count[at] ? i : at;
    return at * 24 / HOURS;
}

/* Adds a measure to those of this week, after counting those of this week and the last: the whole platform
 * keeps other hours before a holiday. `above`: how many were at least as large. */
static uint32_t rank_among(
    struct account_sharing_peers *peers, int64_t week, uint64_t measure, uint32_t *above)
{
    uint64_t bin = measure < ACCOUNT_SHARING_PEER_BINS ? measure : ACCOUNT_SHARING_PEER_BINS - 1;
    uint32_t n = 0;

    if (week > peers->week) {
        for (int i = 0; i < ACCOUNT_SHARING_PEER_BINS; i++) {
            peers->bin[1][i] = week == peers->week + 1 ? peers->bin[0][i] : 0;
            peers->bin[0][i] = 0;
        }
        peers->week = week;
    }
    *above = 0;
    for (uint64_t i = 0; i < ACCOUNT_SHARING_PEER_BINS; i++) {
        uint32_t both = peers->bin[0][i] + peers->bin[1][i];
        n += both;
        *above += i >= bin ? both : 0;
    }
    peers->bin[0][bin]++;
    return n;
}

/* A7. The measure is compared with that of all accounts of its kind: p = (1 + those above) / (1 + all). */
static void judge(
    struct jd_host *h, const struct account_sharing_use *use, const struct account_sharing_rhythm *rhythm)
{
    const struct account_sharing_config *c = use->config;
    struct account_sharing_peers *peers = jd_get(h, ACCOUNT_SHARING_PEERS, use->management ? 2 : 1);
    uint64_t measure = difference(rhythm->usual, rhythm->recent);
    struct account_sharing_finding r;
    int64_t strength;
    uint32_t above, n;

    if (!peers)
        return;
    n = rank_among(peers, (jd_now(h) + JD_ZONE) / WEEK, measure / 2, &above);
    if (n >= PEERS_RARE && (1 + above) * 1000 < n + 1)
        strength = c->rhythm_rare_strength;
    else if (n >= PEERS_FEW && (1 + above) * 100 < n + 1)
        strength = c->rhythm_strength;
    else
        return;
    account_sharing_finding_start(&r, ACCOUNT_SHARING_A7, strength, use->account, use->unit, use->management);
    r.emit.value = (int64_t)(measure / 4);
    r.emit.threshold = above + 1;
    r.emit.facts[0] = n + 1;
    r.emit.facts[1] = main_hour(rhythm->usual);
    r.emit.facts[2] = main_hour(rhythm->recent);
    account_sharing_finding_act(&r, use->account, &use->act);
    account_sharing_finding_send(h, &r, ACCOUNT_SHARING_ACCOUNTS, ACCOUNT_SHARING_LONG);
}

static void count(uint8_t buckets[ACCOUNT_SHARING_BUCKETS], const struct account_sharing_act *act)
{
    buckets[(act->time + JD_ZONE) / (24 / HOURS * JD_HOUR) % HOURS]++;
    buckets[HOURS + act->network]++;
}

/* The recent logins become usual ones. */
static void merge(struct account_sharing_rhythm *rhythm)
{
    bool full = sum(rhythm->usual) >= USUAL_FULL;

    for (int i = 0; i < ACCOUNT_SHARING_BUCKETS; i++) {
        rhythm->usual[i] = (uint8_t)(rhythm->usual[i] / (full ? 2 : 1) + rhythm->recent[i]);
        rhythm->recent[i] = 0;
    }
}

void account_sharing_rhythm_of(
    struct jd_host *h, const struct account_sharing_use *use, struct account_sharing_account *account)
{
    const struct account_sharing_config *c = use->config;
    struct account_sharing_rhythm *rhythm = &account->rhythm;
    int64_t change = jd_num(use->event, JD_F_CHANGE);

    if (use->act.type == JD_TYPE_ACCOUNT_CHANGE && (change == JD_CHANGE_HANDLER || change == JD_CHANGE_PHONE))
        *rhythm = (struct account_sharing_rhythm){0}; /* somebody else's hours from now on */
    if (use->act.type != JD_TYPE_LOGIN || (uint32_t)(use->act.time / JD_SECOND) == rhythm->last)
        return;
    rhythm->last = (uint32_t)(use->act.time / JD_SECOND);
    count(rhythm->recent, &use->act);
    if (sum(rhythm->recent) < c->rhythm_logins)
        return;
    if (sum(rhythm->usual) >= 2 * c->rhythm_logins && account->active_days >= c->active_days)
        judge(h, use, rhythm);
    merge(rhythm);
}
