/* A simulated Redis: what jiandud asks of it, and nothing else. The functions of jiandu.lua are modelled in
 * C; tests/integration/model.c holds the model against a real server. Its input stream is the orders 1-0,
 * 2-0,
 * ... up to `added`, the content of each a function of its number. */
#ifndef JIANDU_TESTS_SIMULATION_SERVER_H
#define JIANDU_TESTS_SIMULATION_SERVER_H

#include "tests/simulation/loop.h"

#define SERVER_OUTPUTS 6
#define SERVER_KEY 48

struct server_entry {
    uint64_t ms, seq;
    uint64_t hash; /* of all fields and values */
};

struct server_stream {
    char key[SERVER_KEY];
    struct server_entry *entries;
    size_t count, room;
};

/* What a restart may set back. */
struct server_data {
    uint64_t added;                                            /* events */
    bool exists, group;                                        /* the input stream, and the group on it */
    char pos[48], read[24], print[72], system[72], holder[32]; /* of the progress hash; "": not there */
    char lost[24], config[24], config_from[48];
    uint64_t epoch, republished;
    char standby[2][640]; /* "INSTANCE TILL TEXT" of those who stand by */
    char handover[64];    /* who has asked for one; "": nobody */
    int64_t handover_until;
    char owner[64]; /* "": nobody holds the lease */
    int64_t owner_until;
    struct server_stream outputs[SERVER_OUTPUTS];
    bool functions_loaded;
};

enum server_bug { /* planted, to see that they are found */
    SERVER_SOUND,
    SERVER_NO_TOKEN_CHECK,
    SERVER_NO_POSITION_CHECK,
    SERVER_SHOWS_OTHER,   /* what is replayed or followed is not what was read */
    SERVER_APPENDS_AGAIN, /* what is there under its id is put there once more */
    SERVER_BUGS
};

struct server;

extern const struct sim_server server_network;

/* One at a time; server_network talks to it. */
struct server *server_create(enum server_bug bug);
void server_destroy(struct server *);
struct server_data *server_data(struct server *);
/* Adds the next `n` orders. */
void server_add(struct server *, uint64_t n);
/* An operator asks for a hand-over; false: it is refused. */
bool server_handover(struct server *, const char *who, int64_t ms);
/* Answers everything, or all that writes, with this error until told otherwise; NULL: works. */
void server_refuse(struct server *, const char *error, bool writes_only);
/* All connections are cut, and no new ones accepted until server_up(). */
void server_down(struct server *);
void server_up(struct server *);
void server_freeze(struct server *, int64_t ms);
/* Says something that is no reply on one of its connections. */
void server_babble(struct server *);
/* Remembers the data as they are; goes back to what was remembered, as after a power cut. `keep_outputs`: all
 * but what was published, as Redis 7.0.15 does when its append-only file was cut inside a transaction. The
 * server must be down. */
void server_remember(struct server *);
void server_restore(struct server *, bool keep_outputs);
/* Set when a commit took effect that must not have: what was wrong with it. */
const char *server_violation(const struct server *);
/* Runs one command; the reply on the wire, good until the next. For the comparison with a real server. */
struct redisReply;
const char *server_command(struct server *, const struct redisReply *command, size_t *length);

#endif
