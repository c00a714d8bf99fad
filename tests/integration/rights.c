/* config/acl/users.acl on a real server: each role does its work, and is refused whatever else it tries. */
#include "tests/support/check.h"
#include "tests/support/files.h"
#include "tests/support/month.h"
#include "tests/support/process.h"

#include <unistd.h>

#include "daemon/stream/function_library.h"

#define K "jiandu:{main}:"

static const char *const roles[] = {"detector", "producer", "reviewer", "desk", "monitor", "deploy"};
#define ROLES (sizeof roles / sizeof *roles)

struct scene {
    struct redis_server server;
    const char *options[4];
    char *folder, *acl; /* of the roles with passwords, and of the password files */
    redisContext *admin;
};

/* The file with a password for each role, "ROLE-s3cret", and one user more, who may do everything. */
static void write_users(struct scene *s)
{
    char *text = files_read("config/acl/users.acl", NULL), line[64], *whole = NULL;
    size_t size;
    FILE *out = open_memstream(&whole, &size);
    REQUIRE(text && out);
    fputs("user admin on >admin-s3cret ~* &* +@all\n", out);
    for (char *rest = text, *end; (end = strchr(rest, '\n')); rest = end + 1) {
        char name[32] = "";
        int used = 0;
        *end = 0;
        if (sscanf(rest, "user %31s on%n", name, &used) == 1 && used)
            fprintf(out, "user %s on >%s-s3cret%s\n", name, name, rest + used);
        else
            fprintf(out, "%s\n", rest);
    }
    fclose(out);
    files_write(s->folder, "users.acl", whole, 0600);
    for (size_t i = 0; i < ROLES; i++) {
        snprintf(line, sizeof line, "%s-s3cret\n", roles[i]);
        files_write(s->folder, roles[i], line, 0600);
    }
    free(whole);
    free(text);
}

static redisContext *connect_as(const struct scene *s, const char *user)
{
    redisContext *c = redisConnectUnix(s->server.socket);
    redisReply *reply = redis_do(c, "AUTH %s %s-s3cret", user, user);
    CHECK(reply->type == REDIS_REPLY_STATUS);
    freeReplyObject(reply);
    return c;
}

static void load_functions(const struct scene *s)
{
    redisContext *deploy = connect_as(s, "deploy");
    CHECK(redis_ok(deploy, "FUNCTION LOAD REPLACE %s", function_library_text));
    redisFree(deploy);
}

static void open_scene(struct scene *s)
{
    memset(s, 0, sizeof *s);
    s->folder = files_temp();
    write_users(s);
    s->acl = files_path(s->folder, "users.acl");
    s->options[0] = "--aclfile";
    s->options[1] = s->acl;
    redis_start(&s->server, s->options);
    s->admin = connect_as(s, "admin");
}

static void close_scene(struct scene *s)
{
    redisFree(s->admin);
    redis_remove(&s->server);
    free(s->acl);
    files_remove(s->folder);
}

/* "redis.user=ROLE" and "redis.password_file=..." for --set. */
struct identity {
    char user[64], password[256];
};

static struct identity identity_of(const struct scene *s, const char *role)
{
    struct identity i;
    snprintf(i.user, sizeof i.user, "redis.user=%s", role);
    snprintf(i.password, sizeof i.password, "redis.password_file=%s/%s", s->folder, role);
    return i;
}

/* Runs `jianductl COMMAND [MORE [VALUE]]` as a role; what it says, to be freed. */
static char *tool(
    const struct scene *s, const char *role, const char *command, const char *more, const char *value)
{
    struct identity who = identity_of(s, role);
    char url[128], *path = files_path(s->folder, "out");
    snprintf(url, sizeof url, "redis.url=%s", s->server.url);
    const char *argv[12] = {"jianductl", command};
    int n = 2;
    if (more)
        argv[n++] = more;
    if (value)
        argv[n++] = value;
    const char *const rest[] = {
        "--config", "config/jiandu.json", "--set", url, "--set", who.user, "--set", who.password, NULL};
    memcpy(argv + n, rest, sizeof rest);
    process_run(argv, path);
    char *text = files_read(path, NULL);
    free(path);
    return text;
}

static void check_tool(const struct scene *s, const char *role, const char *command, const char *more,
    const char *value, const char *part)
{
    char *said = tool(s, role, command, more, value);
    if (!said || !strstr(said, part))
        check_fail(__FILE__, __LINE__, "%s as %s: \"%s\" is not in \"%.200s\"", command, role, part,
            said ? said : "");
    free(said);
}

static bool stands_by(const struct scene *s)
{
    redisReply *reply = redis_do(s->admin, "HGET " K "standby b");
    bool warm = reply->type == REDIS_REPLY_STRING && strstr(reply->str, "\"state\":\"warm\"");
    freeReplyObject(reply);
    return warm;
}

/* A month by two daemons, and what people do with it; Redis has had nothing to refuse. */
static void test_work(void)
{
    struct scene s;
    struct process p, other;
    struct month month;
    open_scene(&s);
    load_functions(&s);
    month_init(&month, check_seed);
    process_init(&p);
    struct identity detector = identity_of(&s, "detector");
    const char *const sets[] = {detector.user, detector.password, NULL};
    const char *const second[] = {detector.user, detector.password, "instance=b", NULL};
    process_start(&p, &s.server, sets);
    month_check(&month, s.admin);
    process_init(&other);
    process_start(&other, &s.server, second);
    WAIT_UNTIL(stands_by(&s));
    check_tool(&s, "monitor", "status", NULL, NULL, "lag        0 entries");
    check_tool(&s, "monitor", "status", NULL, NULL, "warm, 0 entries behind");
    check_tool(&s, "deploy", "handover", NULL, NULL, " has handed over to b in ");
    CHECK_INT(process_logged(&p, "\"event\":\"handover\""), 1);
    check_tool(&s, "reviewer", "alerts", NULL, NULL, "Suspected");
    check_tool(&s, "reviewer", "alerts", "--office", "shenzhen", "Suspected");
    check_tool(&s, "desk", "progress", NULL, NULL, "units");
    char id[17] = "";
    CHECK_INT(sscanf(month.expected, "{\"id\":\"%16[0-9a-f]", id), 1);
    check_tool(&s, "reviewer", "explain", id, NULL, "score");
    check_tool(&s, "producer", "simulate", "--start=2026-03-01", "--days=1", "events");
    check_tool(&s, "producer", "registry", "load", "config/registries/units.csv", "rows sent to");
    CHECK_INT(process_stop(&p), 0);
    CHECK_INT(process_stop(&other), 0);
    redisReply *log = redis_do(s.admin, "ACL LOG");
    CHECK_INT(log->elements, 0);
    freeReplyObject(log);
    process_fini(&p);
    process_fini(&other);
    month_fini(&month);
    close_scene(&s);
}

/* The daemon may not load functions: it says what is to be done, and ends. */
static void test_functions_are_deployed(void)
{
    struct scene s;
    struct process p;
    open_scene(&s);
    process_init(&p);
    struct identity detector = identity_of(&s, "detector");
    const char *const sets[] = {detector.user, detector.password, NULL};
    process_start(&p, &s.server, sets);
    CHECK_INT(process_wait(&p, 10000), 78);
    CHECK_INT(
        process_logged(&p, "the function library jiandu 2 is missing in Redis and may not be loaded"), 1);
    CHECK_INT(process_logged(&p, "s3cret"), 0);
    process_fini(&p);
    close_scene(&s);
}

/* Who may: d(etector) p(roducer) r(eviewer) k (desk) m(onitor) y (deploy). */
static const struct attempt {
    const char *command, *may;
} attempts[] = {
    {"PING", "dprkmy"},
    /* the input */
    {"XADD " K "events * type tick time 1", "pk"},
    {"XREAD COUNT 1 STREAMS " K "events 0", "d"},
    {"XRANGE " K "events - + COUNT 1", "d"},
    {"XREVRANGE " K "events + - COUNT 1", ""},
    {"XREADGROUP GROUP jiandu x STREAMS " K "events >", ""},
    {"XINFO STREAM " K "events", "dm"},
    {"XINFO GROUPS " K "events", "dm"},
    {"XLEN " K "events", "m"},
    {"EXISTS " K "events", "m"},
    {"XGROUP SETID " K "events jiandu 0 ENTRIESREAD 0", "d"},
    {"XGROUP CREATE " K "events jiandu 0", "d"},
    {"XGROUP DESTROY " K "events jiandu", ""},
    {"XDEL " K "events 1-1", ""},
    {"XTRIM " K "events MAXLEN 0", ""},
    {"XSETID " K "events 9-9", ""},
    {"RENAME " K "events " K "gone", ""},
    {"DEL " K "events", ""},
    {"UNLINK " K "events", ""},
    {"EXPIRE " K "events 1", ""},
    /* alerts and reports */
    {"XADD " K "alerts 1-1 a b", "d"},
    {"XRANGE " K "alerts - + COUNT 1", "drk"},
    {"XREAD COUNT 1 STREAMS " K "alerts 0", "rk"},
    {"XREAD COUNT 1 STREAMS " K "alerts:shenzhen 0", "rk"},
    {"XREVRANGE " K "alerts + - COUNT 1", "rk"},
    {"XREVRANGE " K "reports:shenzhen + - COUNT 1", "rk"},
    {"XLEN " K "alerts", "rkm"},
    {"XREAD COUNT 1 STREAMS " K "shadow 0", "r"},
    {"XINFO STREAM " K "alerts", ""},
    {"XDEL " K "alerts 1-1", ""},
    {"XTRIM " K "alerts MAXLEN 0", ""},
    {"XADD " K "reports 1-1 a b", "d"},
    {"XTRIM " K "reports MAXLEN 0", ""},
    {"RENAME " K "alerts " K "gone", ""},
    {"DEL " K "alerts", ""},
    {"COPY " K "alerts " K "alerts:x", ""},
    {"DUMP " K "alerts", ""},
    /* whole events, with persons in them */
    {"XADD " K "dead 1-1 a b", "d"},
    {"XRANGE " K "dead - + COUNT 1", "d"},
    {"XREAD COUNT 1 STREAMS " K "dead 0", ""},
    {"XLEN " K "dead", "m"},
    {"DEL " K "dead", ""},
    /* progress and lease */
    {"HGETALL " K "progress", "dmy"},
    {"HSET " K "progress x y", "d"},
    {"DEL " K "progress", ""},
    {"GET " K "owner", "d"},
    {"PTTL " K "owner", "dm"},
    {"SET " K "owner x PX 1", "d"},
    {"DEL " K "owner", "d"},
    /* who stands by, and hand-overs */
    {"HGETALL " K "standby", "dmy"},
    {"HSET " K "standby x y", "d"},
    {"DEL " K "standby", ""},
    {"GET " K "handover", "d"},
    {"SET " K "handover x PX 1", "y"},
    {"FCALL jiandu_stand_by 1 " K "standby a 1 b", "d"},
    {"FCALL jiandu_handover 4 " K "owner " K "progress " K "standby " K "handover me 1", "y"},
    /* functions */
    {"FCALL_RO jiandu_version 0", "d"},
    {"FCALL jiandu_renew 1 " K "owner token 1000", "d"},
    {"FCALL jiandu_release 1 " K "owner token", "d"},
    {"FCALL jiandu_release 1 jiandu:{south}:owner token", ""},
    {"FCALL jiandu_acquire 4 jiandu:{south}:owner jiandu:{south}:progress jiandu:{south}:standby "
     "jiandu:{south}:handover a 1 b 0-0 0 0",
        ""},
    {"FCALL jiandu_version 0", ""},
    {"FCALL other 0", ""},
    {"FUNCTION LIST", "y"},
    {"FUNCTION LOAD nothing", "y"},
    {"FUNCTION DELETE jiandu", ""},
    {"FUNCTION FLUSH", ""},
    {"FUNCTION DUMP", ""},
    {"FUNCTION KILL", ""},
    {"EVAL return(1) 0", ""},
    {"EVAL_RO return(1) 0", ""},
    {"SCRIPT LOAD return(1)", ""},
    /* what is others' */
    {"SET other 1", ""},
    {"GET other", ""},
    {"XADD jiandu:{south}:events * type tick time 1", ""},
    {"XREAD COUNT 1 STREAMS jiandu:{south}:events 0", ""},
    {"XREAD COUNT 1 STREAMS jiandu:{south}:alerts 0", ""},
    {"XADD jiandu:{south}:alerts 1-1 a b", ""},
    {"HGETALL jiandu:{south}:progress", ""},
    {"KEYS *", ""},
    {"SCAN 0", ""},
    {"RANDOMKEY", ""},
    {"DBSIZE", ""},
    {"SELECT 1", ""},
    {"MULTI", ""},
    {"PUBLISH x y", ""},
    {"SUBSCRIBE x", ""},
    /* the server */
    {"INFO", "m"},
    {"LATENCY LATEST", "m"},
    {"LATENCY RESET", ""},
    {"CONFIG GET dir", ""},
    {"CONFIG SET maxmemory 0", ""},
    {"ACL LIST", ""},
    {"ACL SETUSER detector nopass", ""},
    {"CLIENT LIST", ""},
    {"CLIENT KILL TYPE normal", ""},
    {"CLIENT PAUSE 1", ""},
    {"REPLICAOF NO ONE", ""},
    {"BGREWRITEAOF", ""},
    {"SAVE", ""},
    {"MONITOR", ""},
    {"SWAPDB 0 1", ""},
    {"FLUSHDB", ""},
    {"FLUSHALL", ""},
    {"MODULE LIST", ""},
    {"SHUTDOWN NOSAVE", ""},
};

static void test_attempts(void)
{
    static const char letters[] = "dprkmy";
    struct scene s;
    open_scene(&s);
    load_functions(&s);
    for (size_t role = 0; role < ROLES; role++) {
        redisContext *c = connect_as(&s, roles[role]);
        for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
            redisReply *reply = redis_do(c, attempts[i].command);
            bool refused = reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "NOPERM", 6) == 0;
            bool may = strchr(attempts[i].may, letters[role]) != NULL;
            if (refused == may)
                check_fail(__FILE__, __LINE__, "%s %s: %s", roles[role], attempts[i].command,
                    refused ? reply->str : "was let through");
            freeReplyObject(reply);
        }
        redisFree(c);
    }
    close_scene(&s);
}

/* Nobody comes in without a name, or, as the file is delivered, without a password of his own. */
static void test_nobody(void)
{
    struct scene s;
    open_scene(&s);
    redisContext *c = redisConnectUnix(s.server.socket);
    redisReply *reply = redis_do(c, "PING");
    CHECK(reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "NOAUTH", 6) == 0);
    freeReplyObject(reply);
    char *delivered = files_read("config/acl/users.acl", NULL);
    CHECK(delivered && !strchr(delivered, '>') && !strchr(delivered, '#') && !strstr(delivered, "nopass"));
    files_write(s.folder, "users.acl", delivered, 0600);
    CHECK(redis_ok(s.admin, "ACL LOAD"));
    for (size_t i = 0; i < ROLES; i++) {
        reply = redis_do(c, "AUTH %s %s", roles[i], "");
        CHECK(reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "WRONGPASS", 9) == 0);
        freeReplyObject(reply);
    }
    free(delivered);
    redisFree(c);
    close_scene(&s);
}

static const struct check_test tests[] = {
    {"each role does its work", test_work},
    {"functions are deployed, not loaded by the daemon", test_functions_are_deployed},
    {"each role tries everything else", test_attempts},
    {"nobody without a name and a password", test_nobody},
};

CHECK_MAIN(tests)
