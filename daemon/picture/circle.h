/* A money circle, as far as an alert's JSON says: transfers in the order of time, each from where the one
 * before went. A transfer's entry names the account that paid as its `account`, or there are as many payers
 * among the subjects as transfers; otherwise accounts stay unnamed rather than being guessed. */
#ifndef JIANDU_PICTURE_CIRCLE_H
#define JIANDU_PICTURE_CIRCLE_H

#include <jansson.h>
#include <stddef.h>

#define CIRCLE_MAX 24

struct circle_hop {
    const char *from;  /* the account that paid, "" if it is not known */
    const char *owner; /* unit or supplier that it stands for, "" if not known */
    const char *owner_kind;
    const char *type;     /* payment, transfer, refund */
    int64_t amount, time; /* fen, ms */
};

struct circle {
    struct circle_hop hop[CIRCLE_MAX]; /* the last goes to where the first came from */
    size_t count;
    size_t more; /* hops for which there was no place */
};

/* Texts are borrowed from the alert. */
void circle_read(struct circle *, const json_t *alert);

#endif
