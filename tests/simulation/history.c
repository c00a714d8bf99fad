#include "tests/simulation/history.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/event/entry_id.h"
#include "tests/support/instance.h"

#define INSTANCES 2
#define EVENTS_LEAST 20
#define EVENTS_MORE 180
#define FAULTS_MOST 40
#define RECOVERS_IN 60000 /* ms, at the most, once everything works again */
#define STOPS_IN 9000     /* its own five seconds, and what it is still frozen */

struct play {
    const struct history *history;
    struct history_result *result;
    struct server *server;
    struct instance instances[INSTANCES];
    bool stopping[INSTANCES];
    uint64_t events, sent;
    int64_t server_frozen, refuses_until, down_until;
    bool down;
    bool half; /* Redis has kept outputs whose position it lost: they are published a second time */
};

__attribute__((format(printf, 2, 3))) static void fail(struct play *p, const char *format, ...)
{
    va_list args;
    if (!p->result->good)
        return;
    p->result->good = false;
    va_start(args, format);
    vsnprintf(p->result->why, sizeof p->result->why, format, args);
    va_end(args);
}

/* ---- instances ---- */

static void create(struct play *p, struct instance *i, const char *name)
{
    const struct redis_server server = {.url = "unix:///simulated"};
    struct service_settings *s = &i->settings;
    instance_init(i, sim_base(), &server, name);
    if (p->history->calm)
        return;
    s->count = 1 + (int)sim_random(20);
    s->block = 5 + (int)sim_random(50);
    s->commit_interval = 1 + (int)sim_random(50);
    s->lease = 90 + (int)sim_random(1000);
    s->snapshot_interval = 5 + (int64_t)sim_random(200);
    s->check_interval = 20 + (int)sim_random(100);
    s->link.command_timeout = 50 + (int)sim_random(500);
    s->link.connect_timeout = 50 + (int)sim_random(500);
    s->link.backoff_min = 1 + (int)sim_random(50);
    s->link.backoff_max = s->link.backoff_min + (int)sim_random(300);
    s->link.jitter_seed = 1 + sim_random(1000000);
}

/* An instance ends when it is asked to, with 0, and never by itself. */
static void look_after(struct play *p)
{
    const char *violation = server_violation(p->server);
    if (violation)
        fail(p, "%s", violation);
    for (int k = 0; k < INSTANCES; k++) {
        struct instance *i = &p->instances[k];
        if (!i->service || !i->stopped)
            continue;
        if (!p->stopping[k] || i->exit_code != 0)
            fail(p, "instance %s ended by itself: %d, %s", i->settings.instance, i->exit_code, i->why);
        instance_abandon(i);
        p->stopping[k] = false;
    }
}

static void pass(struct play *p, int64_t ms)
{
    int64_t until = sim_now() + ms;
    do
        look_after(p);
    while (p->result->good && sim_step(until));
}

/* ---- what goes wrong ---- */

static void kill_or_start(struct play *p)
{
    int k = (int)sim_random(INSTANCES);
    struct instance *i = &p->instances[k];
    if (!i->service) {
        instance_start(i);
        return;
    }
    if (p->stopping[k] && sim_chance(50))
        return;
    instance_abandon(i);
    p->stopping[k] = false;
}

static void stop_one(struct play *p)
{
    int k = (int)sim_random(INSTANCES);
    if (!p->instances[k].service)
        return;
    p->stopping[k] = true;
    service_stop(p->instances[k].service);
}

static void freeze_one(struct play *p)
{
    struct instance *i = &p->instances[sim_random(INSTANCES)];
    sim_freeze(i->base, 1 + (int64_t)sim_random(sim_chance(50) ? 100 : 3000));
}

static void hand_over(struct play *p)
{
    if (!p->down && server_handover(p->server, "operator", 1 + (int64_t)sim_random(2000)))
        p->result->handovers++;
}

static void freeze_server(struct play *p)
{
    int64_t ms = 1 + (int64_t)sim_random(sim_chance(50) ? 100 : 2000);
    p->server_frozen = sim_now() + ms;
    server_freeze(p->server, ms);
}

static void refuse(struct play *p)
{
    static const char *const errors[] = {"LOADING Redis is loading the dataset in memory",
        "BUSY Redis is busy running a script.", "MISCONF Redis is configured to save RDB snapshots",
        "NOREPLICAS Not enough good replicas to write.",
        "READONLY You can't write against a read only replica.", "OOM command not allowed"};
    size_t which = sim_random(sizeof errors / sizeof *errors);
    server_refuse(p->server, errors[which], which >= 2);
    p->refuses_until = sim_now() + 1 + (int64_t)sim_random(500);
}

/* SIGKILL of Redis, or a power cut: then what was written last may be lost. */
static void crash_server(struct play *p)
{
    if (p->down)
        return;
    server_down(p->server);
    if (sim_chance(50)) {
        bool half = sim_chance(50);
        server_restore(p->server, half);
        p->half |= half;
    }
    p->down = true;
    p->down_until = sim_now() + 1 + (int64_t)sim_random(300);
}

static void destroy_group(struct play *p)
{
    server_data(p->server)->group = false;
}

static void flush_functions(struct play *p)
{
    server_data(p->server)->functions_loaded = false;
}

static void break_disk(struct play *p)
{
    struct fake_host *h = &p->instances[sim_random(INSTANCES)].host;
    h->broken_disk = sim_chance(50);
    h->broken_later = sim_chance(50);
}

static void snapshot(struct play *p)
{
    struct instance *i = &p->instances[sim_random(INSTANCES)];
    if (i->service)
        service_snapshot(i->service);
}

static void cut_one(struct play *p)
{
    (void)p;
    sim_cut_one();
}

static void babble(struct play *p)
{
    server_babble(p->server);
}

static void slow_network(struct play *p)
{
    (void)p;
    sim_delay(1 + (int64_t)sim_random(sim_chance(70) ? 10 : 400));
}

static void remember(struct play *p)
{
    server_remember(p->server);
}

static const struct {
    void (*make)(struct play *);
    unsigned weight;
} faults[] = {{cut_one, 20}, {kill_or_start, 20}, {freeze_one, 12}, {stop_one, 4}, {freeze_server, 5},
    {refuse, 6}, {crash_server, 5}, {destroy_group, 2}, {flush_functions, 1}, {break_disk, 4}, {snapshot, 4},
    {slow_network, 8}, {hand_over, 12}, {babble, 2}, {remember, 9}};

static void make_fault(struct play *p)
{
    unsigned all = 0, k = 0;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        all += faults[i].weight;
    unsigned chosen = (unsigned)sim_random(all);
    while (chosen >= faults[k].weight)
        chosen -= faults[k++].weight;
    faults[k].make(p);
    p->result->faults++;
}

/* What passes by itself. */
static void heal(struct play *p, bool all)
{
    if (all || sim_now() >= p->refuses_until)
        server_refuse(p->server, NULL, false);
    if (p->down && (all || sim_now() >= p->down_until)) {
        server_up(p->server);
        p->down = false;
    }
}

/* The producer: what Redis has lost is sent again. */
static void produce(struct play *p, uint64_t more)
{
    if (p->down || sim_now() < p->server_frozen)
        return;
    p->sent = p->sent + more < p->events ? p->sent + more : p->events;
    server_add(p->server, p->sent - server_data(p->server)->added);
}

/* ---- the play ---- */

static void go_wrong(struct play *p)
{
    uint64_t times = sim_random(FAULTS_MOST);
    for (uint64_t i = 0; i < times && p->result->good; i++) {
        pass(p, (int64_t)sim_random(sim_chance(70) ? 40 : 600));
        heal(p, false);
        produce(p, sim_random(20));
        if (p->result->good)
            make_fault(p);
    }
}

static bool all_committed(const struct play *p)
{
    char last[ENTRY_ID_TEXT];
    entry_id_format(last, (struct entry_id){p->events, 0});
    return strcmp(server_data(p->server)->pos, last) == 0;
}

static void come_to_rest(struct play *p)
{
    int64_t limit = sim_now() + RECOVERS_IN;
    heal(p, true);
    sim_delay(3);
    for (int k = 0; k < INSTANCES; k++)
        p->instances[k].host.broken_disk = false;
    while (p->result->good && !all_committed(p) && sim_now() < limit) {
        for (int k = 0; k < INSTANCES; k++)
            if (!p->instances[k].service)
                instance_start(&p->instances[k]);
        produce(p, p->events);
        pass(p, 50);
    }
    if (!all_committed(p))
        fail(p, "the position stays at %s of %llu", server_data(p->server)->pos,
            (unsigned long long)p->events);
}

static void stop_all(struct play *p)
{
    for (int k = 0; k < INSTANCES && p->result->good; k++) {
        if (!p->instances[k].service)
            continue;
        p->stopping[k] = true;
        service_stop(p->instances[k].service);
    }
    pass(p, STOPS_IN);
    for (int k = 0; k < INSTANCES; k++)
        if (p->instances[k].service)
            fail(p, "instance %s does not stop", p->instances[k].settings.instance);
    if (server_data(p->server)->owner[0] && server_data(p->server)->owner_until > sim_now() + STOPS_IN)
        fail(p, "the lease was not given back");
}

static const struct server_stream *stream(const struct server_data *d, const char *key)
{
    for (size_t i = 0; i < SERVER_OUTPUTS; i++)
        if (strcmp(d->outputs[i].key, key) == 0)
            return &d->outputs[i];
    return NULL;
}

static void compare(struct play *p, const struct server_data *calm)
{
    const struct server_data *d = server_data(p->server);
    for (size_t i = 0; i < SERVER_OUTPUTS && calm && p->result->good; i++) {
        const struct server_stream *ours = &d->outputs[i], *theirs = stream(calm, ours->key);
        size_t n = 0;
        if (!ours->key[0])
            continue;
        while (theirs && n < theirs->count && theirs->entries[n].ms <= p->events)
            n++;
        for (size_t k = 0; k < ours->count && p->result->good; k++) {
            const struct server_entry *e = &ours->entries[k];
            if (k >= n || memcmp(e, &theirs->entries[k], sizeof *e) != 0)
                fail(p, "%s: entry %zu, %llu-%llu, is not that of the calm history", ours->key, k,
                    (unsigned long long)e->ms, (unsigned long long)e->seq);
        }
        if (ours->count != n)
            fail(p, "%s: %zu entries, not %zu", ours->key, ours->count, n);
    }
    if (d->republished && !p->half)
        fail(p, "%llu outputs were sent again for no reason", (unsigned long long)d->republished);
    if (calm && p->result->good && !stream(d, "jiandu:{t}:alerts"))
        fail(p, "nothing was published");
}

void history_free(struct server_data *d)
{
    for (size_t i = 0; i < SERVER_OUTPUTS; i++)
        free(d->outputs[i].entries);
}

void history_run(const struct history *h, const struct server_data *calm, struct server_data *outputs,
    struct history_result *result)
{
    static const char *const names[INSTANCES] = {"a", "b"};
    struct play p = {.history = h, .result = result};
    *result = (struct history_result){.good = true};
    sim_begin(h->seed, &server_network);
    p.server = server_create(h->bug);
    p.events = h->calm ? EVENTS_LEAST + EVENTS_MORE : EVENTS_LEAST + sim_random(EVENTS_MORE);
    for (int k = 0; k < INSTANCES; k++)
        create(&p, &p.instances[k], names[k]);
    instance_start(&p.instances[0]);
    if (!h->calm)
        go_wrong(&p);
    come_to_rest(&p);
    stop_all(&p);
    compare(&p, calm);
    result->digest = sim_digest();
    result->takeovers = server_data(p.server)->epoch;
    result->republished = server_data(p.server)->republished;
    for (int k = 0; k < INSTANCES; k++) {
        const struct fake_host *host = &p.instances[k].host;
        result->loaded += (uint64_t)host->loaded;
        result->discarded += (uint64_t)host->discarded;
        result->fresh += (uint64_t)host->fresh;
        result->fenced += (uint64_t)host->dropped;
        instance_fini(&p.instances[k]);
    }
    if (outputs) {
        *outputs = *server_data(p.server);
        memset(server_data(p.server)->outputs, 0, sizeof outputs->outputs);
    }
    sim_end();
    server_destroy(p.server);
}
