/* What the simulated server is made of: for its own files only. */
#ifndef JIANDU_TESTS_SIMULATION_SERVER_PARTS_H
#define JIANDU_TESTS_SIMULATION_SERVER_PARTS_H

#include <hiredis/hiredis.h>

#include "tests/simulation/server.h"

struct session {
    struct session *next;
    struct connection *connection;
    redisReader *reader;
    uint64_t after, count; /* the XREAD that waits */
    int64_t waits_until;   /* NO_WAIT: none does */
    bool dead;             /* of a server that has gone */
};

struct server {
    enum server_bug bug;
    struct server_data data, remembered;
    struct session *sessions;
    struct event_base *base;
    struct event *wake; /* the next waiting read that runs out */
    const char *error;
    bool writes_only, down;
    const char *violation;
    char *reply;
    size_t used, room;
};

/* Replies, in Redis' protocol. */
__attribute__((format(printf, 2, 3))) void say(struct server *, const char *format, ...);
void say_text(struct server *, const char *text);
void say_id(struct server *, uint64_t ms);
/* An entry of the input stream. */
void say_entry(struct server *, uint64_t i);
/* The same with another's amount. */
void say_entry_as(struct server *, uint64_t i, uint64_t other);

/* Words of a command; "" and 0 beyond its end. */
const char *word(const redisReply *command, size_t i);
uint64_t number(const redisReply *command, size_t i);
bool is(const redisReply *command, size_t i, const char *text);

/* The token of who holds the lease now, or "". */
const char *server_owner(struct server *);
/* FCALL: the functions of jiandu.lua. */
void fcall(struct server *, const redisReply *command);
/* Any command; XREAD may leave the session waiting. */
void run(struct server *, struct session *, const redisReply *command);
/* Says the entries after one; false if there are none. */
bool say_read(struct server *, uint64_t after, uint64_t count);

#define NO_WAIT (-1)

#endif
