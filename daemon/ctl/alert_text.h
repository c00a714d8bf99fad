/* An alert as a person reads it. */
#ifndef JIANDU_CTL_ALERT_TEXT_H
#define JIANDU_CTL_ALERT_TEXT_H

#include <jansson.h>
#include <stdio.h>

enum alert_text {
    ALERT_TEXT_TITLE,
    ALERT_TEXT_USUAL, /* the first subjects of each kind and entries of evidence; the rest is counted */
    ALERT_TEXT_WHOLE
};

/* Prints the alert, a JSON object of design section 7, in Chinese and English. */
void alert_text_print(FILE *out, const json_t *alert, enum alert_text much);

#endif
