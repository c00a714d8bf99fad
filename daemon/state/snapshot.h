/* The snapshot format: state and the position it belongs to, as bytes through a sink or from a source. Files,
 * forks and fsync are the shell's affair (ops/checkpoint).
 *
 * Layout, little endian: magic, format version, header, then sections (tables, timers, blobs) in the order in which
 * the engine lists them, each with name, record size, layout version and count, then the end mark and a keyed
 * checksum over every byte before it. A file that is short, long, altered anywhere, of another format version or of
 * another layout is refused with a sentence that says which, and the state that was being filled must be dropped. */
#ifndef JIANDU_STATE_SNAPSHOT_H
#define JIANDU_STATE_SNAPSHOT_H

#include "daemon/base/siphash.h"
#include "daemon/state/table.h"
#include "daemon/state/timers.h"

#define SNAPSHOT_FORMAT 2 /* 1 was the format without pinned flags; it is told apart and refused by name */

struct snapshot_header {
    uint64_t config_hash;  /* of all that decides what is detected */
    struct sip_key seed;   /* of the keys in it */
    int64_t pos_ms;        /* the last entry processed */
    uint64_t pos_seq;
    uint64_t read;         /* entries read up to and with it, as the progress hash counts */
    uint64_t fingerprint;  /* of the entry at the position; 0 at the very beginning */
    int64_t now;           /* the engine's time */
    uint64_t started;      /* ms of the first entry ever seen by this state; warm-up is counted from it */
    uint64_t warmup_until; /* ms; 0: none */
};

typedef int (*snapshot_sink)(void *context, const void *data, size_t length);   /* 0, or -1 with errno */
typedef long (*snapshot_source)(void *context, void *data, size_t length);      /* bytes, 0 at the end, -1 with errno */

struct snapshot_writer {
    snapshot_sink sink;
    void *context;
    struct sip_stream sum;
    int failed;
};
/* Each returns 0 or -1 (the sink failed; errno is the sink's). snapshot_end must be the last. */
int snapshot_begin(struct snapshot_writer *, snapshot_sink sink, void *context, const struct snapshot_header *);
int snapshot_put_table(struct snapshot_writer *, const struct table *);
int snapshot_put_timers(struct snapshot_writer *, const struct timers *);
int snapshot_put_blob(struct snapshot_writer *, const char *name, const void *data, size_t length);
int snapshot_end(struct snapshot_writer *);

struct snapshot_reader {
    snapshot_source source;
    void *context;
    struct sip_stream sum;
};
/* The same order as the writer's; each fills what it is given or returns -1 with the reason. Only after
 * snapshot_finish has returned 0 may what was read be used. */
int snapshot_open(struct snapshot_reader *, snapshot_source source, void *context, struct snapshot_header *, struct error *);
int snapshot_get_table(struct snapshot_reader *, struct table *, struct error *);
int snapshot_get_timers(struct snapshot_reader *, struct timers *, struct error *);
int snapshot_get_blob(struct snapshot_reader *, const char *name, void *data, size_t length, struct error *);
int snapshot_finish(struct snapshot_reader *, struct error *);

#endif
