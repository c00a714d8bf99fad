/* Streams of events of a chosen shape, made as they are asked for: for measuring how cost depends on it. The
 * same shape, size and number give the same lines. */
#ifndef JIANDU_TESTS_BENCH_SHAPE_H
#define JIANDU_TESTS_BENCH_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHAPE_LINE_MAX 1024
#define SHAPE_RECENT 4096

struct shape;
typedef size_t shape_write(struct shape *, char *line);

struct shape_recent {
    uint64_t order, account, supplier, amount;
    int64_t time;
};

struct shape {
    shape_write *write;
    uint64_t entities, random, events;
    int64_t time, step;                       /* ms; the step from an event to the next is that on average */
    uint64_t lives;                           /* of `spread`: lived at a time */
    struct shape_recent recent[SHAPE_RECENT]; /* orders */
};

/* `name`: "spread", "new", "hub", "cycles", "rules", or one of bomb.h without its prefix. false: there is no
 * such shape. */
bool shape_init(struct shape *, const char *name, uint64_t entities);
/* A random number, from 0. */
uint64_t shape_draw(struct shape *, uint64_t below);
/* Writes the next line, without a line end, with its member "id" first; returns its length. */
size_t shape_next(struct shape *, char line[SHAPE_LINE_MAX]);

#endif
