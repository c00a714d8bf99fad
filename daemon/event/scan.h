/* The scanner: JSON entries of the plain kind, which is nearly all of them, without a tree or a copy. */
#ifndef JIANDU_EVENT_SCAN_H
#define JIANDU_EVENT_SCAN_H

#include "daemon/event/decoder.h"

/* Reads one object whose members are strings without escapes and integers, as many as an event may have, each
 * name once. False: it is not exactly that, and nothing has happened; Jansson says what it is. */
bool scan_object(struct decoder *, const char *text, size_t length);

#endif
