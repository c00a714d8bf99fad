/* What is wrong with a configuration: all of it, since the person who mends it wants to do that once. */
#ifndef JIANDU_OPS_CONFIG_ERRORS_H
#define JIANDU_OPS_CONFIG_ERRORS_H

#include <stddef.h>

/* Zero it before first use. Each text is one sentence without a line break. */
struct config_errors {
    char **text;
    size_t count;
};

void config_errors_add(struct config_errors *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Forgets and frees all texts. */
void config_errors_clear(struct config_errors *);

#endif
