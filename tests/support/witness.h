/* A connection under test, and what became of it. */
#ifndef JIANDU_TESTS_SUPPORT_WITNESS_H
#define JIANDU_TESTS_SUPPORT_WITNESS_H

#include <stdbool.h>

#include "daemon/stream/link.h"
#include "tests/support/loop.h"

struct witness {
    struct event_base *base;
    struct link *link;
    int ready, lost, fatal, replies, nulls; /* how often */
    char why[512], reply[256];              /* the latest */
};

/* Settings with short times for a URL. False: it is none. */
bool witness_settings(struct link_settings *, const char *url);
/* Starts the link. False, with the reason in `why`: it cannot be made. */
bool witness_open(struct witness *, const struct link_settings *);
void witness_close(struct witness *);
/* A command of up to three words; its reply is counted. */
int witness_send(struct witness *, const char *a, const char *b, const char *c);

#define WAIT_FOR(w, condition) LOOP_UNTIL((w)->base, condition)

#endif
