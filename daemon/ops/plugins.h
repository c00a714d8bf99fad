/* Loading detectors: from an explicit path, checked before anything of them runs, copied by the size that
 * they state. What is wrong with a plugin never takes the daemon down; it is one sentence. */
#ifndef JIANDU_OPS_PLUGINS_H
#define JIANDU_OPS_PLUGINS_H

#include "daemon/base/error.h"
#include "daemon/engine/settings.h"
#include "daemon/ops/hmac.h"

#define PLUGINS_TABLES_MAX 32
#define PLUGINS_SIGNALS_MAX 32
#define PLUGINS_RECORD_MAX 65536 /* bytes of a record: more is a mistake, not a detector */

/* Loads the detector `name` from a file. Refused unless the file and its folder belong to root or to this
 * user and can be written by nobody else. The instance gets a copy of the detector's table, options at their
 * defaults and bounds of 0; plugins_unload gives all of it back. configure() is not called yet. */
int plugins_load(const char *path, const char *name, struct detector_instance *out, struct error *err);
/* The same for a detector that is compiled in; for tests. */
int plugins_adopt(const struct jd_detector *detector, struct detector_instance *out, struct error *err);
void plugins_unload(struct detector_instance *);

/* The SHA-256 of its file as hex digits, as sha256sum prints it; "" if it is compiled in or cannot be read.
 */
const char *plugins_digest(const struct detector_instance *, char out[2 * SHA256_BYTES + 1]);

/* Lets the detector check its options together. */
int plugins_configure(struct detector_instance *, struct error *err);

/* Is the table of a detector sound? Version, words, sizes, ranges, offsets, references between them. */
int plugins_check(const struct jd_detector *detector, struct error *err);

#endif
