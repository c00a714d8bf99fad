/* Durations as people write them: "90d", "24h", "15m", "10s", "5ms"; kept in ms. */
#ifndef JIANDU_OPS_DURATION_H
#define JIANDU_OPS_DURATION_H

#include <stdint.h>

#define DURATION_TEXT 24 /* bytes that hold any duration */

/* 0, or -1 if the text is not one plain number with one unit, or does not fit. */
int duration_parse(const char *text, int64_t *ms);
/* In the largest unit that gives a whole number. Returns `out`. */
const char *duration_format(int64_t ms, char out[DURATION_TEXT]);

#endif
