/* One history: two instances of jiandud's stream module, a Redis and a network, all simulated, and what goes
 * wrong with them, all from one seed. In the end everything works again, and what was published must be what
 * a calm history publishes. */
#ifndef JIANDU_TESTS_SIMULATION_HISTORY_H
#define JIANDU_TESTS_SIMULATION_HISTORY_H

#include "tests/simulation/server.h"

struct history {
    uint64_t seed;
    enum server_bug bug;
    bool calm; /* nothing goes wrong */
};

struct history_result {
    bool good;
    char why[512];
    uint64_t digest;
    uint64_t faults;                 /* that were made */
    uint64_t takeovers, republished; /* leases taken; outputs that were there already */
    uint64_t handovers;              /* asked for */
    uint64_t loaded, discarded, fresh,
        fenced; /* snapshots; states begun anew; times that a state was dropped */
};

/* Compared with the outputs of `calm` (NULL: with nothing). With `outputs`, hands over the server's, to be
 * freed with history_free. */
void history_run(const struct history *, const struct server_data *calm, struct server_data *outputs,
    struct history_result *);
void history_free(struct server_data *outputs);

#endif
