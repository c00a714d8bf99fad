/* What the files of this detector share: its options and records, and the steps of its work. Each order is
 * kept until it is settled (purchases); what it adds to its unit's year stands at the unit; once a day the
 * years of all units make a report (figures), in which they are compared with their division's (peers). */
#ifndef JIANDU_PROCUREMENT_PROGRESS_H
#define JIANDU_PROCUREMENT_PROGRESS_H

#include "detectors/detector.h"

#define PROGRESS_MEMORY (400 * JD_DAY) /* a budget year and its overlap */
#define PROGRESS_YEARS 2               /* of a unit: the newest ones */

enum table { ORDERS, UNITS, DIVISIONS, CALENDAR };

/* The report's columns and marks. */
enum column {
    RESERVED,
    TARGET,
    PURCHASED,
    ORDERS_COUNTED,
    PENDING,
    SHORTFALL,
    YEAR_END,
    PEERS_DONE,
    PEERS_YEAR_END
};
enum mark { LAGGARD, UNDER_RESERVED, RUSH, UNRESERVED };

struct config {
    int64_t need_receipt, need_review;
    int64_t lag_after, lag_percent;
    int64_t year_end, year_end_percent, year_end_excess;
    int64_t peers, settling;
};

/* What one year of a unit, or one order's part in it, comes to. Fen. */
struct figures {
    int64_t purchased, pending, year_end; /* year_end: of what is purchased, ordered in the last days */
    int64_t orders;                       /* that count */
};

struct year {
    uint16_t year;    /* 0: not in use */
    uint8_t canteen;  /* enum jd_canteen */
    uint8_t filed;    /* 1: a reservation is known */
    uint32_t changed; /* 1: since the last report */
    int64_t filed_at; /* when that happened, ms */
    int64_t reserved, canteen_total;
    struct figures figures;
};

struct unit {
    uint32_t region;
    uint32_t known;
    int64_t named; /* when its name was last kept, ms */
    struct year years[PROGRESS_YEARS];
};

struct order {
    uint64_t unit; /* that it counts for */
    int64_t amount, paid, refunded;
    uint16_t year;
    uint16_t flags;
    uint32_t reserved;
};

/* A division's units, added up for one report: see peers.c. */
struct division {
    int64_t day; /* of that report */
    int64_t reserved, done, purchased, year_end;
    uint32_t reserving, buying; /* units that reserved, that bought */
};

/* How far the smallest division with enough other units has got without this one; -1: there is none. */
struct peers {
    int64_t done;     /* of what they have reserved, percent */
    int64_t year_end; /* of what they have bought, ordered in the last days, percent */
};

struct calendar {
    int64_t due; /* when the next report is, ms */
};

/* One report in the making. */
struct edition {
    int64_t day;  /* the last one that it covers */
    int64_t year; /* of that day */
    bool changed; /* anything, since the report before */
};

/* Amounts reach 10^12 each, any number of times: a sum stops at the end of the range. */
static inline int64_t procurement_sum(int64_t a, int64_t b)
{
    int64_t result;
    return __builtin_add_overflow(a, b, &result) ? (a < 0 ? INT64_MIN : INT64_MAX) : result;
}

/* calendar.c: the platform's calendar. */
int64_t procurement_new_year(int64_t year); /* the day (jd_day) of January 1st */
int64_t procurement_year_of(int64_t day);
int64_t procurement_year_at(const struct jd_event *); /* that an event counts for */

/* units.c: the record of the unit that a key or event names, and the year of it, NULL where there is none. */
struct unit *procurement_unit(struct jd_host *, uint64_t unit);
struct year *procurement_year(struct unit *, int64_t year);
void procurement_introduce(struct jd_host *, const struct jd_event *, struct unit *);
void procurement_reservation(struct jd_host *, const struct jd_event *);

/* purchases.c */
void procurement_purchase(struct jd_host *, const struct jd_event *);

/* peers.c: first all units are added, then the sums completed, then units compared. */
void procurement_peers_add(
    struct jd_host *, const struct edition *, const struct unit *, const struct year *);
void procurement_peers_complete(struct jd_host *, struct edition *);
struct peers procurement_peers(
    struct jd_host *, const struct edition *, const struct unit *, const struct year *);
int64_t procurement_done(const struct year *);
int64_t procurement_percent(int64_t part, int64_t whole);

/* figures.c */
void procurement_report(struct jd_host *, int64_t day);

#endif
