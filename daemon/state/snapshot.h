/* The snapshot format: state and the position it belongs to, as bytes through a sink or from a source. Files,
 * forks and fsync are the shell's affair (ops/checkpoint).
 *
 * Layout, all numbers little endian:
 *   magic (8 bytes), format (u32), byte-order mark (u32, the machine's own order), sizes of int, long,
 * pointers and the alignment of 64-bit integers (u8 each), reserved (u32), the header's ten numbers (u64),
 * checksum of all this sections in the order in which the engine puts and gets them; each begins with tag
 * (u32), length of name (u32), name table:  value size, version (u32), records, evicted, newest_evicted
 * (u64); each record: key, touched (u64), pinned (u8), value timers: count, next order (u64); each timer:
 * deadline, order, key (u64), owner, table (u32) blob:   length (u64), bytes end tag (u32), checksum of every
 * byte before it (u64) Values and blobs are the machine's own structs, raw: a snapshot is read by the class
 * of machine that wrote it, which the byte-order mark and the sizes tell. Checksums are siphash24 under a
 * fixed key, against damage, not forgery.
 *
 * What is short, long, altered anywhere, of another format or of another layout is refused with a sentence
 * that says which; the state that was being filled must then be dropped. */
#ifndef JIANDU_STATE_SNAPSHOT_H
#define JIANDU_STATE_SNAPSHOT_H

#include "daemon/base/siphash.h"
#include "daemon/state/table.h"
#include "daemon/state/timers.h"

#define SNAPSHOT_FORMAT 2 /* 1 was the format without pinned flags; it is told apart and refused by name */
#define SNAPSHOT_BUFFER 65536
#define SNAPSHOT_SUM_KEY ((struct sip_key){UINT64_C(0x6a69616e64752073), UINT64_C(0x6e617073686f7420)})
#define SNAPSHOT_HEADER_SIZE 104 /* bytes before the header's checksum */

struct snapshot_header {
    uint64_t config_hash; /* of all that decides what is detected */
    struct sip_key seed;  /* of the keys in it */
    int64_t pos_ms;       /* the last entry processed */
    uint64_t pos_seq;
    uint64_t read;         /* entries read up to and with it, as the progress hash counts */
    uint64_t fingerprint;  /* of the entry at the position; 0 at the very beginning */
    int64_t now;           /* the engine's time */
    uint64_t started;      /* ms of the first entry ever seen by this state; warm-up is counted from it */
    uint64_t warmup_until; /* ms; 0: none */
};

typedef int (*snapshot_sink)(void *context, const void *data, size_t length); /* 0, or -1 with errno */
typedef long (*snapshot_source)(
    void *context, void *data, size_t length); /* bytes, 0 at the end, -1 with errno */

struct snapshot_writer {
    snapshot_sink sink;
    void *context;
    struct sip_stream sum;
    int failed; /* the sink's errno */
    size_t used;
    unsigned char buffer[SNAPSHOT_BUFFER];
};
/* Each returns 0 or -1 (the sink failed; errno is the sink's). snapshot_end must be the last. */
int snapshot_begin(
    struct snapshot_writer *, snapshot_sink sink, void *context, const struct snapshot_header *);
int snapshot_put_table(struct snapshot_writer *, const struct table *);
int snapshot_put_timers(struct snapshot_writer *, const struct timers *);
int snapshot_put_blob(struct snapshot_writer *, const char *name, const void *data, size_t length);
int snapshot_end(struct snapshot_writer *);

struct snapshot_reader {
    snapshot_source source;
    void *context;
    struct sip_stream sum;
    size_t summed, at, end; /* of the buffer: in the sum, handed out, filled */
    unsigned char buffer[SNAPSHOT_BUFFER];
};
/* The same order as the writer's; each fills what it is given (a table and timers must be empty) or returns
 * -1 with the reason. The header is checked by itself: it may be used to choose a snapshot and to create the
 * engine. Only after snapshot_finish has returned 0 may what else was read be used. */
int snapshot_open(struct snapshot_reader *, snapshot_source source, void *context, struct snapshot_header *,
    struct error *);
int snapshot_get_table(struct snapshot_reader *, struct table *, struct error *);
int snapshot_get_timers(struct snapshot_reader *, struct timers *, struct error *);
int snapshot_get_blob(struct snapshot_reader *, const char *name, void *data, size_t length, struct error *);
int snapshot_finish(struct snapshot_reader *, struct error *);

#endif
