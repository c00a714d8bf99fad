/* The registries of the simulated world as registry events, in the hour before the first day. */
#ifndef JIANDU_SIM_REGISTRY_H
#define JIANDU_SIM_REGISTRY_H

#include "daemon/sim/stage.h"

void registry_play(struct stage *);

#endif
