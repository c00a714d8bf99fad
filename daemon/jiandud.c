/* jiandud: the detection daemon. main is two lists: start, and stop in reverse. */
#include "daemon/base/memory.h"
#include "daemon/keeper.h"
#include "daemon/ops/config.h"
#include "daemon/ops/http.h"
#include "daemon/ops/log_keeper.h"
#include "daemon/ops/metrics.h"
#include "daemon/ops/notify.h"
#include "daemon/ops/os_signals.h"
#include "daemon/ops/plugins.h"
#include "daemon/ops/timer.h"
#include "daemon/stream/service.h"

#include <event2/thread.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define SETS_MAX 64

struct arguments {
    const char *config;
    const char *sets[SETS_MAX];
    size_t n_sets;
    bool check_only, accept_rollback;
};

struct daemon {
    struct arguments arguments;
    struct config *config;
    struct event_base *base;
    struct event *watchdog;
    struct os_signals *signals;
    struct log_keeper *log;
    struct keeper *keeper;
    struct service *service;
    struct metrics *metrics;
    struct http *http;
    int exit_code;
};

static void usage(FILE *out)
{
    fprintf(out,
        "usage: jiandud --config FILE [-n] [--set path=value ...] [--accept-rollback]\n\n"
        "  -c, --config FILE    the main configuration file\n"
        "  -n                   checks the configuration, names every fault, and ends\n"
        "  --set PATH=VALUE     overrides one value of the configuration\n"
        "  --accept-rollback    goes on with an input stream that has gone back or was made anew (exit code "
        "65)\n"
        "  --version, --help\n\n"
        "SIGTERM and SIGINT finish the batch, commit, save the state and give the lease back; SIGHUP after "
        "the "
        "log file was renamed begins another.\n"
        "Exit codes: 0 stopped as asked; 64 wrong call; 65 the input has gone back, an operator must "
        "decide;\n"
        "70 a fault of the program; 71 no memory; 74 the state cannot be read or written; 78 the "
        "configuration, a password or a right is wrong.\n");
}

/* 0: go on; otherwise the exit code + 1. */
static int parse(struct arguments *a, int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        {"set", required_argument, NULL, 's'},
        {"accept-rollback", no_argument, NULL, 'a'},
        {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    int c;
    while ((c = getopt_long(argc, argv, "c:nh", options, NULL)) != -1) {
        switch (c) {
        case 'c':
            a->config = optarg;
            break;
        case 'n':
            a->check_only = true;
            break;
        case 's':
            if (a->n_sets == SETS_MAX) {
                fprintf(stderr, "jiandud: more than %d --set; this one is %s\n", SETS_MAX, optarg);
                return EX_USAGE + 1;
            }
            a->sets[a->n_sets++] = optarg;
            break;
        case 'a':
            a->accept_rollback = true;
            break;
        case 'v':
            printf("jiandud %s\n", JIANDU_VERSION);
            return 1;
        case 'h':
            usage(stdout);
            return 1;
        default:
            usage(stderr);
            return EX_USAGE + 1;
        }
    }
    if (a->config && optind == argc)
        return 0;
    usage(stderr);
    return EX_USAGE + 1;
}

static struct config *load_config(const struct arguments *a)
{
    struct config_errors errors = {0};
    struct config *config = config_load(a->config, a->sets, a->n_sets, &errors);
    for (size_t i = 0; i < errors.count; i++)
        log_error("config", errors.text[i]);
    for (size_t i = 0; config && i < config->warnings.count; i++)
        log_warn("config", config->warnings.text[i]);
    config_errors_clear(&errors);
    return config;
}

/* ---- what the loop calls ---- */

static void on_signal(void *context, int number, long uid, long pid)
{
    struct daemon *d = context;
    if (number == SIGHUP) {
        log_keeper_reopen(d->log);
        log_warn("hangup", "to apply a new configuration restart the daemon; it goes on where it stopped",
            LOG_INT("uid", uid), LOG_INT("pid", pid));
        return;
    }
    log_info(
        "stopping", "asked to stop", LOG_INT("signal", number), LOG_INT("uid", uid), LOG_INT("pid", pid));
    notify_stopping();
    service_stop(d->service);
}

static void on_phase(void *context, enum service_phase phase)
{
    (void)context;
    notify_ready(service_phase_word(phase));
}

static void on_stopped(void *context, int exit_code, const char *why)
{
    struct daemon *d = context;
    d->exit_code = exit_code;
    if (exit_code)
        log_error("stopped", why, LOG_INT("exit_code", exit_code));
    else
        log_info("stopped", why);
    event_base_loopbreak(d->base);
}

/* That the loop turns is not enough: it must also get somewhere. */
static void on_watchdog(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct daemon *d = context;
    if (service_alive(d->service))
        notify_watchdog();
}

static char *render_metrics(void *context, size_t *length)
{
    struct daemon *d = context;
    return metrics_render(d->metrics, length);
}

static const char *unhealthy(void *context)
{
    struct daemon *d = context;
    return service_phase(d->service) == SERVICE_STOPPED ? "stopped" : NULL;
}

static const char *unready(void *context)
{
    struct daemon *d = context;
    const char *why = NULL;
    return service_ready(d->service, &why) ? NULL : service_phase_word(service_phase(d->service));
}

static void collect_service(void *source, engine_visit visit, void *context)
{
    service_stats(source, visit, context);
}

/* ---- start, step by step ---- */

static int start_loop(struct daemon *d, struct error *err)
{
    signal(SIGPIPE, SIG_IGN);
    event_set_log_callback(log_libevent);
    evthread_use_pthreads();
    d->base = event_base_new();
    if (!d->base && errno == ENOMEM)
        memory_exhausted("the event loop");
    if (!d->base)
        return error_set(err, "libevent finds no way to wait for events");
    d->signals = os_signals_create(d->base, (const int[]){SIGTERM, SIGINT, SIGHUP, 0}, on_signal, d, err);
    return d->signals ? 0 : -1;
}

static int start_service(struct daemon *d, struct error *err)
{
    const struct config *config = d->config;
    const struct service_handlers handlers = {on_phase, on_stopped, d};
    struct service_settings s = {
        .name = config->name,
        .instance = config->instance,
        .input_key = config->input.key,
        .count = (int)config->input.count,
        .block = (int)config->input.block,
        .reading_thread = true,
        .commit_interval = (int)config->commit_interval,
        .lease = (int)config->lease,
        .snapshot_interval = config->snapshot_interval,
        .config_hash = config_engine_settings(config)->config_hash,
        .dead_keep = (uint64_t)config->dead_maxlen,
        .check_interval = (int)config->checks.interval,
        .lag_limit = (uint64_t)config->checks.lag,
        .silence_limit = config->checks.silence,
        .tick = config->input.tick ? 60000 : 0,
        .accept_rollback = d->arguments.accept_rollback,
        .pseudonym_key = config->engine.has_pseudonym_key ? &config->engine.pseudonym_key : NULL,
    };
    if (link_settings_read(&s.link, config, err) != 0)
        return -1;
    d->service = service_create(d->base, &s, keeper_host(d->keeper), &handlers, err);
    if (!d->service)
        return -1;
    keeper_set_output(d->keeper, service_output, d->service);
    return 0;
}

static int start_window(struct daemon *d, struct error *err)
{
    d->metrics = metrics_create();
    metrics_add(d->metrics, keeper_stats, d->keeper);
    metrics_add(d->metrics, collect_service, d->service);
    metrics_add(d->metrics, log_keeper_stats, d->log);
    if (!d->config->http_listen || !*d->config->http_listen)
        return 0;
    const struct http_settings settings = {
        .listen = d->config->http_listen,
        .metrics = render_metrics,
        .unhealthy = unhealthy,
        .unready = unready,
        .context = d,
    };
    d->http = http_create(d->base, &settings, err);
    return d->http ? 0 : error_wrap(err, "http.listen");
}

static void start_watchdog(struct daemon *d)
{
    int64_t interval = notify_watchdog_interval();
    if (!interval)
        return;
    d->watchdog = memory_need(event_new(d->base, -1, EV_PERSIST, on_watchdog, d), "the watchdog");
    timer_in(d->watchdog, interval);
}

static void announce(const struct config *config)
{
    const struct engine_settings *s = config_engine_settings(config);
    char generation[20], digest[SHA256_DIGITS + 1];
    snprintf(generation, sizeof generation, "%016" PRIx64, s->config_hash);
    for (size_t i = 0; i < s->n_detectors; i++)
        log_info("detector", s->detectors[i].detector->summary,
            LOG_TEXT("name", s->detectors[i].detector->name),
            LOG_TEXT("version", s->detectors[i].detector->version), LOG_INT("shadow", s->detectors[i].shadow),
            LOG_TEXT("sha256", plugins_digest(&s->detectors[i], digest)));
    log_info("started", "jiandud " JIANDU_VERSION, LOG_TEXT("name", config->name),
        LOG_TEXT("instance", config->instance), LOG_TEXT("generation", generation),
        LOG_TEXT("libevent", event_get_version()));
}

/* 0, or the exit code. */
static int start(struct daemon *d, struct error *err)
{
    if (start_loop(d, err) != 0)
        return EX_OSERR;
    d->log = log_keeper_create(d->base, d->config, err);
    if (!d->log)
        return EX_IOERR;
    announce(d->config);
    d->keeper = keeper_create(d->base, d->config, err);
    if (!d->keeper)
        return EX_IOERR; /* a disk may come back: worth another start */
    if (start_service(d, err) != 0 || start_window(d, err) != 0)
        return EX_CONFIG;
    start_watchdog(d);
    service_start(d->service);
    return 0;
}

static void stop(struct daemon *d)
{
    timer_free(d->watchdog);
    http_destroy(d->http);
    metrics_destroy(d->metrics);
    service_destroy(d->service);
    keeper_destroy(d->keeper);
    log_keeper_destroy(d->log);
    os_signals_destroy(d->signals);
    if (d->base)
        event_base_free(d->base);
    config_destroy(d->config);
}

/* -n: the files that only OpenSSL can judge are looked into as well. */
static int check(struct daemon *d)
{
    struct link_settings link;
    struct error err;
    int failed = link_settings_read(&link, d->config, &err);
    if (failed)
        log_error("config", err.text);
    else
        log_info("config", "the configuration is good");
    config_destroy(d->config);
    return failed ? EX_CONFIG : 0;
}

int main(int argc, char **argv)
{
    struct daemon d = {0};
    struct error err;
    memory_guard_json();
    int end = parse(&d.arguments, argc, argv);
    if (end)
        return end - 1;
    d.config = load_config(&d.arguments);
    if (!d.config)
        return EX_CONFIG;
    if (d.arguments.check_only)
        return check(&d);
    log_set_level((enum log_level)d.config->log.level);
    d.exit_code = start(&d, &err);
    if (d.exit_code == 0)
        event_base_dispatch(d.base);
    else
        log_error("start", err.text, LOG_INT("exit_code", d.exit_code));
    stop(&d);
    return d.exit_code;
}
