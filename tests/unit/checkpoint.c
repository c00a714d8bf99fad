#include "tests/support/check.h"
#include "tests/support/files.h"

#include "daemon/ops/checkpoint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char *state; /* a fresh folder for each test */

static struct entry_id at(int64_t ms, uint64_t seq)
{
    return (struct entry_id){(uint64_t)ms, seq};
}

static struct checkpoint *create(void)
{
    struct error err;
    state = files_temp();
    struct checkpoint *c = checkpoint_create(state, 3, &err);
    CHECK(c != NULL);
    return c;
}

static void finish(struct checkpoint *c)
{
    checkpoint_destroy(c);
    files_remove(state);
}

/* Ways to save: a text, or a failure. */
static int save_text(void *context, snapshot_sink sink, void *sink_context)
{
    return sink(sink_context, context, strlen(context));
}

static int save_full(void *context, snapshot_sink sink, void *sink_context)
{
    (void)sink(sink_context, context, strlen(context));
    errno = ENOSPC;
    return -1;
}

static int save_large(void *context, snapshot_sink sink, void *sink_context)
{
    static char block[65536];
    (void)context;
    for (int i = 0; i < 64; i++)
        if (sink(sink_context, block, sizeof block) != 0)
            return -1;
    return 0;
}

static int save_killed(void *context, snapshot_sink sink, void *sink_context)
{
    (void)sink(sink_context, context, strlen(context));
    raise(SIGKILL);
    return 0;
}

static int save_forever(void *context, snapshot_sink sink, void *sink_context)
{
    (void)context;
    (void)sink(sink_context, "x", 1);
    while (pause() < 0)
        ;
    return 0;
}

/* Saves whether a descriptor of the parent is open here. */
static int save_descriptor(void *context, snapshot_sink sink, void *sink_context)
{
    return sink(sink_context, fcntl(*(const int *)context, F_GETFD) < 0 ? "shut" : "open", 4);
}

static int entries(void)
{
    char *path = files_path(state, "snapshots");
    int n = 0;
    DIR *folder = opendir(path);
    for (struct dirent *e; folder && (e = readdir(folder));)
        n += e->d_name[0] != '.';
    if (folder)
        closedir(folder);
    free(path);
    return n;
}

static void check_content(struct checkpoint *c, struct entry_id position, const char *expected)
{
    struct error err;
    char text[64] = "";
    FILE *file = checkpoint_open(c, position, &err);
    REQUIRE(file != NULL);
    CHECK_INT(checkpoint_source(file, text, sizeof text - 1), strlen(expected));
    CHECK_INT(checkpoint_source(file, text + 40, 1), 0);
    CHECK_TEXT(text, expected);
    fclose(file);
}

static int write_text(struct checkpoint *c, int64_t ms, uint64_t seq, const char *text)
{
    struct error err = {""};
    int status = checkpoint_write(c, at(ms, seq), save_text, (void *)(uintptr_t)text, &err);
    CHECK_TEXT(err.text, "");
    return status;
}

static void test_write_and_list(void)
{
    struct checkpoint *c = create();
    size_t n;
    struct stat st;
    CHECK_INT(write_text(c, 5, 1, "five"), 0);
    CHECK_INT(write_text(c, 40, 0, "forty"), 0);
    CHECK_INT(write_text(c, 40, 18446744073709551615u, "last"), 0);
    struct entry_id *list = checkpoint_list(c, &n, NULL);
    CHECK_INT(n, 3);
    CHECK(list[0].ms == 40 && list[0].seq == 18446744073709551615u && list[1].ms == 40 && list[2].ms == 5);
    free(list);
    check_content(c, at(5, 1), "five");
    CHECK_INT(write_text(c, 5, 1, "again"), 0);
    check_content(c, at(5, 1), "again");
    char *file = files_path(state, "snapshots/snapshot-5-1.jd"), *folder = files_path(state, "snapshots");
    CHECK(stat(file, &st) == 0 && (st.st_mode & 0777) == 0600);
    CHECK(stat(folder, &st) == 0 && (st.st_mode & 0777) == 0700);
    free(file);
    free(folder);
    CHECK_INT(write_text(c, 50, 0, "fifty"), 0);
    CHECK_INT(entries(), 3); /* the oldest is gone */
    CHECK(checkpoint_open(c, at(5, 1), NULL) == NULL);
    finish(c);
}

static void test_child(void)
{
    struct checkpoint *c = create();
    struct error err = {""};
    int fd = checkpoint_start(c, at(7, 0), save_text, (void *)(uintptr_t) "seven", &err);
    REQUIRE(fd >= 0);
    CHECK(checkpoint_running(c));
    CHECK_INT(checkpoint_start(c, at(8, 0), save_text, (void *)(uintptr_t) "eight", &err), -1);
    CHECK(strstr(err.text, "still being written") != NULL);
    struct pollfd waiting = {fd, POLLIN, 0};
    CHECK_INT(poll(&waiting, 1, 30000), 1);
    CHECK_INT(checkpoint_finish(c, &err), 0);
    CHECK(!checkpoint_running(c));
    check_content(c, at(7, 0), "seven");
    for (int i = 10; i < 14; i++) {
        CHECK(checkpoint_start(c, at(i, 0), save_text, (void *)(uintptr_t) "x", &err) >= 0);
        CHECK_INT(checkpoint_finish(c, &err), 0);
    }
    CHECK_INT(entries(), 3);
    finish(c);
}

/* A connection to Redis, say, must not live on in the child. */
static void test_child_holds_nothing(void)
{
    struct checkpoint *c = create();
    struct error err;
    int low = dup(STDERR_FILENO), high = fcntl(low, F_DUPFD, 700);
    int *const fds[] = {&low, &high};
    for (int i = 0; i < 2; i++) {
        CHECK(checkpoint_start(c, at(i, 0), save_descriptor, fds[i], &err) >= 0);
        CHECK_INT(checkpoint_finish(c, &err), 0);
        check_content(c, at(i, 0), "shut");
    }
    close(low);
    close(high);
    finish(c);
}

static void check_failure(struct checkpoint *c, checkpoint_save save, const char *part)
{
    struct error err = {""};
    CHECK(checkpoint_start(c, at(9, 0), save, (void *)(uintptr_t) "nine", &err) >= 0);
    CHECK_INT(checkpoint_finish(c, &err), -1);
    if (!strstr(err.text, part))
        check_fail(__FILE__, __LINE__, "\"%s\" is not in \"%s\"", part, err.text);
    CHECK_INT(entries(), 1);
    check_content(c, at(5, 0), "five");
}

static void test_failures(void)
{
    struct checkpoint *c = create();
    struct error err = {""};
    CHECK_INT(write_text(c, 5, 0, "five"), 0);
    check_failure(c, save_full, "snapshot not written: write: No space left on device");
    check_failure(c, save_killed, "snapshot not written: its writer ended by signal 9");
    CHECK_INT(checkpoint_write(c, at(9, 0), save_full, (void *)(uintptr_t) "nine", &err), -1);
    CHECK(strstr(err.text, "No space left on device") != NULL);
    CHECK_INT(entries(), 1);

    /* A limit of the kernel cuts a write short: the real path of a full disk. */
    struct rlimit old, limit = {100000, RLIM_INFINITY};
    CHECK_INT(getrlimit(RLIMIT_FSIZE, &old), 0);
    limit.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &limit), 0);
    int status = checkpoint_write(c, at(9, 0), save_large, NULL, &err);
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &old), 0);
    CHECK_INT(status, -1);
    CHECK(strstr(err.text, "snapshot not written: write: File too large") != NULL);
    CHECK_INT(entries(), 1);
    check_content(c, at(5, 0), "five");

    /* The name is taken by what cannot be replaced. */
    char *taken = files_path(state, "snapshots/snapshot-9-0.jd");
    CHECK_INT(mkdir(taken, 0700), 0);
    CHECK_INT(checkpoint_write(c, at(9, 0), save_text, (void *)(uintptr_t) "nine", &err), -1);
    CHECK(strstr(err.text, "snapshot not written: rename: ") != NULL);
    CHECK_INT(rmdir(taken), 0);
    free(taken);
    CHECK_INT(entries(), 1);
    finish(c);
}

static void test_remove_ahead(void)
{
    struct checkpoint *c = create();
    CHECK_INT(write_text(c, 5, 1, "a"), 0);
    CHECK_INT(write_text(c, 5, 2, "b"), 0);
    CHECK_INT(write_text(c, 6, 0, "c"), 0);
    CHECK_INT(checkpoint_remove_ahead(c, at(5, 1), NULL), 2);
    CHECK_INT(entries(), 1);
    check_content(c, at(5, 1), "a");
    CHECK_INT(checkpoint_remove_ahead(c, at(5, 1), NULL), 0);
    CHECK_INT(checkpoint_remove(c, at(5, 1), NULL), 0);
    CHECK_INT(entries(), 0);
    finish(c);
}

static void test_leftovers_and_lock(void)
{
    struct checkpoint *c = create();
    struct error err;
    size_t n;
    CHECK_INT(write_text(c, 5, 1, "five"), 0);
    CHECK(checkpoint_create(state, 3, &err) == NULL);
    CHECK(strstr(err.text, "another process has locked it") != NULL);
    checkpoint_destroy(c);
    char *folder = files_path(state, "snapshots");
    files_write(folder, "writing-1.tmp", "half", 0600);
    files_write(folder, "snapshot-5-01.jd", "another spelling", 0600);
    files_write(folder, "notes", "not ours", 0600);
    free(folder);
    c = checkpoint_create(state, 3, &err);
    REQUIRE(c != NULL);
    CHECK_INT(entries(), 3);
    free(checkpoint_list(c, &n, NULL));
    CHECK_INT(n, 1);
    finish(c);
}

static void test_child_is_ended(void)
{
    struct checkpoint *c = create();
    struct error err;
    CHECK(checkpoint_start(c, at(5, 0), save_forever, NULL, &err) >= 0);
    CHECK_INT(write_text(c, 6, 0, "six"), 0);
    CHECK(!checkpoint_running(c));
    CHECK_INT(entries(), 1);
    CHECK(checkpoint_start(c, at(7, 0), save_forever, NULL, &err) >= 0);
    checkpoint_destroy(c);
    CHECK_INT(entries(), 1);
    files_remove(state);
}

static const struct check_test tests[] = {
    {"snapshots are written, listed, replaced and thinned out", test_write_and_list},
    {"a child writes, a descriptor tells", test_child},
    {"the child holds no descriptor of its parent", test_child_holds_nothing},
    {"failures are told and leave older snapshots alone", test_failures},
    {"snapshots ahead of a position are removed", test_remove_ahead},
    {"leftovers are removed, the folder is locked", test_leftovers_and_lock},
    {"a child that does not end is ended", test_child_is_ended},
};
CHECK_MAIN(tests)
