/* A simulated libevent: the functions of it that the stream module uses, over a clock and a network that
 * exist only here. Linked before the real library, so that daemon/stream runs unchanged. All that happens
 * follows from one seed: a history that failed is replayed exactly.
 *
 * Bytes travel in pieces cut anywhere, each with a delay of its own, in order. When a connection goes, a part
 * of what was under way still arrives on the other side: a command may run though its sender has long
 * reconnected. One simulated world at a time. */
#ifndef JIANDU_TESTS_SIMULATION_LOOP_H
#define JIANDU_TESTS_SIMULATION_LOOP_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct connection;

/* The server's side of the network. */
struct sim_server {
    void *(*accept)(struct connection *); /* NULL: refused */
    void (*receive)(void *session, const char *bytes, size_t length);
    void (*closed)(void *session);
};

void sim_begin(uint64_t seed, const struct sim_server *server);
/* Everything must be freed but bases and connections. */
void sim_end(void);
int64_t sim_now(void); /* ms */
uint64_t sim_random(uint64_t below);
bool sim_chance(unsigned percent);
/* Lets the next thing happen, if it is due before `until`; false: nothing is, and it is `until`. */
bool sim_step(int64_t until);

struct event_base *sim_base(void);                /* of one process */
void sim_freeze(struct event_base *, int64_t ms); /* SIGSTOP, and SIGCONT after so long */
void sim_freeze_server(int64_t ms);
/* A digest of all that has happened: equal for equal histories. */
uint64_t sim_digest(void);
void sim_delay(int64_t most); /* of the network, ms */

void sim_send(struct connection *, const char *bytes, size_t length); /* from the server */
/* Cuts one of the connections there are, or all. */
void sim_cut_one(void);
void sim_cut_all(void);

#endif
