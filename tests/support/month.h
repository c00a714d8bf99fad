/* A simulated month for tests with real processes: its events sent to Redis piece by piece, and the alerts
 * that an undisturbed run gives. */
#ifndef JIANDU_TESTS_SUPPORT_MONTH_H
#define JIANDU_TESTS_SUPPORT_MONTH_H

#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stddef.h>

struct month {
    char *folder, *text; /* all events */
    char **lines;
    size_t count, sent;
    char *expected; /* the alerts, a line each */
};

/* Ends the test program when it cannot. */
void month_init(struct month *, unsigned long long seed);
void month_fini(struct month *);
/* The next `n` events, in one command. */
void month_send(struct month *, redisContext *, size_t n);
/* Whether Redis has the position of the last event sent. */
bool month_committed(const struct month *, redisContext *);
/* The published alerts, a line each, without those of the daemon itself; free() it. */
char *month_published(redisContext *);
/* Sends what is left, waits until it is committed, and checks that the alerts are the expected ones. */
void month_check(struct month *, redisContext *);
/* That the alerts published by now are the expected ones, byte for byte. */
void month_compare(const struct month *, redisContext *);

#endif
