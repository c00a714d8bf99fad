#include "tests/support/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/memory.h"
#include "tests/support/files.h"

#define ARGUMENTS_MAX 64
#define PROCESSES_MAX 4

static struct process *processes[PROCESSES_MAX]; /* so that atexit finds them */

static _Noreturn void give_up(const char *what)
{
    printf("Bail out! %s: %s\n", what, strerror(errno));
    fflush(stdout);
    exit(1);
}

void process_pause(int ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

static void remove_all(void)
{
    for (int i = 0; i < PROCESSES_MAX; i++)
        if (processes[i])
            process_fini(processes[i]);
}

static void remember(struct process *p)
{
    static bool registered;
    if (!registered)
        atexit(remove_all);
    registered = true;
    for (int i = 0; i < PROCESSES_MAX; i++)
        if (!processes[i]) {
            processes[i] = p;
            return;
        }
    errno = EAGAIN;
    give_up("too many processes");
}

void process_init(struct process *p)
{
    memset(p, 0, sizeof *p);
    snprintf(p->dir, sizeof p->dir, "/tmp/jiandu-process-XXXXXX");
    if (!mkdtemp(p->dir))
        give_up(p->dir);
    char *path = files_path(p->dir, "shim");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof *p->shim) != 0)
        give_up(path);
    p->shim = mmap(NULL, sizeof *p->shim, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p->shim == MAP_FAILED)
        give_up("mmap");
    close(fd);
    free(path);
    snprintf(p->shim->under, sizeof p->shim->under, "%s/state", p->dir);
    remember(p);
}

void process_fini(struct process *p)
{
    if (p->pid > 0) {
        process_signal(p, SIGKILL);
        process_wait(p, 5000);
    }
    for (int i = 0; i < PROCESSES_MAX; i++)
        if (processes[i] == p)
            processes[i] = NULL;
    munmap(p->shim, sizeof *p->shim);
    files_remove(memory_text(p->dir));
}

static _Noreturn void run(const struct process *p, const char *const *argv)
{
    char *log = files_path(p->dir, "log"), *shim = files_path(p->dir, "shim"),
         *library = files_built("shim.so");
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    setenv("LD_PRELOAD", library, 1);
    setenv("JIANDU_SHIM", shim, 1);
    execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

void process_start(struct process *p, const struct redis_server *server, const char *const *sets)
{
    char url[128], state[96], sealed[96];
    char *program = files_built("jiandud");
    const char *argv[ARGUMENTS_MAX] = {program, "--config", "config/jiandu.json", "--set", url, "--set",
        state, "--set", sealed, "--set", "http.listen=", "--set", "lease=1s", "--set", "snapshot.interval=1s",
        "--set", "input.count=50", "--set", "input.block=50ms", "--set", "commit_interval=20ms", "--set",
        "redis.command_timeout=500ms", "--set", "checks.interval=100ms"};
    int n = 1;
    snprintf(url, sizeof url, "redis.url=%s", server->url);
    snprintf(state, sizeof state, "state_dir=%s/state", p->dir);
    snprintf(sealed, sizeof sealed, "log.file=%s/sealed/jiandu.log", p->dir);
    while (argv[n])
        n++;
    for (const char *const *set = sets; set && *set && n + 2 < ARGUMENTS_MAX; set++) {
        argv[n++] = "--set";
        argv[n++] = *set;
    }
    p->pid = fork();
    if (p->pid < 0)
        give_up("fork");
    if (p->pid == 0)
        run(p, argv);
    free(program);
}

void process_signal(struct process *p, int signal_number)
{
    kill(p->pid, signal_number);
}

int process_wait(struct process *p, int ms)
{
    int status = 0;
    pid_t ended = 0;
    for (int waited = 0; waited <= ms && ended == 0; waited += 5) {
        ended = waitpid(p->pid, &status, WNOHANG);
        if (ended == 0)
            process_pause(5);
    }
    if (ended != p->pid)
        return -1;
    p->pid = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void process_complaints(const struct process *p)
{
    char *path = files_path(p->dir, "log"), *log = files_read(path, NULL);
    size_t length = log ? strlen(log) : 0;
    char *from = log && length > 4000 ? log + length - 4000 : log;
    for (char *line = from ? strtok(from, "\n") : NULL; line; line = strtok(NULL, "\n"))
        if (!strstr(line, "\"level\":\"info\""))
            printf("# %s\n", line);
    free(log);
    free(path);
}

int process_code(const char *const *argv, const char *output)
{
    int status = 0;
    pid_t pid = fork();
    if (pid < 0)
        give_up("fork");
    if (pid == 0) {
        dup2(open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
        execv(files_built(argv[0]), (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void process_run(const char *const *argv, const char *output)
{
    int code = process_code(argv, output);
    errno = ECHILD;
    if (code != 0)
        give_up(argv[1]);
}

int process_stop(struct process *p)
{
    process_signal(p, SIGTERM);
    return process_wait(p, 6000);
}

int process_logged(const struct process *p, const char *text)
{
    int lines = 0;
    char *path = files_path(p->dir, "log"), *log = files_read(path, NULL);
    for (char *line = log, *end; line && *line; line = end) {
        end = strchr(line, '\n');
        if (!end)
            break;
        *end++ = '\0';
        lines += strstr(line, text) != NULL;
    }
    free(log);
    free(path);
    return lines;
}
