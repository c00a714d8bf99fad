/* The log file of the real daemon: it is whole after kills, restarts, new files and full disks; what is
 * changed in it, or cut off, is found by the tool and by the daemon itself; what people do is in it, and no
 * person is. */
#include "tests/support/check.h"
#include "tests/support/files.h"
#include "tests/support/month.h"
#include "tests/support/process.h"

#include "daemon/base/memory.h"
#include "daemon/ops/log_shelf.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#define HANDLER "zhang.san-13912345678"

struct scene {
    struct redis_server server;
    redisContext *client;
    struct month month;
    struct process daemon;
    char *log, *key_set, *log_set, *url_set, *out;
};

static void open_scene(struct scene *s)
{
    memset(s, 0, sizeof *s);
    redis_start(&s->server, NULL);
    s->client = redis_client(&s->server);
    month_init(&s->month, check_seed);
    process_init(&s->daemon);
    files_write(
        s->daemon.dir, "key", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n", 0600);
    files_write(s->daemon.dir, "persons", "00112233445566778899aabbccddeeff\n", 0600);
    s->log = files_path(s->daemon.dir, "sealed/jiandu.log");
    s->out = files_path(s->daemon.dir, "out");
    s->key_set = memory_format("log.key_file=%s/key", s->daemon.dir);
    s->log_set = memory_format("log.file=%s", s->log);
    s->url_set = memory_format("redis.url=%s", s->server.url);
}

static void close_scene(struct scene *s)
{
    process_fini(&s->daemon);
    month_fini(&s->month);
    redisFree(s->client);
    redis_remove(&s->server);
    char *texts[] = {s->log, s->out, s->key_set, s->log_set, s->url_set};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
}

static void start(struct scene *s, const char *set)
{
    process_start(&s->daemon, &s->server, (const char *const[]){s->key_set, "instance=a", set, NULL});
}

static void send_and_wait(struct scene *s, size_t parts)
{
    month_send(&s->month, s->client, s->month.count / parts + 1);
    WAIT_UNTIL(month_committed(&s->month, s->client));
}

/* The exit code of `jianductl log verify`, with all files, the key, and the anchor in Redis. */
static int verify(struct scene *s)
{
    return process_code(
        (const char *const[]){"jianductl", "log", "verify", "--config", "config/jiandu.json", "--set",
            s->log_set, "--set", s->key_set, "--set", "instance=a", "--set", s->url_set, NULL},
        s->out);
}

static bool verify_said(const struct scene *s, const char *text)
{
    char *said = files_read(s->out, NULL);
    bool found = said && strstr(said, text);
    if (!found)
        printf("# verify said %s\n", said ? said : "nothing");
    free(said);
    return found;
}

/* How many lines of the log and its older files hold this text. */
static int lines_with(const struct scene *s, const char *text)
{
    process_run((const char *const[]){"jianductl", "log", "grep", "--json", text, "--config",
                    "config/jiandu.json", "--set", s->log_set, NULL},
        s->out);
    char *found = files_read(s->out, NULL);
    int lines = 0;
    for (const char *p = found; p && *p; p++)
        lines += *p == '\n';
    free(found);
    return lines;
}

static void test_kills_and_restarts(void)
{
    struct scene s;
    open_scene(&s);
    for (int i = 0; i < 6; i++) {
        start(&s, NULL);
        month_send(&s.month, s.client, s.month.count / 8 + 1);
        WAIT_UNTIL(process_logged(&s.daemon, "\"running\"") == i + 1);
        if (i % 2) {
            WAIT_UNTIL(month_committed(&s.month, s.client));
        }
        process_signal(&s.daemon, SIGKILL);
        CHECK_INT(process_wait(&s.daemon, 5000), 128 + SIGKILL);
        CHECK(redis_ok(s.client, "DEL jiandu:{main}:owner"));
        CHECK_INT(verify(&s), 0);
    }
    start(&s, NULL);
    month_check(&s.month, s.client);
    CHECK_INT(process_stop(&s.daemon), 0);
    CHECK_INT(verify(&s), 0);
    CHECK(verify_said(&s, "whole and in order\n"));
    CHECK_INT(process_logged(&s.daemon, "log_cut"), 0);
    CHECK_INT(lines_with(&s, "\"event\":\"started\""), 7);
    CHECK_INT(lines_with(&s, "\"event\":\"lead\""), 7);
    CHECK_INT(process_logged(&s.daemon, "\"log_head\""), 1); /* at the one good stop */
    close_scene(&s);
}

/* The daemon's own new files, and a rename by another program. */
static void test_files(void)
{
    struct scene s;
    struct stat st;
    open_scene(&s);
    start(&s, "log.size=16384");
    send_and_wait(&s, 2);
    char *other = files_path(s.daemon.dir, "sealed/jiandu.log.1");
    CHECK_INT(rename(s.log, other), 0);
    process_signal(&s.daemon, SIGHUP);
    WAIT_UNTIL(stat(s.log, &st) == 0 && st.st_size > 0);
    month_check(&s.month, s.client);
    CHECK_INT(process_stop(&s.daemon), 0);
    size_t count;
    char **older = log_shelf_list(s.log, &count);
    CHECK(count > 0);
    CHECK_INT(verify(&s), 65); /* one file is not there */
    CHECK(verify_said(&s, "are missing"));
    char *name = memory_format("%s-%012d", s.log, 0);
    CHECK_INT(rename(other, name), 0);
    CHECK_INT(verify(&s), 0);
    for (size_t i = 0; i < count; i++)
        free(older[i]);
    free(older);
    free(name);
    free(other);
    close_scene(&s);
}

static void cut(const struct scene *s, int lines)
{
    size_t length;
    char *log = files_read(s->log, &length);
    for (size_t n = length - 1; n > 0 && lines > 0; n--)
        if (log[n - 1] == '\n' && --lines == 0)
            CHECK_INT(truncate(s->log, (off_t)n), 0);
    free(log);
}

/* Redis knows what the log had: the tool says so, and the daemon at its next start, in the log itself. */
static void test_cut(void)
{
    struct scene s;
    open_scene(&s);
    start(&s, NULL);
    send_and_wait(&s, 2);
    process_signal(&s.daemon, SIGKILL); /* so that nothing follows the last commit */
    CHECK_INT(process_wait(&s.daemon, 5000), 128 + SIGKILL);
    CHECK(redis_ok(s.client, "DEL jiandu:{main}:owner"));
    CHECK_INT(verify(&s), 0);
    cut(&s, 3);
    CHECK_INT(verify(&s), 65);
    CHECK(verify_said(&s, "its end was cut off"));
    start(&s, NULL);
    WAIT_UNTIL(process_logged(&s.daemon, "\"log_cut\"") == 1);
    month_check(&s.month, s.client);
    CHECK_INT(process_stop(&s.daemon), 0);
    CHECK_INT(lines_with(&s, "\"event\":\"log_cut\""), 1);
    close_scene(&s);
}

static void test_changed(void)
{
    struct scene s;
    open_scene(&s);
    start(&s, NULL);
    send_and_wait(&s, 4);
    CHECK_INT(process_stop(&s.daemon), 0);
    CHECK_INT(verify(&s), 0);
    char *log = files_read(s.log, NULL), *at = strstr(log, "\"alert\"");
    REQUIRE(at != NULL);
    at = strstr(at, "\"score\":");
    REQUIRE(at != NULL);
    at[8] = at[8] == '9' ? '8' : '9';
    unlink(s.log);
    files_write(s.daemon.dir, "sealed/jiandu.log", log, 0600);
    CHECK_INT(verify(&s), 65);
    CHECK(verify_said(&s, "was changed"));
    CHECK(verify_said(&s, s.log));
    free(log);
    close_scene(&s);
}

/* ---- who did what ---- */

static void test_people(bool key)
{
    static const char time_of_month[] = "1795507200000";
    struct scene s;
    open_scene(&s);
    char *persons = memory_format("privacy.pseudonym_key_file=%s/persons", s.daemon.dir);
    start(&s, key ? persons : NULL);
    for (int i = 0; i < 5; i++)
        CHECK(redis_ok(s.client,
            "XADD jiandu:{main}:events %s-%d type registry time %s list contractor key c%d value u1 account "
            "uid:7 "
            "operator " HANDLER,
            time_of_month, i + 1, time_of_month, i));
    CHECK(redis_ok(s.client,
        "XADD jiandu:{main}:events %s-6 type verdict time %s alert 0123456789abcdef verdict cleared office "
        "national "
        "account uid:7 operator " HANDLER " reason " HANDLER,
        time_of_month, time_of_month));
    for (int i = 0; i < 300; i++)
        CHECK(redis_ok(s.client, "XADD jiandu:{main}:events %s-%d type " HANDLER " phone 13912345678",
            time_of_month, i + 7));
    WAIT_UNTIL(redis_int(s.client, "XLEN jiandu:{main}:dead") == 300);
    CHECK_INT(process_stop(&s.daemon), 0);
    /* HMAC-SHA256, by hand, of "operator:" and the name */
    const char *name = key ? "\"by\":\"86f68425:314875600481bc8cfb6e02d4fa4a1b7a\"" : "\"by\":\"\"";
    char *verdict = memory_format(
        "\"msg\":\"cleared\",\"alert\":\"0123456789abcdef\",\"office\":\"national\",\"account\":\"uid:7\",%s",
        name);
    char *registry = memory_format("\"list\":\"contractor\",\"entries\":5,\"account\":\"uid:7\",%s", name);
    CHECK_INT(lines_with(&s, verdict), 1);
    CHECK_INT(lines_with(&s, registry), 1);
    CHECK_INT(lines_with(&s, "\"event\":\"dead_letter\""), 1);
    CHECK_INT(lines_with(&s, "13912345678"), 0);
    CHECK_INT(lines_with(&s, "zhang"), 0);
    CHECK_INT(process_logged(&s.daemon, "13912345678"), 0);
    CHECK_INT(verify(&s), 0);
    free(verdict);
    free(registry);
    free(persons);
    close_scene(&s);
}

static void test_pseudonyms(void)
{
    test_people(true);
}

static void test_no_key_no_persons(void)
{
    test_people(false);
}

/* ---- the disk ---- */

static void test_disk(void)
{
    static const struct {
        enum shim_call call;
        int error;
        const char *says, *then;
    } faults[] = {
        {SHIM_WRITE, ENOSPC, "write: No space left on device", "\"event\":\"log_gap\""},
        {SHIM_FSYNC, EIO, "fsync of the log file: Input/output error", "\"event\":\"log_unsynced\""},
    };
    struct scene s;
    open_scene(&s);
    snprintf(s.daemon.shim->under, sizeof s.daemon.shim->under, "%s/sealed", s.daemon.dir);
    start(&s, NULL);
    send_and_wait(&s, 4);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        shim_arm(s.daemon.shim, faults[i].call, 1, faults[i].error);
        process_signal(&s.daemon, SIGHUP); /* a warning: written, and synced */
        WAIT_UNTIL(process_logged(&s.daemon, faults[i].says) == 1);
        send_and_wait(&s, 4);
        process_signal(&s.daemon, SIGHUP);
        WAIT_UNTIL(lines_with(&s, faults[i].then) == 1);
    }
    month_check(&s.month, s.client);
    CHECK_INT(process_stop(&s.daemon), 0);
    CHECK_INT(verify(&s), 0);
    close_scene(&s);
}

static void test_not_ours(void)
{
    struct scene s;
    open_scene(&s);
    files_write(s.daemon.dir, "plain", "x", 0600);
    char *set = memory_format("log.file=%s/plain/jiandu.log", s.daemon.dir);
    start(&s, set);
    CHECK_INT(process_wait(&s.daemon, 5000), 74);
    CHECK_INT(process_logged(&s.daemon, "plain/jiandu.log: Not a directory"), 1);
    free(set);
    close_scene(&s);
}

static const struct check_test tests[] = {
    {"whole after kills and restarts, up to the last commit", test_kills_and_restarts},
    {"new files go on with the chain", test_files},
    {"a tail that was cut off is found", test_cut},
    {"a changed line is found", test_changed},
    {"verdicts, registries and dead letters, with pseudonyms", test_pseudonyms},
    {"without a key persons are left out", test_no_key_no_persons},
    {"a disk that fails stops nothing, and is told", test_disk},
    {"a log that cannot be opened is said", test_not_ours},
};
CHECK_MAIN(tests)
