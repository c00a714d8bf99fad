/* Small files that are read whole: the configuration and the secrets beside it. */
#ifndef JIANDU_OPS_TEXTFILE_H
#define JIANDU_OPS_TEXTFILE_H

#include "daemon/base/error.h"

#include <stddef.h>

/* The content of a regular file of at most `limit` bytes, NUL-terminated; free() it. NULL, with the reason
 * (which does not name the file), if there is none, it is too large or has a NUL byte. */
char *textfile_read(const char *path, size_t limit, struct error *err);

/* The same for a password or key; end it with textfile_forget(). Also refused if others than its owner may
 * read or write it. A file of root's may be readable by its group: an administrator has chosen who is in it,
 * and so systemd's credentials look where they are given away by an access control list. */
char *textfile_secret(const char *path, struct error *err);
/* Overwrites and frees it. NULL is fine. */
void textfile_forget(char *secret);

#endif
