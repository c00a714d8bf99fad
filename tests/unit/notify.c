#include "tests/support/check.h"
#include "tests/support/files.h"

#include "daemon/ops/notify.h"

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listen_at(const char *path, size_t n)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, path, n);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
    CHECK_INT(bind(fd, (const struct sockaddr *)&address, length), 0);
    return fd;
}

static void check_received(int fd, const char *expected)
{
    char text[1024] = "";
    ssize_t n = recv(fd, text, sizeof text - 1, 0);
    CHECK(n > 0);
    CHECK_TEXT(text, expected);
}

static void check_messages(int fd)
{
    CHECK_INT(notify_ready("reading at 5-0"), 1);
    check_received(fd, "READY=1\nSTATUS=reading at 5-0");
    CHECK_INT(notify_status("two\nREADY=1"), 1);
    check_received(fd, "STATUS=two READY=1");
    CHECK_INT(notify_watchdog(), 1);
    check_received(fd, "WATCHDOG=1");
    CHECK_INT(notify_stopping(), 1);
    check_received(fd, "STOPPING=1");
}

static void test_path(void)
{
    char *folder = files_temp(), *path = files_path(folder, "notify");
    int fd = listen_at(path, strlen(path) + 1);
    setenv("NOTIFY_SOCKET", path, 1);
    check_messages(fd);
    close(fd);
    unlink(path);
    CHECK_INT(notify_watchdog(), -1);
    CHECK_INT(errno, ENOENT);
    free(path);
    files_remove(folder);
}

static void test_abstract(void)
{
    char name[64];
    int n = snprintf(name, sizeof name, "@jiandu-test-%d", (int)getpid());
    setenv("NOTIFY_SOCKET", name, 1);
    name[0] = 0;
    int fd = listen_at(name, (size_t)n);
    check_messages(fd);
    close(fd);
}

static void test_nobody(void)
{
    unsetenv("NOTIFY_SOCKET");
    CHECK_INT(notify_ready("x"), 0);
    setenv("NOTIFY_SOCKET", "relative", 1);
    CHECK_INT(notify_ready("x"), -1);
    CHECK_INT(errno, EINVAL);
    unsetenv("NOTIFY_SOCKET");
}

static void test_watchdog_interval(void)
{
    char pid[32];
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    CHECK_INT(notify_watchdog_interval(), 0);
    setenv("WATCHDOG_USEC", "30000000", 1);
    CHECK_INT(notify_watchdog_interval(), 15000);
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    setenv("WATCHDOG_PID", pid, 1);
    CHECK_INT(notify_watchdog_interval(), 15000);
    setenv("WATCHDOG_PID", "1", 1);
    CHECK_INT(notify_watchdog_interval(), 0);
}

static const struct check_test tests[] = {
    {"messages reach a socket with a path", test_path},
    {"messages reach an abstract socket", test_abstract},
    {"without a socket nothing is sent", test_nobody},
    {"the watchdog's interval", test_watchdog_interval},
};
CHECK_MAIN(tests)
