/* A Redis command in the making: a list of arguments of any bytes, and its form on the wire. */
#ifndef JIANDU_STREAM_COMMAND_H
#define JIANDU_STREAM_COMMAND_H

#include <stddef.h>

struct command {
    char *bytes; /* all arguments, end to end */
    size_t used, size;
    size_t *ends; /* where each argument ends */
    size_t count, room;
};

/* What goes to the socket; freed with wire_free(). */
struct wire {
    char *bytes;
    size_t length;
};

void command_init(struct command *);
void command_fini(struct command *);
void command_clear(struct command *);
void command_add(struct command *, const void *argument, size_t length);
void command_word(struct command *, const char *argument);
void command_words(struct command *, ...) __attribute__((sentinel)); /* ends with (char *)NULL */
/* Up to 255 bytes: for numbers and ids. */
void command_printf(struct command *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* -1: out of memory. */
int command_format(const struct command *, struct wire *);
void wire_free(struct wire *);

#endif
