#include "daemon/sim/params.h"

#include <stddef.h>
#include <string.h>

static const struct sim_params tune_set = {
#define X(name, tune, test, meaning) tune,
    SIM_PARAMS(X)
#undef X
};

static const struct sim_params test_set = {
#define X(name, tune, test, meaning) test,
    SIM_PARAMS(X)
#undef X
};

const struct sim_params *params_find(const char *name)
{
    if (!strcmp(name, "tune"))
        return &tune_set;
    if (!strcmp(name, "test"))
        return &test_set;
    return NULL;
}
