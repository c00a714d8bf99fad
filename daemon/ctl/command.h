/* A subcommand of jianductl: one row of the table in jianductl.c, one file in this folder. */
#ifndef JIANDU_CTL_COMMAND_H
#define JIANDU_CTL_COMMAND_H

#include "daemon/ctl/option.h"
#include "daemon/ops/config.h"

#include <sys/types.h>
#include <sysexits.h>

/* Exit codes: 0 done; EX_USAGE (64) wrong call; EX_DATAERR (65) bad input; EX_NOINPUT (66) file missing;
 * EX_UNAVAILABLE (69) Redis not reachable; EX_SOFTWARE (70) our fault; EX_OSERR (71) no memory; EX_IOERR (74)
 * reading or writing failed; EX_CONFIG (78) configuration wrong. */
struct command {
    const char *name;    /* one word, or two: "log tail" */
    const char *summary; /* one line */
    const char *notes;   /* what the help says below the options; may be NULL */
    const struct option_row *options;
    const char *operand; /* what the words are that are no options: "ALERT" */
    unsigned operands_min, operands_max;
    size_t asked_size;          /* of what the options fill */
    const void *asked_defaults; /* as large; NULL: zeroes */
    /* `asked` is the command's own to change; `operands` end with NULL. Returns the exit code. */
    int (*run)(const struct command *self, void *asked, char *const *operands);
};

extern const struct command command_check, command_replay, command_simulate, command_score, command_status,
    command_alerts, command_alerts_show, command_registry_load, command_progress, command_explain,
    command_log_tail, command_log_grep, command_log_verify, command_handover;

/* Reads the call and runs it, or says what is wrong with it, or gives the help. Returns the exit code. */
int command_run(const struct command *, int argc, char **argv);

/* "jianductl COMMAND: text" to stderr; returns `code`. */
int command_fail(const struct command *, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same of a call, with where to read more; returns EX_USAGE. */
int command_wrong(const struct command *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Which configuration: the options --config and --set. */
struct command_config {
    const char *file;
    struct option_texts sets;
};
/* With --config needed. */
extern const struct option_row command_config_options[];
/* Loads it or prints all that is wrong with it; NULL then. Warnings go to stderr. */
struct config *command_config(const struct command *, const struct command_config *);

/* The user who calls; behind sudo, who called that. */
uid_t command_caller(void);

#endif
