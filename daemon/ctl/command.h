/* A subcommand of jianductl: one row of the table in jianductl.c, one file in this folder. */
#ifndef JIANDU_CTL_COMMAND_H
#define JIANDU_CTL_COMMAND_H

#include "daemon/ops/config.h"

#include <getopt.h>
#include <sys/types.h>
#include <sysexits.h>

/* Exit codes: 0 done; EX_USAGE (64) wrong call; EX_DATAERR (65) bad input; EX_NOINPUT (66) file missing;
 * EX_UNAVAILABLE (69) Redis not reachable; EX_SOFTWARE (70) our fault; EX_OSERR (71) no memory; EX_IOERR (74)
 * reading or writing failed; EX_CONFIG (78) configuration wrong. */
struct command {
    const char *name;
    const char *arguments;
    const char *summary;                                           /* one line */
    const char *help;                                              /* the options, a line each */
    int (*run)(const struct command *self, int argc, char **argv); /* argv[0] is the command's name */
};

extern const struct command command_check, command_replay, command_simulate, command_score, command_status,
    command_alerts, command_registry, command_progress, command_explain, command_log, command_handover;

/* Prints how the command is called to stderr; returns EX_USAGE. */
int command_usage(const struct command *);
/* Prints the whole help to stdout; returns 0. */
int command_help(const struct command *);
/* "jianductl COMMAND: text" to stderr; returns `code`. */
int command_fail(const struct command *, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The user who calls; behind sudo, who called that. */
uid_t command_caller(void);

/* Loads a configuration or prints all that is wrong with it; NULL then. Warnings go to stderr. */
struct config *command_config(
    const struct command *, const char *file, const char *const *sets, size_t n_sets);

/* Values of an option that may be given several times (--set). */
struct command_list {
    const char *item[64];
    size_t count;
};
/* Ends the program where there are too many. */
void command_list_add(struct command_list *, const char *item);

#endif
