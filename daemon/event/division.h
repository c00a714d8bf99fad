/* Division codes of GB/T 2260: six digits, two each for province, prefecture and county. */
#ifndef JIANDU_EVENT_DIVISION_H
#define JIANDU_EVENT_DIVISION_H

#include <stddef.h>
#include <stdint.h>

/* The code as a number: 0 for "000000", which producers send for "not known"; -1 if it is not six digits
 * under one of the 34 provinces. Counties change every year, so they are not looked up. */
int32_t division_parse(const char *text, size_t length);

#endif
