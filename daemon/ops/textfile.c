#include "daemon/ops/textfile.h"

#include "daemon/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_MAX (16u << 10) /* bytes; the longest RSA keys in use take 13 KiB as text */

static int read_all(int fd, char *text, size_t limit, size_t *length, struct error *err)
{
    size_t used = 0;
    while (used <= limit) {
        ssize_t n = read(fd, text + used, limit + 1 - used);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set(err, "%s", strerror(errno));
        if (n == 0)
            break;
        used += (size_t)n;
    }
    if (used > limit)
        return error_set(err, "larger than %zu bytes", limit);
    if (memchr(text, 0, used))
        return error_set(err, "has a NUL byte");
    *length = used;
    return 0;
}

static char *read_file(const char *path, size_t limit, struct stat *st, struct error *err)
{
    char *text = NULL;
    size_t length = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, st) != 0) {
        error_set(err, "%s", strerror(errno));
        goto fail;
    }
    if (!S_ISREG(st->st_mode)) {
        error_set(err, "not a regular file");
        goto fail;
    }
    text = memory_zeroed(limit + 1, 1, "a file");
    if (read_all(fd, text, limit, &length, err) != 0)
        goto fail;
    text[length] = 0;
    close(fd);
    return text;

fail:
    free(text);
    if (fd >= 0)
        close(fd);
    return NULL;
}

char *textfile_read(const char *path, size_t limit, struct error *err)
{
    struct stat st;
    return read_file(path, limit, &st, err);
}

char *textfile_secret(const char *path, struct error *err)
{
    struct stat st;
    char *text = read_file(path, SECRET_MAX, &st, err);
    if (!text)
        return NULL;
    mode_t others = S_IRWXO | (st.st_uid == 0 ? S_IWGRP | S_IXGRP : S_IRWXG);
    if (!(st.st_mode & others))
        return text;
    error_set(err, "others than its owner may read or write it (mode %04o); chmod 600 it",
        (unsigned)st.st_mode & 07777);
    textfile_forget(text);
    return NULL;
}

void textfile_forget(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}
