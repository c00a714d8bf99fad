/* The unified social credit code of GB 32100-2015: 18 characters of 0-9 A-Z without I O S V Z, the last one a
 * check digit. Charset and check digit are looked at, not whether the code was ever given out. */
#ifndef JIANDU_EVENT_CREDIT_CODE_H
#define JIANDU_EVENT_CREDIT_CODE_H

#include <stdbool.h>
#include <stddef.h>

#define CREDIT_CODE_LENGTH 18

bool credit_code_valid(const char *text, size_t length);
/* The check digit that belongs behind the first 17 characters; 0 if one of them cannot stand in a code. */
char credit_code_check(const char text[CREDIT_CODE_LENGTH - 1]);

#endif
