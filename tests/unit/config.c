#include "tests/support/check.h"
#include "tests/support/files.h"

#include "daemon/engine/targets.h"
#include "daemon/ops/config.h"
#include "daemon/ops/duration.h"
#include "daemon/ops/log.h"

#include <stdint.h>

static char *folder, *plugin;
static struct config_errors errors;

/* Loads a text as FOLDER/jiandu.json; SAMPLE in it stands for the element of the sample plugin. */
static struct config *load(const char *text, const char *const *sets, size_t n_sets)
{
    char *file = files_path(folder, "jiandu.json");
    const char *sample = strstr(text, "SAMPLE");
    char whole[8192];
    if (sample)
        snprintf(whole, sizeof whole, "%.*s\"name\": \"sample\", \"path\": \"%s\"%s", (int)(sample - text),
            text, plugin, sample + 6);
    files_write(folder, "jiandu.json", sample ? whole : text, 0644);
    config_errors_clear(&errors);
    struct config *config = config_load(file, sets, n_sets, &errors);
    free(file);
    return config;
}

static int count_of(const struct config_errors *list, const char *part)
{
    int n = 0;
    for (size_t i = 0; i < list->count; i++)
        n += strstr(list->text[i], part) != NULL;
    return n;
}

/* Exactly one error, with this text in it. */
static void check_error(const char *text, const char *part)
{
    struct config *config = load(text, NULL, 0);
    CHECK(config == NULL);
    CHECK_INT(errors.count, 1);
    if (count_of(&errors, part) != 1)
        check_fail(__FILE__, __LINE__, "\"%s\" is not in \"%s\"", part, errors.count ? errors.text[0] : "");
    config_destroy(config);
}

static void show_errors(void)
{
    for (size_t i = 0; i < errors.count; i++)
        printf("# %s\n", errors.text[i]);
}

static void test_defaults(void)
{
    struct config *config = load("{}", NULL, 0);
    show_errors();
    REQUIRE(config != NULL);
    CHECK_TEXT(config->name, "main");
    CHECK_TEXT(config->input.key, "jiandu:{main}:events");
    CHECK_TEXT(config->redis.url, "redis://127.0.0.1:6379");
    CHECK(config->redis.user == NULL && config->http_listen == NULL && config->redis.password == NULL);
    CHECK_INT(config->input.max_behind, INT64_C(90) * 86400000);
    CHECK_INT(config->snapshot_keep, 3);
    CHECK(!config->input.tick);
    CHECK_INT(config->log.level, LOG_LEVEL_INFO);
    CHECK_INT(config->engine.use_registries, 1);
    CHECK_INT(config->warnings.count, 1); /* no detector */
    config_destroy(config);
}

/* The engine has defaults of its own, for tests; they are the same. */
static void test_engine_defaults(void)
{
    struct engine_settings own;
    engine_settings_defaults(&own);
    struct config *config = load("{}", NULL, 0);
    REQUIRE(config != NULL);
    const struct engine_settings *read = config_engine_settings(config);
    CHECK_INT(read->alert_score, own.alert_score);
    CHECK_INT(read->alert_drop, own.alert_drop);
    CHECK_INT(read->office_budget, own.office_budget);
    CHECK_INT(read->summary_interval, own.summary_interval);
    CHECK_INT(read->alert_quiet, own.alert_quiet);
    CHECK_INT(read->critical_money, own.critical_money);
    CHECK_INT(read->critical_units, own.critical_units);
    CHECK_INT(read->dedup_bound, own.dedup_bound);
    CHECK_INT(read->dedup_window, own.dedup_window);
    CHECK_INT(read->names_short, own.names_short);
    CHECK_INT(read->names_long, own.names_long);
    CHECK_INT(read->cases_bound, own.cases_bound);
    CHECK_INT(read->members_bound, own.members_bound);
    CHECK_INT(read->registry_bound, own.registry_bound);
    CHECK_INT(read->timers_bound, own.timers_bound);
    CHECK_INT(read->use_registries, own.use_registries);
    config_destroy(config);
}

static void test_values(void)
{
    struct config *config =
        load("{\"name\": \"south\", \"instance\": \"a\", \"state_dir\": \"state\","
             "\"input\": {\"count\": 7, \"tick\": true, \"fields\": {\"account\": \"user_id\"}},"
             "\"log\": {\"level\": \"warn\"}, \"http\": {\"listen\": \"unix:/run/j.sock\"},"
             "\"alerts\": {\"score\": 70, \"security_office\": \"sec\"},"
             "\"routes\": [{\"prefix\": \"44\", \"office\": \"guangdong\"}],"
             "\"detectors\": [{SAMPLE, \"shadow\": true, \"off\": [\"S1\"], \"bounds\": {\"devices\": 5},"
             "\"options\": {\"window\": \"2h\", \"strict\": true, \"strength\": -1.3}}]}",
            NULL, 0);
    show_errors();
    REQUIRE(config != NULL);
    char *state = files_path(folder, "state");
    CHECK_TEXT(config->state_dir, state);
    free(state);
    CHECK_TEXT(config->input.key, "jiandu:{south}:events");
    CHECK_INT(config->input.count, 7);
    CHECK(config->input.tick);
    CHECK_INT(config->input.n_fields, 1);
    CHECK_TEXT(config->input.fields[0].platform, "user_id");
    CHECK_INT(config->log.level, LOG_LEVEL_WARN);
    CHECK_INT(config->engine.alert_score, 70);
    CHECK_TEXT(config->engine.security_office, "sec");
    CHECK_TEXT(config->engine.routes[0].office, "guangdong");
    REQUIRE(config->engine.n_detectors == 1);
    const struct detector_instance *d = &config->engine.detectors[0];
    const int64_t *options = d->config;
    CHECK_TEXT(d->detector->name, "sample");
    CHECK_INT(d->shadow, 1);
    CHECK_INT(d->off, 1);
    CHECK_INT(d->bounds[0], 5);
    CHECK_INT(options[0], 7200000);
    CHECK_INT(options[1], 3);
    CHECK_INT(options[2], 1);
    CHECK_INT(options[4], -13);
    config_destroy(config);
}

static void test_all_errors_at_once(void)
{
    CHECK(
        load(
            "{\"nmae\": \"x\", \"redis\": {\"url\": \"http://x\", \"command_timeout\": 5},"
            "\"input\": {\"count\": 0, \"tick\": \"yes\", \"fields\": {\"acount\": \"a\"}}, \"http\": 1,"
            "\"log\": {\"level\": \"loud\"}, \"routes\": \"none.json\","
            "\"detectors\": [{SAMPLE, \"options\": {\"window\": \"1s\", \"strength\": 1.25, \"nothing\": 1},"
            "\"bounds\": {\"devices\": 0, \"people\": 1}}, {\"name\": \"other\", \"path\": \"none.so\"}, 5]}",
            NULL, 0) == NULL);
    show_errors();
    CHECK_INT(errors.count, 16);
    CHECK_INT(count_of(&errors, "/jiandu.json: nmae: unknown key, expected one of name, instance, "), 1);
    CHECK_INT(count_of(&errors, ": redis.url: found \"http://x\", expected unix:///path, redis://"), 1);
    CHECK_INT(count_of(&errors, ": redis.command_timeout: found 5, expected a duration \"10ms..1m\""), 1);
    CHECK_INT(count_of(&errors, ": input.count: found 0, expected an integer 1..5000"), 1);
    CHECK_INT(count_of(&errors, ": input.tick: found \"yes\", expected true or false"), 1);
    CHECK_INT(count_of(&errors, ": input.fields.acount: there is no such field"), 1);
    CHECK_INT(count_of(&errors, ": http: found 1, expected an object"), 1);
    CHECK_INT(count_of(&errors, ": log.level: found \"loud\", expected debug, info, warn or error"), 1);
    CHECK_INT(count_of(&errors, "/none.json: No such file or directory"), 1);
    CHECK_INT(
        count_of(&errors, ": detectors.sample.options.window: found \"1s\", expected a duration \"1m..7d\""),
        1);
    CHECK_INT(
        count_of(&errors, ": detectors.sample.options.strength: found 1.25, expected dB -10.0..30.0"), 1);
    CHECK_INT(
        count_of(&errors, ": detectors.sample.options.nothing: the detector sample 1.0.0 has no such option"),
        1);
    CHECK_INT(
        count_of(&errors, ": detectors.sample.bounds.devices: found 0, expected an integer 1..100000000"), 1);
    CHECK_INT(
        count_of(&errors, ": detectors.sample.bounds.people: the detector sample 1.0.0 has no such table"),
        1);
    CHECK_INT(count_of(&errors, "/none.so: No such file or directory"), 1);
    CHECK_INT(count_of(&errors, ": detectors[2]: found 5, expected an object"), 1);
}

static void test_each_error(void)
{
    check_error("{\"name\": \"a\", \"name\": \"b\"}", "/jiandu.json:1:");
    check_error("{\"name\": ", "/jiandu.json:1:");
    check_error("[]", "found a list, expected an object");
    check_error("{\"name\": \"\"}", "name: found \"\", expected 1 to 48");
    check_error("{\"name\": \"a{b}\"}", "name: found \"a{b}\"");
    check_error(
        "{\"http\": {\"listen\": \"0.0.0.0:80\"}}", "http.listen: found \"0.0.0.0:80\", expected unix:/path");
    check_error("{\"http\": {\"listen\": \"127.0.0.1:0\"}}", "http.listen");
    check_error(
        "{\"input\": {\"fields\": {\"account\": \"unit\"}}}", "\"unit\" is the name of the field unit too");
    check_error("{\"input\": {\"fields\": {\"account\": \"x\", \"unit\": 5}}}", "input.fields.unit: found 5");
    check_error("{\"routes\": [{\"prefix\": \"4\", \"office\": \"a\"}]}",
        "routes[0]: found an object, expected {\"prefix\"");
    check_error("{\"routes\": [{\"prefix\": \"44\", \"office\": \"A\"}]}", "routes[0]");
    check_error(
        "{\"routes\": [{\"prefix\": \"44\", \"office\": \"a\"}, {\"prefix\": \"44\", \"office\": \"b\"}]}",
        "goes to a already");
    check_error("{\"targets\": {}}", "targets: found an object, expected a list");
    check_error(
        "{\"targets\": [{\"prefix\": \"440\", \"share\": 20}]}", "targets[0]: found an object, expected {");
    check_error("{\"targets\": [{\"prefix\": \"44\", \"share\": 9}]}", "\"share\": percent, 10..100");
    check_error(
        "{\"targets\": [{\"prefix\": \"44\", \"share\": 20, \"from\": \"2024\"}]}", "targets[0]: found");
    check_error("{\"targets\": [{\"prefix\": \"44\", \"share\": 20, \"year\": 2024}]}", "unknown key year");
    check_error("{\"targets\": [{\"prefix\": \"\", \"share\": 12}, {\"prefix\": \"\", \"share\": 15}]}",
        "targets[1]: for this prefix and year 12 percent are asked for already");
    check_error("{\"detectors\": {}}", "detectors: found an object, expected a list");
    check_error("{\"detectors\": [{SAMPLE}, {\"name\": \"sample\"}]}",
        "detectors.sample: this detector stands in the list twice");
    check_error("{\"detectors\": [{SAMPLE, \"option\": {}}]}", "detectors.sample.option: unknown key");
    check_error("{\"detectors\": [{SAMPLE, \"shadow\": 1}]}", "detectors.sample.shadow: found 1");
    check_error("{\"detectors\": [{SAMPLE, \"off\": \"S1\"}]}",
        "detectors.sample.off: found \"S1\", expected a list");
    check_error("{\"detectors\": [{SAMPLE, \"off\": [\"S\"]}]}",
        "detectors.sample.off: found \"S\", expected the name");
    check_error("{\"detectors\": [{SAMPLE, \"options\": {\"strict\": true, \"units\": 60}}]}",
        "detectors.sample.options: strict allows at most 50 units");
    check_error("{\"redis\": {\"password_file\": \"nothing\"}}", "redis.password_file: ");
    files_write(folder, "short-key", "abc\n", 0600);
    check_error("{\"privacy\": {\"pseudonym_key_file\": \"short-key\"}}", "does not hold 32 hex digits");
}

static void test_missing_file(void)
{
    config_errors_clear(&errors);
    CHECK(config_load("/nowhere/jiandu.json", NULL, 0, &errors) == NULL);
    CHECK_INT(errors.count, 1);
    CHECK_INT(count_of(&errors, "/nowhere/jiandu.json: No such file or directory"), 1);
}

static void test_duplicate_key_hides_nothing(void)
{
    CHECK(load("{\"name\": \"a\", \"name\": \"b\", \"lease\": 1}", NULL, 0) == NULL);
    CHECK_INT(errors.count, 2);
    CHECK_INT(count_of(&errors, "lease: found 1"), 1);
}

static void test_sets(void)
{
    const char *const sets[] = {"name=north", "input.count=9", "input.tick=true", "lease=20s",
        "state_dir=here", "instance=7", "detectors.sample.shadow=true", "detectors.sample.options.window=3h",
        "alerts.security_office="};
    struct config *config = load(
        "{\"input\": {\"count\": 5}, \"alerts\": {\"security_office\": \"a\"}, \"detectors\": [{SAMPLE}]}",
        sets, 9);
    show_errors();
    REQUIRE(config != NULL);
    CHECK_TEXT(config->name, "north");
    CHECK_TEXT(config->instance, "7");
    CHECK_INT(config->input.count, 9);
    CHECK(config->input.tick);
    CHECK_INT(config->lease, 20000);
    CHECK(config->state_dir[0] == '/' && strncmp(config->state_dir, folder, strlen(folder)) != 0);
    CHECK_INT(config->engine.detectors[0].shadow, 1);
    CHECK_INT(*(const int64_t *)config->engine.detectors[0].config, 3 * 3600000);
    CHECK(config->engine.security_office == NULL);
    config_destroy(config);
}

static void test_bad_sets(void)
{
    const char *const sets[] = {"input.count=0", "nothing", "a.b=1", "detectors.none.shadow=true", "lease=x"};
    CHECK(load("{\"snapshot\": {\"keep\": 0}}", sets, 5) == NULL);
    show_errors();
    CHECK_INT(errors.count, 6);
    CHECK_INT(count_of(&errors, "--set: input.count: found 0, expected an integer 1..5000"), 1);
    CHECK_INT(count_of(&errors, "--set: found \"nothing\", expected path.to.key=value"), 1);
    CHECK_INT(count_of(&errors, "--set: a.b: there is nothing of that name to set"), 1);
    CHECK_INT(count_of(&errors, "--set: detectors.none.shadow: there is nothing of that name to set"), 1);
    CHECK_INT(count_of(&errors, "--set: lease: found \"x\", expected a duration"), 1);
    CHECK_INT(count_of(&errors, "/jiandu.json: snapshot.keep: found 0"), 1);
}

static void test_included_files(void)
{
    char text[512];
    files_write(
        folder, "routes.json", "[{\"prefix\": \"33\", \"office\": \"zhejiang\"}, {\"prefix\": \"x\"}]", 0644);
    snprintf(text, sizeof text, "[{\"name\": \"sample\", \"path\": \"%s\"}]", plugin);
    files_write(folder, "detectors.json", text, 0644);
    CHECK(load("{\"routes\": \"routes.json\", \"detectors\": \"detectors.json\"}", NULL, 0) == NULL);
    CHECK_INT(errors.count, 1);
    CHECK_INT(count_of(&errors, "/routes.json: routes[1]: found an object"), 1);
    files_write(folder, "routes.json", "[{\"prefix\": \"33\", \"office\": \"zhejiang\"}]", 0644);
    const char *const sets[] = {"detectors.sample.shadow=true"};
    struct config *config = load("{\"routes\": \"routes.json\", \"detectors\": \"detectors.json\"}", sets, 1);
    show_errors();
    REQUIRE(config != NULL);
    CHECK_INT(config->engine.n_routes, 1);
    CHECK_INT(config->engine.detectors[0].shadow, 1);
    config_destroy(config);
}

static void test_secrets(void)
{
    const char *text =
        "{\"redis\": {\"password_file\": \"pw\"}, \"privacy\": {\"pseudonym_key_file\": \"key\"}}";
    files_write(folder, "pw", "s3cret\n", 0600);
    files_write(folder, "key", "000102030405060708090A0b0c0d0e0f\n", 0600);
    struct config *config = load(text, NULL, 0);
    show_errors();
    REQUIRE(config != NULL);
    CHECK_TEXT(config->redis.password, "s3cret");
    CHECK_INT(config->engine.has_pseudonym_key, 1);
    CHECK(config->engine.pseudonym_key.k0 == UINT64_C(0x0001020304050607));
    CHECK(config->engine.pseudonym_key.k1 == UINT64_C(0x08090a0b0c0d0e0f));
    CHECK_INT(count_of(&config->warnings, "chmod 600"), 0);
    config_destroy(config);
}

/* A secret that others can read is none, and what is said of it never holds it. */
static void test_exposed_secrets(void)
{
    static const unsigned modes[] = {0604, 0602, 0644, 0666, 0620};
    const char *text = "{\"redis\": {\"url\": \"rediss://h\", \"password_file\": \"pw\","
                       "\"tls\": {\"cert_file\": \"crt\", \"key_file\": \"pem\"}},"
                       "\"privacy\": {\"pseudonym_key_file\": \"key\"}}";
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        files_write(folder, "pw", "s3cret\n", modes[i]);
        files_write(folder, "key", "000102030405060708090A0b0c0d0e0f\n", modes[i]);
        files_write(folder, "pem", "s3cret\n", modes[i]);
        CHECK(load(text, NULL, 0) == NULL);
        CHECK_INT(errors.count, 3);
        CHECK_INT(count_of(&errors, "/pw: others than its owner may read or write it"), 1);
        CHECK_INT(count_of(&errors, "redis.tls.key_file: "), 1);
        CHECK_INT(count_of(&errors, "; chmod 600 it"), 3);
        CHECK_INT(count_of(&errors, "s3cret") + count_of(&errors, "00010203"), 0);
    }
}

static void test_secrets_have_no_other_place(void)
{
    const char *const sets[] = {"redis.url=redis://:s3cret@db", "redis.password=s3cret"};
    CHECK(load("{}", sets, 2) == NULL);
    CHECK_INT(errors.count, 2);
    CHECK_INT(count_of(&errors, "redis.url: user and password do not belong into the URL"), 1);
    CHECK_INT(count_of(&errors, "redis.password: unknown key, expected one of"), 1);
    CHECK_INT(count_of(&errors, "s3cret"), 0);
}

static void test_tls(void)
{
    files_write(folder, "pem", "", 0600);
    check_error("{\"redis\": {\"url\": \"rediss://h\", \"tls\": {\"key_file\": \"pem\"}}}",
        "redis.tls: cert_file and key_file: set both or none");
    check_error(
        "{\"redis\": {\"url\": \"rediss://h\", \"tls\": {\"cert_file\": \"pem\"}}}", "set both or none");
    check_error("{\"redis\": {\"tls\": {\"server_name\": \"a b\"}}}", "expected a host name or an address");
    check_error(
        "{\"redis\": {\"tls\": {\"insecure\": true}}}", "redis.tls.insecure: unknown key, expected one of");
    struct config *config = load("{\"redis\": {\"tls\": {\"ca_file\": \"ca.crt\"}}}", NULL, 0);
    REQUIRE(config != NULL);
    CHECK_INT(count_of(&config->warnings, "redis.tls: without effect"), 1);
    config_destroy(config);
}

static uint64_t hash(const char *text)
{
    struct config *config = load(text, NULL, 0);
    uint64_t value = config ? config->engine.config_hash : 0;
    if (!config)
        show_errors();
    CHECK(config != NULL);
    config_destroy(config);
    return value;
}

static void test_hash(void)
{
    files_write(folder, "key", "000102030405060708090a0b0c0d0e0f\n", 0600);
    const char *base = "{\"detectors\": [{SAMPLE}]}";
    const char *const same[] = {
        "{\"redis\": {\"url\": \"unix:///x\"}, \"log\": {\"level\": \"debug\"}, \"detectors\": [{SAMPLE}], "
        "\"name\": \"b\"}",
        "{\"input\": {\"count\": 7}, \"lease\": \"1m\", \"detectors\": [{SAMPLE, \"options\": {\"window\": "
        "\"24h\"}}]}",
        "{\"detectors\": [{SAMPLE, \"bounds\": {\"devices\": 1000}}]}",
    };
    const char *const other[] = {
        "{\"detectors\": []}",
        "{\"detectors\": [{SAMPLE, \"shadow\": true}]}",
        "{\"detectors\": [{SAMPLE, \"off\": [\"S1\"]}]}",
        "{\"detectors\": [{SAMPLE, \"options\": {\"window\": \"23h\"}}]}",
        "{\"detectors\": [{SAMPLE, \"bounds\": {\"devices\": 1001}}]}",
        "{\"detectors\": [{SAMPLE}], \"alerts\": {\"score\": 61}}",
        "{\"detectors\": [{SAMPLE}], \"limits\": {\"cases\": 61}}",
        "{\"detectors\": [{SAMPLE}], \"input\": {\"max_ahead\": \"61s\"}}",
        "{\"detectors\": [{SAMPLE}], \"input\": {\"fields\": {\"order\": \"order_no\"}}}",
        "{\"detectors\": [{SAMPLE}], \"routes\": [{\"prefix\": \"33\", \"office\": \"a\"}]}",
        "{\"detectors\": [{SAMPLE}], \"targets\": [{\"prefix\": \"33\", \"share\": 15}]}",
        "{\"detectors\": [{SAMPLE}], \"privacy\": {\"pseudonym_key_file\": \"key\"}}",
    };
    uint64_t first = hash(base);
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (hash(same[i]) != first)
            check_fail(__FILE__, __LINE__, "%s changes the hash", same[i]);
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        if (hash(other[i]) == first)
            check_fail(__FILE__, __LINE__, "%s does not change the hash", other[i]);
    CHECK(hash("{\"routes\": [{\"prefix\": \"33\", \"office\": \"a\"}, {\"prefix\": \"44\", \"office\": "
               "\"b\"}]}") == hash("{\"routes\": [{\"prefix\": \"44\", \"office\": \"b\"}, {\"prefix\": "
                                   "\"33\", \"office\": \"a\"}]}"));
}

static void test_durations(void)
{
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {{"0s", 0}, {"5ms", 5}, {"10s", 10000}, {"15m", 900000}, {"24h", 86400000},
        {"90d", INT64_C(7776000000)}};
    static const char *const bad[] = {"", "5", "s", "-1s", "1.5h", " 1s", "1s ", "1S", "1 s",
        "99999999999999999999d", "9223372036854775807d"};
    int64_t ms;
    char text[DURATION_TEXT];
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        CHECK_INT(duration_parse(good[i].text, &ms), 0);
        CHECK_INT(ms, good[i].ms);
        CHECK_INT(duration_parse(duration_format(ms, text), &ms), 0);
        CHECK_INT(ms, good[i].ms);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (duration_parse(bad[i], &ms) == 0)
            check_fail(__FILE__, __LINE__, "\"%s\" was taken", bad[i]);
    CHECK_TEXT(duration_format(86400000, text), "1d");
    CHECK_TEXT(duration_format(90000, text), "90s");
}

/* config/README.md holds the option table; this prints what it should be if it does not. */
static void test_readme_is_current(void)
{
    char *table = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&table, &size);
    REQUIRE(out != NULL);
    config_describe(out);
    fclose(out);
    char *readme = files_read("config/README.md", NULL);
    CHECK(readme != NULL && strstr(readme, table) != NULL);
    if (!readme || !strstr(readme, table))
        printf("%s", table);
    free(readme);
    free(table);
}

/* The example is read as it stands, but for its detectors, which may not be built yet. */
static void test_example(void)
{
    const char *const sets[] = {"detectors=[]"};
    config_errors_clear(&errors);
    struct config *config = config_load("config/jiandu.json", sets, 1, &errors);
    show_errors();
    REQUIRE(config != NULL);
    CHECK(config->engine.n_routes > 5);
    CHECK_INT(targets_share(config->engine.targets, config->engine.n_targets, 440304, 2026), 20);
    config_destroy(config);
}

int main(int argc, char **argv)
{
    static const struct check_test tests[] = {
        {"an empty file gives the defaults", test_defaults},
        {"the engine's own defaults are the same", test_engine_defaults},
        {"values are read", test_values},
        {"all errors are told at once", test_all_errors_at_once},
        {"each error is told with its path", test_each_error},
        {"a missing file is told", test_missing_file},
        {"a duplicate key does not hide other errors", test_duplicate_key_hides_nothing},
        {"--set overrides the file", test_sets},
        {"--set is checked like the file", test_bad_sets},
        {"routes and detectors may be files of their own", test_included_files},
        {"secrets come from files", test_secrets},
        {"secrets that others can read are refused", test_exposed_secrets},
        {"secrets have no other place", test_secrets_have_no_other_place},
        {"what TLS needs", test_tls},
        {"the hash covers what decides, and nothing else", test_hash},
        {"durations", test_durations},
        {"config/README.md holds the option table", test_readme_is_current},
        {"config/jiandu.json is valid", test_example},
    };
    folder = files_temp();
    plugin = files_built("plugins/sample.so");
    int status = check_main(tests, sizeof tests / sizeof tests[0], argc, argv);
    config_errors_clear(&errors);
    free(plugin);
    files_remove(folder);
    return status;
}
