/* The inside of the service: shared by service.c (phases), intake.c (batches) and service_state.c (what is
 * told). */
#ifndef JIANDU_STREAM_SERVICE_PARTS_H
#define JIANDU_STREAM_SERVICE_PARTS_H

#include "daemon/engine/engine.h"
#include "daemon/ops/complain.h"
#include "daemon/stream/chronicle.h"
#include "daemon/stream/committer.h"
#include "daemon/stream/keys.h"
#include "daemon/stream/lease.h"
#include "daemon/stream/publisher.h"
#include "daemon/stream/feeder.h"
#include "daemon/stream/recovery.h"
#include "daemon/stream/service.h"
#include "daemon/stream/session.h"
#include "daemon/stream/watch.h"

struct service {
    struct service_settings settings;
    struct stream_keys keys;
    char log_field[64]; /* of progress: this instance's */
    const struct stream_host *host;
    struct service_handlers handlers;
    enum service_phase phase;

    struct link *control;
    struct lease *lease;
    struct session *session;
    struct recovery *recovery;
    struct committer *committer;
    struct feeder *feeder;
    struct watch *watch;
    struct publisher publisher;
    struct chronicle chronicle;

    bool in_session;            /* the control connection is up and its facts are known */
    struct session_facts facts; /* of the latest session */
    struct recovery_plan plan;
    struct stream_place taken; /* the last entry processed */
    uint64_t fingerprint;      /* of that entry; 0: not known */
    struct stream_place saved; /* of the last snapshot */
    bool snapshot_due;
    bool hushed;       /* the watch counts what was lost: no reading */
    bool log_compared; /* the log file with what Redis was told of it before this start */
    bool moving;       /* an accepted rollback is being written */

    struct event *again, *snapshot_timer, *deadline;
    struct complaint control_down, reader_down, snapshot_failing;
    int64_t last_tick; /* ms, monotonic, of the last event or tick */
    uint64_t events, lost, commits, reconnects, fenced;
    uint64_t answers;    /* of Redis, to what brings neither entries nor commits */
    uint64_t marks;      /* sum of what moves when we get on, as service_alive saw it last, */
    int64_t marks_since; /* and since when, ms, monotonic */
};

/* service.c */
void service_quieten(struct service *);
void service_halt(struct service *, int exit_code, const char *why);
/* When the replay has come to the committed position: goes live, or to an older snapshot. False: not there
 * yet. */
bool service_replayed(struct service *);
/* It went past it, or ended before. */
void service_replay_overshot(struct service *);

/* intake.c */
int service_create_intake(struct service *, struct event_base *base, struct error *err);
void service_read_on(struct service *);
/* Publishes an alert of the daemon's own at the position taken. */
void service_notice(struct service *, const struct notice *);
/* Whether the stream is still the one that our position belongs to; if not, what follows is under way. */
bool service_history_agrees(struct service *);

#endif
