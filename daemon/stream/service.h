/* The service: everything between Redis and the engine, as one object that is started and stopped.
 *
 *   connecting -> recovering -> replaying -> running -> stopping -> stopped
 *        |  ^                                   |
 *        v  |                                   |
 *      standby <--------------------------------+  (another instance has the lease)
 *
 * Connections that go come back by themselves and change no phase. Standing by, the committed position is
 * followed with a state of our own, so that the lease can be taken at any moment. When another instance has
 * taken over without being asked to, the state is dropped first. */
#ifndef JIANDU_STREAM_SERVICE_H
#define JIANDU_STREAM_SERVICE_H

#include <event2/event.h>

#include "daemon/engine/engine.h"
#include "daemon/stream/host.h"
#include "daemon/stream/link.h"

/* How the daemon ends; values of sysexits.h. */
enum {
    SERVICE_EXIT_OK = 0,
    SERVICE_EXIT_DATA = 65,  /* what Redis holds cannot be gone on with: an operator must decide */
    SERVICE_EXIT_IO = 74,    /* the folder of the snapshots cannot be read, or no engine be made */
    SERVICE_EXIT_CONFIG = 78 /* address, password, rights, function library, wrong kind of key */
};

struct service_settings { /* texts are borrowed; times in ms */
    struct link_settings link;
    const char *name, *instance;
    const char *input_key; /* NULL: jiandu:{NAME}:events */
    int count, block;
    bool reading_thread; /* see feeder.h */
    int commit_interval, lease;
    int64_t snapshot_interval;
    uint64_t config_hash; /* of all that decides what is detected; 0: not known */
    uint64_t dead_keep;
    int check_interval;
    uint64_t lag_limit;
    int64_t silence_limit;
    int64_t tick; /* after so long without an event one of type tick is added; 0: never */
    const struct sip_key *pseudonym_key; /* of persons in the log; NULL: they are left out */
    bool accept_rollback; /* an operator's word: a stream made anew or gone back is gone on with */
};

enum service_phase {
    SERVICE_CONNECTING,
    SERVICE_STANDBY,
    SERVICE_RECOVERING,
    SERVICE_REPLAYING,
    SERVICE_RUNNING,
    SERVICE_STOPPING,
    SERVICE_STOPPED
};

struct service_handlers {
    void (*phase)(void *context, enum service_phase);
    /* Nothing more will happen; called once, also after service_stop. Do not destroy the service in it. */
    void (*stopped)(void *context, int exit_code, const char *why);
    void *context;
};

struct service;

/* NULL: the settings cannot work. `host` is borrowed. */
struct service *service_create(struct event_base *base, const struct service_settings *settings,
    const struct stream_host *host, const struct service_handlers *handlers, struct error *err);
void service_destroy(struct service *);

void service_start(struct service *);
/* Finishes the batch, commits, saves a snapshot, gives the lease back; `stopped` follows within five seconds.
 */
void service_stop(struct service *);
/* What the engine publishes; an output_sink. */
void service_output(void *service, const struct output *output);
/* Saves a snapshot as soon as everything is committed. */
void service_snapshot(struct service *);

enum service_phase service_phase(const struct service *);
const char *service_phase_word(enum service_phase);
/* Whether events are read and published; if not, *why says so. */
bool service_ready(const struct service *, const char **why);
void service_stats(const struct service *, engine_visit visit, void *context);
/* Whether it gets on: an entry taken, an empty read answered, a commit acknowledged, or a connection tried
 * again, within the time that Redis may take. Being without Redis is getting on; waiting for nothing is not.
 * To be asked at intervals. */
bool service_alive(struct service *);

#endif
