/* A detector that does nothing, for the tests of loading and configuration. The macros make it wrong. */
#include "detectors/detector.h"

#include <stdio.h>

#ifndef SAMPLE_MAJOR
#define SAMPLE_MAJOR JD_ABI_MAJOR
#endif
#ifndef SAMPLE_MINOR
#define SAMPLE_MINOR JD_ABI_MINOR
#endif

struct config {
    int64_t window, units, strict, money, strength;
};

static const struct jd_option options[] = {
    {"window", JD_OPTION_DURATION, offsetof(struct config, window), 60000, 7 * 86400000L, 86400000,
        "how far back"},
    {"units", JD_OPTION_INT, offsetof(struct config, units), 2, 100, 3, "units that are too many"},
    {"strict", JD_OPTION_BOOL, offsetof(struct config, strict), 0, 1, 0, "whether to be strict"},
    {"money", JD_OPTION_MONEY, offsetof(struct config, money), 0, 1000000, 500, "money that is too much"},
    {"strength", JD_OPTION_STRENGTH, offsetof(struct config, strength), JD_DB(-10), JD_DB(30), JD_DB(12),
        "how much it says"},
};

static const struct jd_table tables[] = {
    {.name = "devices", .value_size = 64, .version = 1, .bound = 1000, .ttl_ms = 86400000},
};

static const struct jd_signal signals[] = {
    {.name = "S1",
        .group = "device",
        .zh = "{value} 个单位",
        .en = "{value} units on {device}",
        .value_unit = JD_UNIT_NUMBER,
        .facts = {{"device", JD_ENTITY(DEVICE)}},
        .half_life_days = 30},
};

static int configure(void *config, char *why, size_t why_size)
{
    const struct config *c = config;
    if (!c->strict || c->units <= 50)
        return 0;
    snprintf(why, why_size, "strict allows at most 50 units");
    return -1;
}

#ifndef SAMPLE_ON_ORDER
#define SAMPLE_ON_ORDER() (void)0
#endif

static void on_event(struct jd_host *host, const struct jd_event *event)
{
    (void)host;
    (void)event;
    SAMPLE_ON_ORDER();
}

static const struct jd_detector sample = {
    .abi_major = SAMPLE_MAJOR,
    .abi_minor = SAMPLE_MINOR,
    .size = sizeof sample,
    .event_schema = JD_EVENT_SCHEMA,
    .name = "sample",
    .version = "1.0.0",
    .summary = "does nothing",
    .title_zh = "样例",
    .title_en = "sample",
    .clause_zh = "无",
    .clause_en = "none",
    .wants = JD_TYPE_BIT(ORDER),
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .config_size = sizeof(struct config),
    .tables = tables,
    .n_tables = 1,
    .signals = signals,
    .n_signals = 1,
    .configure = configure,
    .on_event = on_event,
};

JD_ENTRY(sample)
{
    return &sample;
}
