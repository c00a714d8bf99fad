/* An engine for tests: its state is a hash over all events so far, and every fifth event is an alert that
 * shows it. So two runs publish the same alerts only if they went over the same events in the same state.
 * Snapshots are kept in memory and outlive the service, as files would. */
#ifndef JIANDU_TESTS_SUPPORT_FAKE_HOST_H
#define JIANDU_TESTS_SUPPORT_FAKE_HOST_H

#include "daemon/stream/service.h"

#define FAKE_SNAPSHOTS 8

struct fake_snapshot {
    struct snapshot_header header;
    uint64_t state, events;
};

struct fake_host {
    struct stream_host host;
    struct service *service; /* set it after service_create */
    struct decoder *decoder;
    uint64_t state, events, config; /* config: goes into snapshots */
    int64_t warmup;
    bool alive;
    struct fake_snapshot snapshots[FAKE_SNAPSHOTS]; /* newest first */
    size_t n_snapshots;
    int fresh, loaded, dropped, discarded, saves; /* calls */
    bool broken_disk, broken_later; /* no snapshot can be written; of those in a child it shows only later */
    bool unlisted;                  /* snapshots cannot be listed */
};

void fake_host_init(struct fake_host *);
void fake_host_fini(struct fake_host *);

#endif
