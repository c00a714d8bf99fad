#include "tests/support/authority.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/files.h"

#define ELLIPTIC "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"

/* In the authority's folder, without a word. */
static void openssl(const struct authority *a, const char *const *argv)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        if (chdir(a->folder) == 0)
            execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    if (pid > 0 && waitpid(pid, &status, 0) == pid && status == 0)
        return;
    printf("Bail out! openssl %s: status %d, %s\n", argv[1], status, strerror(errno));
    fflush(stdout);
    exit(1);
}

void authority_init(struct authority *a)
{
    a->folder = files_temp();
    files_write(a->folder, "request.cnf", "[req]\ndistinguished_name = name\n[name]\n", 0600);
    openssl(a, (const char *const[]){"openssl", "req", "-config", "request.cnf", "-x509", ELLIPTIC, "-keyout",
                   "ca.key", "-out", "ca.crt", "-subj", "/CN=authority", "-addext",
                   "basicConstraints=critical,CA:TRUE", "-days", "30", NULL});
}

void authority_fini(struct authority *a)
{
    files_remove(a->folder);
}

void authority_issue(const struct authority *a, const char *name, const char *alternatives, int days)
{
    char key[64], certificate[64], subject[80], extension[256], valid[16];
    snprintf(key, sizeof key, "%s.key", name);
    snprintf(certificate, sizeof certificate, "%s.crt", name);
    snprintf(subject, sizeof subject, "/CN=%s", name);
    snprintf(extension, sizeof extension, "subjectAltName=%s", alternatives);
    snprintf(valid, sizeof valid, "%d", days);
    openssl(a, (const char *const[]){"openssl", "req", "-config", "request.cnf", ELLIPTIC, "-keyout", key,
                   "-out", "request", "-subj", subject, "-addext", extension, NULL});
    openssl(a, (const char *const[]){"openssl", "x509", "-req", "-in", "request", "-CA", "ca.crt", "-CAkey",
                   "ca.key", "-CAcreateserial", "-copy_extensions", "copy", "-days", valid, "-out",
                   certificate, NULL});
}

char *authority_file(const struct authority *a, const char *file)
{
    return files_path(a->folder, file);
}
