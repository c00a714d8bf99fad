/* The publisher: turns what the engine, the decoder and the daemon itself have to say into entries of the
 * outbox. */
#ifndef JIANDU_STREAM_PUBLISHER_H
#define JIANDU_STREAM_PUBLISHER_H

#include "daemon/engine/output.h"
#include "daemon/stream/batch.h"
#include "daemon/stream/keys.h"
#include "daemon/stream/notice.h"
#include "daemon/stream/outbox.h"

struct publisher {
    const struct stream_keys *keys;
    uint64_t dead_keep; /* roughly so many dead letters stay */
    bool silent;        /* replaying: all of this was published before */
    struct outbox box;
    uint64_t alerts, reports, dead, notices; /* published */
};

void publisher_init(struct publisher *, const struct stream_keys *keys, uint64_t dead_keep);
void publisher_fini(struct publisher *);

/* The entry that is processed next; `read` counts entries up to and with it. */
void publisher_at(struct publisher *, struct entry_id entry, uint64_t read);
/* The whole alert or report, and each office's part to its own stream. */
void publisher_output(struct publisher *, const struct output *);
/* The entry whole, under its own id: fields id, reason, detail, size, hash, entry (a JSON array of its
 * strings). */
void publisher_dead_letter(struct publisher *, const struct batch *, const struct batch_entry *);
void publisher_notice(struct publisher *, const struct notice *, struct entry_id id);

#endif
