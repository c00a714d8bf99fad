/* Names: the texts behind keys, kept for evidence. Personal ones are stored as they are shown: masked, with a
 * keyed pseudonym if there is a key; the plain value is never kept. Two ordinary tables (short and long
 * texts), so that names expire, are bounded and saved like everything else. */
#ifndef JIANDU_STATE_NAMES_H
#define JIANDU_STATE_NAMES_H

#include "daemon/base/siphash.h"
#include "daemon/state/table.h"

/* Bytes of a record's text with its NUL; with the table's header one and two cache lines. */
#define NAME_SHORT 32 /* credit codes, 19-digit ids, and all personal texts but addresses, masked, fit */
#define NAME_LONG 96  /* longer ones are cut at a character */

struct names;

/* Bounds are the config's. `pseudonym_key` NULL: personal texts are masked only. */
struct names *names_create(
    uint32_t short_bound, uint32_t long_bound, const struct sip_key *pseudonym_key, struct error *err);
void names_destroy(struct names *);
void names_remember(
    struct names *, enum jd_kind kind, uint64_t key, const char *text, size_t length, int64_t now);
/* The table that keeps, or would keep, such a name. */
const struct table *names_home(const struct names *, enum jd_kind kind, size_t length);
/* NUL-terminated; "?" if it is not known (any more). Borrowed until the next call. */
const char *names_of(struct names *, uint64_t key, int64_t now);
/* The two tables, for the snapshot and the metrics: which 0 and 1, NULL beyond. */
struct table *names_table(struct names *, unsigned which);

/* How a text is shown: a personal one as 138****5678 for a phone, ****5678 for an account, 183.97.*.* for an
 * address of the net, the first characters of anything else, never more than half of it; others as they are.
 * Cut at a character to out_size - 1 bytes; returns the length. */
size_t name_mask(enum jd_kind kind, const char *text, size_t length, char *out, size_t out_size);

#endif
