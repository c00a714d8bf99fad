/* What systemd's watchdog is fed by: getting on, not the turning of the loop. */
#include "tests/support/check.h"
#include "tests/support/files.h"
#include "tests/support/instance.h"
#include "tests/support/loop.h"
#include "tests/support/process.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/base/memory.h"
#include "daemon/stream/service_parts.h"

#define INTERVAL "100000" /* us: what systemd would grant; half of it is the interval of the pings */
#define MANY 20           /* intervals */

/* ---- the service ---- */

static void test_alive(void)
{
    struct redis_server server = {0};
    struct instance i;
    struct event_base *base = event_base_new();
    redis_start(&server, NULL);
    instance_init(&i, base, &server, "a");
    instance_start(&i);
    LOOP_UNTIL(base, instance_running(&i));
    for (int k = 0; k < MANY; k++) { /* quiet */
        loop_for(base, 100);
        CHECK(service_alive(i.service));
    }
    redis_kill(&server);
    for (int k = 0; k < MANY; k++) { /* without Redis */
        loop_for(base, 100);
        CHECK(service_alive(i.service));
    }
    redis_again(&server);
    uint64_t commits = i.service->commits;
    redisContext *client = redis_client(&server);
    CHECK(redis_ok(client, "XADD jiandu:{t}:events 1-0 type tick time 1"));
    LOOP_UNTIL(base, i.service->commits > commits);
    CHECK(service_alive(i.service));
    feeder_stop(i.service->feeder); /* as if the next read had been forgotten */
    watch_stop(i.service->watch);
    LOOP_UNTIL(base, !service_alive(i.service));
    redisFree(client);
    instance_fini(&i);
    event_base_free(base);
    redis_remove(&server);
}

/* ---- the process ---- */

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    CHECK_INT(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

struct listener {
    int fd, pings; /* that have come */
};

static int pings(struct listener *l)
{
    char text[1024];
    for (ssize_t length; (length = recv(l->fd, text, sizeof text - 1, 0)) > 0;) {
        text[length] = '\0';
        l->pings += strcmp(text, "WATCHDOG=1") == 0;
    }
    return l->pings;
}

/* An order, from which the detector does not come back. */
static void send_and_wait(const struct process *p, redisContext *client)
{
    CHECK(redis_ok(client,
        "XADD jiandu:{main}:events 1762905600342-0 type order time 1762905600091 order o1 account a1 "
        "unit 113301080000000001 supplier s1 sku k1 quantity 1000 amount 5000"));
    WAIT_UNTIL(process_logged(p, "an order has come") == 1);
}

static void test_stuck_detector(void)
{
    struct redis_server server = {0};
    struct process p;
    redis_start(&server, NULL);
    redisContext *client = redis_client(&server);
    process_init(&p);
    char *socket = files_path(p.dir, "notify"), *plugin = files_built("plugins/stuck.so");
    char *list = memory_format("[{\"name\":\"sample\",\"path\":\"%s\"}]", plugin);
    char *option = memory_format("detectors=%s/detectors.json", p.dir);
    files_write(p.dir, "detectors.json", list, 0600);
    struct listener l = {.fd = listen_at(socket)};
    setenv("NOTIFY_SOCKET", socket, 1);
    setenv("WATCHDOG_USEC", INTERVAL, 1);
    process_start(&p, &server, (const char *const[]){option, NULL});
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    WAIT_UNTIL(process_logged(&p, "\"running\"") == 1);
    int before = pings(&l);
    WAIT_UNTIL(pings(&l) > before);
    redis_freeze(&server); /* being without Redis is no reason to be restarted */
    WAIT_UNTIL(process_logged(&p, "did not answer in time") >= 1);
    before = pings(&l);
    WAIT_UNTIL(pings(&l) > before);
    redis_thaw(&server);
    send_and_wait(&p, client);
    before = pings(&l);
    process_pause(MANY * 50);
    CHECK_INT(pings(&l), before);
    close(l.fd);
    free(socket);
    free(plugin);
    free(list);
    free(option);
    redisFree(client);
    process_fini(&p);
    redis_remove(&server);
}

static const struct check_test tests[] = {
    {"quiet, or without Redis, is getting on; waiting for nothing is not", test_alive},
    {"a stuck detector gets no ping", test_stuck_detector},
};

CHECK_MAIN(tests)
