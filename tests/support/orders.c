#include "tests/support/orders.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/support/check.h"
#include "tests/support/redis.h"

void orders_add(redisContext *client, int from, int to)
{
    for (int i = from; i <= to; i++)
        CHECK(redis_ok(client,
            "XADD jiandu:{t}:events %d-0 type order time %d account a unit u order o%d supplier s sku k "
            "amount %d quantity 1",
            i, i, i, i * 7 % 13));
}

static uint64_t next_state(uint64_t state, int i)
{
    return (state ^ (uint64_t)(i * 7 % 13)) * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)i;
}

uint64_t orders_state(int n)
{
    uint64_t state = 0;
    for (int i = 1; i <= n; i++)
        state = next_state(state, i);
    return state;
}

/* What an undisturbed run over orders 1..n publishes, as one text: alerts by their id, reports by their data.
 */
static void expected_outputs(int n, const char *before, const char *after, char *text, size_t size)
{
    uint64_t state = 0;
    size_t used = 0;
    text[0] = '\0';
    for (int i = 1; i <= n; i++) {
        state = next_state(state, i);
        if (i % 5 == 0)
            used += (size_t)snprintf(
                text + used, size - used, "%d-1 %s%016llx%s\n", i, before, (unsigned long long)state, after);
    }
}

enum { ALERT_ID = 0, REPORT_DATA = 3 }; /* places of fields in an entry */

/* Each entry of a stream with the value of one of its fields. */
static void published(redisContext *client, const char *key, size_t field, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    redisReply *reply = redis_do(client, "XRANGE %s - +", key);
    for (size_t i = 0; i < reply->elements; i++)
        used += (size_t)snprintf(text + used, size - used, "%s %s\n", reply->element[i]->element[0]->str,
            reply->element[i]->element[1]->element[2 * field + 1]->str);
    freeReplyObject(reply);
}

static void check_stream(redisContext *client, const char *key, size_t field, const char *expected)
{
    static char text[65536];
    published(client, key, field, text, sizeof text);
    CHECK_TEXT(text, expected);
}

void orders_check(redisContext *client, int n)
{
    static char expected[65536];
    expected_outputs(n, "", "", expected, sizeof expected);
    check_stream(client, "jiandu:{t}:alerts", ALERT_ID, expected);
    check_stream(client, "jiandu:{t}:alerts:north", ALERT_ID, expected);
    expected_outputs(n, "{\"state\":\"", "\"}", expected, sizeof expected);
    check_stream(client, "jiandu:{t}:reports", REPORT_DATA, expected);
    check_stream(client, "jiandu:{t}:reports:north", REPORT_DATA, expected);
}
