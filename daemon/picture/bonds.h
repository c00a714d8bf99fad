/* Who is tied to whom in an alert, as far as its JSON says: subjects are nodes; entries of the evidence, a
 * subject's unit and the facts of a signal tie them. */
#ifndef JIANDU_PICTURE_BONDS_H
#define JIANDU_PICTURE_BONDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bonds_column {
    BONDS_RESOURCES,
    BONDS_UNITS,
    BONDS_SUPPLIERS,
    BONDS_COLUMNS,
    BONDS_FOLDED = BONDS_COLUMNS
};

struct bonds_node {
    const char *kind, *id; /* borrowed from the alert */
    enum bonds_column
        column;          /* FOLDED: an account or payer of a single unit, said there; or of no interest */
    bool subject;        /* the alert is about it */
    bool shown;          /* among those that are drawn */
    int64_t amount;      /* fen, of its orders */
    int orders, entries; /* of the evidence; a unit's orders are all that the alert names */
    int64_t first;       /* ms, of its entries */
    const char *first_type;
};

struct bonds_pair {
    size_t a, b; /* nodes; a < b */
};

struct bonds {
    struct bonds_node *nodes;
    struct bonds_pair *pairs;
    size_t n_nodes, n_pairs;
    size_t room; /* for pairs */
};

/* Texts are borrowed from the alert. */
void bonds_init(struct bonds *, const json_t *alert);
void bonds_fini(struct bonds *);

bool bonds_are_tied(const struct bonds *, size_t a, size_t b);
/* Nodes of a column that are tied to this one. */
size_t bonds_degree(const struct bonds *, size_t node, enum bonds_column column);
/* Marks at most `limit` nodes as shown, the largest by money of each column. */
void bonds_select(struct bonds *, size_t limit);

#endif
