/* Files for tests: a private folder, and what is in it. Failures end the test program: they are not what is
 * tested. */
#ifndef JIANDU_TESTS_SUPPORT_FILES_H
#define JIANDU_TESTS_SUPPORT_FILES_H

#include <stddef.h>

/* A new folder under $TMPDIR or /tmp; free() it. */
char *files_temp(void);
/* Removes a folder with all that is in it, and frees its name. */
void files_remove(char *folder);
/* FOLDER/NAME; free() it. */
char *files_path(const char *folder, const char *name);
void files_write(const char *folder, const char *name, const char *text, unsigned mode);
/* The whole file, NUL-terminated; free() it. `length` may be NULL. NULL if it cannot be read. */
char *files_read(const char *path, size_t *length);
void files_copy(const char *from, const char *to, unsigned mode);
/* BUILD/WHAT, where this test program is BUILD/unit/... or BUILD/integration/...; free() it. */
char *files_built(const char *what);

#endif
