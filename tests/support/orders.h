/* Orders for an instance over the fake host, and what an undisturbed run over them publishes. */
#ifndef JIANDU_TESTS_SUPPORT_ORDERS_H
#define JIANDU_TESTS_SUPPORT_ORDERS_H

#include <hiredis/hiredis.h>
#include <stdint.h>

/* Adds the orders from-0 to to-0. */
void orders_add(redisContext *, int from, int to);
/* Checks that alerts and reports are those over the orders 1 to n, each once. */
void orders_check(redisContext *, int n);
/* What the state of the fake host is after the orders 1 to n. */
uint64_t orders_state(int n);

#endif
