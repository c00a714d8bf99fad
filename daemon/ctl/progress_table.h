/* A report of procurement_progress as tables for a person, headed in Chinese and English. */
#ifndef JIANDU_CTL_PROGRESS_TABLE_H
#define JIANDU_CTL_PROGRESS_TABLE_H

#include <jansson.h>
#include <stdio.h>

/* `year` 0: all that it holds. Divisions are shown down to `digits` of their code: 2, 4 or 6. */
void progress_table_print(FILE *out, const json_t *report, int64_t year, size_t digits);

#endif
