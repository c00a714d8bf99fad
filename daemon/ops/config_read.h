/* How a configuration is read: private to the files config*.c and schema.c. */
#ifndef JIANDU_OPS_CONFIG_READ_H
#define JIANDU_OPS_CONFIG_READ_H

#include "daemon/ops/config.h"
#include "daemon/ops/scalar.h"

#include <jansson.h>

#define CONFIG_PATH_MAX 512 /* bytes of "detectors.account_sharing.options.window" and the like */

struct config_reader {
    struct config *config;
    struct config_errors *errors;
    const char *file;
    struct config_include {
        const char *section;
        char *file;
    } included[2]; /* sections that have a file of their own, which is then named in faults */
    const char *const *sets;
    size_t n_sets;
};

/* Adds a fault at a path: what was found there (NULL: nothing) and what was expected. */
void config_read_fault(struct config_reader *, const char *path, const json_t *found, const char *expected,
    ...) __attribute__((format(printf, 4, 5)));
/* Adds a fault at a path, in words. */
void config_read_refuse(struct config_reader *, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A path as a file says it, made ready for open(). Free it. */
char *config_read_path(const struct config_reader *, const char *path);

/* The sections that are more than one value. */
void config_fields_read(struct config_reader *, const char *path, const json_t *value);
void config_routes_read(struct config_reader *, const char *path, const json_t *value);
void config_targets_read(struct config_reader *, const char *path, const json_t *value);
void config_detectors_read(struct config_reader *, const char *path, const json_t *value);
void config_detectors_fini(struct engine_settings *);

/* Of all that decides what is detected, and of nothing else. */
uint64_t config_hash(const struct config *);

#endif
