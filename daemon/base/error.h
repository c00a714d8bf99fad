/* struct error: why an operation on input or environment failed, in words for the person who can mend it.
 * Filled once where the failure happened, wrapped with context on the way up, logged once at the top. */
#ifndef JIANDU_BASE_ERROR_H
#define JIANDU_BASE_ERROR_H

#define ERROR_TEXT_MAX 512 /* longer texts are cut; a line of log stays a line */

struct error {
    char text[ERROR_TEXT_MAX];
};

/* Both return -1, so that a failing function can end with `return error_set(...)`. `e` may be NULL. */
int error_set(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Puts "context: " before the text that is there. */
int error_wrap(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
