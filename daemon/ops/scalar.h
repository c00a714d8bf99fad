/* Configured numbers: one description drives parsing, the words of a refusal and the documentation, for the
 * daemon's own options and for those of detectors alike. */
#ifndef JIANDU_OPS_SCALAR_H
#define JIANDU_OPS_SCALAR_H

#include <jansson.h>
#include <stdint.h>

enum scalar_type {
    SCALAR_INTEGER,
    SCALAR_FLAG,     /* true or false; kept as 1 or 0 */
    SCALAR_DURATION, /* a text as in duration.h; kept in ms */
    SCALAR_MONEY,    /* integer fen */
    SCALAR_STRENGTH, /* dB with at most one digit after the point; kept in 0.1 dB */
};

struct scalar {
    enum scalar_type type;
    int64_t min, max, init; /* in the kept unit */
};

#define SCALAR_TEXT 96 /* bytes that hold what the functions below write */

/* 0, or -1 if the value has another type or is out of range. */
int scalar_read(const struct scalar *, const json_t *value, int64_t *out);
/* What a file may say: "an integer 1..5000". Returns `out`. */
const char *scalar_expects(const struct scalar *, char out[SCALAR_TEXT]);
/* A value as a file says it: "24h", "true", "12.5". Returns `out`. */
const char *scalar_format(const struct scalar *, int64_t value, char out[SCALAR_TEXT]);

#endif
