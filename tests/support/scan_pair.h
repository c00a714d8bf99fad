/* Two decoders that differ in nothing but that one of them has no scanner: what they make of a text is the
 * same, or the scanner is wrong. */
#ifndef JIANDU_TESTS_SUPPORT_SCAN_PAIR_H
#define JIANDU_TESTS_SUPPORT_SCAN_PAIR_H

#include "daemon/event/decode.h"

enum scan_form {
    SCAN_ENTRY,
    SCAN_LINE,
    SCAN_DATA
}; /* JSON of an entry, a line of a file, a flat field `data` */

struct scan_pair {
    struct decoder *with, *without;
};

/* Either under the canonical names, or under names of which some cannot stand in JSON without an escape. */
void scan_pair_init(struct scan_pair *, bool odd_names);
void scan_pair_fini(struct scan_pair *);
/* True if both give the same reason, event and counts; else says on stdout what differs. */
bool scan_pair_agrees(struct scan_pair *, enum scan_form, const char *text, size_t length);

#endif
