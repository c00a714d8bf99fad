/* Decimal integers as they stand in events. */
#ifndef JIANDU_EVENT_NUMBER_H
#define JIANDU_EVENT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads -?[0-9]+ and nothing else. What does not fit becomes INT64_MAX or -INT64_MAX, beyond any limit of
 * ours. */
bool number_parse(const char *text, size_t length, int64_t *value);

#endif
