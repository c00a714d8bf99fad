/* Each call that writing the log makes to the kernel fails once, one after the other: the program goes on,
 * what is in the files verifies, and the lines that are missing are announced there with their number. */
#include "tests/faults/shim.h"
#include "tests/support/check.h"
#include "tests/support/files.h"

#include "daemon/ctl/log_lines.h"
#include "daemon/ctl/log_verifier.h"
#include "daemon/ops/log_file.h"
#include "daemon/ops/log_shelf.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define LINES 12
#define FILE_SIZE 900 /* three lines: several files */

struct fault {
    enum shim_call call;
    int error;
    const char *name;
    bool loses; /* the line */
    int least;  /* calls of these that a run makes, at least */
};

static const struct fault faults[] = {
    {SHIM_WRITE, ENOSPC, "write: no space", true, LINES},
    {SHIM_WRITE, EIO, "write: I/O", true, LINES},
    {SHIM_WRITE, EINTR, "write: interrupted", false, LINES},
    {SHIM_SHORT, 0, "write: short", false, LINES},
    {SHIM_FSYNC, EIO, "fsync: I/O", false, LINES},
    {SHIM_RENAME, EIO, "rename", false, 2},
    {SHIM_OPEN, EMFILE, "open", false, 2},
    {SHIM_CLOSE, EIO, "close", false, 2},
};

struct scene {
    char *folder, *path;
    struct log_file *file;
    int64_t appended;
};

static void disarm(void)
{
    shim_arm(shim_control(), SHIM_NOTHING, 0, 0);
}

static void open_file(struct scene *s, int64_t size_max)
{
    struct error err = {""};
    struct log_file_settings settings = {.path = s->path, .size_max = size_max};
    CHECK_INT(log_key_parse(
                  &settings.key, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", &err),
        0);
    s->file = log_file_open(&settings, &err);
    CHECK_TEXT(err.text, "");
}

static void open_scene(struct scene *s, int64_t size_max)
{
    memset(s, 0, sizeof *s);
    s->folder = files_temp();
    s->path = files_path(s->folder, "test.log");
    snprintf(shim_control()->under, sizeof shim_control()->under, "%s", s->folder);
    open_file(s, size_max);
}

static void close_scene(struct scene *s)
{
    log_file_close(s->file);
    free(s->path);
    files_remove(s->folder);
}

static void append(struct scene *s)
{
    char line[LOG_LINE_MAX];
    const struct log_field field = LOG_INT("n", ++s->appended);
    log_file_append(
        s->file, line, log_format(line, 1795507200123, LOG_LEVEL_INFO, "word", "a line", &field, 1));
}

/* ---- what is in the files ---- */

struct sight {
    struct log_verifier verifier;
    int64_t words, lost; /* lines of ours, and those that are announced as missing */
    int gaps, torn, unsynced;
    char first[400];
};

static void on_fault(void *context, const char *file, uint64_t line, const char *what)
{
    struct sight *s = context;
    if (!s->first[0])
        snprintf(s->first, sizeof s->first, "%s:%" PRIu64 ": %s", strrchr(file, '/'), line, what);
}

static void on_piece(void *context, const char *bytes, size_t length, bool ended)
{
    struct sight *s = context;
    const char *lost = memmem(bytes, length, "\"lost\":", 7);
    log_verifier_piece(&s->verifier, bytes, length, ended);
    s->words += memmem(bytes, length, "\"event\":\"word\"", 14) != NULL;
    s->gaps += lost != NULL;
    s->lost += lost ? strtol(lost + 7, NULL, 10) : 0;
    s->torn += memmem(bytes, length, "\"log_torn\"", 10) != NULL;
    s->unsynced += memmem(bytes, length, "\"log_unsynced\"", 14) != NULL;
}

static void look_at(struct sight *s, const char *path)
{
    FILE *in = fopen(path, "re");
    REQUIRE(in != NULL);
    log_verifier_file(&s->verifier, path);
    CHECK_INT(log_lines_read(in, on_piece, s), 0);
    fclose(in);
}

static struct sight look(const struct scene *scene)
{
    struct sight s = {.first = ""};
    struct log_key key;
    struct log_anchor anchor = {.head = log_file_head(scene->file)};
    size_t count;
    char **older = log_shelf_list(scene->path, &count);
    CHECK_INT(
        log_key_parse(&key, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", NULL), 0);
    log_verifier_init(&s.verifier, &(struct log_verifier_settings){&key, 1, &anchor, 1, on_fault, &s});
    for (size_t i = 0; i < count; i++)
        look_at(&s, older[i]);
    look_at(&s, scene->path);
    log_verifier_end(&s.verifier);
    for (size_t i = 0; i < count; i++)
        free(older[i]);
    free(older);
    return s;
}

/* ---- each call ---- */

/* False: the run did not come to the n-th call. */
static bool fail_nth(const struct fault *fault, int n)
{
    struct scene s;
    open_scene(&s, FILE_SIZE);
    shim_arm(shim_control(), fault->call, n, fault->error);
    for (int i = 0; i < LINES; i++) {
        append(&s);
        log_file_sync(s.file);
    }
    bool hit = atomic_load(&shim_control()->hits) == 1;
    disarm();
    append(&s);
    struct log_file_counts counts = log_file_counts(s.file);
    struct sight sight = look(&s);
    bool lost = hit && fault->loses;
    if (sight.first[0] || sight.words + sight.lost != s.appended || sight.lost != lost ||
        sight.gaps != lost || counts.lost != (uint64_t)lost)
        check_fail(__FILE__, __LINE__, "%s, call %d: %lld lines, %lld lost: %s", fault->name, n,
            (long long)sight.words, (long long)sight.lost, sight.first);
    CHECK_INT(sight.unsynced, hit && fault->call == SHIM_FSYNC);
    CHECK(!hit || counts.failures == 1 || fault->error == EINTR || fault->call == SHIM_SHORT ||
          fault->call == SHIM_CLOSE);
    close_scene(&s);
    return hit;
}

static void test_each_call(void)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        int n = 1;
        while (n < 1000 && fail_nth(&faults[i], n))
            n++;
        if (n - 1 < faults[i].least)
            check_fail(__FILE__, __LINE__, "%s: only %d calls could be made to fail", faults[i].name, n - 1);
    }
}

/* ---- a disk that is full in the middle of a line ---- */

static void limit_file(const struct scene *s, int64_t more)
{
    struct stat st;
    struct rlimit limit;
    CHECK_INT(stat(s->path, &st), 0);
    CHECK_INT(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = more < 0 ? limit.rlim_max : (rlim_t)(st.st_size + more);
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_full(void)
{
    struct scene s;
    signal(SIGXFSZ, SIG_IGN);
    open_scene(&s, 1 << 20);
    append(&s);
    for (int more = 0; more < 250; more += 7) {
        limit_file(&s, more);
        append(&s);
        append(&s);
        limit_file(&s, -1);
        append(&s);
    }
    struct sight sight = look(&s);
    CHECK_TEXT(sight.first, "");
    CHECK_INT(sight.torn, 0); /* half a line was taken back */
    CHECK_INT(sight.words + sight.lost, s.appended);
    CHECK(sight.gaps > 30);
    close_scene(&s);
}

/* And cannot be taken back: it is described when the next line can be written, also by another process. */
static void test_full_and_torn(void)
{
    for (int restart = 0; restart < 2; restart++) {
        struct scene s;
        open_scene(&s, 1 << 20);
        append(&s);
        limit_file(&s, 20);
        shim_arm(shim_control(), SHIM_TRUNCATE, 1, EIO);
        append(&s);
        CHECK_INT(atomic_load(&shim_control()->hits), 1);
        disarm();
        limit_file(&s, -1);
        if (restart) {
            log_file_close(s.file);
            open_file(&s, 1 << 20);
        }
        append(&s);
        struct sight sight = look(&s);
        CHECK_TEXT(sight.first, "");
        CHECK_INT(sight.torn, 1);
        CHECK_INT(sight.verifier.torn, 1);
        CHECK_INT(sight.words, 2);
        CHECK_INT(sight.lost, restart ? 0 : 1);
        close_scene(&s);
    }
}

static const struct check_test tests[] = {
    {"each call fails once", test_each_call},
    {"a full disk takes whole lines only", test_full},
    {"half a line that stays is described", test_full_and_torn},
};
CHECK_MAIN(tests)
