/* Attackers make as many devices, accounts, phones, addresses and waybills as they like: the state stays
 * within its bounds, what had to make room is counted, and the alerts that were open before are still known.
 * With JIANDU_FLOOD=10000000 so many of each, under the bounds that are the default; prints memory on the
 * way. */
#include "daemon/base/memory.h"
#include "daemon/engine/engine.h"
#include "daemon/event/decode.h"
#include "tests/support/builtin.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START INT64_C(1763100000000) /* ms; after all events of the cases */
#define STEP 20                      /* ms between two lives: ten million are 2.3 days */
#define SMALL_BOUND 3000             /* records of each detector's table */
#define SMALL_FLOOD 75000            /* lives of four events each */
#define ALERTS_BOUND 256             /* in the small flood */
#define HONEST_MAX 16
#define GUILTY_EACH 1000 /* lives: one of so many ends in an alert of its own */

struct flood {
    struct engine_settings settings;
    struct detector_instance instances[BUILTIN_DETECTORS];
    uint32_t bounds[BUILTIN_DETECTORS][32];
    struct sip_key seed;
    struct decoder *decoder;
    struct engine *engine;
    uint64_t lives, alerts;
    char honest[HONEST_MAX][20]; /* ids of alerts that were open before */
    unsigned n_honest;
    uint64_t unknown_verdicts, evicted, refused, over; /* read from the engine */
};

static void on_output(void *context, const struct output *out)
{
    struct flood *f = context;
    f->alerts += !out->report;
    if (f->lives || out->report || f->n_honest == HONEST_MAX)
        return;
    for (unsigned i = 0; i < f->n_honest; i++)
        if (strcmp(f->honest[i], out->id) == 0)
            return;
    snprintf(f->honest[f->n_honest++], sizeof f->honest[0], "%s", out->id);
}

static void send(struct flood *f, const char *line)
{
    struct jd_event event;
    enum event_reason reason = event_from_line(f->decoder, &event, line, strlen(line));
    if (reason != EVENT_OK)
        check_fail(__FILE__, __LINE__, "%s: %s", event_reason_word(reason), line);
    else
        engine_process(f->engine, &event);
    decoder_reset(f->decoder);
}

static void send_case(struct flood *f, const char *name)
{
    char path[256], line[4096];
    snprintf(path, sizeof path, "detectors/%s/events.ndjson", name);
    FILE *in = fopen(path, "r");
    REQUIRE(in);
    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = '\0';
        send(f, line);
    }
    fclose(in);
}

/* ---- the attackers ---- */

typedef unsigned long long number;

/* One attacker: an account that logs in on a device of its own, orders, is sent a parcel; some get an invoice
 * that is older than the order, which is an alert at once. */
static void live(struct flood *f)
{
    char line[1024];
    number n = ++f->lives;
    long long at = START + (long long)n * STEP;
    snprintf(line, sizeof line,
        "{\"id\":\"%lld-0\",\"type\":\"login\",\"time\":%lld,\"account\":\"a%llu\",\"account_kind\":"
        "\"trading\","
        "\"account_unit\":\"u%llu\",\"region\":\"330108\",\"device\":\"d%llu\",\"ip\":\"%llu.%llu.%llu.7\","
        "\"session\":\"s%llu\",\"phone\":\"p%llu\"}",
        at, at, n, n, n, n >> 16 & 255, n >> 8 & 255, n & 255, n, n);
    send(f, line);
    snprintf(line, sizeof line,
        "{\"id\":\"%lld-1\",\"type\":\"order\",\"time\":%lld,\"account\":\"a%llu\",\"account_kind\":"
        "\"trading\","
        "\"account_unit\":\"u%llu\",\"unit\":\"u%llu\",\"region\":\"330108\",\"device\":\"d%llu\",\"order\":"
        "\"o%llu\","
        "\"supplier\":\"x%llu\",\"supplier_region\":\"530102\",\"category\":\"tea\",\"amount\":%llu,"
        "\"address\":\"z%"
        "llu\",\"consignee_phone\":\"q%llu\"}",
        at, at, n, n, n, n, n, n / 10, 30000 + n % 997, n, n);
    send(f, line);
    snprintf(line, sizeof line,
        "{\"id\":\"%lld-2\",\"type\":\"payment\",\"time\":%lld,\"order\":\"o%llu\",\"unit\":\"u%llu\","
        "\"region\":\"330108\","
        "\"supplier\":\"x%llu\",\"amount\":%llu,\"payer\":\"y%llu\",\"payer_name_matches\":1}",
        at, at, n, n, n / 10, 30000 + n % 997, n);
    send(f, line);
    snprintf(line, sizeof line,
        "{\"id\":\"%lld-3\",\"type\":\"%s\",\"time\":%lld,\"order\":\"o%llu\",\"supplier\":\"x%llu\","
        "\"waybill\":\"w%llu\","
        "\"carrier\":\"SF\",\"ship_mode\":\"express\",\"origin_region\":\"530102\",\"unit\":\"u%llu\","
        "\"region\":\"330108\","
        "\"invoice\":\"i%llu\",\"invoice_time\":%lld,\"amount\":%llu}",
        at, n % GUILTY_EACH ? "shipment" : "invoice", at, n, n / 10, n, n, n, at - 10 * JD_DAY,
        30000 + n % 997);
    send(f, line);
}

/* ---- what became of the state ---- */

static void read_stat(
    void *context, const char *name, const char *labels, const char *help, uint64_t value, bool counter)
{
    struct flood *f = context;
    (void)labels;
    (void)help;
    (void)counter;
    if (strcmp(name, "verdicts_unknown_total") == 0)
        f->unknown_verdicts = value;
}

static void read_table(void *context, const char *owner, const char *name, const struct table_stats *stats)
{
    struct flood *f = context;
    if (stats->records > stats->bound) {
        f->over++;
        printf(
            "# %s.%s: %llu records, bound %llu\n", owner, name, (number)stats->records, (number)stats->bound);
    }
    f->evicted += stats->evicted;
    f->refused += stats->refused;
}

static void look(struct flood *f)
{
    f->over = f->evicted = f->refused = 0;
    engine_tables(f->engine, read_table, f);
    engine_stats(f->engine, read_stat, f);
}

/* Kibibytes. */
static long resident(void)
{
    long pages = 0, all = 0;
    FILE *in = fopen("/proc/self/statm", "r");
    if (in && fscanf(in, "%ld %ld", &all, &pages) != 2)
        pages = 0;
    if (in)
        fclose(in);
    return pages * sysconf(_SC_PAGESIZE) / 1024;
}

/* Each honest alert is known if a verdict on it is. */
static void judge_honest(struct flood *f)
{
    char line[256];
    for (unsigned i = 0; i < f->n_honest; i++) {
        snprintf(line, sizeof line,
            "{\"id\":\"%lld-%u\",\"type\":\"verdict\",\"alert\":\"%s\",\"verdict\":\"confirmed\"}",
            START + (long long)(f->lives + 1) * STEP, i, f->honest[i]);
        send(f, line);
    }
    look(f);
    CHECK_INT(f->unknown_verdicts, 0);
}

static void flood_init(struct flood *f, bool small)
{
    struct error err;
    memset(f, 0, sizeof *f);
    f->seed = (struct sip_key){check_seed, 9};
    builtin_init(&f->settings, f->instances);
    for (int i = 0; small && i < BUILTIN_DETECTORS; i++) {
        REQUIRE(f->instances[i].detector->n_tables <= 32);
        for (size_t k = 0; k < f->instances[i].detector->n_tables; k++)
            f->bounds[i][k] = SMALL_BOUND;
        f->instances[i].bounds = f->bounds[i];
    }
    if (small) {
        f->settings.names_short = f->settings.names_long = f->settings.members_bound = 2 * SMALL_BOUND;
        f->settings.dedup_bound = f->settings.registry_bound = SMALL_BOUND;
        f->settings.timers_bound = 10 * SMALL_BOUND;
        f->settings.cases_bound = ALERTS_BOUND;
    }
    f->decoder = decoder_create(&(struct decoder_options){.seed = f->seed}, &err);
    f->engine = engine_create(&f->settings, &f->seed, on_output, f, &err);
    REQUIRE(f->decoder && f->engine);
    send_case(f, "account_sharing/cases/fires_management_agent");
    send_case(f, "proxy_purchasing/cases/fires_known_device");
    send_case(f, "fake_trade/cases/waybill-reused");
    CHECK(f->n_honest >= 3);
}

static void flood_fini(struct flood *f)
{
    engine_destroy(f->engine);
    decoder_destroy(f->decoder);
    builtin_fini(f->instances);
}

static void memory_is_bounded_and_honest_alerts_are_kept(void)
{
    const char *many = getenv("JIANDU_FLOOD");
    uint64_t lives = many ? strtoull(many, NULL, 10) : SMALL_FLOOD;
    struct flood f;
    flood_init(&f, !many);
    uint64_t half = 0;
    for (uint64_t i = 1; i <= lives; i++) {
        live(&f);
        if (i == lives / 2)
            half = engine_state_bytes(f.engine);
        if (i % (lives / 10 + 1) == 0)
            printf("# %llu lives: %ld MiB resident, state %llu MiB\n", (number)i, resident() / 1024,
                (number)(engine_state_bytes(f.engine) >> 20));
    }
    look(&f);
    printf(
        "# %llu attackers: %llu records evicted, %llu turned away, %llu alerts, %u of honest ones before\n",
        (number)lives, (number)f.evicted, (number)f.refused, (number)f.alerts, f.n_honest);
    CHECK_INT(f.over, 0);
    CHECK(f.evicted > 0);
    CHECK(engine_state_bytes(f.engine) <= half + half / 50); /* all tables were full at half time */
    judge_honest(&f);
    flood_fini(&f);
}

/* Even those who bring alerts about, more than there is room for, take no open alert's place. */
static void alerts_of_attackers_displace_none(void)
{
    struct flood f;
    flood_init(&f, true);
    f.lives = GUILTY_EACH - 1;
    for (unsigned i = 0; i < 3 * ALERTS_BOUND; i++) {
        live(&f);
        f.lives += GUILTY_EACH - 1;
    }
    look(&f);
    CHECK(f.alerts >= ALERTS_BOUND);
    CHECK(f.refused > 0);
    CHECK_INT(f.over, 0);
    judge_honest(&f);
    flood_fini(&f);
}

static const struct check_test tests[] = {
    {"memory is bounded, honest alerts are kept", memory_is_bounded_and_honest_alerts_are_kept},
    {"alerts of attackers displace none", alerts_of_attackers_displace_none},
};
CHECK_MAIN(tests)
