/* Whose a device is: what the uses of it have shown. Private to A5. */
#ifndef JIANDU_ACCOUNT_SHARING_DEVICES_H
#define JIANDU_ACCOUNT_SHARING_DEVICES_H

#include "detectors/account_sharing/parts.h"

/* One account's use of a device, being judged. */
struct account_sharing_judgement {
    uint64_t device;
    const struct account_sharing_config *config;
    const struct account_sharing_users *d;
    struct account_sharing_user *user;
    const struct account_sharing_seen *seen;
    enum jd_list list; /* JD_LIST_AGENT_DEVICE, _PAVILION_DEVICE, _DESK_DEVICE or _NONE */
    bool fresh; /* the account has just done something that concerns A5; else it is somebody else's use that
                 * may have shown whose the device is */
};

/* What a user must have done on the device to be counted. */
enum account_sharing_doing { ACCOUNT_SHARING_TRADED, ACCOUNT_SHARING_WORKED, ACCOUNT_SHARING_ACCEPTED };

/* The device's record, made if need be. False where there is no device, or no room for one. */
bool account_sharing_device_of(struct jd_host *, uint64_t device, struct account_sharing_users *);
/* `users` moves where it has to make room for one more. */
void account_sharing_device_learn_user(
    struct jd_host *, const struct account_sharing_use *, struct account_sharing_users *users);
void account_sharing_device_learn_party(struct jd_host *, const struct jd_event *,
    const struct account_sharing_act *, enum jd_list, struct account_sharing_users *);

int account_sharing_device_accounts(const struct account_sharing_users *);
bool account_sharing_device_is_of_one_unit(const struct account_sharing_users *);

/* The account of another, unrelated unit that used the device before this one came, uses it on more days than
 * anybody, and still does (else it has handed the device over); NULL if there is none. */
const struct account_sharing_seen *account_sharing_device_foreign_home(
    struct jd_host *, const struct account_sharing_judgement *);

/* Does a supplier or third party use the device repeatedly, on at least as many days as any buyer? A public
 * or training computer sees several of them, or more of its buyers. */
bool account_sharing_device_of_party(struct jd_host *, const struct account_sharing_judgement *);

/* Counts units, the judged account's own first, that have nothing to do with each other and whose accounts
 * did something on the device. `days`: on how many different days, as far as their last acts tell (trainees
 * meet on one). Fills `other` with the places of the others. Counts nobody where `least` units cannot be
 * reached. */
struct account_sharing_crowd {
    int units;
    int days;
    int other[ACCOUNT_SHARING_USERS];
};
struct account_sharing_crowd account_sharing_device_crowd(
    struct jd_host *, const struct account_sharing_judgement *, enum account_sharing_doing, int64_t least);

#endif
