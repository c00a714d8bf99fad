#include "tests/support/files.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void need(int holds, const char *what)
{
    if (holds)
        return;
    perror(what);
    exit(99);
}

char *files_path(const char *folder, const char *name)
{
    char *path = NULL;
    need(asprintf(&path, "%s/%s", folder, name) >= 0, name);
    return path;
}

char *files_temp(void)
{
    const char *base = getenv("TMPDIR");
    char *folder = files_path(base ? base : "/tmp", "jiandu-test-XXXXXX");
    need(mkdtemp(folder) != NULL, folder);
    return folder;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    (void)type;
    (void)walk;
    return remove(path);
}

void files_remove(char *folder)
{
    need(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, folder);
    free(folder);
}

static void write_bytes(const char *path, const char *bytes, size_t length, unsigned mode)
{
    FILE *file = fopen(path, "we");
    need(file != NULL, path);
    need(fwrite(bytes, 1, length, file) == length && fclose(file) == 0, path);
    need(chmod(path, mode) == 0, path);
}

void files_write(const char *folder, const char *name, const char *text, unsigned mode)
{
    char *path = files_path(folder, name);
    write_bytes(path, text, strlen(text), mode);
    free(path);
}

char *files_read(const char *path, size_t *length)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return NULL;
    char *text = NULL;
    size_t used = 0;
    do {
        char *grown = realloc(text, used + 65537);
        need(grown != NULL, path);
        text = grown;
        used += fread(text + used, 1, 65536, file);
    } while (!feof(file) && !ferror(file));
    fclose(file);
    text[used] = 0;
    if (length)
        *length = used;
    return text;
}

void files_copy(const char *from, const char *to, unsigned mode)
{
    size_t length = 0;
    char *bytes = files_read(from, &length);
    need(bytes != NULL, from);
    write_bytes(to, bytes, length, mode);
    free(bytes);
}

char *files_built(const char *what)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    need(n > 0, "/proc/self/exe");
    self[n] = 0;
    for (int i = 0; i < 2; i++)
        *strrchr(self, '/') = 0;
    return files_path(self, what);
}
