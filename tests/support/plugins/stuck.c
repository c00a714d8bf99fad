/* Does not come back from an order, for the test of the watchdog. */
#include <stdio.h>
#include <unistd.h>

#define SAMPLE_ON_ORDER() stuck()

static void stuck(void)
{
    fputs("an order has come\n", stderr);
    for (;;)
        pause();
}
#include "tests/support/plugins/sample.c"
