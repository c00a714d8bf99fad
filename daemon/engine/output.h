/* What the engine publishes. */
#ifndef JIANDU_ENGINE_OUTPUT_H
#define JIANDU_ENGINE_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

/* One copy of an alert or report: the whole for everybody's stream (office ""), or an office's part. `data`
 * is a JSON object, NUL-terminated, one line. */
struct output_copy {
    const char *office;
    const char *data;
};

/* One alert, revision of an alert, or report. Its stream id is (id_ms, id_seq * 1000 + index + 1); alerts and
 * reports are counted apart, because they go to streams of their own. All texts are borrowed for the call. */
struct output {
    int64_t id_ms; /* of the entry that brought it about */
    uint64_t id_seq;
    uint32_t index; /* the how-manieth output of that entry, from 0; below OUTPUTS_PER_ENTRY */
    uint32_t revision;
    uint32_t score;       /* 0..100 */
    uint32_t shadow;      /* 1: goes to the shadow stream only */
    uint32_t report;      /* 1: figures that accuse nobody; no id, score or severity */
    char id[20];          /* 16 hex digits */
    const char *kind;     /* "detection" or "report" */
    const char *severity; /* low, medium, high, critical */
    const char *detector;
    const struct output_copy *copies; /* the first is the whole */
    size_t n_copies;
};

#define OUTPUTS_PER_ENTRY 800 /* ids 1..800 of an entry's thousand; the shell's own take the rest */

typedef void (*output_sink)(void *context, const struct output *output);

#endif
