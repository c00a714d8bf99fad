/* A truth.json (of `jianductl simulate`, or of anybody) in memory, for scoring. Read: campaigns {id,
 * detector, kind, grade, members:{units, accounts, devices, suppliers, orders}, start_id, end_id, money} and
 * traps {id, kind, members}. Optional: `also` (further detectors whose alerts on the same members are right
 * too), `steps` ([entry ms, fen ordered, fen paid] of each event), and at the top `units` and `days` of the
 * world and `sizes` {small, medium, large}: its units. */
#ifndef JIANDU_CTL_TRUTH_FILE_H
#define JIANDU_CTL_TRUTH_FILE_H

#include "daemon/base/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct truth_case {
    const char *id;                      /* NULL where it has none; borrowed like all texts here */
    const char *detector, *kind, *grade; /* detector and grade NULL for a trap; all borrowed from the file */
    json_t *also;                        /* array of names, or NULL */
    json_t *steps;                       /* array, or NULL */
    json_t *member[5];                   /* id -> true; in the order of truth_kinds */
    int64_t start, end;                  /* ms of the entry ids; 0 and INT64_MAX where a trap does not say */
    int64_t money;                       /* fen */
};

enum {
    TRUTH_FILE_UNITS,
    TRUTH_FILE_ACCOUNTS,
    TRUTH_FILE_DEVICES,
    TRUTH_FILE_SUPPLIERS,
    TRUTH_FILE_ORDERS,
    TRUTH_FILE_KINDS
};

enum { TRUTH_FILE_SIZES = 3 };

extern const char *const truth_file_sizes[TRUTH_FILE_SIZES];

struct truth_file {
    json_t *root;
    struct truth_case *campaigns, *traps;
    size_t n_campaigns, n_traps;
    int64_t units, days; /* 0 where it does not say */
    json_t *size;        /* unit -> 0 small, 1 medium, 2 large */
    int64_t of_size[TRUTH_FILE_SIZES];
};

/* truth_file_fini is right after a failure too. */
int truth_file_read(struct truth_file *, const char *path, struct error *);
void truth_file_fini(struct truth_file *);

/* 0 to 2; -1 where the truth does not say. */
int truth_file_size(const struct truth_file *, const char *unit);
/* Which list of members the kind of entity (as in an alert's subjects) stands in; -1 for others. */
int truth_file_kind(const char *kind);
/* The detector must find this campaign (`also` false), or may (`also` true). */
bool truth_case_of(const struct truth_case *, const char *detector, bool also);

#endif
