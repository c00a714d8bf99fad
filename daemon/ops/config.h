/* The configuration: config/jiandu.json and what it names, read, checked and turned into plain data.
 *
 * One table of options (schema.c) drives the parser, the defaults, `-n`, `--set` and the documentation.
 * Loading also loads the detectors, so that a configuration that loads can be run. Everything in a struct
 * config, detectors and routes included, belongs to it and lives until config_destroy: destroy the engine
 * first. */
#ifndef JIANDU_OPS_CONFIG_H
#define JIANDU_OPS_CONFIG_H

#include "daemon/engine/settings.h"
#include "daemon/event/decode.h"
#include "daemon/ops/config_errors.h"
#include "daemon/ops/log_chain.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Durations are in ms, money in fen; a text that is not set is NULL; paths are ready for open(). */
struct config {
    char *file;   /* the main file, as given */
    char *folder; /* where it lies; relative paths in it start there */
    char *name;   /* hash tag of all keys: jiandu:{NAME}:... */
    char *instance;
    char *state_dir;
    int64_t snapshot_interval, snapshot_keep;
    int64_t commit_interval;
    int64_t lease;
    struct {
        char *url; /* unix:///path, redis://host:port or rediss://host:port */
        char *user, *password_file;
        char *password; /* what the file holds, without the line's end */
        struct {
            char *ca_file, *cert_file, *key_file, *server_name;
        } tls;
        int64_t connect_timeout, command_timeout;
    } redis;
    struct {
        char *key;
        struct decoder_map *fields;
        size_t n_fields;
        int64_t max_ahead, max_behind;
        int64_t count, block;
        bool tick;
    } input;
    struct {
        int64_t interval, lag, silence, ahead;
    } checks;
    char *http_listen; /* unix:PATH or 127.0.0.1:PORT */
    struct {
        int level; /* enum log_level, of stderr */
        char *file, *key_file;
        int64_t size, keep;
        struct log_key key; /* what the key file holds */
    } log;
    char *pseudonym_key_file;
    int64_t dead_maxlen;
    struct engine_settings engine;
    struct config_errors warnings; /* what is allowed, but not wise */
};

/* Reads and checks everything. `sets` are "path=value", each overriding what the file says. NULL if anything
 * is wrong; `errors` (zeroed by the caller) then holds every fault, each as "FILE: path.to.key: found X,
 * expected Y". */
struct config *config_load(
    const char *file, const char *const *sets, size_t n_sets, struct config_errors *errors);
void config_destroy(struct config *);

/* What the engine is created with; borrowed. */
const struct engine_settings *config_engine_settings(const struct config *);

/* Writes the option table as a Markdown table; config/README.md holds it. */
void config_describe(FILE *out);
/* The same for the options and tables of a detector. */
void config_describe_detector(FILE *out, const struct jd_detector *);

#endif
