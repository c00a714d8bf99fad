/* What the files of account_sharing offer each other. */
#ifndef JIANDU_ACCOUNT_SHARING_PARTS_H
#define JIANDU_ACCOUNT_SHARING_PARTS_H

#include "detectors/account_sharing/records.h"

enum { ACCOUNT_SHARING_OPTIONS = sizeof(struct account_sharing_config) / sizeof(int64_t) };

/* signals.c */
extern const struct jd_option account_sharing_options[ACCOUNT_SHARING_OPTIONS];
extern const struct jd_signal account_sharing_signals[ACCOUNT_SHARING_SIGNALS];
enum { ACCOUNT_SHARING_NEEDS = 19 };
extern const struct jd_need account_sharing_needs[ACCOUNT_SHARING_NEEDS];

/* An event of a budget unit's account. */
struct account_sharing_use {
    const struct jd_event *event;
    const struct account_sharing_config *config;
    uint64_t account, unit; /* who acts, and whose account it is */
    bool management;
    bool trade; /* order, receipt or review */
    uint64_t session, operator;
    struct account_sharing_act act;
};

/* Names are kept for long and need not be said with each use: again on the first day of so many. */
#define ACCOUNT_SHARING_NAME_DAYS 4

static inline bool account_sharing_is_name_due(uint32_t last_day, uint32_t day)
{
    return last_day / ACCOUNT_SHARING_NAME_DAYS != day / ACCOUNT_SHARING_NAME_DAYS;
}

/* A key of which it only matters whether it is the same. */
static inline uint32_t account_sharing_shortened(uint64_t key)
{
    return (uint32_t)(key ^ key >> 32);
}

static inline bool account_sharing_is_trade(unsigned type)
{
    return type == JD_TYPE_ORDER || type == JD_TYPE_RECEIPT || type == JD_TYPE_REVIEW;
}

/* sessions.c: A1 and A2, for what is done on a device */
void account_sharing_sessions(
    struct jd_host *, const struct account_sharing_use *, struct account_sharing_account *);

/* bases.c: A3, likewise */
void account_sharing_bases(
    struct jd_host *, const struct account_sharing_use *, struct account_sharing_account *);
/* When the account first used the device, ms; `otherwise` where that is not known. */
int64_t account_sharing_device_since(
    const struct account_sharing_account *, uint64_t device, int64_t otherwise);

/* hands.c: A4 */
void account_sharing_hands(
    struct jd_host *, const struct account_sharing_use *, struct account_sharing_account *);

/* operators.c: A5 */
void account_sharing_operators(
    struct jd_host *, const struct account_sharing_use *, struct account_sharing_account *);
/* A use of a device by a supplier (JD_LIST_NONE) or by a listed third party's own account. */
void account_sharing_party_use(
    struct jd_host *, const struct jd_event *, const struct account_sharing_act *, enum jd_list);
void account_sharing_desk_use(struct jd_host *, const struct jd_event *);

/* devices.c */
/* The accounts on a device, wherever they are: valid until the next device is looked at. */
struct account_sharing_users {
    struct account_sharing_device *device;
    struct account_sharing_seen *account; /* and beside each: */
    struct account_sharing_user *user;
    int n;                                     /* places, free ones too */
    const struct account_sharing_party *party; /* never NULL */
};

/* Does an account of another unit, which has nothing to do with this one, use the device too? */
bool account_sharing_device_is_foreign(struct jd_host *, uint64_t device, uint64_t unit, uint32_t region);

/* duties.c: A6 */
void account_sharing_duties(struct jd_host *, const struct account_sharing_use *,
    struct account_sharing_account *, const struct account_sharing_users *);

/* rhythm.c: A7 */
void account_sharing_rhythm_of(
    struct jd_host *, const struct account_sharing_use *, struct account_sharing_account *);

/* takeover.c: A8 */
void account_sharing_takeover(
    struct jd_host *, const struct account_sharing_use *, struct account_sharing_account *);
/* A phone of a supplier or third party: a buyer's account has no business on it. */
void account_sharing_party_phone(
    struct jd_host *, const struct jd_event *, const struct account_sharing_act *);

/* lives.c */
/* Where the stays and steps of an account are: valid until the next one is looked at. */
struct account_sharing_recent {
    struct account_sharing_live *live;
    struct account_sharing_stay *stay;
    struct account_sharing_step *step;
    int64_t *steps;  /* how many there are */
    int stays, room; /* places for stays and for steps */
};
/* False where nothing is known. */
bool account_sharing_recent_of(struct jd_host *, uint64_t account, struct account_sharing_recent *);
/* Takes the act in. Its step's index, or -1: it is a repetition or older than all; and the stay that it
 * belongs to, NULL: too late. */
int account_sharing_recent_add(struct jd_host *, const struct account_sharing_use *,
    struct account_sharing_recent *, struct account_sharing_stay **);

/* finding.c: a signal being put together. */
enum { ACCOUNT_SHARING_REFS = 8, ACCOUNT_SHARING_MEMBERS = 16 };

struct account_sharing_finding {
    struct jd_emit emit;
    struct jd_ref ref[ACCOUNT_SHARING_REFS];
    struct jd_member member[ACCOUNT_SHARING_MEMBERS];
    bool decided; /* it is unlawful whatever registries would say */
};

/* A signal about an account; the account and its unit are members from the start. */
void account_sharing_finding_start(struct account_sharing_finding *, enum account_sharing_signal,
    int64_t strength, uint64_t account, uint64_t unit, bool management);
/* ... about what it shares with others instead: the account is one of those who act. */
void account_sharing_finding_about(struct account_sharing_finding *, enum jd_kind, uint64_t key);
/* Cases with the same shared device or phone become one alert; it is a member too. */
void account_sharing_finding_rollup(struct account_sharing_finding *, enum jd_kind, uint64_t key);
/* The same for a device of the account, a member already or not, if it serves unrelated units too. */
void account_sharing_finding_device(
    struct jd_host *, struct account_sharing_finding *, const struct account_sharing_use *, uint64_t device);
/* A member once only; a key of 0 is nobody. What is past the bound is left out. */
void account_sharing_finding_member(struct account_sharing_finding *, enum jd_kind, enum jd_role,
    uint64_t key, uint64_t unit, int64_t amount);
/* An act as evidence, with its order, the order's unit and supplier as members. */
void account_sharing_finding_act(
    struct account_sharing_finding *, uint64_t account, const struct account_sharing_act *);
/* `window` is what the signal counts over in `table`. */
void account_sharing_finding_send(
    struct jd_host *, struct account_sharing_finding *, enum account_sharing_table table, int64_t window);

/* account_sharing.c */
/* Is `key` there, or a place for it that is free or was touched last before `since`? */
bool account_sharing_has_room(
    const struct account_sharing_seen *seen, int capacity, uint64_t key, int64_t since);
/* Touches `key`, forgetting first what was touched last before `since`. Its index; `fresh` if it was not
 * there. */
int account_sharing_touch(
    struct account_sharing_seen *, int capacity, uint64_t key, int64_t time, int64_t since, bool *fresh);
/* `known_region`: the unit's, where the event does not say. */
struct account_sharing_act account_sharing_act_of(
    struct jd_host *, const struct jd_event *, uint32_t known_region);
/* families.c */
/* The same unit, one family, or buyer and lawful contractor. While nobody has said who is above either of
 * them, units of one division, or of one and the division above it, may be a family and are taken for one; so
 * is a unit of which not even the division is known (0). */
bool account_sharing_kin(
    struct jd_host *, uint64_t unit_a, uint32_t region_a, uint64_t unit_b, uint32_t region_b);

struct account_sharing_unit {
    uint64_t unit;
    uint32_t region;
    int family; /* the least index of a unit that it belongs with, also by way of others of them: a bureau's
                 * clerk stands between its schools and its schools' unions */
};
/* Fills in the families of a few units that share something; a unit of 0 is nobody. `houses`: with those
 * joined that have one superior two levels up. */
void account_sharing_families(struct jd_host *, struct account_sharing_unit *, int n);
void account_sharing_houses(struct jd_host *, struct account_sharing_unit *, int n);

/* sessions.c: do three accounts of the unit work there? */
bool account_sharing_is_usual(struct jd_host *, uint64_t unit, uint32_t place);

#endif
