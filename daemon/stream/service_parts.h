/* The inside of the service: shared by service.c (phases), catch_up.c (up to the committed position),
 * saving.c (snapshots), standby.c (following a leader), intake.c (batches) and service_state.c (what is
 * told). */
#ifndef JIANDU_STREAM_SERVICE_PARTS_H
#define JIANDU_STREAM_SERVICE_PARTS_H

#include "daemon/engine/engine.h"
#include "daemon/ops/complain.h"
#include "daemon/stream/chronicle.h"
#include "daemon/stream/committer.h"
#include "daemon/stream/follower.h"
#include "daemon/stream/handover.h"
#include "daemon/stream/keys.h"
#include "daemon/stream/lease.h"
#include "daemon/stream/publisher.h"
#include "daemon/stream/feeder.h"
#include "daemon/stream/recovery.h"
#include "daemon/stream/service.h"
#include "daemon/stream/session.h"
#include "daemon/stream/watch.h"

/* What the engine's state is worth, to lead with it or to follow. */
enum service_state {
    STATE_NONE,
    STATE_SOUGHT, /* recovery looks for one */
    STATE_BEHIND, /* entries up to the committed position are still missing */
    STATE_THERE   /* that of the committed position, as far as it is known */
};

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
    struct follower *follower;
    struct handover *handover;
    struct publisher publisher;
    struct chronicle chronicle;

    bool in_session;            /* the control connection is up and its facts are known */
    struct session_facts facts; /* of the latest session; standing by, the progress is the leader's */
    struct recovery_plan plan;
    enum service_state state;
    bool warm;        /* the state has been there once: from then on what is read must agree in number */
    bool differs;     /* standing by: the leader detects with other settings */
    bool handing;     /* over: as soon as all is committed */
    int64_t hold_off; /* ms, monotonic: who has handed over leaves the lease to others until then */
    struct stream_place taken; /* the last entry processed */
    uint64_t fingerprint;      /* of that entry; 0: not known */
    struct stream_place saved; /* of the last snapshot */
    bool snapshot_due;
    bool hushed;       /* the watch counts what was lost: no reading */
    bool log_compared; /* the log file with what Redis was told of it before this start */
    bool moving;       /* an accepted rollback is being written */

    struct event *again, *snapshot_timer, *deadline;
    struct complaint control_down, reader_down, snapshot_failing, refusing, unfit;
    int64_t last_tick; /* ms, monotonic, of the last event or tick */
    uint64_t events, lost, commits, reconnects, fenced, handed_over;
    uint64_t answers;    /* of Redis, to what brings neither entries nor commits */
    uint64_t marks;      /* sum of what moves when we get on, as service_alive saw it last, */
    int64_t marks_since; /* and since when, ms, monotonic */
};

/* service.c */
void service_enter(struct service *, enum service_phase);
void service_quieten(struct service *);
void service_halt(struct service *, int exit_code, const char *why);
void service_redis_is_back(struct service *);
void service_go_live(struct service *);
/* The lease is ours, and its facts are known: what the state leads to is to lead. */
bool service_leads(const struct service *);

/* saving.c */
void service_create_saving(struct service *, struct event_base *base);
void service_save(struct service *, bool wait);
/* The state is the leader's, whole, and may be saved while standing by. */
bool service_follows(const struct service *);

/* catch_up.c */
void service_create_recovery(struct service *);
/* Looks for a state to begin with. */
void service_seek(struct service *);
/* Processes what is missing up to the committed position, silently; then leads or goes on following. */
void service_catch_up(struct service *);
/* Call when entries were processed, or there are none. */
void service_look_whether_there(struct service *);
void service_drop_state(struct service *);

/* standby.c */
void service_create_standby(struct service *, struct event_base *base);
/* Another instance publishes now, or may: nothing of ours counts any more. Asks for the lease again in `ms`;
 * below 0: not by itself. */
void service_stand_by(struct service *, const char *why, int64_t ms);
/* The facts are there, and the lease is not ours. */
void service_follow(struct service *);
/* Whether the lease is to be asked for. */
bool service_may_lead(const struct service *);
/* All is committed that was read before the hand-over. */
void service_give_up(struct service *);

/* intake.c */
int service_create_intake(struct service *, struct event_base *base, struct error *err);
void service_read_on(struct service *);
/* Publishes an alert of the daemon's own at the position taken. */
void service_notice(struct service *, const struct notice *);
/* Whether the stream is still the one that our position belongs to; if not, what follows is under way. */
bool service_history_agrees(struct service *);

#endif
