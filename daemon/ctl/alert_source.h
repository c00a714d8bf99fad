/* Where a tool reads alerts from: a file that `jianductl replay` wrote, or the stream in Redis. */
#ifndef JIANDU_CTL_ALERT_SOURCE_H
#define JIANDU_CTL_ALERT_SOURCE_H

#include "daemon/ctl/command.h"

#include <jansson.h>

struct alert_source {
    const struct command *self;         /* in whose name errors are printed */
    const char *file;                   /* NDJSON, "-" is standard input; NULL: Redis */
    const char *office;                 /* its copies; NULL: everybody's */
    struct command_config config_asked; /* says which Redis; its file is NULL if there is none */
    struct config *config;              /* while it is open */
    bool shadow, follow;
};

/* Fill the source; {office} is among them. */
extern const struct option_row alert_source_options[];

/* Loads the configuration if one is given. Returns an exit code. */
int alert_source_open(struct alert_source *, const struct command *self);
void alert_source_close(struct alert_source *);

/* `data` is the alert as it came, `alert` is parsed from it and cleaned (alert_json_clean). */
typedef void (*alert_source_visit)(void *context, const json_t *alert, const char *data, size_t length);

/* Visits all alerts in order; what is no JSON object is passed over. Returns an exit code. */
int alert_source_read(const struct alert_source *, alert_source_visit, void *context);
/* The latest revision of one alert, in *alert; json_decref() it. Returns an exit code. */
int alert_source_find(const struct alert_source *, const char *id, json_t **alert);

#endif
