/* The options of a subcommand as data: a row says how an option is called, what it may be and where its value
 * goes. The parser, the help and what is said of a wrong call read the same rows. */
#ifndef JIANDU_CTL_OPTION_H
#define JIANDU_CTL_OPTION_H

#include "daemon/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_kind {
    OPTION_END,    /* behind the last row: {0} */
    OPTION_ROWS,   /* no option: the rows at `rows` go here, with their members from `at` on */
    OPTION_FLAG,   /* fills a bool */
    OPTION_TEXT,   /* const char *, borrowed from argv */
    OPTION_TEXTS,  /* struct option_texts: it may be given several times */
    OPTION_NUMBER, /* int64_t, min..max */
    OPTION_HEX,    /* uint64_t */
    OPTION_WORD,   /* int: which of `words` */
};

struct option_row {
    enum option_kind kind;
    char letter; /* of the short form; 0: it has none */
    const char *name;
    const char *value;        /* what stands for the value in the help: "FILE" */
    const char *help;         /* a line break in it begins another line */
    size_t at;                /* offset in what is filled */
    int64_t min, max;         /* of a number */
    const char *const *words; /* NULL behind the last */
    const struct option_row *rows;
    bool needed; /* a text without which nothing can be done */
};

struct option_texts {
    const char *item[64];
    size_t count;
};

/* Fills *into, which holds the defaults, and moves the other words to argv[*operands] and behind. 0; 1:
 * --help was among them; -1: the call is wrong, with the option and what was expected. */
int option_read(
    const struct option_row *rows, void *into, int argc, char **argv, int *operands, struct error *err);

/* A line or more for each option. */
void option_help(const struct option_row *rows, FILE *out);
/* Those that are needed, as they stand in a call: " --config FILE". */
void option_synopsis(const struct option_row *rows, FILE *out);

#endif
