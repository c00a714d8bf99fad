/* What everything that happens in the simulated world works on. */
#ifndef JIANDU_SIM_STAGE_H
#define JIANDU_SIM_STAGE_H

#include "daemon/sim/truth.h"
#include "daemon/sim/world.h"
#include "daemon/sim/writer.h"

struct stage {
    const struct sim_params *params;
    struct world world;
    struct writer *writer;
    struct truth *truth;
    int64_t start, end; /* ms; events of an entry time from `end` on do not leave */
};

#endif
