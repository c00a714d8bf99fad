/* The keeper: owns the daemon's engine and decoder, and their snapshots. It is the stream's host: what the
 * service asks for by struct stream_host is done here, by engine and checkpoint. */
#ifndef JIANDU_KEEPER_H
#define JIANDU_KEEPER_H

#include "daemon/engine/engine.h"
#include "daemon/ops/config.h"
#include "daemon/stream/host.h"

#include <event2/event.h>

struct keeper;

/* `config` is borrowed. Takes the lock of the state folder. */
struct keeper *keeper_create(struct event_base *base, const struct config *config, struct error *err);
void keeper_destroy(struct keeper *);
/* Where alerts go; set it before an engine is asked for. */
void keeper_set_output(struct keeper *, output_sink sink, void *context);
const struct stream_host *keeper_host(const struct keeper *);
/* What the engine and the decoder count; nothing while there is no engine. */
void keeper_stats(void *keeper, engine_visit visit, void *context);

#endif
