/* Runs a command and writes to a file how many ms it took and its peak memory in KiB.
 *
 *   spend FILE COMMAND... */
#include "daemon/ops/clock.h"

#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct rusage u;
    int status = 0;
    if (argc < 3) {
        fprintf(stderr, "usage: spend FILE COMMAND...\n");
        return 64;
    }
    int64_t started = clock_monotonic_ns();
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &u) != pid)
        return 71;
    FILE *out = fopen(argv[1], "we");
    if (!out)
        return 73;
    fprintf(out, "%lld %ld\n", (long long)((clock_monotonic_ns() - started) / 1000000), u.ru_maxrss);
    if (fclose(out) != 0)
        return 74;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
