/* The keys of one instance name. All share its hash tag, so that one function can touch them all. */
#ifndef JIANDU_STREAM_KEYS_H
#define JIANDU_STREAM_KEYS_H

#include "daemon/base/error.h"

#define KEY_MAX 192

struct stream_keys {
    char events[KEY_MAX], alerts[KEY_MAX], shadow[KEY_MAX], dead[KEY_MAX], progress[KEY_MAX], owner[KEY_MAX];
    char standby[KEY_MAX], handover[KEY_MAX];
    char reports[KEY_MAX], shadow_reports[KEY_MAX];
};

/* Writes "jiandu:{NAME}:suffix", cut if it does not fit; returns `out`. */
const char *stream_keys_write(char out[KEY_MAX], const char *name, const char *suffix);
/* `events`: the input's own name, or NULL. -1: a name is too long. */
int stream_keys_make(struct stream_keys *, const char *name, const char *events, struct error *err);

#endif
