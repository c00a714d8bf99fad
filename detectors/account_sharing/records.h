/* What account_sharing is told and what it remembers: its options and its tables' records. */
#ifndef JIANDU_ACCOUNT_SHARING_RECORDS_H
#define JIANDU_ACCOUNT_SHARING_RECORDS_H

#include "detectors/detector.h"

enum account_sharing_signal {
    ACCOUNT_SHARING_A1,
    ACCOUNT_SHARING_A2,
    ACCOUNT_SHARING_A3,
    ACCOUNT_SHARING_A4,
    ACCOUNT_SHARING_A4_UNITS,
    ACCOUNT_SHARING_A5,
    ACCOUNT_SHARING_A5_SUPPLIER,
    ACCOUNT_SHARING_A5_PHONE,
    ACCOUNT_SHARING_A5_UNIT,
    ACCOUNT_SHARING_A5_MANAGEMENT,
    ACCOUNT_SHARING_A5_MANAGEMENT_UNIT,
    ACCOUNT_SHARING_A5_MANAGEMENT_SHARED,
    ACCOUNT_SHARING_A5_RECEIPTS,
    ACCOUNT_SHARING_A6,
    ACCOUNT_SHARING_A7,
    ACCOUNT_SHARING_A8,
    ACCOUNT_SHARING_A8_RELAY,
    ACCOUNT_SHARING_A8_PHONE,
    ACCOUNT_SHARING_SIGNALS
};

enum account_sharing_table {
    ACCOUNT_SHARING_LIVE,     /* account -> struct account_sharing_live */
    ACCOUNT_SHARING_BUSY,     /* account -> struct account_sharing_busy */
    ACCOUNT_SHARING_ACCOUNTS, /* account -> struct account_sharing_account */
    ACCOUNT_SHARING_DEVICES,  /* device -> struct account_sharing_device */
    ACCOUNT_SHARING_CROWDS,   /* device -> struct account_sharing_crowded */
    ACCOUNT_SHARING_PARTIES,  /* device -> struct account_sharing_party */
    ACCOUNT_SHARING_PHONES,   /* phone -> struct account_sharing_phone */
    ACCOUNT_SHARING_USUAL,    /* unit and place -> struct account_sharing_usual */
    ACCOUNT_SHARING_NAMES,    /* operator -> struct account_sharing_operator */
    ACCOUNT_SHARING_PEERS,    /* enum jd_account_kind -> struct account_sharing_peers */
};

/* The options, in the order of the option table: times in ms, strengths in 0.1 dB, distances in km. */
struct account_sharing_config {
    int64_t travel_distance, travel_speed, travel_flight_distance, travel_flight_time, travel_window;
    int64_t travel_memory, travel_acts, travel_strength, travel_traded_strength, travel_repeated_strength,
        travel_hard_distance;
    int64_t concurrent_gap, concurrent_switches, concurrent_distance, concurrent_usual_days;
    int64_t concurrent_strength, concurrent_apart_strength, concurrent_name_strength,
        concurrent_repeated_strength;
    int64_t active_days, base_days, base_overlap, base_strength, base_more_strength, base_hours_strength;
    int64_t base_turns_window, base_turns, base_turns_strength, base_turns_hard, base_turns_hard_strength;
    int64_t hand_days, hand_overlap, hand_strength, hand_three_strength, hand_four_strength, hand_outside;
    int64_t hand_outside_strength, operator_strength, operator_three_strength, operator_four_strength,
        operator_units;
    int64_t device_accounts, party_days, party_acts, party_owners, home_days;
    int64_t agent_strength, pavilion_strength, supplier_strength, unit_strength;
    int64_t management_strength, management_unit_strength, management_days, management_accounts, shared_units;
    int64_t receipt_window, receipt_units, receipt_strength, receipt_home_strength;
    int64_t undecided_strength;
    int64_t duty_orders, duty_strength, rhythm_logins, rhythm_strength, rhythm_rare_strength;
    int64_t relay_gap, relay_strength;
    int64_t takeover_window, takeover_strength, takeover_far_strength;
    int64_t phone_met, phone_units, phone_strength, phone_units_strength, phone_far_strength;
    int64_t house_strength;
};

enum {
    ACCOUNT_SHARING_STAYS = 4,
    ACCOUNT_SHARING_FEW_STAYS = 2,
    ACCOUNT_SHARING_STEPS = 6, /* A-B-A-B and what leads to it */
    ACCOUNT_SHARING_FEW_STEPS = 3,
    ACCOUNT_SHARING_FAR = 4,
    ACCOUNT_SHARING_OWN_DEVICES = 6,
    ACCOUNT_SHARING_TURNS = 5,
    ACCOUNT_SHARING_HANDS = 8,
    ACCOUNT_SHARING_BUCKETS = 8 + JD_IP_COUNT,
    ACCOUNT_SHARING_OPERATOR_UNITS = 5,
    ACCOUNT_SHARING_PEER_BINS = 64,
    ACCOUNT_SHARING_PAIRS = 2,
    ACCOUNT_SHARING_USERS = 8,
    ACCOUNT_SHARING_FEW_USERS = 2,
    ACCOUNT_SHARING_PHONE_UNITS = 4,
    ACCOUNT_SHARING_USUAL_ACCOUNTS = 3, /* this many accounts of a unit make a place usual for it */
};

#define ACCOUNT_SHARING_LONG (400 * JD_DAY) /* a budget year and its overlap */

/* One act of an account: enough to prove it, and to tell where and by what it was done. */
struct account_sharing_act {
    int64_t id_ms;
    uint64_t id_seq;
    int64_t time;
    int64_t amount;
    uint64_t unit; /* that the act counts for */
    uint64_t device, order, supplier;
    uint64_t ip;       /* 0: not known, mobile, datacenter or a listed egress */
    uint32_t place;    /* division code; likewise */
    uint32_t region;   /* of the unit */
    uint16_t type;     /* enum jd_type */
    uint16_t network;  /* enum jd_ip_class */
    uint16_t handheld; /* by an app, or over a mobile network */
    uint16_t reserved;
};

/* What one device did at one place, without a day's rest. */
struct account_sharing_stay {
    struct account_sharing_act last;
    int64_t first;   /* time of its first act */
    int64_t ordered; /* time of its newest order or handling of one, `order`; 0 if there is none */
    uint64_t order;
    uint64_t operator; /* the latest one named; 0: none */
    int64_t acts;
};

/* An act beside those before and after it. */
struct account_sharing_step {
    struct account_sharing_act act;
    uint64_t session;
    uint64_t operator; /* 0: not named */
};

/* The last two days of an account. Most have few acts on one device: what does not fit is kept, with these,
 * in a record of BUSY. */
struct account_sharing_live {
    int64_t concurrent_time; /* of the act with which A2 was emitted last, */
    int32_t concurrent;      /* and its strength */
    uint32_t busy;           /* all stays and steps are in BUSY */
    int64_t steps;
    struct account_sharing_stay stay[ACCOUNT_SHARING_FEW_STAYS];
    struct account_sharing_step step[ACCOUNT_SHARING_FEW_STEPS]; /* by time; the newest are kept */
};

struct account_sharing_busy {
    int64_t steps;
    struct account_sharing_stay stay[ACCOUNT_SHARING_STAYS];
    struct account_sharing_step step[ACCOUNT_SHARING_STEPS];
};

/* Two devices of an account that took turns. */
struct account_sharing_pair {
    uint64_t a, b; /* a < b */
    int64_t day;   /* the last one */
    int64_t days;
};

/* Two devices of an account that one person cannot have travelled between. */
struct account_sharing_far {
    uint64_t devices; /* both keys, added */
    int64_t day;
    int64_t strength; /* that was emitted */
};

/* A device that an account works with. Days are jd_day(). */
struct account_sharing_own {
    uint64_t device;
    int64_t first;  /* ms */
    uint32_t last;  /* day */
    uint32_t place; /* division code, of a fixed network; 0: not known yet */
    uint32_t hours; /* bit 1 << hour of the day, by the platform's clock */
    uint16_t days;  /* different ones */
    uint16_t moves; /* how often its place changed */
};

/* Where an account was used last, on a fixed network, and when it changed to another device far away. Times
 * in s, keys shortened. */
struct account_sharing_turns {
    uint32_t time, place, device, operator;
    uint32_t turned[ACCOUNT_SHARING_TURNS]; /* the newest first */
};

/* A person who works with an account: a real-name handler, or the phone that a login comes with where no
 * handlers are sent. */
struct account_sharing_hand {
    uint64_t name;
    uint64_t device;      /* the latest */
    uint32_t first, last; /* days */
    uint32_t address;     /* of the latest act, shortened; 0: not known */
    uint16_t days;
    uint8_t colleague; /* seen in the unit's office, or at another one's address or device */
    uint8_t outside;   /* seen at a home, or far from the unit */
};

/* When and from where an account logs in: counts by three hours of the day and by enum jd_ip_class. */
struct account_sharing_rhythm {
    uint8_t usual[ACCOUNT_SHARING_BUCKETS], recent[ACCOUNT_SHARING_BUCKETS];
    uint32_t last; /* s, of the last one, to know a repetition */
};

/* Orders of a trading account, halved now and then. */
struct account_sharing_duty {
    uint64_t order; /* the last one, to know a repetition */
    uint16_t orders;
    uint16_t same; /* on a device that the unit's management account uses too */
    uint32_t reserved;
};

/* An account in the long run. */
struct account_sharing_account {
    uint64_t phone; /* it was used with last, at phone_time */
    uint64_t bound; /* phone that it was rebound to last; 0: never seen */
    int64_t phone_time;
    int64_t phone_bound;               /* when the phone's record last heard of it, by jd_now() */
    struct account_sharing_act change; /* the newest change of phone or password; id_ms 0: none */
    struct account_sharing_own own[ACCOUNT_SHARING_OWN_DEVICES];
    struct account_sharing_hand hand[ACCOUNT_SHARING_HANDS];
    struct account_sharing_rhythm rhythm;
    struct account_sharing_duty duty;
    uint64_t unit;                    /* whose account it is */
    uint32_t region;                  /* of that unit; 0: not known yet */
    uint32_t named;                   /* its hands are real-name handlers */
    uint32_t active_day, active_days; /* the last one, and how many */
    struct account_sharing_turns turns;
    struct account_sharing_pair pair[ACCOUNT_SHARING_PAIRS];
    struct account_sharing_far far[ACCOUNT_SHARING_FAR];
};

/* Who besides buyers uses a device: a supplier, or an agent's or pavilion's own account. */
struct account_sharing_party {
    struct account_sharing_act proof; /* the newest use */
    uint64_t account;
    uint64_t owner; /* its company */
    int64_t day;    /* the last one */
    uint32_t days;
    uint32_t acts;   /* more than logins */
    uint32_t owners; /* companies met here, as far as they alternate */
    uint32_t list;   /* JD_LIST_AGENT_ACCOUNT or _PAVILION_ACCOUNT; JD_LIST_NONE: a supplier */
};

/* One of few that are remembered: the one that rests longest makes room. `key` 0: a free place. */
struct account_sharing_seen {
    uint64_t key;
    int64_t first, last; /* ms */
    int64_t days;        /* different ones; a late event between first and last adds none */
};

/* An account of a budget unit on a device. */
struct account_sharing_user {
    struct account_sharing_act act; /* the newest one that concerns A5, else the newest */
    uint64_t unit;
    int64_t accepted;   /* when it last accepted or reviewed something here; 0: never */
    uint32_t place;     /* the newest known */
    uint8_t management; /* a management account */
    uint8_t concerned;  /* it did what a third party must not: a trade; with a management account, anything */
    uint8_t traded;
    uint8_t ordered;
    uint32_t filed;   /* a reservation or a change of the account */
    int32_t strength; /* that was emitted */
};

/* Most devices are used by one or two accounts: those of one that more use are in a record of CROWDS. */
struct account_sharing_device {
    uint32_t desk; /* uses by a help desk's account */
    uint32_t met;  /* accounts, as far as one was not among those remembered when it came */
    uint32_t crowded;
    uint32_t has_party;                                             /* it has a record in PARTIES */
    struct account_sharing_seen account[ACCOUNT_SHARING_FEW_USERS]; /* and beside each: */
    struct account_sharing_user user[ACCOUNT_SHARING_FEW_USERS];
};

struct account_sharing_crowded {
    struct account_sharing_seen account[ACCOUNT_SHARING_USERS];
    struct account_sharing_user user[ACCOUNT_SHARING_USERS];
};

/* A unit (or supplier) of whose accounts one was bound to a phone. */
struct account_sharing_binding {
    uint64_t account; /* 0: no longer bound to this phone */
    int64_t id_ms;    /* the act that proves it, what a login or a change has of one */
    uint64_t id_seq;
    int64_t time;
    uint64_t unit, device;
    uint32_t place, region;
    uint16_t type;
    uint8_t rebound; /* by a change, not only seen at a login */
    uint8_t management;
    uint32_t reserved;
};

struct account_sharing_phone {
    uint64_t met; /* units, as far as one was not among those remembered when it came */
    struct account_sharing_seen unit[ACCOUNT_SHARING_PHONE_UNITS]; /* and beside each: */
    struct account_sharing_binding binding[ACCOUNT_SHARING_PHONE_UNITS];
};

/* A unit for which a real-name handler works. */
struct account_sharing_client {
    uint64_t unit, account;
    uint64_t device, phone; /* the latest device; the phone that the account is bound to */
    uint32_t region;
    uint32_t first, last; /* days */
    uint32_t reserved;
};

struct account_sharing_operator {
    struct account_sharing_client of[ACCOUNT_SHARING_OPERATOR_UNITS];
    uint64_t met; /* units, as far as one was not among those remembered when it came */
};

/* How much the rhythm of accounts of one kind changed, this week and the one before: counts of A7's measure.
 */
struct account_sharing_peers {
    int64_t week;
    uint32_t bin[2][ACCOUNT_SHARING_PEER_BINS];
};

/* The accounts of a unit that were met at a place. */
struct account_sharing_usual {
    uint64_t account[ACCOUNT_SHARING_USUAL_ACCOUNTS];
};

#endif
