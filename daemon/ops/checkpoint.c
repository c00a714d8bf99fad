#include "daemon/ops/checkpoint.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME_MAX_BYTES 64
#define TEMP_SUFFIX ".tmp"

struct checkpoint {
    char *path; /* of the folder, for messages */
    char *temp; /* what a file is called until it is whole; of this process, so that no leftover child can
                   take part */
    int folder;
    size_t keep;
    pid_t child; /* 0: none */
    int result;  /* read end of the child's pipe; -1: none */
};

/* Where writing failed, and why; what a child sends to its parent. Zeroed: it did not. */
struct failure {
    int number; /* errno */
    char step[16];
};

static int fail(struct failure *failure, const char *step)
{
    failure->number = errno ? errno : EIO;
    snprintf(failure->step, sizeof failure->step, "%s", step);
    return -1;
}

static void name_of(struct entry_id at, char out[NAME_MAX_BYTES])
{
    char id[ENTRY_ID_TEXT];
    snprintf(out, NAME_MAX_BYTES, "snapshot-%s.jd", entry_id_format(id, at));
}

/* Only the one spelling that name_of gives. */
static bool parse_name(const char *name, struct entry_id *at)
{
    static const char begin[] = "snapshot-";
    char same[NAME_MAX_BYTES];
    if (strncmp(name, begin, sizeof begin - 1) != 0)
        return false;
    name += sizeof begin - 1;
    if (!entry_id_parse(at, name, strcspn(name, ".")))
        return false;
    name_of(*at, same);
    return strcmp(same + sizeof begin - 1, name) == 0;
}

static int newest_first(const void *a, const void *b)
{
    const struct entry_id *left = a, *right = b;
    return entry_id_compare(*right, *left);
}

/* The snapshot's writer hands over large pieces: they need no buffer of ours. */
static int sink(void *descriptor, const void *data, size_t length)
{
    const char *bytes = data;
    while (length > 0) {
        ssize_t n = write(*(const int *)descriptor, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        bytes += n;
        length -= (size_t)n;
    }
    return 0;
}

long checkpoint_source(void *file, void *data, size_t length)
{
    errno = 0;
    size_t n = fread(data, 1, length, file);
    return n == 0 && ferror(file) ? -1 : (long)n;
}

/* All of a file, on the disk, under its temporary name. */
static int write_temp(struct checkpoint *c, checkpoint_save save, void *context, struct failure *failure)
{
    errno = 0;
    int fd = openat(c->folder, c->temp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(failure, "open");
    if (save(context, sink, &fd) != 0)
        fail(failure, "write");
    else if (fsync(fd) != 0)
        fail(failure, "fsync");
    if (close(fd) != 0 && !failure->number)
        fail(failure, "close");
    return failure->number ? -1 : 0;
}

static int write_file(
    struct checkpoint *c, struct entry_id at, checkpoint_save save, void *context, struct failure *failure)
{
    char name[NAME_MAX_BYTES];
    name_of(at, name);
    if (write_temp(c, save, context, failure) == 0) {
        if (renameat(c->folder, c->temp, c->folder, name) != 0)
            fail(failure, "rename");
        else if (fsync(c->folder) != 0)
            fail(failure, "fsync folder");
    }
    if (failure->number)
        unlinkat(c->folder, c->temp, 0);
    return failure->number ? -1 : 0;
}

static int report(const struct checkpoint *c, const struct failure *failure, struct error *err)
{
    return error_set(
        err, "%s: snapshot not written: %s: %s", c->path, failure->step, strerror(failure->number));
}

struct entry_id *checkpoint_list(struct checkpoint *c, size_t *count, struct error *err)
{
    struct entry_id *list = NULL, at;
    *count = 0;
    int fd = openat(c->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder && errno == ENOMEM)
        memory_exhausted("a folder");
    if (!folder) {
        error_set(err, "%s: %s", c->path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    list = memory_resize(NULL, 1, sizeof *list);
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (!parse_name(entry->d_name, &at))
            continue;
        list = memory_resize(list, *count + 1, sizeof *list);
        list[(*count)++] = at;
    }
    closedir(folder);
    qsort(list, *count, sizeof *list, newest_first);
    return list;
}

int checkpoint_remove(struct checkpoint *c, struct entry_id at, struct error *err)
{
    char name[NAME_MAX_BYTES];
    name_of(at, name);
    if (unlinkat(c->folder, name, 0) != 0)
        return error_set(err, "%s/%s: %s", c->path, name, strerror(errno));
    return 0;
}

int checkpoint_remove_ahead(struct checkpoint *c, struct entry_id limit, struct error *err)
{
    size_t count;
    int removed = 0;
    struct entry_id *list = checkpoint_list(c, &count, err);
    if (!list)
        return -1;
    for (size_t i = 0; i < count && removed >= 0 && entry_id_compare(list[i], limit) > 0; i++)
        removed = checkpoint_remove(c, list[i], err) == 0 ? removed + 1 : -1;
    free(list);
    return removed;
}

/* A file too many does no harm, so a failure here is none of writing. */
static void remove_oldest(struct checkpoint *c)
{
    size_t count;
    struct entry_id *list = checkpoint_list(c, &count, NULL);
    for (size_t i = c->keep; list && i < count; i++)
        checkpoint_remove(c, list[i], NULL);
    free(list);
}

FILE *checkpoint_open(struct checkpoint *c, struct entry_id at, struct error *err)
{
    char name[NAME_MAX_BYTES];
    name_of(at, name);
    int fd = openat(c->folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    if (file)
        return file;
    error_set(err, "%s/%s: %s", c->path, name, strerror(errno));
    if (fd >= 0)
        close(fd);
    return NULL;
}

static int wait_child(struct checkpoint *c)
{
    int status = 0;
    while (waitpid(c->child, &status, 0) < 0 && errno == EINTR)
        ;
    close(c->result);
    c->child = 0;
    c->result = -1;
    return status;
}

static void end_child(struct checkpoint *c)
{
    if (!c->child)
        return;
    kill(c->child, SIGKILL);
    wait_child(c);
    unlinkat(c->folder, c->temp, 0);
}

int checkpoint_write(
    struct checkpoint *c, struct entry_id at, checkpoint_save save, void *context, struct error *err)
{
    struct failure failure = {0};
    end_child(c);
    if (write_file(c, at, save, context, &failure) != 0)
        return report(c, &failure, err);
    remove_oldest(c);
    return 0;
}

/* The child dies with its parent, leaves the parent's signal pipe alone and holds none of its connections;
 * nor its lock, which belongs to the parent's open folder, so that a successor need not wait for it. */
static int detach(struct checkpoint *c, int result, pid_t parent, struct failure *failure)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int signal_number = 1; signal_number < NSIG; signal_number++)
        signal(signal_number, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    int folder = openat(c->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return fail(failure, "open folder");
    if (getppid() != parent)
        _exit(1);
    int low = folder < result ? folder : result, high = folder < result ? result : folder;
    if (low > 3)
        close_range(3, (unsigned)low - 1, 0);
    if (high > low + 1)
        close_range((unsigned)low + 1, (unsigned)high - 1, 0);
    close_range((unsigned)high + 1, ~0u, 0);
    c->folder = folder;
    return 0;
}

static _Noreturn void run_child(
    struct checkpoint *c, struct entry_id at, checkpoint_save save, void *context, int result, pid_t parent)
{
    struct failure failure = {0};
    if (detach(c, result, parent, &failure) == 0)
        write_file(c, at, save, context, &failure);
    _exit(write(result, &failure, sizeof failure) == (ssize_t)sizeof failure ? 0 : 1);
}

int checkpoint_start(
    struct checkpoint *c, struct entry_id at, checkpoint_save save, void *context, struct error *err)
{
    int ends[2];
    if (c->child)
        return error_set(err, "%s: the snapshot before is still being written", c->path);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(err, "%s: snapshot not written: pipe: %s", c->path, strerror(errno));
    pid_t parent = getpid(), child = fork();
    if (child == 0)
        run_child(c, at, save, context, ends[1], parent);
    int failure = errno;
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return error_set(err, "%s: snapshot not written: fork: %s", c->path, strerror(failure));
    }
    c->child = child;
    c->result = ends[0];
    return ends[0];
}

bool checkpoint_running(const struct checkpoint *c)
{
    return c->child != 0;
}

int checkpoint_finish(struct checkpoint *c, struct error *err)
{
    struct failure failure = {0};
    ssize_t n;
    invariant(c->child);
    while ((n = read(c->result, &failure, sizeof failure)) < 0 && errno == EINTR)
        ;
    int status = wait_child(c);
    if (n != (ssize_t)sizeof failure) {
        unlinkat(c->folder, c->temp, 0);
        return error_set(err, "%s: snapshot not written: its writer ended by %s %d", c->path,
            WIFSIGNALED(status) ? "signal" : "status",
            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    }
    if (failure.number)
        return report(c, &failure, err);
    remove_oldest(c);
    return 0;
}

static void remove_leftovers(struct checkpoint *c)
{
    DIR *folder = opendir(c->path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        size_t n = strlen(entry->d_name), suffix = strlen(TEMP_SUFFIX);
        if (n > suffix && strcmp(entry->d_name + n - suffix, TEMP_SUFFIX) == 0)
            unlinkat(c->folder, entry->d_name, 0);
    }
    if (folder)
        closedir(folder);
}

static int open_folder(struct checkpoint *c, const char *state_dir, struct error *err)
{
    if ((mkdir(state_dir, 0700) != 0 && errno != EEXIST) || (mkdir(c->path, 0700) != 0 && errno != EEXIST))
        return error_set(err, "%s: %s", c->path, strerror(errno));
    c->folder = open(c->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (c->folder < 0)
        return error_set(err, "%s: %s", c->path, strerror(errno));
    if (flock(c->folder, LOCK_EX | LOCK_NB) != 0)
        return error_set(err, "%s: %s", c->path,
            errno == EWOULDBLOCK ? "another process has locked it; each daemon needs a state_dir of its own"
                                 : strerror(errno));
    remove_leftovers(c);
    return 0;
}

struct checkpoint *checkpoint_create(const char *state_dir, size_t keep, struct error *err)
{
    struct checkpoint *c = memory_zeroed(1, sizeof *c, "the snapshots");
    c->path = memory_format("%s/snapshots", state_dir);
    c->temp = memory_format("writing-%ld" TEMP_SUFFIX, (long)getpid());
    c->keep = keep;
    c->folder = c->result = -1;
    if (open_folder(c, state_dir, err) == 0)
        return c;
    checkpoint_destroy(c);
    return NULL;
}

void checkpoint_destroy(struct checkpoint *c)
{
    if (!c)
        return;
    end_child(c);
    if (c->folder >= 0)
        close(c->folder);
    free(c->path);
    free(c->temp);
    free(c);
}
