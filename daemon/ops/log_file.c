#include "daemon/ops/log_file.h"

#include "daemon/base/memory.h"
#include "daemon/ops/clock.h"
#include "daemon/ops/complain.h"
#include "daemon/ops/log_shelf.h"
#include "daemon/ops/log_tail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINES_AT_ONCE 5 /* the announcements that may go before a line, and it */

struct log_file {
    struct log_file_settings settings;
    char *path;
    int fd;
    struct log_head found, head, synced;
    uint64_t first;                      /* the number of the file's first line */
    off_t good;                          /* up to the end of the last line */
    bool fresh;                          /* the file is new: its first line comes with the next */
    bool unended;                        /* the last line lacks its line break */
    bool torn;                           /* something else lies behind it */
    bool renamed;                        /* the name is free, the file still open under another */
    uint64_t lost;                       /* lines since it last worked */
    uint64_t unsynced_from, unsynced_to; /* 0: none */
    struct log_file_counts counts;
    struct complaint failing, unsynced, stuck;
};

/* What goes to the file in one write, and the head behind it. */
struct draft {
    const struct log_key *key;
    struct log_head head;
    size_t length;
    char bytes[LINES_AT_ONCE * LOG_SEALED_MAX + 1];
};

static void seal(struct draft *d, const char *line, size_t length)
{
    d->length += log_chain_seal(d->key, &d->head, line, length, d->bytes + d->length);
}

#define SAY(draft, level, event, message, ...)                                                               \
    say(draft, level, event, message, LOG_FIELDS_(__VA_ARGS__) + 1,                                          \
        sizeof LOG_FIELDS_(__VA_ARGS__) / sizeof(struct log_field) - 1)

static void say(struct draft *d, enum log_level level, const char *event, const char *message,
    const struct log_field *fields, size_t n)
{
    char line[LOG_LINE_MAX];
    seal(d, line, log_format(line, clock_wall(), level, event, message, fields, n));
}

static void announce_file(struct log_file *f, struct draft *d)
{
    char key[LOG_KEY_ID_DIGITS + 1], prev[LOG_MAC_DIGITS + 1];
    memcpy(prev, d->head.mac, sizeof prev);
    SAY(d, LOG_LEVEL_INFO, "log_file",
        d->head.seq ? "this file goes on from the one before it" : "the log begins here",
        LOG_TEXT("prev", prev), LOG_TEXT("key", log_key_id(&f->settings.key, key)));
}

/* The line break goes to an end that lacks it, so that the next line stands on its own. */
static void announce_torn(struct log_file *f, struct draft *d)
{
    char digest[LOG_MAC_DIGITS + 1] = "", last = '\n';
    struct error err;
    off_t end = lseek(f->fd, 0, SEEK_END);
    if (log_tail_digest(f->fd, f->good, end, digest, &err) != 0)
        return;
    if (pread(f->fd, &last, 1, end - 1) == 1 && last != '\n')
        d->bytes[d->length++] = '\n';
    if (f->fresh)
        announce_file(f, d);
    SAY(d, LOG_LEVEL_WARN, "log_torn",
        "what lies before this line is no whole line: writing it was interrupted, or somebody else has "
        "written",
        LOG_INT("bytes", end - f->good), LOG_TEXT("sha256", digest));
}

static void announce(struct log_file *f, struct draft *d)
{
    if (f->unended)
        d->bytes[d->length++] = '\n';
    if (f->torn)
        announce_torn(f, d);
    else if (f->fresh)
        announce_file(f, d);
    if (f->lost)
        SAY(d, LOG_LEVEL_WARN, "log_gap", "lines could not be written here; stderr had them",
            LOG_INT("lost", f->lost));
    if (f->unsynced_to)
        SAY(d, LOG_LEVEL_WARN, "log_unsynced",
            "fsync failed: if the power was cut since, these lines may be missing",
            LOG_INT("from", f->unsynced_from), LOG_INT("to", f->unsynced_to));
}

/* ---- writing ---- */

static void failed(struct log_file *f, const char *step)
{
    char why[128];
    snprintf(why, sizeof why, "the log file cannot be written: %s: %s", step, strerror(errno));
    f->counts.failures++;
    complain(&f->failing, "log_failed", why);
}

/* All or nothing, as far as the disk allows: half a line is taken back. */
static int put(struct log_file *f, const char *bytes, size_t length)
{
    off_t before = lseek(f->fd, 0, SEEK_END);
    size_t done = 0;
    while (done < length) {
        ssize_t n = write(f->fd, bytes + done, length - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    if (done == length) {
        f->good = before + (off_t)length;
        return 0;
    }
    failed(f, "write");
    if (done > 0 && ftruncate(f->fd, before) != 0)
        f->torn = true;
    return -1;
}

static void drop_announced(struct log_file *f)
{
    f->fresh = f->unended = f->torn = false;
    f->lost = 0;
    f->unsynced_from = f->unsynced_to = 0;
    complain_resolved(&f->failing, "log_back", "the log file can be written again");
}

/* `line` NULL: only what has to be announced. */
static void write_out(struct log_file *f, const char *line, size_t length)
{
    struct draft d;
    d.key = &f->settings.key;
    d.head = f->head;
    d.length = 0;
    announce(f, &d);
    if (line)
        seal(&d, line, length);
    if (d.length == 0)
        return;
    if (put(f, d.bytes, d.length) == 0) {
        f->counts.lines += d.head.seq - f->head.seq;
        f->first = f->fresh ? f->head.seq + 1 : f->first;
        f->head = d.head;
        drop_announced(f);
    } else if (line) {
        f->lost++;
        f->counts.lost++;
    }
}

void log_file_sync(struct log_file *f)
{
    if (f->synced.seq == f->head.seq)
        return;
    if (fdatasync(f->fd) == 0) {
        f->synced = f->head;
        complain_resolved(&f->unsynced, "log_synced", "fsync of the log file works again");
        return;
    }
    char why[128];
    snprintf(why, sizeof why, "fsync of the log file: %s", strerror(errno));
    f->counts.failures++;
    complain(&f->unsynced, "log_unsynced", why);
    f->unsynced_from = f->unsynced_from ? f->unsynced_from : f->synced.seq + 1;
    f->unsynced_to = f->head.seq;
    f->synced = f->head; /* a second fsync would say that all is well, and know nothing of these */
}

/* ---- files ---- */

/* Locked by the process: the child that writes a snapshot has no part in it. */
static int open_locked(const char *path, struct error *err)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0640);
    struct stat st;
    if (fd < 0)
        return error_set(err, "%s: %s", path, strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        error_set(err, "%s: not a regular file", path);
    else if (fcntl(fd, F_SETLK, &lock) != 0)
        error_set(err, "%s: another process writes it", path);
    else
        return fd;
    close(fd);
    return -1;
}

/* A new file under the name, which is free or an empty file's. The old one stays open until it is there. */
static int begin_file(struct log_file *f, struct error *err)
{
    int fd = open_locked(f->path, err);
    if (fd < 0)
        return -1;
    if (f->fd >= 0) {
        log_file_sync(f);
        close(f->fd);
        f->counts.rotations++;
    }
    f->fd = fd;
    f->good = 0;
    f->fresh = true;
    f->unended = f->torn = f->renamed = false;
    return 0;
}

static void rotate(struct log_file *f)
{
    struct error err;
    if (!f->renamed && log_shelf_put(f->path, f->first, &err) != 0)
        goto fail;
    f->renamed = true;
    if (begin_file(f, &err) != 0)
        goto fail;
    log_shelf_trim(f->path, f->settings.keep);
    complain_resolved(&f->stuck, "log_rotated", "a new log file could be begun");
    return;
fail:
    f->counts.failures++;
    error_wrap(&err, "no new log file, the old one goes on");
    complain(&f->stuck, "log_not_rotated", err.text);
}

void log_file_append(struct log_file *f, const char *line, size_t length)
{
    if (f->renamed || f->good >= f->settings.size_max)
        rotate(f);
    write_out(f, line, length);
}

void log_file_reopen(struct log_file *f)
{
    struct stat ours, there;
    struct error err;
    if (fstat(f->fd, &ours) == 0 && stat(f->path, &there) == 0 && ours.st_ino == there.st_ino &&
        ours.st_dev == there.st_dev)
        return;
    f->renamed = true;
    if (begin_file(f, &err) != 0) {
        f->counts.failures++;
        error_wrap(&err, "no new log file, the old one goes on");
        complain(&f->stuck, "log_not_rotated", err.text);
        return;
    }
    write_out(f, NULL, 0);
}

/* ---- opening ---- */

static void make_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = memory_format("%.*s", (int)(slash ? slash - path : 0), path);
    if (*folder)
        mkdir(folder, 0700); /* if this fails, opening the file says why */
    free(folder);
}

/* Goes on in the file that is there, unless it is another key's or none of ours: that one is put aside. */
static int take_up(struct log_file *f, struct error *err)
{
    char ours[LOG_KEY_ID_DIGITS + 1];
    struct log_tail tail;
    if (log_tail_read(f->fd, &f->settings.key, &tail, err) != 0)
        return error_wrap(err, "%s", f->path);
    f->head = tail.head;
    if (f->head.seq == 0)
        log_shelf_newest(f->path, &f->settings.key, &f->head);
    f->found = f->synced = f->head;
    f->fresh = tail.size == 0;
    f->first = tail.first;
    f->good = tail.good;
    f->unended = tail.unended;
    f->torn = tail.size > tail.good;
    if (f->fresh || (tail.head.seq && strcmp(tail.key, log_key_id(&f->settings.key, ours)) == 0))
        return 0;
    if (log_shelf_put(f->path, tail.first, err) != 0)
        return error_wrap(err, "%s", f->path);
    return begin_file(f, err);
}

struct log_file *log_file_open(const struct log_file_settings *settings, struct error *err)
{
    struct log_file *f = memory_zeroed(1, sizeof *f, "the log file");
    f->settings = *settings;
    f->path = memory_text(settings->path);
    make_folder(f->path);
    f->fd = open_locked(f->path, err);
    if (f->fd >= 0 && take_up(f, err) == 0)
        return f;
    if (f->fd >= 0)
        close(f->fd);
    free(f->path);
    free(f);
    return NULL;
}

void log_file_close(struct log_file *f)
{
    if (!f)
        return;
    log_file_sync(f);
    close(f->fd);
    explicit_bzero(&f->settings.key, sizeof f->settings.key);
    free(f->path);
    free(f);
}

struct log_head log_file_head(const struct log_file *f)
{
    return f->head;
}

struct log_head log_file_found(const struct log_file *f)
{
    return f->found;
}

bool log_file_misses(const struct log_file *f, const struct log_head *had)
{
    return had->seq > f->found.seq || (had->seq == f->found.seq && strcmp(had->mac, f->found.mac) != 0);
}

struct log_file_counts log_file_counts(const struct log_file *f)
{
    return f->counts;
}
