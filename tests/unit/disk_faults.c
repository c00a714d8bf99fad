/* Every call that writing, listing or reading snapshots makes to the kernel fails once, one after the other,
 * until a run is through without having met the fault. Each time: one clear line, the snapshots that were
 * there stay whole, nothing half stands under a name, and the next snapshot works. */
#include "daemon/ops/checkpoint.h"

#include "tests/faults/shim.h"
#include "tests/support/check.h"
#include "tests/support/files.h"
#include "tests/support/snapshot_fixture.h"

#include <dirent.h>
#include <errno.h>

#define RECORDS 4000 /* several writes */
#define LOOPS_MAX 1000

struct fault {
    enum shim_call call;
    int error;
    const char *name;
    bool harmless; /* the snapshot is written all the same */
    int least;     /* calls that a snapshot makes of these, at least */
};

static const struct fault writing[] = {
    {SHIM_PIPE, EMFILE, "pipe", false, 1},
    {SHIM_FORK, EAGAIN, "fork", false, 1},
    {SHIM_OPEN, EMFILE, "open", false, 2},
    {SHIM_WRITE, ENOSPC, "write: no space", false, 2},
    {SHIM_WRITE, EIO, "write: I/O", false, 2},
    {SHIM_WRITE, EINTR, "write: interrupted", true, 2},
    {SHIM_SHORT, 0, "write: short", true, 2},
    {SHIM_FSYNC, EIO, "fsync: I/O", false, 2},
    {SHIM_FSYNC, ENOSPC, "fsync: no space", false, 2},
    {SHIM_CLOSE, EIO, "close", false, 1},
    {SHIM_RENAME, EIO, "rename: I/O", false, 1},
    {SHIM_RENAME, ENOSPC, "rename: no space", false, 1},
    {SHIM_UNLINK, EIO, "unlink", true, 1},
};

struct scene {
    char *folder;
    struct checkpoint *checkpoint;
    struct state state;
};

static struct entry_id at(int64_t ms)
{
    return (struct entry_id){(uint64_t)ms, 0};
}

static int save(void *state, snapshot_sink sink, void *context)
{
    return state_save_to(state, sink, context);
}

static int write_now(struct scene *s, int64_t ms, struct error *err)
{
    return checkpoint_write(s->checkpoint, at(ms), save, &s->state, err);
}

static int write_in_child(struct scene *s, int64_t ms, struct error *err)
{
    if (checkpoint_start(s->checkpoint, at(ms), save, &s->state, err) < 0)
        return -1;
    return checkpoint_finish(s->checkpoint, err);
}

static void disarm(void)
{
    shim_arm(shim_control(), SHIM_NOTHING, 0, 0);
}

static void open_scene(struct scene *s)
{
    struct error err = {""};
    s->folder = files_temp();
    snprintf(shim_control()->under, sizeof shim_control()->under, "%s", s->folder);
    s->checkpoint = checkpoint_create(s->folder, 2, &err);
    CHECK_TEXT(err.text, "");
    state_init(&s->state);
    state_fill(&s->state, RECORDS);
    CHECK_INT(write_now(s, 1, &err), 0);
    CHECK_INT(write_now(s, 2, &err), 0);
}

static void close_scene(struct scene *s)
{
    checkpoint_destroy(s->checkpoint);
    state_fini(&s->state);
    files_remove(s->folder);
}

static bool loads(struct scene *s, struct entry_id position, struct error *err)
{
    struct state state;
    struct snapshot_header header;
    FILE *file = checkpoint_open(s->checkpoint, position, err);
    if (!file)
        return false;
    state_init(&state);
    bool good = state_load_from(&state, checkpoint_source, file, &header, err) == 0;
    state_fini(&state);
    fclose(file);
    return good;
}

/* What stands in the folder under a snapshot's name is whole, and there is nothing else. */
static void check_folder(struct scene *s, const char *fault, int n)
{
    struct error err = {""};
    size_t count, files = 0;
    char *path = files_path(s->folder, "snapshots");
    struct entry_id *list = checkpoint_list(s->checkpoint, &count, &err);
    DIR *folder = opendir(path);
    for (struct dirent *e; folder && (e = readdir(folder));)
        files += e->d_name[0] != '.';
    if (folder)
        closedir(folder);
    if (files != count)
        check_fail(__FILE__, __LINE__, "%s, call %d: %zu files, %zu snapshots", fault, n, files, count);
    bool old = false;
    for (size_t i = 0; i < count; i++) {
        if (!loads(s, list[i], &err))
            check_fail(__FILE__, __LINE__, "%s, call %d: %s", fault, n, err.text);
        old |= list[i].ms <= 2;
    }
    if (!old)
        check_fail(__FILE__, __LINE__, "%s, call %d: no snapshot from before is left", fault, n);
    free(list);
    free(path);
}

/* False: the run did not come to the n-th call. */
static bool fail_nth(const struct fault *fault, int n, int (*write)(struct scene *, int64_t, struct error *))
{
    struct scene s;
    struct error err = {""};
    struct shim *shim = shim_control();
    open_scene(&s);
    shim_arm(shim, fault->call, n, fault->error);
    int result = write(&s, 3, &err);
    bool hit = atomic_load(&shim->hits) == 1;
    disarm();
    bool fails = result < 0;
    /* the last file opened is the folder, to remove what is too old: that can wait */
    bool may_not = !hit || fault->harmless, may = may_not || (fault->call == SHIM_OPEN && n > 1);
    if (fails ? may_not : !may || !loads(&s, at(3), &err))
        check_fail(__FILE__, __LINE__, "%s, call %d: returned %d (%s)", fault->name, n, result, err.text);
    if (fails && (!strstr(err.text, "snapshot not written: ") || !strstr(err.text, strerror(fault->error))))
        check_fail(__FILE__, __LINE__, "%s, call %d: says \"%s\"", fault->name, n, err.text);
    if (fault->call != SHIM_UNLINK) /* then a file too many is left, until the next */
        check_folder(&s, fault->name, n);
    CHECK_INT(write_in_child(&s, 4, &err), 0);
    CHECK(loads(&s, at(4), &err));
    close_scene(&s);
    return hit;
}

static void loop(const struct fault *fault, int least, int (*write)(struct scene *, int64_t, struct error *))
{
    int n = 1;
    while (n < LOOPS_MAX && fail_nth(fault, n, write))
        n++;
    if (n - 1 < least)
        check_fail(__FILE__, __LINE__, "%s: only %d calls could be made to fail", fault->name, n - 1);
}

static void test_in_child(void)
{
    for (size_t i = 0; i < sizeof writing / sizeof *writing; i++)
        loop(&writing[i], writing[i].least, write_in_child);
}

static void test_at_shutdown(void)
{
    for (size_t i = 0; i < sizeof writing / sizeof *writing; i++) {
        const struct fault *f = &writing[i];
        if (f->call != SHIM_PIPE && f->call != SHIM_FORK)
            loop(f, 1, write_now);
    }
}

/* At a start, the folder cannot be made or opened: a sentence with its name. */
static void test_at_start(void)
{
    static const struct fault faults[] = {
        {SHIM_MKDIR, EACCES, "mkdir", false, 2}, {SHIM_OPEN, EMFILE, "open", false, 1}};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        int n = 0;
        bool hit = true;
        while (hit && n++ < LOOPS_MAX) {
            struct error err = {""};
            char *folder = files_temp();
            snprintf(shim_control()->under, sizeof shim_control()->under, "%s", folder);
            shim_arm(shim_control(), faults[i].call, n, faults[i].error);
            char *state = files_path(folder, "state");
            struct checkpoint *c = checkpoint_create(state, 2, &err);
            hit = atomic_load(&shim_control()->hits) == 1;
            disarm();
            CHECK((c == NULL) == hit);
            CHECK(c || (strstr(err.text, state) && strstr(err.text, strerror(faults[i].error))));
            checkpoint_destroy(c);
            c = checkpoint_create(state, 2, &err);
            CHECK(c != NULL);
            checkpoint_destroy(c);
            free(state);
            files_remove(folder);
        }
        CHECK(n > faults[i].least);
    }
}

/* The disk fails under a snapshot that is read: refused, and readable again later. */
static void test_reading(void)
{
    static const struct fault faults[] = {
        {SHIM_OPEN, EIO, "open", false, 1}, {SHIM_READ, EIO, "read", false, 2}};
    struct scene s;
    open_scene(&s);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        int n = 0;
        bool hit = true;
        while (hit && n++ < LOOPS_MAX) {
            struct error err = {""};
            shim_arm(shim_control(), faults[i].call, n, faults[i].error);
            bool good = loads(&s, at(2), &err);
            hit = atomic_load(&shim_control()->hits) == 1;
            disarm();
            CHECK(good == !hit);
            CHECK(good || strstr(err.text, strerror(EIO)));
            CHECK(loads(&s, at(2), &err));
        }
        CHECK(n > faults[i].least);
    }
    close_scene(&s);
}

static const struct check_test tests[] = {
    {"each call of a child that writes fails once", test_in_child},
    {"each call of writing at a shutdown fails once", test_at_shutdown},
    {"each call of a start fails once", test_at_start},
    {"each call of reading fails once", test_reading},
};
CHECK_MAIN(tests)
