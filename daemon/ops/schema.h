/* The table of options. */
#ifndef JIANDU_OPS_SCHEMA_H
#define JIANDU_OPS_SCHEMA_H

#include "daemon/ops/config_read.h"

enum schema_form {
    SCHEMA_SCALAR,
    SCHEMA_TEXT,
    SCHEMA_FILE,    /* a text that is a path */
    SCHEMA_CHOICE,  /* one of a few words; kept as its index */
    SCHEMA_SECTION, /* has a reader of its own */
};

struct schema_option {
    const char *path;
    enum schema_form form;
    bool decides;        /* what is detected: part of the config hash */
    size_t offset, size; /* of its place in struct config */
    struct scalar scalar;
    const char *init;           /* of a text; NULL: not set */
    const char *shown;          /* the default in words, where it is no constant */
    const char *expects;        /* what a text or section may be */
    bool (*fits)(const char *); /* may be NULL */
    const char *const *choices; /* NULL-terminated */
    void (*read)(struct config_reader *, const char *path, const json_t *value);
    const char *help;
};

extern const struct schema_option schema_options[];
extern const size_t schema_count;

/* NULL if there is none at this path. */
const struct schema_option *schema_find(const char *path);
/* Is it the beginning, up to a point, of some option's path? */
bool schema_is_group(const char *path);
/* Puts the default in its place. */
void schema_default(const struct schema_option *, struct config *);
/* Puts a value in its place, or adds a fault. */
void schema_read(const struct schema_option *, struct config_reader *, const json_t *value);
/* What an option may be. Returns `out`. */
const char *schema_expects(const struct schema_option *, char out[SCALAR_TEXT]);
/* A value as text, for the hash and for people. Not for sections. Returns `out` or the text itself. */
const char *schema_value(const struct schema_option *, const struct config *, char out[SCALAR_TEXT]);
/* The place of a text. */
char **schema_text(const struct schema_option *, struct config *);

#endif
