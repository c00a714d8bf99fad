/* Who is tied to whom in an alert, as far as its JSON says: subjects are nodes; entries of the evidence, a
 * subject's unit and the facts of a signal tie them. */
#ifndef JIANDU_CTL_TIES_H
#define JIANDU_CTL_TIES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ties_column { TIES_RESOURCES, TIES_UNITS, TIES_SUPPLIERS, TIES_COLUMNS, TIES_FOLDED = TIES_COLUMNS };

struct ties_node {
    const char *kind, *id;   /* borrowed from the alert */
    enum ties_column column; /* FOLDED: an account or payer of a single unit, said there; or of no interest */
    bool subject;            /* the alert is about it */
    bool shown;              /* among those that are drawn */
    int64_t amount;          /* fen, of its orders */
    int orders, entries;     /* of the evidence; a unit's orders are all that the alert names */
    int64_t first;           /* ms, of its entries */
    const char *first_type;
};

struct ties_pair {
    size_t a, b; /* nodes; a < b */
};

struct ties {
    struct ties_node *nodes;
    struct ties_pair *pairs;
    size_t n_nodes, n_pairs;
    size_t room; /* for pairs */
};

/* Texts are borrowed from the alert. */
void ties_init(struct ties *, const json_t *alert);
void ties_fini(struct ties *);

bool ties_are_tied(const struct ties *, size_t a, size_t b);
/* Nodes of a column that are tied to this one. */
size_t ties_degree(const struct ties *, size_t node, enum ties_column column);
/* Marks at most `limit` nodes as shown, the largest by money of each column; returns how many are not. */
size_t ties_select(struct ties *, size_t limit);

#endif
