/* Snapshot files: STATE_DIR/snapshots/snapshot-MS-SEQ.jd, named by their position. What is in them is the
 * affair of state/snapshot.
 *
 * A file is written beside its name, flushed to the disk, renamed, and the folder flushed: under its name it
 * is whole or not there. A failure leaves all older files as they were. Writing goes on in a forked child, so
 * that the loop does not wait; one at a time. The folder is locked: it belongs to one process. */
#ifndef JIANDU_OPS_CHECKPOINT_H
#define JIANDU_OPS_CHECKPOINT_H

#include "daemon/base/error.h"
#include "daemon/event/entry_id.h"
#include "daemon/state/snapshot.h"

#include <stdbool.h>
#include <stdio.h>

struct checkpoint;

/* Writes a snapshot through a sink: 0, or -1 with errno. In a child it runs on a copy of the process, where
 * it must touch nothing outside its memory but the sink. */
typedef int (*checkpoint_save)(void *context, snapshot_sink sink, void *sink_context);

/* Makes the folders (0700) if need be, takes the lock, removes what an interrupted writer left. */
struct checkpoint *checkpoint_create(const char *state_dir, size_t keep, struct error *err);
/* Ends a child that is still writing. */
void checkpoint_destroy(struct checkpoint *);

/* Writes one now, then removes the oldest beyond those kept. A child that is still writing is ended, its
 * descriptor closed. For shutdown. */
int checkpoint_write(
    struct checkpoint *, struct entry_id, checkpoint_save save, void *context, struct error *err);

/* The same in a child. Returns a descriptor (the checkpoint's, not to be closed) that becomes readable when
 * the child is done: call checkpoint_finish then. -1: not started, also while another one runs. */
int checkpoint_start(
    struct checkpoint *, struct entry_id, checkpoint_save save, void *context, struct error *err);
bool checkpoint_running(const struct checkpoint *);
/* Takes the child's result; waits for it if it is still writing. 0, or -1 if there is no new snapshot. */
int checkpoint_finish(struct checkpoint *, struct error *err);

/* Positions of the snapshots there are, newest first; free() it. */
struct entry_id *checkpoint_list(struct checkpoint *, size_t *count, struct error *err);
/* Opens one for reading; fclose() it. */
FILE *checkpoint_open(struct checkpoint *, struct entry_id, struct error *err);
/* The snapshot_source of such a FILE. */
long checkpoint_source(void *file, void *data, size_t length);
/* Removes the snapshots of positions after this one: of a history that Redis has lost. Returns how many, or
 * -1. */
int checkpoint_remove_ahead(struct checkpoint *, struct entry_id, struct error *err);
/* Removes one, that turned out to be unusable. */
int checkpoint_remove(struct checkpoint *, struct entry_id, struct error *err);

#endif
