/* The real jiandud as a process under test: its folder, its log, and a shim between it and libc. Ended and
 * removed whatever happens to the test. */
#ifndef JIANDU_TESTS_SUPPORT_PROCESS_H
#define JIANDU_TESTS_SUPPORT_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "tests/faults/shim.h"
#include "tests/support/redis.h"

struct process {
    pid_t pid;         /* 0: not running */
    char dir[64];      /* state in DIR/state, what it says in DIR/log, sealed in DIR/sealed/jiandu.log */
    struct shim *shim; /* to be armed at any time; shared with the process */
};

/* Makes the folder; nothing runs yet. */
void process_init(struct process *);
void process_fini(struct process *);
/* Runs `jiandud --config config/jiandu.json` for this server with short times and further --set values
 * (NULL-terminated; NULL: none), behind the shim. */
void process_start(struct process *, const struct redis_server *, const char *const *sets);
void process_signal(struct process *, int signal_number);
/* Waits for its end: the exit code, 128 + the signal that killed it, or -1 if it does not end in `ms`. */
int process_wait(struct process *, int ms);
/* SIGTERM, and waits. */
int process_stop(struct process *);
/* How many lines of the log hold this text. */
int process_logged(const struct process *, const char *text);

/* Prints the last warnings and errors of the log, for who looks into a failure. */
void process_complaints(const struct process *);
/* Runs a program of BUILD with its output to a file; ends the test program unless it ends with 0. */
void process_run(const char *const *argv, const char *output);
/* The same, for its exit code; -1 if it was killed. */
int process_code(const char *const *argv, const char *output);

/* Asks for the condition every few ms, for at most 20 s. */
#define WAIT_UNTIL(condition)                                                                                \
    do {                                                                                                     \
        for (int wait_ = 0; wait_ < 4000 && !(condition); wait_++)                                           \
            process_pause(5);                                                                                \
        CHECK(condition);                                                                                    \
    } while (0)
void process_pause(int ms);

#endif
