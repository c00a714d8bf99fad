#include "tests/support/check.h"
#include "tests/support/files.h"

#include "daemon/ops/plugins.h"

#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static void check_refusal(const char *path, const char *part)
{
    struct detector_instance instance;
    struct error err = {""};
    CHECK_INT(plugins_load(path, "sample", &instance, &err), -1);
    CHECK(instance.detector == NULL && instance.shared_object == NULL);
    if (!strstr(err.text, part))
        check_fail(__FILE__, __LINE__, "\"%s\" is not in \"%s\"", part, err.text);
}

static void check_built_refusal(const char *name, const char *part)
{
    char *path = files_built(name);
    check_refusal(path, part);
    free(path);
}

static void test_load(void)
{
    char *path = files_built("plugins/sample.so");
    struct detector_instance instance;
    struct error err = {""};
    if (plugins_load(path, "sample", &instance, &err) != 0) {
        check_fail(__FILE__, __LINE__, "%s", err.text);
    } else {
        const int64_t *config = instance.config;
        CHECK_TEXT(instance.detector->name, "sample");
        CHECK_INT(config[0], 86400000);
        CHECK_INT(config[1], 3);
        CHECK_INT(config[4], 120);
        CHECK_INT(instance.bounds[0], 0);
        CHECK_INT(plugins_configure(&instance, &err), 0);
        ((int64_t *)instance.config)[2] = 1;
        ((int64_t *)instance.config)[1] = 51;
        CHECK_INT(plugins_configure(&instance, &err), -1);
        CHECK_TEXT(err.text, "strict allows at most 50 units");
        plugins_unload(&instance);
    }
    CHECK_INT(plugins_load(path, "other", &instance, &err), -1);
    CHECK(strstr(err.text, "it is the detector sample, not other") != NULL);
    free(path);
}

static void test_versions(void)
{
    check_built_refusal(
        "plugins/other_major.so", "it is built for version 2.0 of the detector ABI, this program has 1.0");
    check_built_refusal(
        "plugins/newer_minor.so", "it is built for version 1.1 of the detector ABI, this program has 1.0");
    check_built_refusal("plugins/no_entry.so", "no function jd_detector");
    check_refusal("/nowhere/sample.so", "/nowhere/sample.so: No such file or directory");
}

static void test_not_a_library(void)
{
    files_write(folder, "text.so", "not a shared object", 0755);
    char *path = files_path(folder, "text.so");
    check_refusal(path, "text.so");
    free(path);
}

/* A file, its folder, and a link to it from a safe place. */
static void test_writable_by_others(void)
{
    char *built = files_built("plugins/sample.so"), *inner = files_path(folder, "inner");
    char *file = files_path(inner, "sample.so"), *link = files_path(folder, "link.so");
    struct detector_instance instance;
    struct error err;
    CHECK_INT(mkdir(inner, 0755), 0);
    files_copy(built, file, 0755);
    CHECK_INT(symlink(file, link), 0);
    CHECK_INT(plugins_load(link, "sample", &instance, &err), 0);
    plugins_unload(&instance);
    static const unsigned modes[][2] = {{0775, 0755}, {0757, 0755}, {0755, 0775}, {0755, 0757}};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        chmod(file, modes[i][0]);
        chmod(inner, modes[i][1]);
        check_refusal(link, "can be written by others than its owner");
    }
    chmod(file, 0755);
    chmod(inner, 0755);
    if (geteuid() == 0) {
        CHECK_INT(chown(file, 12345, 0), 0);
        check_refusal(file, "belongs to user 12345; a detector must belong to root or to user 0");
    }
    free(link);
    free(file);
    free(inner);
    free(built);
}

/* What the table of a sound detector may be turned into, and what must then be said. */
static struct jd_detector base;
static struct jd_option options[8];
static struct jd_table tables[2];
static struct jd_signal signals[2];
static struct jd_need needs[1];
static struct jd_report report;

static void event(struct jd_host *host, const struct jd_event *e)
{
    (void)host;
    (void)e;
}

static void reset(void)
{
    options[0] = (struct jd_option){"one", JD_OPTION_INT, 0, 0, 10, 5, "one"};
    options[1] = (struct jd_option){"two", JD_OPTION_BOOL, 8, 0, 1, 0, "two"};
    tables[0] = (struct jd_table){.name = "a", .value_size = 8, .version = 1, .bound = 1, .ttl_ms = 1};
    tables[1] = (struct jd_table){.name = "b", .value_size = 16, .version = 1, .bound = 1, .ttl_ms = 1};
    signals[0] = (struct jd_signal){.name = "S1",
        .group = "g",
        .zh = "{value}",
        .en = "{fact} {threshold}",
        .value_unit = JD_UNIT_FEN,
        .facts = {{"fact", JD_ENTITY(DEVICE)}}};
    signals[1] = signals[0];
    signals[1].name = "S2";
    needs[0] = (struct jd_need){.signal = 1, .events = JD_TYPE_BIT(ORDER), .fields = JD_FIELD_BIT(DEVICE)};
    report = (struct jd_report){.columns = {{"money", JD_UNIT_FEN}}, .marks = {{"late", 0, 5}}};
    base = (struct jd_detector){.abi_major = JD_ABI_MAJOR,
        .abi_minor = JD_ABI_MINOR,
        .size = sizeof base,
        .event_schema = JD_EVENT_SCHEMA,
        .name = "made_up",
        .version = "1.0",
        .summary = "s",
        .title_zh = "t",
        .title_en = "t",
        .clause_zh = "c",
        .clause_en = "c",
        .wants = JD_TYPE_BIT(TICK),
        .options = options,
        .n_options = 2,
        .config_size = 16,
        .tables = tables,
        .n_tables = 2,
        .signals = signals,
        .n_signals = 2,
        .needs = needs,
        .n_needs = 1,
        .on_event = event};
}

static void check_unsound(int line, const char *part)
{
    struct detector_instance instance;
    struct error err = {""};
    CHECK_INT(plugins_adopt(&base, &instance, &err), -1);
    if (!strstr(err.text, part))
        check_fail(__FILE__, line, "\"%s\" is not in \"%s\"", part, err.text);
    plugins_unload(&instance);
    reset();
}

#define CHECK_UNSOUND(change, part)                                                                          \
    do {                                                                                                     \
        change;                                                                                              \
        check_unsound(__LINE__, part);                                                                       \
    } while (0)

#define CHECK_UNSOUND_REPORT(change, part)                                                                   \
    do {                                                                                                     \
        base.report = &report;                                                                               \
        CHECK_UNSOUND(change, part);                                                                         \
    } while (0)

static void check_sound(void)
{
    struct detector_instance instance;
    struct error err;
    CHECK_INT(plugins_adopt(&base, &instance, &err), 0);
    plugins_unload(&instance);
}

static void test_unsound_tables(void)
{
    struct detector_instance instance;
    struct error err;
    reset();
    check_sound();
    base.report = &report;
    check_sound();
    base.n_signals = base.n_needs = 0; /* figures accuse nobody */
    check_sound();
    reset();
    CHECK_UNSOUND(base.size = 100, "has 100 bytes, that of this program's ABI 1.0 has");
    CHECK_UNSOUND(base.event_schema = 9, "it is built for version 9 of the event schema, this program has 1");
    CHECK_UNSOUND(base.name = "Upper", "its name is not lower case words");
    CHECK_UNSOUND(base.version = "", "it has no version");
    CHECK_UNSOUND(base.clause_zh = NULL, "it lacks its summary");
    CHECK_UNSOUND(base.on_event = NULL, "it wants no event");
    CHECK_UNSOUND(base.wants = UINT64_C(1) << 60, "it wants no event");
    CHECK_UNSOUND(base.config_size = 12, "has 12 bytes");
    CHECK_UNSOUND(base.config_size = 8, "its option two lies at 8, outside the 8 bytes");
    CHECK_UNSOUND(options[1].offset = 4, "its option two lies at 4");
    CHECK_UNSOUND(options[1].offset = SIZE_MAX - 7, "its option two lies at");
    CHECK_UNSOUND(options[1].offset = 0, "its options one and two are the same");
    CHECK_UNSOUND(options[1].name = "one", "its options one and one are the same");
    CHECK_UNSOUND(options[0].init = 11, "the default of its option one is out of range");
    CHECK_UNSOUND(options[0].type = (enum jd_option_type)77, "has type 77");
    CHECK_UNSOUND(options[0].help = NULL, "or no help");
    CHECK_UNSOUND_REPORT(
        report.columns[0].unit = JD_UNIT_KM, "column 0 of its report has no name, or a unit");
    CHECK_UNSOUND_REPORT(report.columns[0].name = "Money", "column 0 of its report has no name, or a unit");
    CHECK_UNSOUND_REPORT(report.columns[0].unit = JD_UNIT_NONE, "mark 0 of its report has no name or column");
    CHECK_UNSOUND_REPORT(report = (struct jd_report){0}, "its report has no column");
    CHECK_UNSOUND(tables[0].value_size = 12, "a record of its table a has 12 bytes");
    CHECK_UNSOUND(tables[0].value_size = 0, "a record of its table a has 0 bytes");
    CHECK_UNSOUND(tables[0].name = "A", "its table 0 has no name");
    CHECK_UNSOUND(tables[1].name = "a", "it has two tables a");
    CHECK_UNSOUND(tables[1].ttl_ms = 0, "its table b has no bound or no time to live");
    CHECK_UNSOUND(base.n_tables = 33, "it has 33 tables");
    CHECK_UNSOUND(base.n_signals = 33, "it has 33 signals, not 1 to 32");
    CHECK_UNSOUND(base.n_signals = 0, "it has 0 signals");
    CHECK_UNSOUND(signals[1].name = "S1", "it has two signals S1");
    CHECK_UNSOUND(signals[0].group = NULL, "its signal S1 lacks a group");
    CHECK_UNSOUND(signals[0].en = NULL, "its signal S1 lacks a group or its words");
    CHECK_UNSOUND(signals[0].half_life_days = -1, "its signal S1 has a unit or half-life that cannot be");
    CHECK_UNSOUND(signals[0].value_unit = 63, "its signal S1 has a unit or half-life that cannot be");
    CHECK_UNSOUND(signals[0].facts[0].unit = 999, "fact 0 of its signal S1");
    CHECK_UNSOUND(signals[0].zh = "{nobody}", "the words of its signal S1 hold {nobody}");
    CHECK_UNSOUND(signals[0].en = "{value", "the words of its signal S1 hold {value}");
    CHECK_UNSOUND(needs[0].signal = 2, "its need 0 is of a signal, event, field or registry");
    CHECK_UNSOUND(needs[0].fields = UINT64_C(1) << JD_F_COUNT, "its need 0");
    CHECK_UNSOUND(needs[0].events = 0, "its need 0");
    CHECK_UNSOUND(base.needs = NULL, "it has 1 needs and no list of them");
    CHECK_INT(plugins_adopt(NULL, &instance, &err), -1);
}

int main(int argc, char **argv)
{
    static const struct check_test tests[] = {
        {"a sound plugin is loaded", test_load},
        {"another version is refused, naming both", test_versions},
        {"what is no shared object is refused", test_not_a_library},
        {"what others may write is refused", test_writable_by_others},
        {"an unsound table is refused, saying why", test_unsound_tables},
    };
    folder = files_temp();
    int status = check_main(tests, sizeof tests / sizeof tests[0], argc, argv);
    files_remove(folder);
    return status;
}
