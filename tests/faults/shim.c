#include "tests/faults/shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* libc's own function behind ours */
#define REAL(result, name, ...)                                                                              \
    static result (*real)(__VA_ARGS__);                                                                      \
    if (!real)                                                                                               \
    *(void **)&real = dlsym(RTLD_NEXT, name)

static struct shim *control;

static int open_really(const char *path)
{
    REAL(int, "open", const char *, int, ...);
    return real(path, O_RDWR | O_CLOEXEC);
}

struct shim *shim_control(void)
{
    if (control)
        return control;
    const char *path = getenv("JIANDU_SHIM");
    int fd = path ? open_really(path) : -1;
    void *map = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE,
        fd < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        abort();
    control = map; /* the descriptor stays: closing it could be what fails */
    return control;
}

__attribute__((constructor)) static void begin(void)
{
    shim_control();
}

void shim_arm(struct shim *s, enum shim_call call, int64_t n, int error)
{
    atomic_store(&s->call, SHIM_NOTHING);
    atomic_store(&s->countdown, n);
    atomic_store(&s->error, error);
    atomic_store(&s->hits, 0);
    atomic_store(&s->call, call);
}

int shim_strikes(enum shim_call call)
{
    struct shim *s = shim_control();
    if (atomic_load(&s->call) != (int)call || atomic_fetch_sub(&s->countdown, 1) != 1)
        return false;
    atomic_fetch_add(&s->hits, 1);
    errno = atomic_load(&s->error);
    return true;
}

static bool is_under(const char *path)
{
    const char *folder = shim_control()->under;
    return strncmp(path, folder, strlen(folder)) == 0;
}

static bool strikes_fd(enum shim_call call, int fd)
{
    char link[64], path[PATH_MAX];
    if (atomic_load(&shim_control()->call) != (int)call)
        return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0)
        return false;
    path[n] = '\0';
    return is_under(path) && shim_strikes(call);
}

/* A path that is relative to a folder lies under it. */
static bool strikes_path(enum shim_call call, int folder, const char *path)
{
    if (path[0] != '/' && folder != AT_FDCWD)
        return strikes_fd(call, folder);
    return atomic_load(&shim_control()->call) == (int)call && is_under(path) && shim_strikes(call);
}

#define MODE_OF(mode, flags)                                                                                 \
    if ((flags)&O_CREAT) {                                                                                   \
        va_list args;                                                                                        \
        va_start(args, flags);                                                                               \
        (mode) = va_arg(args, mode_t);                                                                       \
        va_end(args);                                                                                        \
    }

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    REAL(int, "open", const char *, int, ...);
    MODE_OF(mode, flags)
    return strikes_path(SHIM_OPEN, AT_FDCWD, path) ? -1 : real(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    mode_t mode = 0;
    REAL(int, "openat", int, const char *, int, ...);
    MODE_OF(mode, flags)
    return strikes_path(SHIM_OPEN, folder, path) ? -1 : real(folder, path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    if (strikes_fd(SHIM_WRITE, fd))
        return -1;
    if (length > 1 && strikes_fd(SHIM_SHORT, fd))
        length /= 2;
    return real(fd, bytes, length);
}

size_t fread(void *bytes, size_t size, size_t count, FILE *file)
{
    REAL(size_t, "fread", void *, size_t, size_t, FILE *);
    if (strikes_fd(SHIM_READ, fileno(file))) {
        fputc(0, file); /* a file opened for reading refuses, and bears the mark of an error */
        errno = atomic_load(&shim_control()->error);
        return 0;
    }
    return real(bytes, size, count, file);
}

int fsync(int fd)
{
    REAL(int, "fsync", int);
    return strikes_fd(SHIM_FSYNC, fd) ? -1 : real(fd);
}

int ftruncate(int fd, off_t length)
{
    REAL(int, "ftruncate", int, off_t);
    return strikes_fd(SHIM_TRUNCATE, fd) ? -1 : real(fd, length);
}

int fdatasync(int fd)
{
    REAL(int, "fdatasync", int);
    return strikes_fd(SHIM_FSYNC, fd) ? -1 : real(fd);
}

int close(int fd)
{
    REAL(int, "close", int);
    bool strikes = strikes_fd(SHIM_CLOSE, fd);
    int result = real(fd); /* as the kernel does: it fails, and is closed */
    if (!strikes)
        return result;
    errno = atomic_load(&shim_control()->error);
    return -1;
}

int renameat(int from, const char *old, int to, const char *new)
{
    REAL(int, "renameat", int, const char *, int, const char *);
    return strikes_path(SHIM_RENAME, to, new) ? -1 : real(from, old, to, new);
}

int unlinkat(int folder, const char *path, int flags)
{
    REAL(int, "unlinkat", int, const char *, int);
    return strikes_path(SHIM_UNLINK, folder, path) ? -1 : real(folder, path, flags);
}

int mkdir(const char *path, mode_t mode)
{
    REAL(int, "mkdir", const char *, mode_t);
    return strikes_path(SHIM_MKDIR, AT_FDCWD, path) ? -1 : real(path, mode);
}

int pipe2(int ends[2], int flags)
{
    REAL(int, "pipe2", int *, int);
    return shim_strikes(SHIM_PIPE) ? -1 : real(ends, flags);
}

pid_t fork(void)
{
    REAL(pid_t, "fork", void);
    return shim_strikes(SHIM_FORK) ? -1 : real();
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    REAL(int, "clock_gettime", clockid_t, struct timespec *);
    int result = real(clock, now);
    if (clock == CLOCK_REALTIME)
        now->tv_sec += atomic_load(&shim_control()->wall_offset);
    return result;
}
