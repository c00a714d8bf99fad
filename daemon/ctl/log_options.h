/* What `jianductl log` was asked for, and the files that it is about. */
#ifndef JIANDU_CTL_LOG_OPTIONS_H
#define JIANDU_CTL_LOG_OPTIONS_H

#include "daemon/ctl/command.h"
#include "daemon/ctl/log_verifier.h"

#define LOG_TAIL_MAX 10000

struct log_options {
    const struct command *self;
    const char *config_file;
    struct command_list sets, keys, anchors;
    const char *event, *alert, *level, *since, *text;
    long lines;
    bool follow, json, help;
    struct config *config; /* NULL without --config */
    char **files;          /* in order of their lines */
    size_t n_files;
};

/* argv[0] is what to do: tail, grep or verify. 0, or the exit code + 1. */
int log_options_read(struct log_options *, const struct command *self, int argc, char **argv);
void log_options_fini(struct log_options *);

/* 0, or the exit code: 65 something is missing or changed, 75 the end is torn, 66, 69, 74, 78. */
int log_verify(struct log_options *);
/* The lines that are asked for: the last ones, or (`all`) each. */
int log_view(struct log_options *, bool all);

#endif
