#include "daemon/ops/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define STATUS_MAX 512 /* bytes; longer ones are cut */

/* A path, or with "@" a name in the abstract space. Its length, or 0. */
static socklen_t parse_address(struct sockaddr_un *address, const char *text)
{
    size_t n = strlen(text);
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if ((text[0] != '/' && text[0] != '@') || n < 2 || n >= sizeof address->sun_path)
        return 0;
    memcpy(address->sun_path, text, n);
    if (text[0] == '@')
        address->sun_path[0] = 0;
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + (text[0] == '/'));
}

int notify_send(const char *state)
{
    struct sockaddr_un address;
    const char *text = getenv("NOTIFY_SOCKET");
    if (!text || !*text)
        return 0;
    socklen_t length = parse_address(&address, text);
    if (length == 0) {
        errno = EINVAL;
        return -1;
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    ssize_t sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address, length);
    int failure = errno;
    close(fd);
    errno = failure;
    return sent < 0 ? -1 : 1;
}

static int send_status(const char *before, const char *status)
{
    char state[STATUS_MAX];
    snprintf(state, sizeof state, "%sSTATUS=%s", before, status);
    for (char *at = strstr(state, "STATUS="); *at; at++)
        if (*at == '\n')
            *at = ' '; /* a line break would begin another variable */
    return notify_send(state);
}

int notify_ready(const char *status)
{
    return send_status("READY=1\n", status);
}

int notify_status(const char *status)
{
    return send_status("", status);
}

int notify_stopping(void)
{
    return notify_send("STOPPING=1");
}

int notify_watchdog(void)
{
    return notify_send("WATCHDOG=1");
}

int64_t notify_watchdog_interval(void)
{
    const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    if (!usec || (pid && strtol(pid, NULL, 10) != (long)getpid()))
        return 0;
    long long granted = strtoll(usec, NULL, 10);
    return granted >= 2000 ? granted / 2000 : 0;
}
