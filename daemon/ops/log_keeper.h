/* Keeps the log file: opens it, brings it to the disk every few seconds, tells its head to the journal. */
#ifndef JIANDU_OPS_LOG_KEEPER_H
#define JIANDU_OPS_LOG_KEEPER_H

#include "daemon/engine/engine.h"
#include "daemon/ops/config.h"

#include <event2/event.h>

struct log_keeper;

/* From now on what is logged goes to the file as well. `base` is borrowed. */
struct log_keeper *log_keeper_create(struct event_base *base, const struct config *, struct error *err);
/* The last head goes to the journal. NULL is fine. */
void log_keeper_destroy(struct log_keeper *);
/* Another program may have renamed the file. */
void log_keeper_reopen(struct log_keeper *);
/* Lines written and lost, failures, new files. */
void log_keeper_stats(void *keeper, engine_visit visit, void *context);

#endif
