/* The files of the sealed log that a command is about: those that are named, or the configuration's. */
#ifndef JIANDU_CTL_LOG_FILES_H
#define JIANDU_CTL_LOG_FILES_H

#include "daemon/ctl/command.h"

struct log_files {
    const struct command *self;         /* in whose name errors are printed */
    struct command_config config_asked; /* its file is NULL without --config */
    struct config *config;              /* while they are open; NULL without --config */
    char **path;                        /* in the order given; the configuration's by age */
    size_t count;
};

/* --config and --set */
extern const struct option_row log_files_options[];

/* `names` end with NULL. Returns an exit code. */
int log_files_open(struct log_files *, const struct command *self, char *const *names);
void log_files_close(struct log_files *);

#endif
