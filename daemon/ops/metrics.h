/* Metrics in the text format of Prometheus. Who has numbers registers a collector, which is asked at each
 * scrape; nothing is counted twice and nothing is kept here. Numbers are integers; units stand in the names.
 */
#ifndef JIANDU_OPS_METRICS_H
#define JIANDU_OPS_METRICS_H

#include "daemon/engine/engine.h"

struct metrics;

/* Calls `visit` with `context` for each number, as engine_stats does. Names come without the prefix
 * `jiandu_`; those of counters get `_total` at the end. Labels are "" or made with metrics_label; texts are
 * borrowed for the call. */
typedef void (*metrics_collect)(void *source, engine_visit visit, void *context);

struct metrics *metrics_create(void);
void metrics_destroy(struct metrics *);
/* `source` is borrowed until the metrics are destroyed. */
void metrics_add(struct metrics *, metrics_collect collect, void *source);
/* All numbers of this moment, families in order of name; free() it. `length` may be NULL. */
char *metrics_render(const struct metrics *, size_t *length);

/* Appends name="value" to labels that are "" or were made so. A value that does not fit is left out whole. */
void metrics_label(char *labels, size_t size, const char *name, const char *value);

#endif
