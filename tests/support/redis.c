#include "tests/support/redis.h"

#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <fcntl.h>

#define SERVERS_MAX 8
#define ARGUMENTS_MAX 48

static struct redis_server *servers[SERVERS_MAX]; /* so that atexit finds them */

static _Noreturn void give_up(const char *what)
{
    printf("Bail out! %s: %s\n", what, strerror(errno));
    fflush(stdout);
    exit(1);
}

static void remove_all(void)
{
    for (int i = 0; i < SERVERS_MAX; i++) {
        if (servers[i])
            redis_remove(servers[i]);
    }
}

static void remember(struct redis_server *s)
{
    static bool registered;
    if (!registered)
        atexit(remove_all);
    registered = true;
    for (int i = 0; i < SERVERS_MAX; i++) {
        if (!servers[i]) {
            servers[i] = s;
            return;
        }
    }
    errno = EAGAIN;
    give_up("too many servers");
}

static void run_server(const struct redis_server *s)
{
    char port[16], tls_port[16];
    const char *argv[ARGUMENTS_MAX] = {"redis-server", "--port", port, "--bind", "127.0.0.1", "--unixsocket",
        s->socket, "--dir", s->dir, "--save", "", "--daemonize", "no", "--logfile", "redis.log", "--tls-port",
        tls_port};
    int n = 0;
    snprintf(port, sizeof port, "%d", s->port);
    snprintf(tls_port, sizeof tls_port, "%d", s->tls_port);
    while (argv[n])
        n++;
    for (const char *const *o = s->options; o && *o && n + 1 < ARGUMENTS_MAX; o++)
        argv[n++] = *o;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(null, 1);
    dup2(null, 2);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* Any answer will do, also that a password is needed, but not that it is still loading: writes would be lost.
 */
static bool answers(redisContext *c)
{
    redisReply *reply = redisCommand(c, "PING");
    bool loading = reply && reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "LOADING", 7) == 0;
    bool good = reply && !loading;
    if (reply)
        freeReplyObject(reply);
    return good;
}

static void begin(struct redis_server *s, bool loaded)
{
    unlink(s->socket);
    s->pid = fork();
    if (s->pid < 0)
        give_up("fork");
    if (s->pid == 0)
        run_server(s);
    for (int i = 0; i < 1000; i++) {
        redisContext *c = redisConnectUnix(s->socket);
        bool up = c && !c->err && (!loaded || answers(c));
        if (c)
            redisFree(c);
        if (up)
            return;
        if (waitpid(s->pid, NULL, WNOHANG) == s->pid) {
            s->pid = 0;
            break;
        }
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    give_up("redis-server does not start");
}

void redis_again(struct redis_server *s)
{
    begin(s, true);
}

void redis_again_loading(struct redis_server *s)
{
    begin(s, false);
}

static void prepare(struct redis_server *s, const char *const *options)
{
    memset(s, 0, sizeof *s);
    signal(SIGPIPE, SIG_IGN);
    snprintf(s->dir, sizeof s->dir, "/tmp/jiandu-test-XXXXXX");
    if (!mkdtemp(s->dir))
        give_up(s->dir);
    snprintf(s->socket, sizeof s->socket, "%s/redis.sock", s->dir);
    snprintf(s->url, sizeof s->url, "unix://%s", s->socket);
    s->options = options;
    remember(s);
}

void redis_start(struct redis_server *s, const char *const *options)
{
    prepare(s, options);
    redis_again(s);
}

static int free_port(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0 ||
        getsockname(fd, (struct sockaddr *)&a, &length) < 0)
        give_up("no free port");
    close(fd);
    return ntohs(a.sin_port);
}

void redis_start_tcp(struct redis_server *s, const char *const *options)
{
    prepare(s, options);
    s->port = free_port();
    snprintf(s->url, sizeof s->url, "redis://127.0.0.1:%d", s->port);
    redis_again(s);
}

void redis_start_tls(struct redis_server *s, const char *const *options)
{
    prepare(s, options);
    s->tls_port = free_port();
    snprintf(s->url, sizeof s->url, "rediss://localhost:%d", s->tls_port);
    redis_again(s);
}

static void end_with(struct redis_server *s, int signal_number)
{
    if (s->pid <= 0)
        return;
    kill(s->pid, signal_number);
    kill(s->pid, SIGCONT);
    waitpid(s->pid, NULL, 0);
    s->pid = 0;
}

void redis_kill(struct redis_server *s)
{
    end_with(s, SIGKILL);
}

void redis_end(struct redis_server *s)
{
    end_with(s, SIGTERM);
}

void redis_freeze(struct redis_server *s)
{
    kill(s->pid, SIGSTOP);
}

void redis_thaw(struct redis_server *s)
{
    kill(s->pid, SIGCONT);
}

static void remove_folder(const char *path)
{
    DIR *dir = opendir(path);
    if (!dir)
        return;
    struct dirent *entry;
    while ((entry = readdir(dir))) {
        char child[512];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
        struct stat st;
        if (lstat(child, &st) == 0 && S_ISDIR(st.st_mode))
            remove_folder(child);
        else
            unlink(child);
    }
    closedir(dir);
    rmdir(path);
}

void redis_remove(struct redis_server *s)
{
    redis_kill(s);
    if (s->dir[0])
        remove_folder(s->dir);
    s->dir[0] = '\0';
    for (int i = 0; i < SERVERS_MAX; i++) {
        if (servers[i] == s)
            servers[i] = NULL;
    }
}

redisContext *redis_client(const struct redis_server *s)
{
    redisContext *c = redisConnectUnix(s->socket);
    if (!c || c->err)
        give_up("the test's own connection");
    for (;;) { /* while it loads its data it takes no commands */
        redisReply *reply = redis_do(c, "PING");
        bool up = reply->type != REDIS_REPLY_ERROR;
        freeReplyObject(reply);
        if (up)
            return c;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

static redisReply *do_args(redisContext *c, const char *format, va_list args)
{
    redisReply *reply = redisvCommand(c, format, args);
    if (!reply) {
        errno = EIO;
        give_up("the test's own command");
    }
    return reply;
}

redisReply *redis_do(redisContext *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    redisReply *reply = do_args(c, format, args);
    va_end(args);
    return reply;
}

long long redis_int(redisContext *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    redisReply *reply = do_args(c, format, args);
    va_end(args);
    long long n = reply->type == REDIS_REPLY_INTEGER ? reply->integer : -1;
    freeReplyObject(reply);
    return n;
}

bool redis_ok(redisContext *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    redisReply *reply = do_args(c, format, args);
    va_end(args);
    bool ok = reply->type != REDIS_REPLY_ERROR;
    if (!ok)
        printf("# redis: %s\n", reply->str);
    freeReplyObject(reply);
    return ok;
}
