#include "daemon/ops/schema.h"

#include "daemon/base/memory.h"
#include "daemon/ops/config_text.h"
#include "daemon/ops/log.h"

#include <stdlib.h>
#include <string.h>

#define RECORDS_MAX 100000000 /* of a bound: 2.4 GB of the shortest records */
#define MONEY_MAX INT64_C(1000000000000)

#define AT(member) .offset = offsetof(struct config, member), .size = sizeof(((struct config *)0)->member)
#define SCALAR(at, kind, low, high, first, words)                                                            \
    .path = (at), .form = SCHEMA_SCALAR, .scalar = {SCALAR_##kind, (low), (high), (first)}, .help = (words)
#define TEXT(at, first, check, may_be, words)                                                                \
    .path = (at), .form = SCHEMA_TEXT, .init = (first), .fits = (check), .expects = (may_be), .help = (words)
#define PATH(at, first, words)                                                                               \
    .path = (at), .form = SCHEMA_FILE, .init = (first), .expects = "a path", .help = (words)
#define SECTION(at, reader, may_be, words)                                                                   \
    .path = (at), .form = SCHEMA_SECTION, .read = (reader), .expects = (may_be), .help = (words)
#define DECIDES .decides = true

const struct schema_option schema_options[] = {
    {TEXT("name", "main", config_text_is_name, "1 to 48 of A-Z a-z 0-9 . _ -",
         "Which input this is. All keys in Redis are `jiandu:{NAME}:...`."),
        AT(name)},
    {TEXT("instance", NULL, config_text_is_name, "1 to 48 of A-Z a-z 0-9 . _ -",
         "Which daemon this is, in the lease and in the log."),
        .shown = "the host's name", AT(instance)},
    {PATH("state_dir", "/var/lib/jiandu", "Folder of the snapshots; belongs to one daemon alone."),
        AT(state_dir)},
    {SCALAR("snapshot.interval", DURATION, JD_SECOND, JD_DAY, 5 * JD_MINUTE,
         "Time between two snapshots: what has to be replayed after a crash."),
        AT(snapshot_interval)},
    {SCALAR("snapshot.keep", INTEGER, 1, 100, 3, "Snapshots kept."), AT(snapshot_keep)},
    {SCALAR("commit_interval", DURATION, 10, JD_MINUTE, JD_SECOND,
         "Progress is committed at least this often while there is nothing to publish."),
        AT(commit_interval)},
    {SCALAR("lease", DURATION, JD_SECOND, 10 * JD_MINUTE, 10 * JD_SECOND,
         "Time after which another instance may take over from one that no longer answers."),
        AT(lease)},

    {TEXT("redis.url", "redis://127.0.0.1:6379", config_text_is_url,
         "unix:///path, redis://host[:port] or rediss://host[:port]", "The Redis server."),
        AT(redis.url)},
    {TEXT("redis.user", NULL, config_text_is_key, "a word without spaces",
         "User of Redis' access control list."),
        AT(redis.user)},
    {PATH("redis.password_file", NULL,
         "File with the password alone, readable by nobody but the daemon. A password never stands in the "
         "configuration."),
        AT(redis.password_file)},
    {PATH("redis.tls.ca_file", NULL,
         "Certificates of the authorities that a rediss:// server's may come from, as PEM."),
        .shown = "those of the system", AT(redis.tls.ca_file)},
    {PATH("redis.tls.cert_file", NULL,
         "Our certificate for a server that asks for one, as PEM, followed by those between it and the "
         "authority's. It and its key are read anew for each connection."),
        AT(redis.tls.cert_file)},
    {PATH("redis.tls.key_file", NULL,
         "Its private key, as PEM without a passphrase, readable by nobody but the daemon."),
        AT(redis.tls.key_file)},
    {TEXT("redis.tls.server_name", NULL, config_text_is_host, "a host name or an address",
         "What the server's certificate must be for."),
        .shown = "the host in `redis.url`", AT(redis.tls.server_name)},
    {SCALAR("redis.connect_timeout", DURATION, 10, JD_MINUTE, 5 * JD_SECOND, "Time for connecting."),
        AT(redis.connect_timeout)},
    {SCALAR("redis.command_timeout", DURATION, 10, JD_MINUTE, 5 * JD_SECOND,
         "Time for an answer, after which the connection is made anew."),
        AT(redis.command_timeout)},

    {TEXT("input.key", NULL, config_text_is_key,
         "a key without spaces, with the hash tag {NAME} on a Redis Cluster", "The input stream."),
        .shown = "`jiandu:{NAME}:events`", AT(input.key)},
    {SECTION("input.fields", config_fields_read, "an object: our name of a field -> the platform's",
         "Fields that the platform calls something else, as in `{\"account\": \"user_id\"}`."),
        .shown = "none", DECIDES},
    {SCALAR("input.max_ahead", DURATION, 0, JD_HOUR, JD_MINUTE,
         "An event whose time is further after its entry's id is a dead letter."),
        DECIDES, AT(input.max_ahead)},
    {SCALAR("input.max_behind", DURATION, JD_HOUR, 400 * JD_DAY, 90 * JD_DAY,
         "An event whose time is further before its entry's id is a dead letter."),
        DECIDES, AT(input.max_behind)},
    {SCALAR("input.count", INTEGER, 1, 5000, 500,
         "Entries asked for in one read, at most: fewer where they are large."),
        AT(input.count)},
    {SCALAR("input.block", DURATION, 10, JD_MINUTE, JD_SECOND,
         "How long a read waits in Redis when there is nothing."),
        AT(input.block)},
    {SCALAR("input.tick", FLAG, 0, 1, 0,
         "Add a `tick` to the input where it is quiet, so that timers fire; needs the right to XADD."),
        AT(input.tick)},

    {SCALAR("checks.interval", DURATION, 100, JD_HOUR, 5 * JD_SECOND,
         "Time between two looks at the state of the input stream."),
        AT(checks.interval)},
    {SCALAR("checks.lag", INTEGER, 1, MONEY_MAX, 100000,
         "Entries not yet read, above which an alert of kind `system` says so."),
        AT(checks.lag)},
    {SCALAR("checks.silence", DURATION, JD_SECOND, 30 * JD_DAY, JD_HOUR,
         "Time without any entry, after which an alert of kind `system` says so."),
        AT(checks.silence)},
    {SCALAR("checks.ahead", DURATION, JD_SECOND, 30 * JD_DAY, 10 * JD_MINUTE,
         "An entry whose id is further ahead of this host's clock brings an alert of kind `system`."),
        AT(checks.ahead)},

    {TEXT("http.listen", NULL, config_text_is_listen, "unix:/path, 127.0.0.1:port, [::1]:port or \"\"",
         "Where `/metrics`, `/healthz` and `/readyz` are served; this host only."),
        .shown = "off", AT(http_listen)},
    {.path = "log.level",
        .form = SCHEMA_CHOICE,
        .choices = log_levels,
        .scalar = {.init = LOG_LEVEL_INFO},
        .expects = "debug, info, warn or error",
        AT(log.level),
        .help = "The least level that goes to stderr. The log file gets every line from `info` on."},
    {PATH(
         "log.file", NULL, "The log file, whose lines are numbered and sealed; belongs to one daemon alone."),
        .shown = "`jiandu.log` in `state_dir`", AT(log.file)},
    {PATH("log.key_file", NULL,
         "File with 64 hex digits (`openssl rand -hex 32`), the key that seals it. Without it anybody could "
         "write a log that passes for this one."),
        AT(log.key_file)},
    {SCALAR("log.size", INTEGER, 16384, MONEY_MAX, 64 << 20, "Bytes after which a new log file is begun."),
        AT(log.size)},
    {SCALAR("log.keep", INTEGER, 0, 100000, 30, "Older log files kept; 0: all."), AT(log.keep)},
    {PATH("privacy.pseudonym_key_file", NULL,
         "File with 32 hex digits (`openssl rand -hex 16`), the key of the pseudonyms under which persons "
         "stand in alerts. "
         "Without it personal texts are only masked."),
        DECIDES, AT(pseudonym_key_file)},
    {SCALAR("dead.maxlen", INTEGER, 1, MONEY_MAX, 100000, "Dead letters kept, about."), AT(dead_maxlen)},

    {SCALAR(
         "alerts.score", INTEGER, 1, 100, 51, "Score from which a case is an alert: more likely than not."),
        DECIDES, AT(engine.alert_score)},
    {SCALAR("alerts.drop", INTEGER, 0, 100, 35,
         "Score below which an alert closes; between the two it stays as it is."),
        DECIDES, AT(engine.alert_drop)},
    {SCALAR("alerts.summary_interval", DURATION, JD_MINUTE, 30 * JD_DAY, JD_DAY,
         "Least time between two revisions of an alert that only sum up what was folded in."),
        DECIDES, AT(engine.summary_interval)},
    {SCALAR("alerts.quiet", DURATION, JD_HOUR, 400 * JD_DAY, 30 * JD_DAY,
         "Time without new evidence after which an alert closes."),
        DECIDES, AT(engine.alert_quiet)},
    {SCALAR("alerts.critical_money", MONEY, 1, MONEY_MAX, 5000000,
         "Money at stake from which a very high score is critical."),
        DECIDES, AT(engine.critical_money)},
    {SCALAR("alerts.critical_units", INTEGER, 1, 100000, 5, "Or units concerned."), DECIDES,
        AT(engine.critical_units)},
    {SCALAR("alerts.office_budget", INTEGER, 0, 100000, 10,
         "Alerts of medium severity that an office is shown in full a day; the rest stands in the day's "
         "digest. 0: "
         "all are shown."),
        DECIDES, AT(engine.office_budget)},
    {TEXT("alerts.security_office", NULL, config_text_is_office, "1 to 48 of a-z 0-9 -, or \"\"",
         "Office that also gets the cases on management accounts."),
        DECIDES, AT(engine.security_office)},

    {SCALAR("limits.dedup", INTEGER, 1, RECORDS_MAX, 1000000,
         "Event ids remembered, to know a repeated delivery."),
        DECIDES, AT(engine.dedup_bound)},
    {SCALAR("limits.dedup_window", DURATION, 0, 90 * JD_DAY, 7 * JD_DAY, "For how long."), DECIDES,
        AT(engine.dedup_window)},
    {SCALAR("limits.names_short", INTEGER, 1, RECORDS_MAX, 4000000,
         "Names of up to 31 bytes kept for evidence."),
        DECIDES, AT(engine.names_short)},
    {SCALAR("limits.names_long", INTEGER, 1, RECORDS_MAX, 2000000, "Longer names."), DECIDES,
        AT(engine.names_long)},
    {SCALAR("limits.cases", INTEGER, 1, RECORDS_MAX, 65536, "Cases kept."), DECIDES, AT(engine.cases_bound)},
    {SCALAR("limits.members", INTEGER, 1, RECORDS_MAX, 1000000, "Members of cases kept."), DECIDES,
        AT(engine.members_bound)},
    {SCALAR("limits.registry", INTEGER, 1, RECORDS_MAX, 4000000, "Registry entries kept."), DECIDES,
        AT(engine.registry_bound)},
    {SCALAR("limits.timers", INTEGER, 1, RECORDS_MAX, 4000000, "Timers pending."), DECIDES,
        AT(engine.timers_bound)},

    {SECTION("routes", config_routes_read,
         "a list of {\"prefix\", \"office\"}, or the path of a file that holds one",
         "Which office supervises a unit, by the longest prefix of its division code."),
        .shown = "none", DECIDES},
    {SECTION("targets", config_targets_read, "a list of {\"prefix\", \"share\", \"from\"}",
         "What percentage of its canteen's food purchase a unit must reserve, for `procurement_progress`: "
         "the "
         "longest prefix of its division code decides, then the latest year `from` that has begun."),
        .shown = "10 everywhere", DECIDES},
    {SECTION("detectors", config_detectors_read, "a list as below, or the path of a file that holds one",
         "What is looked for."),
        .shown = "none", DECIDES},
};
const size_t schema_count = sizeof schema_options / sizeof schema_options[0];

const struct schema_option *schema_find(const char *path)
{
    for (size_t i = 0; i < schema_count; i++)
        if (strcmp(schema_options[i].path, path) == 0)
            return &schema_options[i];
    return NULL;
}

bool schema_is_group(const char *path)
{
    size_t n = strlen(path);
    for (size_t i = 0; i < schema_count; i++)
        if (strncmp(schema_options[i].path, path, n) == 0 && schema_options[i].path[n] == '.')
            return true;
    return false;
}

char **schema_text(const struct schema_option *option, struct config *config)
{
    return (char **)(void *)((char *)config + option->offset);
}

static void put_number(const struct schema_option *option, struct config *config, int64_t value)
{
    char *place = (char *)config + option->offset;
    int32_t narrow = (int32_t)value; /* ranges of the table keep within the place */
    bool flag = value != 0;
    if (option->size == sizeof value)
        memcpy(place, &value, sizeof value);
    else if (option->size == sizeof narrow)
        memcpy(place, &narrow, sizeof narrow);
    else
        memcpy(place, &flag, sizeof flag);
}

static int64_t number(const struct schema_option *option, const struct config *config)
{
    const char *place = (const char *)config + option->offset;
    int64_t value = 0;
    int32_t narrow = 0;
    if (option->size == sizeof value) {
        memcpy(&value, place, sizeof value);
        return value;
    }
    if (option->size != sizeof narrow)
        return *(const bool *)place;
    memcpy(&narrow, place, sizeof narrow);
    return narrow;
}

void schema_default(const struct schema_option *option, struct config *config)
{
    if (option->form == SCHEMA_SCALAR || option->form == SCHEMA_CHOICE)
        put_number(option, config, option->scalar.init);
    else if (option->form != SCHEMA_SECTION)
        *schema_text(option, config) = option->init ? memory_text(option->init) : NULL;
}

static void read_text(const struct schema_option *option, struct config_reader *reader, const json_t *value)
{
    const char *text = json_string_value(value);
    bool empty = text && !*text;
    char **place = schema_text(option, reader->config);
    if (text && option->fits == config_text_is_url &&
        strchr(text, '@')) { /* never shown: there is a password in it */
        config_read_refuse(reader, option->path,
            "user and password do not belong into the URL: use redis.user and redis.password_file");
        return;
    }
    if (!text || strlen(text) != json_string_length(value) || (empty && option->init) ||
        (!empty && option->fits && !option->fits(text))) {
        config_read_fault(reader, option->path, value, "%s", option->expects);
        return;
    }
    free(*place);
    *place = empty ? NULL : option->form == SCHEMA_FILE ? config_read_path(reader, text) : memory_text(text);
}

static void read_choice(const struct schema_option *option, struct config_reader *reader, const json_t *value)
{
    const char *text = json_string_value(value);
    for (int i = 0; text && option->choices[i]; i++)
        if (strcmp(option->choices[i], text) == 0) {
            put_number(option, reader->config, i);
            return;
        }
    config_read_fault(reader, option->path, value, "%s", option->expects);
}

void schema_read(const struct schema_option *option, struct config_reader *reader, const json_t *value)
{
    int64_t read = 0;
    char expects[SCALAR_TEXT];
    switch (option->form) {
    case SCHEMA_SECTION:
        option->read(reader, option->path, value);
        return;
    case SCHEMA_CHOICE:
        read_choice(option, reader, value);
        return;
    case SCHEMA_TEXT:
    case SCHEMA_FILE:
        read_text(option, reader, value);
        return;
    case SCHEMA_SCALAR:
        break;
    }
    if (scalar_read(&option->scalar, value, &read) == 0)
        put_number(option, reader->config, read);
    else
        config_read_fault(reader, option->path, value, "%s", scalar_expects(&option->scalar, expects));
}

const char *schema_expects(const struct schema_option *option, char out[SCALAR_TEXT])
{
    return option->form == SCHEMA_SCALAR ? scalar_expects(&option->scalar, out) : option->expects;
}

const char *schema_value(
    const struct schema_option *option, const struct config *config, char out[SCALAR_TEXT])
{
    if (option->form == SCHEMA_SCALAR)
        return scalar_format(&option->scalar, number(option, config), out);
    if (option->form == SCHEMA_CHOICE)
        return option->choices[number(option, config)];
    const char *text = NULL;
    memcpy(&text, (const char *)config + option->offset, sizeof text);
    return text ? text : "";
}

void config_describe(FILE *out)
{
    char expects[SCALAR_TEXT], init[SCALAR_TEXT];
    fprintf(out, "| option | may be | default | meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < schema_count; i++) {
        const struct schema_option *o = &schema_options[i];
        const char *first = o->shown ? o->shown : o->init ? o->init : "not set";
        const char *quote = o->init ? "`" : "";
        if (o->form == SCHEMA_SCALAR || o->form == SCHEMA_CHOICE) {
            first = o->form == SCHEMA_CHOICE ? o->choices[o->scalar.init]
                                             : scalar_format(&o->scalar, o->scalar.init, init);
            quote = "`";
        }
        fprintf(out, "| `%s`%s | %s | %s%s%s | %s |\n", o->path, o->decides ? " *" : "",
            schema_expects(o, expects), quote, first, quote, o->help);
    }
}
