/* Rings: names for groups of resources that stay while a group grows, joins another, or falls apart. The
 * caller finds which resources belong together; this names them. State lies in one table of the host's. */
#ifndef JIANDU_PROXY_PURCHASING_RINGS_H
#define JIANDU_PROXY_PURCHASING_RINGS_H

#include "detectors/detector.h"

#define RING_RESOURCES 16

/* A resource of a ring. */
struct ring_part {
    uint64_t key;
    uint64_t ring; /* that it is in now, 0: none */
    int64_t ms;    /* entry id of its first link */
    uint64_t seq;
    uint32_t part; /* the caller's; tells apart two parts of one order */
    uint32_t weight;
};

/* A record, under the ring's name. */
struct ring {
    uint64_t alias;   /* the elder ring that it has become part of; 0: none */
    uint64_t parent;  /* the ring that it fell off from; 0: none */
    uint64_t younger; /* the latest ring that has become part of it; 0: none */
    uint64_t anchor;  /* the resource of most weight: its part keeps the name in a split */
    int64_t founded_ms;
    uint64_t founded_seq;
    uint32_t founded_part;
    uint32_t used;
    struct {
        uint64_t key;
        uint32_t part, reserved;
    } resource[RING_RESOURCES];
};

/* The ring that a name stands for today, through up to sixteen mergers; 0: no such ring any more. */
uint64_t rings_resolve(struct jd_host *, unsigned table, uint64_t ring);

/* Is a resource still tied to a unit? */
typedef bool (*rings_lives)(struct jd_host *, uint64_t resource);

/* Names the ring of `n` (1..RING_RESOURCES) resources that belong together. Of the rings whose anchor is
 * among them, or lives no more, the one with the oldest founding link stays; the others become its aliases.
 * Where there is none, they are new, or have fallen off a ring whose anchor is elsewhere: the ring is named
 * after their oldest first link (a hash of its entry id, so that every run gives the same name). Where not
 * all that belongs to them was looked at (`whole` false), nothing is taken to have fallen off. 0: the table
 * is full of pinned records. */
uint64_t rings_settle(
    struct jd_host *, unsigned table, const struct ring_part *parts, unsigned n, bool whole, rings_lives);

#endif
