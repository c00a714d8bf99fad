/* Where a tool reads alerts from: a file that `jianductl replay` wrote, or the stream in Redis. */
#ifndef JIANDU_CTL_ALERT_SOURCE_H
#define JIANDU_CTL_ALERT_SOURCE_H

#include "daemon/ctl/command.h"

#include <jansson.h>

struct alert_source {
    const struct command *self;  /* in whose name errors are printed */
    const char *file;            /* NDJSON, "-" is standard input; NULL: Redis */
    const struct config *config; /* says which Redis */
    const char *office;          /* its copies; NULL: everybody's */
    bool shadow, follow;
};

/* `data` is the alert as it came, `alert` is parsed from it and cleaned (alert_json_clean). */
typedef void (*alert_source_visit)(void *context, const json_t *alert, const char *data, size_t length);

/* Visits all alerts in order; what is no JSON object is passed over. Returns an exit code. */
int alert_source_read(const struct alert_source *, alert_source_visit, void *context);
/* The latest revision of one alert, in *alert; json_decref() it. Returns an exit code. */
int alert_source_find(const struct alert_source *, const char *id, json_t **alert);

#endif
