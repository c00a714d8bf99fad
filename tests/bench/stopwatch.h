/* How long something took and who was busy: this process, or the Redis server that it talks to. Whoever is
 * busy all the time is what limits the other. */
#ifndef JIANDU_TESTS_BENCH_STOPWATCH_H
#define JIANDU_TESTS_BENCH_STOPWATCH_H

#include <hiredis/hiredis.h>
#include <stdint.h>

struct stopwatch {
    redisContext *redis; /* borrowed; NULL: none */
    int64_t ns, own_us, redis_us;
};

struct lap {
    int64_t ns;
    int own, redis; /* percent of the time on a core */
};

void stopwatch_start(struct stopwatch *, redisContext *);
struct lap stopwatch_stop(const struct stopwatch *);
/* us that the server has spent so far. */
int64_t stopwatch_redis_us(redisContext *);
/* A connection for asking; ends the program if there is none. `url` as in the configuration. */
redisContext *stopwatch_client(const char *url);

#endif
