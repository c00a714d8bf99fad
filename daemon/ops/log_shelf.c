#include "daemon/ops/log_shelf.h"

#include "daemon/base/memory.h"
#include "daemon/ops/log_tail.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIGITS 12
#define SAME_MAX 99 /* files that begin with the same number: a chain was begun anew */

/* Calls for each file whose name goes on from the log's. */
static void each(
    const char *path, void (*found)(void *context, const char *path, const char *rest), void *context)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    char *folder = slash ? memory_format("%.*s", (int)(slash - path + 1), path) : memory_text("./");
    DIR *listing = opendir(folder);
    for (struct dirent *e; listing && (e = readdir(listing));) {
        size_t n = strlen(base);
        if (strncmp(e->d_name, base, n) != 0 || (e->d_name[n] != '-' && e->d_name[n] != '.'))
            continue;
        char *whole = memory_format("%s%s", folder, e->d_name);
        found(context, whole, e->d_name + n);
        free(whole);
    }
    if (listing)
        closedir(listing);
    free(folder);
}

int log_shelf_put(const char *path, uint64_t first, struct error *err)
{
    int failed = -1;
    for (int same = 1; same <= SAME_MAX && failed; same++) {
        char *to = same == 1 ? memory_format("%s-%0*" PRIu64, path, DIGITS, first)
                             : memory_format("%s-%0*" PRIu64 ".%d", path, DIGITS, first, same);
        bool taken = access(to, F_OK) == 0;
        failed = taken ? -1 : renameat(AT_FDCWD, path, AT_FDCWD, to);
        if (failed)
            error_set(err, "rename: %s", taken ? "the name is taken" : strerror(errno));
        free(to);
        if (failed && !taken)
            break;
    }
    return failed;
}

struct furthest {
    const struct log_key *key;
    struct log_head *head;
};

static void look_at(void *context, const char *path, const char *rest)
{
    struct furthest *f = context;
    struct log_tail tail;
    (void)rest;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return;
    if (log_tail_read(fd, f->key, &tail, NULL) == 0 && tail.first && tail.head.seq > f->head->seq)
        *f->head = tail.head;
    close(fd);
}

void log_shelf_newest(const char *path, const struct log_key *key, struct log_head *out)
{
    struct furthest f = {key, out};
    log_head_init(out);
    each(path, look_at, &f);
}

struct list {
    char **paths;
    size_t count;
};

static void note(void *context, const char *path, const char *rest)
{
    struct list *l = context;
    size_t n = strspn(rest + 1, "0123456789");
    if (*rest != '-' || n != DIGITS || (rest[1 + n] && rest[1 + n] != '.'))
        return;
    l->paths = memory_resize(l->paths, l->count + 1, sizeof *l->paths);
    l->paths[l->count++] = memory_text(path);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **log_shelf_list(const char *path, size_t *count)
{
    struct list l = {NULL, 0};
    each(path, note, &l);
    if (l.count)
        qsort(l.paths, l.count, sizeof *l.paths, by_name);
    *count = l.count;
    return l.paths;
}

int log_shelf_trim(const char *path, int64_t keep)
{
    size_t count;
    int removed = 0;
    char **paths = log_shelf_list(path, &count);
    for (size_t i = 0; i < count; i++) {
        if (keep > 0 && i + (size_t)keep < count && unlinkat(AT_FDCWD, paths[i], 0) == 0)
            removed++;
        free(paths[i]);
    }
    free(paths);
    return removed;
}
