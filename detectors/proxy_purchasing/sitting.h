/* Records of lockstep.c. */
#ifndef JIANDU_PROXY_PURCHASING_SITTING_H
#define JIANDU_PROXY_PURCHASING_SITTING_H

#include "detectors/proxy_purchasing/proxy_purchasing.h"

/* One order for some goods. */
struct seat {
    uint64_t unit, order, account;
    int64_t time; /* ms */
    int64_t quantity;
    uint32_t division;
    uint32_t reserved;
};

/* The latest orders for some goods, under the key of their sku. */
struct sitting {
    int64_t first;  /* ms, of the first order */
    int64_t orders; /* since then */
    uint32_t used, reserved;
    struct seat seat[SEATS];
};

/* How closely units sit together: the same quantity within half an hour, or the same goods within hours. */
enum way { CLOSE, LOOSE, WAYS };

/* Two units that ordered alike, under their mixed keys. */
struct pair {
    struct meetings {
        int64_t first_day, last_day;
        uint32_t together;
        uint32_t days;     /* different ones among them */
        uint32_t weekdays; /* bits of those that they fell on */
        uint32_t strong;   /* 1: more than chance and more than habit */
    } of[WAYS];
};

#endif
