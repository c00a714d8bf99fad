/* Reads comma-separated rows (RFC 4180: quotes, doubled quotes, line breaks in quotes). */
#ifndef JIANDU_CTL_CSV_H
#define JIANDU_CTL_CSV_H

#include "daemon/base/error.h"

#include <stdio.h>

#define CSV_CELLS 16
#define CSV_ROW_MAX 8192 /* bytes; a registry row is far shorter */

/* Zero it before first use. Cells are valid until the next read. */
struct csv_row {
    unsigned long line; /* where it begins, from 1 */
    size_t count;
    char *cell[CSV_CELLS];
    char *text;
    unsigned long next_line;
};

/* 1: a row; 0: the end; -1: the file is faulty, with the line and the reason. Empty lines are skipped. */
int csv_read(FILE *in, struct csv_row *row, struct error *err);
void csv_row_fini(struct csv_row *);

#endif
