/* A small detector of its own, and an engine that runs it: for tests of what becomes of signals.
 *
 * It raises SOFT on each order, HARD on each refund, OTHER on each review, all about the order's supplier; a
 * cancel takes SOFT and HARD back; an invoice says HARD again with nothing new to prove it; a redeem raises
 * HARD too, but weaker: a refund is an alert of high severity, a redeem of medium. SOFT needs a region on
 * orders or refunds, OTHER a review_hash on reviews and `county` or `pairing`. */
#ifndef JIANDU_TESTS_PROBE_H
#define JIANDU_TESTS_PROBE_H

#include "daemon/engine/engine.h"
#include "daemon/event/decode.h"
#include "tests/support/check.h"

#include <jansson.h>

#define PROBE_START INT64_C(1762900000000)

struct probe {
    struct engine_settings settings;       /* change them between probe_new and probe_start */
    struct detector_instance instances[2]; /* the same detector again, as `second`, where n_detectors is 2 */
    struct jd_detector second;
    struct decoder *decoder;
    struct engine *engine;
    struct sip_key seed;
    char log[1 << 22]; /* every copy that was published: "office data\n" */
    size_t used;
    unsigned outputs;
    json_t *last; /* the whole of the latest output */
    int64_t ms;
};

/* Routes: "" national, 44 guangdong, 4403 shenzhen, 33 zhejiang. */
struct probe *probe_new(uint64_t seed);
struct probe *probe_start(struct probe *);
struct probe *probe_open(uint64_t seed); /* both */
void probe_close(struct probe *);
/* An event `after` ms. */
void probe_feed(struct probe *, int64_t after, const char *json);
struct probe_deal {
    const char *type;
    int supplier, unit, order, region, amount;
};
/* Where a unit is; orders tell it too. */
void probe_place(struct probe *, int unit, int region);
void probe_deal(struct probe *, int64_t after, const struct probe_deal *);
/* With supplier 1, for 100 fen. */
void probe_trade(struct probe *, int64_t after, const char *type, int unit, int order, int region);
void probe_tick(struct probe *, int64_t after);
void probe_verdict(struct probe *, const char *id, const char *verdict);
/* Members of the latest output. */
int64_t probe_number(const struct probe *, const char *name);
const char *probe_word(const struct probe *, const char *name);
void probe_keep_id(const struct probe *, char id[20]);
/* The first value of a metric; UINT64_MAX if there is none. */
uint64_t probe_metric(const struct probe *, const char *name);
uint64_t probe_metric_of(const struct probe *, const char *name, const char *labels);

#endif
