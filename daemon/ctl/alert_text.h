/* An alert as a person reads it. */
#ifndef JIANDU_CTL_ALERT_TEXT_H
#define JIANDU_CTL_ALERT_TEXT_H

#include <jansson.h>
#include <stdio.h>

/* Prints the alert, a JSON object of design section 7, in Chinese and English with its evidence. `brief`
 * leaves the evidence out. */
void alert_text_print(FILE *out, const json_t *alert, int brief);

#endif
